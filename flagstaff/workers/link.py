"""The connection of a worker to its supervisor, as the worker sees it."""

import asyncio
import logging
import signal
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count

from flagstaff.monitoring.families import Family
from flagstaff.workers.messages import (
    ALIVE_INTERVAL_S,
    TO_WORKER,
    Alive,
    Counts,
    Ready,
    Report,
    Scrape,
    Stop,
    Totals,
    messages,
    send,
)

# How long a scrape waits for the metrics of all workers.
TOTALS_WITHIN_S = 5.0
# How long closing waits until the supervisor has received the last metrics.
CLOSE_WITHIN_S = 1.0

_log = logging.getLogger(__name__)


async def _no_metrics() -> list[Family]:
    return []


def _end_process() -> None:
    signal.raise_signal(signal.SIGTERM)


class SupervisorLink:
    """Tells the supervisor when the worker is ready, and exchanges metrics.

    `collect` returns the metrics of this process. `on_stop` stops the worker; it is called if the
    supervisor asks for this or has ended. The first worker is the one that prepares the database.
    """

    def __init__(self, channel: socket.socket, *, is_first: bool) -> None:
        self.is_first = is_first
        self.collect: Callable[[], Awaitable[list[Family]]] = _no_metrics
        self.on_stop: Callable[[], None] = _end_process
        self._channel = channel
        self._numbers = count(1)
        self._scrapes: dict[int, asyncio.Future[list[Family]]] = {}
        self._streams: tuple[StreamReader, StreamWriter] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._reporting: set[asyncio.Task[None]] = set()
        self._beating: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Begin to listen to the supervisor."""
        self._streams = await asyncio.open_unix_connection(sock=self._channel)
        self._listening = asyncio.create_task(self._listen(self._streams[0]))

    async def close(self) -> None:
        """Send the last metrics, and close the connection."""
        if self._streams is None or self._listening is None:
            return
        self._listening.cancel()
        if self._beating is not None:
            self._beating.cancel()
        await self._report(0)
        writer = self._streams[1]
        writer.close()
        # The supervisor may have ended, or may be too busy to read.
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await writer.wait_closed()

    def report_ready(self) -> None:
        """Tell the supervisor that this worker accepts requests, and from now on that it runs."""
        self._send(Ready())
        self._beat()

    async def totals(self) -> list[Family]:
        """Return the metrics of all workers.

        Raises: TimeoutError: the supervisor does not answer.
        """
        number = next(self._numbers)
        answer = self._scrapes[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(TOTALS_WITHIN_S):
                self._send(Scrape(number))
                return await answer
        finally:
            del self._scrapes[number]

    def _beat(self) -> None:
        self._send(Alive())
        self._beating = asyncio.get_running_loop().call_later(ALIVE_INTERVAL_S, self._beat)

    async def _listen(self, reader: StreamReader) -> None:
        async for message in messages(reader, TO_WORKER):
            match message:
                case Report(number):
                    task = asyncio.create_task(self._report(number))
                    self._reporting.add(task)
                    task.add_done_callback(self._reporting.discard)
                case Totals(number, families):
                    if (answer := self._scrapes.get(number)) is not None and not answer.done():
                        answer.set_result(families)
                case Stop():
                    self.on_stop()
        _log.warning("The supervisor has ended, so this worker stops")
        self.on_stop()

    async def _report(self, number: int) -> None:
        try:
            families = await self.collect()
        except Exception:
            _log.exception("The metrics of this worker cannot be collected")
            return
        self._send(Counts(number, families))

    def _send(self, message: Ready | Alive | Counts | Scrape) -> None:
        assert self._streams is not None
        send(self._streams[1], message)
