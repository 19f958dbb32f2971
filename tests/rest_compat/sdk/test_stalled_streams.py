"""An SDK that opens a stream and never reads, over a real connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest
import uvicorn
from uvicorn.server import ServerState

from flagstaff.protocol import LimitedProtocol
from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp
from rest_compat.http.response import STREAM_PART_BYTES
from store import Store
from store.model import ApiTokenType
from tests.rest_compat.conftest import SECRETS, client_of, create, elsewhere
from tests.rest_compat.sdk.streams import Stream

STREAMING = "/api/client/streaming"
TOKEN = SECRETS[ApiTokenType.CLIENT, "default"]
REQUEST = f"GET {STREAMING} HTTP/1.1\r\nHost: x\r\nAuthorization: {TOKEN}\r\n\r\n".encode()
# The body is far larger than the network buffers of client and server.
TOGGLES, DESCRIPTION = 400, "x" * 50_000
PATIENCE_S = 10


class Impatient(LimitedProtocol):
    """Settings with a timeout just long enough to notice a stall."""

    stall_s = 1.0
    __slots__ = ()


@asynccontextmanager
async def connected(app: AsgiApp) -> AsyncIterator[tuple[socket.socket, asyncio.Transport]]:
    """Connect to an app, and yield both ends of the connection."""
    loop = asyncio.get_running_loop()
    config = uvicorn.Config(app, http=Impatient, ws="none", lifespan="off", log_config=None)
    protocols: list[Impatient] = []

    def protocol() -> Impatient:
        protocols.append(Impatient(config=config, server_state=ServerState(), app_state={}))
        return protocols[-1]

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    async with server:
        with closing(socket.socket()) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.setblocking(False)
            await loop.sock_connect(client, server.sockets[0].getsockname())
            await loop.sock_sendall(client, REQUEST)
            while not (protocols and protocols[0].flow and protocols[0].flow.write_paused):
                await asyncio.sleep(0.01)
            yield client, protocols[0].transport


@pytest.mark.thorough
async def test_a_client_that_never_reads_holds_little_up_and_is_cut_off(store: Store) -> None:
    await create(store, *(f"t{number}" for number in range(TOGGLES)), description=DESCRIPTION)
    app = rest_app(store, RestConfig(max_streams=2), elsewhere)
    async with (
        asyncio.timeout(PATIENCE_S),
        connected(app) as (client, transport),
        Stream(app, STREAMING, authorization=TOKEN) as reader,
    ):
        hydration = 0
        while hydration < TOGGLES * len(DESCRIPTION):
            hydration += len(await reader.piece())
        waiting = transport.get_write_buffer_size()
        await create(store, "later")
        while b"later" not in await reader.piece():
            pass
        statuses = [(await client_of(app, TOKEN).head(STREAMING)).status_code]
        while statuses[-1] == 429:
            await asyncio.sleep(0.01)
            statuses.append((await client_of(app, TOKEN).head(STREAMING)).status_code)
        received = bytearray()
        while piece := await asyncio.get_running_loop().sock_recv(client, 1_000_000):
            received += piece

    assert 0 < waiting <= 2 * STREAM_PART_BYTES + 1_000
    assert (statuses[0], statuses[-1]) == (429, 200)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert len(received) < hydration / 2
