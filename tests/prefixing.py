"""A reverse proxy that serves an application below a path prefix."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def below(prefix: str, app: ASGIApp) -> ASGIApp:
    """Serve an application below a prefix.

    The prefix is removed from paths. Paths without the prefix get a 404.
    """

    async def proxied(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(f"{prefix}/"):
            path: str = scope["path"].removeprefix(prefix)
            raw: bytes = scope["raw_path"].removeprefix(prefix.encode())
            await app({**scope, "path": path, "raw_path": raw}, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("Another server's.", 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    return proxied


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port in a thread of this process. Yield its URL."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        for _ in range(600):
            if server.started or not thread.is_alive():
                break
            time.sleep(0.05)
        assert server.started, "the application did not start"
        host, port = server.servers[0].sockets[0].getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
