"""A client that reads an endless answer of an app, piece by piece."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from rest_compat.http.asgi import AsgiApp, Message

PATIENCE_S = 10.0


class Stream:
    """A stream of server-sent events. Leaving the context disconnects the client."""

    def __init__(self, app: AsgiApp, path: str, **headers: str) -> None:
        self.status = 0
        self._app = app
        path, _, query = path.partition("?")
        self._scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 1),
        }
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._hung_up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        self.status = (await self._next())["status"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._task is not None
        self._hung_up.set()
        await asyncio.wait_for(self._task, PATIENCE_S)

    async def event(self) -> tuple[int, str, list[dict[str, Any]]]:
        """The ID, name and data of the next event, after any comments."""
        while True:
            piece: bytes = (await self._next()).get("body", b"")
            if piece.startswith(b":"):
                continue
            lines = dict(line.split(": ", 1) for line in piece.decode().strip().split("\n"))
            return int(lines["id"]), lines["event"], json.loads(lines["data"])["events"]

    async def piece(self) -> bytes:
        """The unchanged next chunk, which is empty at the end of the stream."""
        return (await self._next()).get("body", b"")

    async def _next(self) -> Message:
        return await asyncio.wait_for(self._messages.get(), PATIENCE_S)

    async def _run(self) -> None:
        await self._app(self._scope, self._receive, self._messages.put)

    async def _receive(self) -> Message:
        await self._hung_up.wait()
        return {"type": "http.disconnect"}
