"""Serves an application through the protocol under test, in a thread of the test process."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from flagstaff.protocol import LimitedProtocol
from flagstaff.websockets import LimitedWebSocket

HEAD_BYTES = 2_000
HEAD_DEADLINE_S = 0.5
IDLE_S = 2.0


class Hasty(LimitedProtocol):
    """Settings with limits that tests reach quickly."""

    max_head_bytes = HEAD_BYTES
    head_deadline_s = HEAD_DEADLINE_S
    linger_s = 10


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the number of bytes in the body. Accept and close WebSockets.

    The path `/early` is answered at once. The answer to `/late` takes longer than a head may take.
    """
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
        return
    size = 0
    if scope["path"] == "/late":
        await asyncio.sleep(1.5 * HEAD_DEADLINE_S)
    elif scope["path"] != "/early":
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            more = message["more_body"]
    body = b"%d" % size
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(
    app: ASGIApp,
    protocol: type[LimitedProtocol],
    *,
    idle_s: float = IDLE_S,
) -> Iterator[int]:
    """Serve an application in a thread, on the event loop of production. Yield the port."""
    config = uvicorn.Config(
        app, http=protocol, ws=LimitedWebSocket, lifespan="off", log_config=None
    )
    config.timeout_keep_alive = idle_s  # pyright: ignore[reportAttributeAccessIssue] # seconds like any other
    ports: list[int] = []
    started = threading.Event()
    stop: list[Callable[[], Any]] = []

    async def serve() -> None:
        state, loop, ended = ServerState(), asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(
            lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        ports.append(server.sockets[0].getsockname()[1])
        stop.append(lambda: loop.call_soon_threadsafe(ended.set))
        started.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=lambda: uvloop.run(serve()))
    thread.start()
    assert started.wait(5)
    try:
        yield ports[0]
    finally:
        stop[0]()
        thread.join(5)
