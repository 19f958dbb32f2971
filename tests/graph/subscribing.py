"""Subscribe to a running server over WebSocket, Server-Sent Events and multipart."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from tests.server import ADMIN_TOKEN, Server

PROTOCOL = "graphql-transport-ws"
SSE = "text/event-stream"


class Addressed(Protocol):
    """A server with an address."""

    @property
    def url(self) -> str: ...


class Socket:
    """One WebSocket that speaks GraphQL."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(120):
            return json.loads(await self.connection.recv())

    async def initialise(self, token: str | None = ADMIN_TOKEN) -> Self:
        """Send `connection_init`, and receive `connection_ack`."""
        await self.send(type="connection_init", payload={"authorization": token} if token else {})
        assert await self.receive() == {"type": "connection_ack"}
        return self

    async def subscribe(self, id: str, document: str, **variables: Any) -> None:
        payload = {"query": document, "variables": variables}
        await self.send(id=id, type="subscribe", payload=payload)

    async def next(self) -> Any:
        """The data of the next message, which must be a result."""
        message = await self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def close_code(self) -> tuple[int, str]:
        """Return the server's close code and reason, ignoring earlier messages."""
        with suppress(ConnectionClosedError):
            async with asyncio.timeout(120):
                async for _ in self.connection:
                    pass
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def socket_to(server: Addressed, **options: Any) -> AsyncIterator[Socket]:
    """An open socket without any messages so far."""
    url = server.url.replace("http", "ws", 1) + "/graphql"
    async with connect(url, **{"subprotocols": [PROTOCOL], "proxy": None, **options}) as opened:
        yield Socket(opened)


def newest_cursor(server: Server) -> str:
    """Return the cursor of the newest event; a subscription after it receives all later events."""
    page = server.graphql("{ events(first: 1) { edges { cursor } } }")
    return page["events"]["edges"][0]["cursor"]


def plain_client() -> httpx.AsyncClient:
    """A client without TLS, because loading the trusted certificates takes longer than a test."""
    return httpx.AsyncClient(timeout=20, verify=False)


@asynccontextmanager
async def stream_from(
    server: Server, accept: str, document: str, *, method: str = "POST", **variables: Any
) -> AsyncIterator[httpx.Response]:
    """Open the answer to a streamed operation, without reading its body."""
    headers = {"Authorization": ADMIN_TOKEN, "Accept": accept}
    content: Any = (
        {"json": {"query": document, "variables": variables}}
        if method == "POST"
        else {"params": {"query": document, "variables": json.dumps(variables)}}
    )
    async with (
        plain_client() as client,
        client.stream(method, server.url + "/graphql", headers=headers, **content) as answer,
    ):
        yield answer


async def sent_events(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """The names and data of the Server-Sent Events in an answer."""
    event = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
            yield event, json.loads(data) if data else None


async def parts(answer: httpx.Response) -> AsyncIterator[Any]:
    """The parts of a multipart answer."""
    rest = ""
    async for text in answer.aiter_text():
        rest += text
        while "\r\n--graphql" in rest:
            part, _, rest = rest.partition("\r\n--graphql")
            _, _, body = part.partition("\r\n\r\n")
            yield json.loads(body)
