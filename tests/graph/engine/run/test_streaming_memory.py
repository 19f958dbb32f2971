"""After thousands of events, a subscription uses as much memory as after a few events."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from graph.app import graphql_app
from graph.context import Context
from graph.engine.http.websocket import PROTOCOL
from graph.engine.run.config import GraphConfig
from graph.engine.run.executor import CompilingExecutor
from store import Snapshot, Store
from store.changes import Commit
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle, update_toggle
from tests.graph.gateway import SECRETS

pytestmark = pytest.mark.slow

TOGGLES = 2_000
EVENTS, FEW_EVENTS = 2_000, 200  # with `--every-row`, and without
WARM = 600  # enough events to fill the cache of shared results
CHANGED = """subscription { toggleChanged {
  toggle { name description environments { enabled environment { name } } }
  event { type summary } } }"""
LOGGED = """subscription ($after: String) { events(after: $after) {
  cursor node { number type after toggle { name } } } }"""
DOCUMENTS = (CHANGED, LOGGED)


class Subscriber:
    """An ASGI client of one connection, which only counts the received messages."""

    def __init__(self, app: ASGIApp, accept: str) -> None:
        self._app = app
        self._accept = accept
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.results = 0

    async def __aenter__(self) -> "Subscriber":
        socket = self._accept == PROTOCOL
        headers = [(b"authorization", SECRETS["admin"].encode())]
        scope: dict[str, Any] = {"path": "/graphql", "client": ("127.0.0.1", 1)}
        if socket:
            scope |= {"type": "websocket", "subprotocols": [PROTOCOL]}
            self._messages.put_nowait({"type": "websocket.connect"})
            self._say(type="connection_init")
            for number, document in enumerate(DOCUMENTS):
                self._say(id=str(number), type="subscribe", payload={"query": document})
        else:
            scope |= {"type": "http", "method": "POST", "query_string": b""}
            headers += [(b"accept", self._accept.encode()), (b"content-type", b"application/json")]
            body = orjson.dumps({"query": CHANGED})
            self._messages.put_nowait({"type": "http.request", "body": body})
        scope["headers"] = headers
        self._task = asyncio.create_task(self._serve(scope))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        end = "websocket.disconnect" if self._accept == PROTOCOL else "http.disconnect"
        self._messages.put_nowait({"type": end, "code": 1000})
        await self._task

    async def _serve(self, scope: dict[str, Any]) -> None:
        await self._app(scope, self._messages.get, self._count)

    def _say(self, **message: Any) -> None:
        text = orjson.dumps(message).decode()
        self._messages.put_nowait({"type": "websocket.receive", "text": text})

    async def _count(self, message: Any) -> None:
        content = message.get("text") or message.get("body", b"").decode()
        assert "errors" not in content, content
        self.results += "toggleChanged" in content or '"events"' in content


@pytest_asyncio.fixture
async def filled_store(sqlite_url: str) -> AsyncIterator[Store]:
    """An open store with toggles."""
    store = await Store.open(sqlite_url)
    async with store.write(SYSTEM) as work:
        for number in range(TOGGLES):
            await create_toggle(work, name=f"toggle.{number}")
    yield store
    await store.close()


@pytest_asyncio.fixture
async def subscribers(filled_store: Store) -> AsyncIterator[list[Subscriber]]:
    """One subscriber for each transport, and a subscriber with a unique selection."""
    app = graphql_app(filled_store, GraphConfig(operation_timeout_s=60))
    transports = (PROTOCOL, "text/event-stream", "multipart/mixed")
    async with AsyncExitStack() as opened:
        connected = [
            await opened.enter_async_context(Subscriber(app, transport)) for transport in transports
        ]
        async with asyncio.timeout(60):
            while len(filled_store.changes._feeds) < len(transports) + 1:
                await asyncio.sleep(0.01)
        yield connected


def living() -> Counter[str]:
    """Return the number of objects in memory by type, and of entries in the executors'
    dictionaries.
    """
    gc.collect()
    found: Counter[str] = Counter()
    for item in gc.get_objects():
        if isinstance(item, Context | CompilingExecutor | Snapshot | Commit | asyncio.Task):
            found[type(item).__name__] += 1
        if isinstance(item, CompilingExecutor):
            found["entries"] += len(item._plan.compiled_fields) + len(item._relevant_sub_fields)
    return found


@pytest.mark.thorough
async def test_memory_is_flat_over_many_events(
    filled_store: Store, subscribers: list[Subscriber], pytestconfig: pytest.Config
):
    events = EVENTS if pytestconfig.getoption("--every-row") else FEW_EVENTS

    async def change(first: int, beyond: int) -> None:
        for number in range(first, beyond):
            async with filled_store.write(SYSTEM) as work:
                await update_toggle(
                    work, f"toggle.{number % TOGGLES}", ToggleFields(description=f"{number}")
                )
            awaited = [number + 1] * len(subscribers)
            awaited[0] *= len(DOCUMENTS)
            async with asyncio.timeout(60):
                while [subscriber.results for subscriber in subscribers] != awaited:
                    await asyncio.sleep(0)

    await change(0, WARM)
    before = living()
    await change(WARM, WARM + events)
    after = living()

    grown = {name: after[name] - before[name] for name in after}
    assert max(grown.values()) <= 3, grown
    assert after["Context"] <= 6
