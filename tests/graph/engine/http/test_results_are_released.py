"""A transport that waits for the next result has no reference to the previous result."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any
from weakref import ref

import orjson
import pytest

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from graph.engine.run.streaming import Streams
from tests.graph.engine.http.test_sockets_in_process import EVENTS, connected
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Result(bytes):
    """A result with a mark. Weak references can refer to the mark, but not to bytes."""

    mark: "Mark"


class Mark:
    """An object that is freed together with its result."""


@pytest.fixture
def is_in_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether the result is still in memory."""
    marks: list[Callable[[], Mark | None]] = []

    def make() -> bytes:
        result = Result(b'{"data":"large"}')
        result.mark = Mark()
        marks.append(ref(result.mark))
        return result

    async def results() -> AsyncGenerator[bytes, None]:
        yield make()
        await asyncio.Event().wait()

    async def open_stream(*_: Any) -> AsyncGenerator[bytes, None]:
        return results()

    monkeypatch.setattr(Streams, "open", open_stream)
    return lambda: marks[0]() is not None


async def is_released(is_in_memory: Callable[[], bool]) -> bool:
    """Whether a result is freed although no further result follows."""
    for _ in range(100):
        if not is_in_memory():
            return True
        await asyncio.sleep(0)
    return False


async def test_a_socket_keeps_no_result_that_it_has_sent(
    shared_gateway: Gateway, is_in_memory: Callable[[], bool]
) -> None:
    async with connected(graphql_app(shared_gateway.store, GraphConfig())) as peer:
        await peer.initialise()
        await peer.say(id="1", type="subscribe", payload={"query": EVENTS})

        assert "large" in (await peer.hear())["text"]
        assert await is_released(is_in_memory)


@pytest.mark.parametrize("accept", ["text/event-stream", "multipart/mixed"])
async def test_a_stream_keeps_no_result_that_it_has_sent(
    shared_gateway: Gateway, is_in_memory: Callable[[], bool], accept: str
) -> None:
    headers = {
        **shared_gateway.headers("admin"),
        "Accept": accept,
        "Content-Type": "application/json",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.lower().encode(), header.encode()) for name, header in headers.items()],
        "client": ("10.0.0.1", 1),
    }
    messages: asyncio.Queue[Any] = asyncio.Queue()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": orjson.dumps({"query": EVENTS})})
    app = graphql_app(shared_gateway.store, GraphConfig())
    serving = asyncio.ensure_future(app(scope, messages.get, sent.put))

    async with asyncio.timeout(30):
        while b"large" not in (await sent.get()).get("body", b""):
            pass
    released = await is_released(is_in_memory)
    messages.put_nowait({"type": "http.disconnect"})
    await serving

    assert released
