"""Serve an application on two ports, so that tests can compare their answers.

The server on one port answers repeated polls without the application. The server on the other port
calls the application for each request.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, Self

from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from flagstaff.app import compose
from flagstaff.repeated_polls import RepeatedPolls
from flagstaff.server import configure_uvicorn
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token

TIMEOUT_S = 10
SECRET = "*:default.secret-of-the-polling-client"
HEADERS = {"Host": "x", "Authorization": SECRET, "UNLEASH-APPNAME": "shop"}
FEATURES = "/api/client/features"
DATE = b"Mon, 02 Mar 2026 08:00:00 GMT"
_ID = re.compile(rb"(x-request-id: [0-9a-f]{12}-)[0-9a-f]+")
_ERROR_ID = re.compile(rb'^\{"id":"[0-9a-f-]{36}"')


class Answer(NamedTuple):
    """A response: the head, and the bytes of the body."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split(b" ", 2)[1])

    @property
    def request_id(self) -> str:
        return self.header("x-request-id")

    @property
    def without_id(self) -> Self:
        """The response without the number in the request ID and without the ID of an error."""
        return self._replace(
            head=_ID.sub(rb"\1", self.head), body=_ERROR_ID.sub(b"", self.body, count=1)
        )

    def header(self, name: str) -> str:
        found = re.search(rf"\r\n{name}: ([^\r]*)".encode(), self.head)
        assert found is not None, self.head
        return found[1].decode()


class Connection:
    """A connection that sends bytes and reads answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def read(self, *, head_only: bool = False) -> Answer:
        async with asyncio.timeout(TIMEOUT_S):
            head = await self._reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"\r\ncontent-length: (\d+)", head)
            has_body = found is not None and not head_only and b" 304 " not in head[:16]
            body = await self._reader.readexactly(int(found[1])) if found and has_body else b""
        return Answer(head, body)

    async def ask(self, data: bytes) -> Answer:
        await self.send(data)
        return await self.read(head_only=data.startswith(b"HEAD "))

    async def read_until(self, end: bytes) -> bytes:
        """Read until the given bytes arrive. Return all received bytes."""
        async with asyncio.timeout(TIMEOUT_S):
            return await self._reader.readuntil(end)

    async def rest(self) -> bytes:
        """Read until the server closes the connection. Return all received bytes."""
        async with asyncio.timeout(TIMEOUT_S):
            return await self._reader.read()

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Servers:
    """The two ports, and the number of requests that reached the application.

    The numbers are counted by path.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self.polls = RepeatedPolls(store, settings.base_path)
        self.asked: Counter[str] = Counter()
        self.state = ServerState()
        self.state.default_headers = [(b"date", DATE)]
        self.connections: list[Connection] = []
        app = compose(store, settings, polls=self.polls)

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.asked[scope["path"]] += 1
            await app(scope, receive, send)

        self._configurations = {
            fast: configure_uvicorn(counted, settings, self.polls if fast else None)
            for fast in (True, False)
        }
        self._ports: dict[bool, int] = {}
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        for fast, config in self._configurations.items():
            config.load()
            protocol: Any = config.http_protocol_class
            server = await asyncio.get_running_loop().create_server(
                partial(protocol, config=config, server_state=self.state, app_state={}),
                "127.0.0.1",
                0,
            )
            self._servers.append(server)
            self._ports[fast] = server.sockets[0].getsockname()[1]

    async def connect(self, *, fast: bool = True) -> Connection:
        streams = await asyncio.open_connection("127.0.0.1", self._ports[fast])
        self.connections.append(Connection(*streams))
        return self.connections[-1]

    async def stop(self) -> None:
        for connection in self.connections:
            await connection.close()
        for server in self._servers:
            server.close()
            await server.wait_closed()


@asynccontextmanager
async def served(store: Store, settings: Settings | None = None) -> AsyncIterator[Servers]:
    """Serve a store."""
    servers = Servers(store, settings or Settings())
    await servers.start()
    try:
        yield servers
    finally:
        await servers.stop()


def poll(
    target: str = FEATURES,
    *,
    method: str = "GET",
    version: str = "1.1",
    headers: Mapping[str, str] = HEADERS,
    **more: str,
) -> bytes:
    """The bytes of a request. Names in `more` have underscores in place of hyphens."""
    fields = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"{method} {target} HTTP/{version}", *lines, "", ""]).encode()


async def add_client(store: Store, *, toggles: int = 20) -> None:
    """Create the token `SECRET`, and enough toggles for a gzipped features body."""
    async with store.write(SYSTEM) as work:
        await create_token(
            work, name="poller", type=ApiTokenType.CLIENT, environment="default", secret=SECRET
        )
        for number in range(toggles):
            fields = ToggleFields(description="x" * 50)
            await create_toggle(work, name=f"toggle-{number:03}", fields=fields)


async def tag_of(client: Connection, target: str = FEATURES, **more: Any) -> str:
    return (await client.ask(poll(target, **more))).header("etag")


async def add_toggles(store: Store, number: int, *, prefix: str = "more") -> None:
    async with store.write(SYSTEM) as work:
        for index in range(number):
            await create_toggle(work, name=f"{prefix}-{index}")
