"""A worker process, as its supervisor sees it."""

import asyncio
import os
import signal
import socket
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct

from flagstaff.monitoring.families import Family
from flagstaff.workers.messages import (
    FROM_WORKER,
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

MODULE = "flagstaff.workers.worker"


class Task(Struct, frozen=True):
    """What a worker process should do.

    `options` are the settings from the command line. `listener` and `channel` are the descriptors
    of the listening socket and of the connection to the supervisor. The first worker also does the
    work of a first start.
    """

    number: int
    is_first: bool
    is_demo: bool
    options: dict[str, Any]
    listener: int = -1
    channel: int = -1


class Worker:
    """A running worker process.

    `on_scrape` is called with the worker and a number if the worker needs the metrics of all
    workers. `counts` are the newest metrics of the worker. `alive_at` is the time of the event loop
    when the worker last said that it runs. It is None until the worker has said so once.
    """

    def __init__(
        self,
        number: int,
        process: Process,
        streams: tuple[StreamReader, StreamWriter],
        on_scrape: "Callable[[Worker, int], None]",
    ) -> None:
        self.number = number
        self.pid = process.pid
        self.counts: list[Family] = []
        self.ready_at: float | None = None
        self.alive_at: float | None = None
        self._process = process
        self._reader, self._writer = streams
        self._on_scrape = on_scrape
        self._ready = asyncio.Event()
        self._reports: dict[int, asyncio.Future[None]] = {}
        self._stopping = False
        self._ended = asyncio.create_task(self._listen())

    @property
    def silent_since(self) -> float | None:
        """When the worker last said that it runs; None if nothing has to be heard from it.

        This is so before it is ready, and after it has been stopped or killed.
        """
        return None if self._stopping or self._ended.done() else self.alive_at

    @property
    def is_ready(self) -> bool:
        """Whether the worker accepts requests."""
        return self.ready_at is not None and not self._ended.done()

    async def wait_until_ready(self) -> bool:
        """Wait until the worker is ready or has ended; return whether it is ready."""
        waiting = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait((waiting, self._ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        return self.is_ready

    async def wait(self) -> int:
        """Wait until the process has ended; return its status, or a negative signal number."""
        return await asyncio.shield(self._ended)

    async def report(self, number: int) -> None:
        """Ask the worker for its metrics, and wait until it has sent them or has ended."""
        asked = self._reports[number] = asyncio.get_running_loop().create_future()
        send(self._writer, Report(number))
        try:
            await asyncio.wait((asked, self._ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._reports[number]

    def answer(self, number: int, families: list[Family]) -> None:
        """Send the metrics of all workers, which the worker needs for a scrape."""
        send(self._writer, Totals(number, families))

    def stop(self) -> None:
        """Let the worker finish its requests and end. Stopping again does nothing."""
        self._stopping = True
        send(self._writer, Stop())

    def signal(self, number: int) -> None:
        """Send a signal to the process, unless it has ended."""
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the process at once."""
        self._stopping = True
        self.signal(signal.SIGKILL)

    async def _listen(self) -> int:
        async for message in messages(self._reader, FROM_WORKER):
            match message:
                case Ready():
                    self.ready_at = asyncio.get_running_loop().time()
                    self._ready.set()
                case Alive():
                    self.alive_at = asyncio.get_running_loop().time()
                case Counts(number, families):
                    self.counts = families
                    if (asked := self._reports.get(number)) is not None and not asked.done():
                        asked.set_result(None)
                case Scrape(number):
                    self._on_scrape(self, number)
        status = await self._process.wait()
        self._writer.close()
        return status


async def start_worker(
    task: Task,
    listener: socket.socket,
    on_scrape: Callable[[Worker, int], None],
    command: Sequence[str] = (),
) -> Worker:
    """Start a worker process, which imports the program again.

    A worker thus runs the version that is installed when it starts. The process has its own process
    group, so that a terminal sends Ctrl+C only to the supervisor. `command` replaces the program in
    tests.

    Raises: OSError: the system cannot start another process.
    """
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            task = msgspec.structs.replace(
                task, listener=listener.fileno(), channel=theirs.fileno()
            )
            process = await asyncio.create_subprocess_exec(
                # With -P, a folder `store` below the current folder hides no module.
                *(command or (sys.executable, "-P", "-m", MODULE)),
                msgspec.json.encode(task).decode(),
                stdin=DEVNULL,
                pass_fds=(task.listener, task.channel),
                process_group=0,
                env=_environment(os.environ),
            )
        streams = await asyncio.open_unix_connection(sock=ours)
    except BaseException:
        ours.close()  # a worker without a supervisor ends
        raise
    return Worker(task.number, process, streams, on_scrape)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of workers, which find modules where this process finds them."""
    return {**environ, "PYTHONPATH": os.pathsep.join(folder for folder in sys.path if folder)}
