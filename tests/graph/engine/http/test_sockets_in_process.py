"""Faults, limits and origins of GraphQL over WebSocket, tested without a network."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Message

from flagstaff.app import compose
from flagstaff.settings import Settings
from graph.app import graphql_app
from graph.engine.http import websocket
from graph.engine.run.config import GraphConfig
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token, revoke_token
from tests.graph.gateway import SECRETS, Gateway
from tests.graph.subscribing import PROTOCOL, SSE

CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
EVENTS = "subscription { events { cursor } }"

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Peer:
    """A client of an app: the messages that it sends and receives."""

    def __init__(self) -> None:
        self.sending: asyncio.Queue[Message | Exception] = asyncio.Queue()
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        # Sending a message to the client raises this exception.
        self.fault: Exception | None = None

    async def say(self, **message: Any) -> None:
        await self.sending.put({"type": "websocket.receive", "text": json.dumps(message)})

    async def hear(self) -> Message:
        async with asyncio.timeout(30):
            return await self.sent.get()

    async def initialise(self, token: str = SECRETS["admin"]) -> None:
        """Initialise the connection, and check the acknowledgement."""
        await self.say(type="connection_init", payload={"authorization": token})
        assert await self.hear() == {"type": "websocket.send", "text": '{"type":"connection_ack"}'}

    async def receive(self) -> Message:
        message = await self.sending.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.send" and self.fault is not None:
            raise self.fault
        await self.sent.put(message)


@asynccontextmanager
async def connected(app: Any, address: str = "10.0.0.1", **headers: str) -> AsyncIterator[Peer]:
    """Connect a client that the app accepts, and disconnect the client at the end."""
    peer = Peer()
    scope: dict[str, Any] = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [PROTOCOL],
        "client": (address, 1),
    }
    peer.sending.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, peer.receive, peer.send))
    assert (await peer.hear())["type"] == "websocket.accept"
    yield peer
    peer.sending.put_nowait({"type": "websocket.disconnect"})
    async with asyncio.timeout(30):
        await serving


def closing(code: int, reason: str) -> Message:
    return {"type": "websocket.close", "code": code, "reason": reason}


@pytest.mark.parametrize("side", ["reads", "writes"])
async def test_a_socket_that_fails_is_closed_and_gives_its_place_away(
    shared_gateway: Gateway, side: str
) -> None:
    app = graphql_app(shared_gateway.store, GraphConfig(max_sockets_per_token=1))
    async with connected(app) as peer:
        await peer.initialise()
        await peer.say(id="1", type="subscribe", payload={"query": EVENTS})
        if side == "reads":
            await peer.sending.put(RuntimeError("broken"))
        else:
            peer.fault = RuntimeError("broken")
            await peer.say(type="ping")

        assert await peer.hear() == closing(1011, "The connection failed.")

    assert not shared_gateway.store.changes._feeds
    async with connected(app) as another:
        await another.initialise()


async def test_sockets_and_streams_of_a_token_count_together_regardless_of_their_addresses(
    shared_gateway: Gateway,
) -> None:
    app = graphql_app(shared_gateway.store, GraphConfig(max_sockets_per_token=2))
    async with connected(app, "10.0.0.1") as first, connected(app, "10.0.0.2") as second:
        await first.initialise()
        await second.initialise()
        async with connected(app, "10.0.0.3") as third:
            payload = {"authorization": SECRETS["admin"]}
            await third.say(type="connection_init", payload=payload)
            assert await third.hear() == closing(
                1013, "A token may have at most 2 open connections."
            )
        async with connected(app, "10.0.0.3") as other:
            await other.initialise(SECRETS["viewer"])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://flagstaff"
        ) as client:
            headers = {**shared_gateway.headers("admin"), "Accept": SSE}
            stream = await client.post("/graphql", json={"query": EVENTS}, headers=headers)

    assert stream.status_code == 429
    async with connected(app) as again:
        await again.initialise()


async def test_a_second_connection_init_takes_no_place_permanently(
    shared_gateway: Gateway,
) -> None:
    app = graphql_app(shared_gateway.store, GraphConfig(max_sockets_per_token=2))

    for _ in range(3):
        async with connected(app) as peer:
            await peer.initialise()
            payload = {"authorization": SECRETS["admin"]}
            await peer.say(type="connection_init", payload=payload)
            assert await peer.hear() == closing(4429, "Too many initialisation requests")

    async with connected(app) as first, connected(app) as second:
        await first.initialise()
        await second.initialise()


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null"])
async def test_all_pages_may_connect_where_all_origins_are_listed(
    shared_gateway: Gateway, origin: str
) -> None:
    app = compose(shared_gateway.store, Settings(cors_origins=("*",)))

    async with connected(app, origin=origin, host="flags.example.com") as peer:
        await peer.initialise()


async def test_no_operation_begins_on_a_socket_whose_token_was_just_revoked(
    shared_store: Store,
) -> None:
    async with shared_store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="short", type=ApiTokenType.ADMIN)
    async with connected(graphql_app(shared_store, GraphConfig())) as peer:
        await peer.initialise(secret)

        async with shared_store.write(SYSTEM) as work:
            await revoke_token(work, token.id)
        payload = {"query": CREATE, "variables": {"name": "late"}}
        await peer.say(id="1", type="subscribe", payload=payload)

        assert await peer.hear() == closing(4403, "The API token was revoked or has expired.")
    assert "late" not in shared_store.snapshot.toggles


async def test_a_silent_client_is_closed(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "INIT_WAIT_S", 0.05)

    async with connected(graphql_app(shared_store, GraphConfig())) as peer:
        assert await peer.hear() == closing(4408, "Connection initialisation timeout")
