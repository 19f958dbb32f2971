"""A TCP proxy in front of a server, which drops or delays bytes on request."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import TracebackType
from typing import Self


class _Link:
    """A connection of a client, with the state of each direction."""

    def __init__(self) -> None:
        self.forwarding = True
        self.answering = True


class Proxy:
    """A context manager that forwards connections to another port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self._to = port
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None] | None] = set()
        self._swallow_after: bytes | None = None
        self._connected = asyncio.Event()
        self._connected.set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def silence(self) -> int:
        """Stop forwarding on all open connections without closing them. Return their number."""
        links = list(self._links)
        for link in links:
            link.forwarding = link.answering = False
        return len(links)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Hold back all bytes inside the context, and forward them afterwards.

        New connections are accepted but also silent, as on a network without a route.
        """
        self._loop.call_soon_threadsafe(self._connected.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._connected.set)

    def swallow_answer_to(self, request: bytes) -> None:
        """Forward the next request that contains the bytes, but drop the server's answer."""
        self._swallow_after = request

    async def _end(self) -> None:
        self._server.close()
        # Callbacks turn accepted connections into tasks, and close aborted ones.
        for _ in range(10):
            ended = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in ended:
                task.cancel()
            await asyncio.gather(*ended, return_exceptions=True)
            await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link()
        self._links.add(link)
        # Keep a reference to the task. Otherwise a garbage collection could free the task.
        task = asyncio.current_task()
        self._tasks.add(task)
        ends = [writer]
        try:
            await self._connected.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            ends.append(back)
            await asyncio.gather(
                self._forward(link, reader, back), self._answer(link, there, writer)
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._links.discard(link)
            self._tasks.discard(task)
            # Abort both ends without waiting, because a cancelled wait could leave one end open.
            for end in ends:
                end.transport.abort()

    async def _forward(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            await self._connected.wait()
            if self._swallow_after is not None and self._swallow_after in data:
                self._swallow_after = None
                link.answering = False
            if link.forwarding:
                writer.write(data)
        await self._connected.wait()
        if link.forwarding:
            writer.close()

    async def _answer(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            await self._connected.wait()
            if link.answering:
                writer.write(data)
        await self._connected.wait()
        if link.answering:
            writer.close()
