"""Silent sockets are limited in number, and do not block other clients."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from graph.engine.run.config import GraphConfig
from tests.graph.subscribing import PROTOCOL, socket_to
from tests.server import ADMIN_TOKEN, TOKENS, ForkedServer, Server

SILENT, UPGRADED = 150, 150
MAX_SOCKETS = GraphConfig().max_sockets_per_address
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    b"Sec-WebSocket-Protocol: %s\r\n\r\n" % PROTOCOL.encode()
)
INIT = json.dumps(
    {"type": "connection_init", "payload": {"authorization": ADMIN_TOKEN}}, separators=(",", ":")
).encode()


class Connection(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def upgrade(self) -> tuple[int, bytes]:
        """Open a WebSocket. Return the status, and the body if the server refuses the socket."""
        self.writer.write(UPGRADE)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head.split()[1])
        return status, b"" if status == 101 else await self.reader.read(65_536)

    async def initialise(self) -> bytes:
        """Initialise the connection with a mask of zeros, and return the server's message."""
        assert len(INIT) < 126
        self.writer.write(bytes((0x81, 0x80 | len(INIT), 0, 0, 0, 0)) + INIT)
        return await self.next_frame()

    async def next_frame(self) -> bytes:
        """Read the next frame, which must be short, and return the payload of the frame."""
        _, length = await self.reader.readexactly(2)
        return await self.reader.readexactly(length)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its default limits."""
    with ForkedServer(tmp_path_factory.mktemp("server"), **TOKENS) as running:
        yield running


async def test_300_idle_sockets_are_bounded_and_do_not_block_others(server: Server) -> None:
    address = urlsplit(server.url)
    with ExitStack() as opened:

        async def connect() -> Connection:
            made = Connection(*await asyncio.open_connection(address.hostname, address.port))
            opened.enter_context(closing(made.writer))
            return made

        for _ in range(SILENT):
            await connect()
        upgraded = [await connect() for _ in range(UPGRADED)]
        answers = [await item.upgrade() for item in upgraded]
        # Older sockets were closed first, to make room for newer ones.
        closed = [await item.next_frame() for item in upgraded[: UPGRADED - MAX_SOCKETS]]
        async with socket_to(server) as socket:
            await socket.initialise()
        health = [server.request("GET", "/health").status_code for _ in range(5)]
        data = server.graphql("{ viewer { canWrite } }")

    assert [status for status, _ in answers] == [101] * UPGRADED
    assert set(closed) == {(4408).to_bytes(2) + b"Connection initialisation timeout"}
    assert health == [200] * 5
    assert data == {"viewer": {"canWrite": True}}


async def test_a_socket_speaks_while_silent_ones_have_all_places(server: Server) -> None:
    address = urlsplit(server.url)
    with ExitStack() as opened:

        async def connect() -> Connection:
            made = Connection(*await asyncio.open_connection(address.hostname, address.port))
            opened.enter_context(closing(made.writer))
            return made

        silent = [await connect() for _ in range(MAX_SOCKETS)]
        assert {(await item.upgrade())[0] for item in silent} == {101}
        late = await connect()
        upgraded = await late.upgrade()
        said = await late.initialise()

    assert upgraded == (101, b"")
    assert said == b'{"type":"connection_ack"}'
