"""GraphQL streams and sockets end when they reach their maximum age, but never within a result."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from graph.engine.run.operations import Operations
from tests.graph.gateway import SECRETS, Gateway
from tests.graph.subscribing import PROTOCOL, newest_cursor, socket_to, stream_from
from tests.server import TOKENS, ForkedServer, Server

EVENTS = "subscription ($after: String) { events(after: $after) { cursor node { subjectName } } }"
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    variables = {**TOKENS, "FLAGSTAFF_MAX_STREAM_AGE_S": "1"}
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


@pytest.mark.parametrize(
    ("accept", "closing", "retries"),
    [("text/event-stream", b"event: complete", True), ("multipart/mixed", b"--graphql--", False)],
)
async def test_a_streamed_answer_breaks_off_when_it_is_too_old(
    server: Server, accept: str, closing: bytes, retries: bool
) -> None:
    cursor = newest_cursor(server)
    await asyncio.to_thread(server.graphql, CREATE, name=f"of-{accept[:4]}")
    async with stream_from(server, accept, EVENTS, after=cursor) as answer:
        body = await answer.aread()  # the stream ends by itself, as HTTP requires

    assert f"of-{accept[:4]}".encode() in body
    # Without the closing mark, clients reopen the stream.
    assert closing not in body
    assert (b"\nretry: " in body[-20:]) == retries


async def test_a_socket_is_closed_when_it_is_too_old_and_its_successor_misses_nothing(
    server: Server,
) -> None:
    cursor = newest_cursor(server)
    async with socket_to(server) as first:
        await (await first.initialise()).subscribe("1", EVENTS, after=cursor)
        closed = await first.close_code()
    await asyncio.to_thread(server.graphql, CREATE, name="between")
    async with socket_to(server) as second:
        await (await second.initialise()).subscribe("1", EVENTS, after=cursor)
        event = (await second.next())["events"]

    assert closed == (1012, "The connection has reached its maximum age.")
    assert event["node"]["subjectName"] == "between"


async def test_what_runs_when_a_socket_grows_too_old_is_answered_first(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, run = asyncio.Event(), Operations.run

    async def run_later(*arguments: Any) -> Any:
        await may_end.wait()
        return await run(*arguments)

    monkeypatch.setattr(Operations, "run", run_later)
    app = graphql_app(gateway.store, GraphConfig(max_stream_age_s=0.1))
    sent: asyncio.Queue[Any] = asyncio.Queue()
    received: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": [PROTOCOL]}
    received.put_nowait({"type": "websocket.connect"})
    for message in (
        {"type": "connection_init", "payload": {"authorization": SECRETS["admin"]}},
        {"id": "s", "type": "subscribe", "payload": {"query": EVENTS}},
        {
            "id": "m",
            "type": "subscribe",
            "payload": {"query": CREATE, "variables": {"name": "late"}},
        },
    ):
        received.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    serving = asyncio.ensure_future(app(scope, received.get, sent.put))
    await asyncio.sleep(0.3)
    said_early = sent.qsize()
    may_end.set()
    await asyncio.wait_for(serving, 60)

    messages = [sent.get_nowait() for _ in range(sent.qsize())]
    sent_to_client = [json.loads(item["text"]) for item in messages if "text" in item]
    assert said_early == 2  # accepted and acknowledged
    assert [(item["id"], item["type"]) for item in sent_to_client if item.get("id") == "m"] == [
        ("m", "next"),
        ("m", "complete"),
    ]
    assert messages[-1]["code"] == 1012
    assert "late" in gateway.store.snapshot.toggles
