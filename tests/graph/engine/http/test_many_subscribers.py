"""Many open subscriptions on a running server, and tokens that expire during a subscription."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.graph.subscribing import Socket, sent_events, socket_to
from tests.server import TOKENS, ForkedServer, Server

pytestmark = pytest.mark.slow

SOCKETS, SUBSCRIPTIONS, SUBSCRIBERS = 75, 20, 1_000
CHANGED = "subscription { toggleChanged { toggleId event { subjectName } } }"
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
CREATE_TOKEN = """mutation ($name: String!, $expiresAt: DateTime) {
  apiTokenCreate(input: {name: $name, type: VIEWER, expiresAt: $expiresAt}) {
    secret apiToken { id } errors { message }
  }
}"""
UPDATE_TOKEN = """mutation ($id: ID!, $expiresAt: DateTime) {
  apiTokenUpdate(input: {id: $id, expiresAt: $expiresAt}) { errors { message } }
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    limits = {"FLAGSTAFF_MAX_SOCKETS_PER_TOKEN": str(SUBSCRIBERS)}
    with ForkedServer(tmp_path_factory.mktemp("server"), **TOKENS, **limits) as running:
        yield running


async def create(server: Server, name: str) -> None:
    await asyncio.to_thread(server.graphql, CREATE, name=name)


@pytest.mark.thorough
async def test_each_of_1500_subscriptions_hears_of_each_change_once(server: Server) -> None:
    names = ["first", "second", "third"]
    async with AsyncExitStack() as opened:
        sockets = [
            await (await opened.enter_async_context(socket_to(server))).initialise()
            for _ in range(SOCKETS)
        ]
        for socket in sockets:
            for number in range(SUBSCRIPTIONS):
                await socket.subscribe(str(number), CHANGED)
            # The server sends the pong after its answers to all earlier messages.
            await socket.send(type="ping")
            assert await socket.receive() == {"type": "pong"}
        for name in names:
            await create(server, name)

        heard = [
            sorted(
                [_id_and_type(await socket.receive()) for _ in range(SUBSCRIPTIONS * len(names))]
            )
            for socket in sockets
        ]
        health = server.request("GET", "/health")

    everything = sorted((str(item), name) for item in range(SUBSCRIPTIONS) for name in names)
    assert heard == [everything] * SOCKETS
    assert health.status_code == 200


@pytest.mark.thorough
async def test_one_setting_lets_a_token_have_1000_subscribers(server: Server) -> None:
    async with AsyncExitStack() as opened:
        # With more sockets at a time, a busy machine might send `connection_init` too late.
        connecting = asyncio.Semaphore(20)

        async def subscribe() -> Socket:
            async with connecting:
                socket = await opened.enter_async_context(socket_to(server, open_timeout=60))
                await socket.initialise()
            await socket.subscribe("1", CHANGED)
            await socket.send(type="ping")
            assert await socket.receive() == {"type": "pong"}
            return socket

        sockets = await asyncio.gather(*(subscribe() for _ in range(SUBSCRIBERS)))
        await create(server, "heard.by.all")
        heard = Counter([_id_and_type(await socket.receive()) for socket in sockets])
        async with socket_to(server) as one_more:
            await one_more.send(
                type="connection_init", payload={"authorization": server.admin_token}
            )
            closed = await one_more.close_code()

    assert heard == {("1", "heard.by.all"): SUBSCRIBERS}
    assert closed == (1013, "A token may have at most 1000 open connections.")


def _id_and_type(message: dict[str, Any]) -> tuple[str, str]:
    assert message["type"] == "next", message
    return message["id"], message["payload"]["data"]["toggleChanged"]["event"]["subjectName"]


@pytest.mark.thorough
@pytest.mark.parametrize("shortened", [False, True], ids=["from the start", "later"])
async def test_an_expired_token_closes_its_sockets_and_streams(
    server: Server, shortened: bool
) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    made = server.graphql(
        CREATE_TOKEN, name=f"short {shortened}", expiresAt=None if shortened else soon
    )["apiTokenCreate"]
    headers = {"Authorization": made["secret"], "Accept": "text/event-stream"}
    async with (
        socket_to(server) as socket,
        httpx.AsyncClient(timeout=10, headers=headers, verify=False) as client,
        client.stream("POST", server.url + "/graphql", json={"query": CHANGED}) as answer,
    ):
        await (await socket.initialise(made["secret"])).subscribe("1", CHANGED)
        assert answer.status_code == 200
        if shortened:
            server.graphql(UPDATE_TOKEN, id=made["apiToken"]["id"], expiresAt=soon)

        async with asyncio.timeout(120):
            closed = await socket.close_code()
            events = [event async for event in sent_events(answer)]

    assert closed == (4403, "The API token was revoked or has expired.")
    assert events == []
