"""The server ends streams whose clients stop reading, and counts each stream until it is closed."""

import asyncio
from typing import Any

import orjson
import pytest

from graph.app import graphql_app
from graph.engine.http import event_stream
from graph.engine.run.config import GraphConfig
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.graph.gateway import Gateway

EVENTS = orjson.dumps({"query": "subscription { events { node { subjectName } } }"})


class StalledReader:
    """Reads a stream up to its first result, and continues after `goes_on` is set."""

    def __init__(self, gateway: Gateway) -> None:
        self.messages: list[Any] = []
        self.stalls = asyncio.Event()
        self.goes_on = asyncio.Event()
        self._gateway = gateway
        self._was_read = False

    async def read(self, app: Any) -> None:
        """Request the events, and read the answer as it arrives."""
        headers = {**self._gateway.headers("admin"), "Accept": "text/event-stream"}
        headers["Content-Type"] = "application/json"
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("10.0.0.1", 1),
        }
        await app(scope, self._receive, self._send)

    async def _receive(self) -> Any:
        if self._was_read:
            await asyncio.Event().wait()
        self._was_read = True
        return {"type": "http.request", "body": EVENTS}

    async def _send(self, message: Any) -> None:
        if b"event: next" in message.get("body", b""):
            self.stalls.set()
        if self.stalls.is_set():
            await self.goes_on.wait()
        self.messages.append(message)


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def test_a_stalled_stream_is_given_up_and_counts_until_it_is_read(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "STALL_S", 0.1)
    app = graphql_app(gateway.store, GraphConfig(max_sockets_per_token=1))
    stalled, refused = StalledReader(gateway), StalledReader(gateway)
    reading = asyncio.create_task(stalled.read(app))
    while len(stalled.messages) < 2:
        await asyncio.sleep(0.01)

    for number in range(3):
        async with gateway.store.write(SYSTEM) as work:
            await create_toggle(work, name=f"t{number}")
    async with asyncio.timeout(30):
        await stalled.stalls.wait()
        while gateway.store.changes._feeds:  # the server gives up before the client reads again
            await asyncio.sleep(0.01)
        await refused.read(app)
        stalled.goes_on.set()
        await reading

    assert refused.messages[0]["status"] == 429
    # The server abandoned the partial write, and the stream ends without a complete event.
    assert [message.get("body", b"") for message in stalled.messages[2:]] == [b""]
    assert stalled.messages[-1]["more_body"] is False
