"""Start workers, restart those that end, replace them one by one, and stop them."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

from flagstaff.monitoring.families import Family, growing, merge
from flagstaff.workers.hung import kill_hung_workers
from flagstaff.workers.process import Worker
from flagstaff.workers.restarts import Restarts
from flagstaff.workers.terminal import ends_with_terminal, has_terminal

# A worker that a rolling restart starts must be ready within this time.
READY_WITHIN_S = 120.0
# How long a scrape waits for the metrics of a worker whose event loop is busy. After that, the
# last metrics of the worker are used.
REPORT_WITHIN_S = 1.0

OnScrape: TypeAlias = Callable[[Worker, int], None]
# Starts a worker with a number. The flag says whether the worker is the first one.
Start: TypeAlias = Callable[[int, bool, OnScrape], Awaitable[Worker]]

_log = logging.getLogger(__name__)


class _Place:
    """One of the workers that should run. Its process changes with each restart."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.worker: Worker | None = None
        self.restarts = Restarts()
        # Only one task at a time starts a process for this place.
        self.changing = asyncio.Lock()


class Supervisor:
    """Keeps a number of workers running until it is stopped.

    `start` starts a worker. `stop_listening` closes the socket that workers inherit. A worker that
    has been stopped must end within `stop_within_s` seconds, or it is killed.
    """

    def __init__(
        self,
        start: Start,
        count: int,
        *,
        stop_listening: Callable[[], None],
        stop_within_s: float,
    ) -> None:
        self._start = start
        self._stop_listening = stop_listening
        self._stop_within_s = stop_within_s
        self._places = [_Place(number) for number in range(1, count + 1)]
        self._running: set[Worker] = set()
        self._ends_with_terminal = False
        self._restart_requested = asyncio.Event()
        self._stop_requested = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # The counters of the workers that have ended.
        self._ended: list[Family] = []
        self._scraping = asyncio.Lock()
        self._reports = 0

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT, or until the terminal of the command is closed.

        Return the exit status of the command.

        The first worker starts alone, because it prepares the database. If it ends before it is
        ready, its status is returned.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        self._ends_with_terminal = ends_with_terminal()
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        tasks: list[asyncio.Task[None]] = []
        try:
            status = await self._start_first()
            if status is None:
                tasks = [asyncio.create_task(self._keep(place)) for place in self._places]
                tasks.append(asyncio.create_task(self._restart_on_request()))
                tasks.append(asyncio.create_task(kill_hung_workers(self._running)))
                await self._stop_requested.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # Otherwise the system would accept connections after the last worker stops to do so,
            # and would reset them with their requests at the end.
            self._stop_listening()
            await asyncio.gather(*map(self._end, tuple(self._running)))
        return status or 0

    def _stop(self, number: int) -> None:
        """Stop all workers. If they are already stopping, pass on the signal."""
        if self._stop_requested.is_set():
            for worker in self._running:
                worker.signal(number)
            return
        _log.info("Stopping all workers after %s", signal.Signals(number).name)
        self._stop_requested.set()

    def _hang_up(self) -> None:
        """Restart the workers, or stop them if the terminal of the command has been closed."""
        if not self._ends_with_terminal or has_terminal():
            self._restart_requested.set()
        # When a terminal is closed, the shell and the system may each send a signal.
        elif not self._stop_requested.is_set():
            self._stop(signal.SIGHUP)

    async def _start_first(self) -> int | None:
        """Start the first worker; return the exit status if the supervisor should end."""
        place = self._places[0]
        place.worker = worker = await self._launch(place.number, is_first=True)
        ready = asyncio.create_task(worker.wait_until_ready())
        stop = asyncio.create_task(self._stop_requested.wait())
        await asyncio.wait((ready, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if self._stop_requested.is_set():
            ready.cancel()
            return 0
        if await ready:
            return None
        status = await worker.wait()
        if status < 0:
            _log.error("The first worker was %s before it was ready", _end_of(status))
            return 1
        return status

    async def _launch(self, number: int, *, is_first: bool = False) -> Worker:
        """Start a worker process. Raises: OSError."""
        worker = await self._start(number, is_first, self._on_scrape)
        self._running.add(worker)
        self._create_task(self._log_ready(worker))
        self._create_task(self._retire(worker))
        return worker

    async def _log_ready(self, worker: Worker) -> None:
        if await worker.wait_until_ready():
            _log.info("Worker %d (process %d) is ready", worker.number, worker.pid)

    async def _retire(self, worker: Worker) -> None:
        """Keep the counters of a worker when it has ended."""
        await worker.wait()
        self._running.discard(worker)
        self._ended = merge([growing(worker.counts)], self._ended)

    async def _keep(self, place: _Place) -> None:
        """Start a process for a place whenever its process has ended."""
        while True:
            worker = place.worker
            if worker is not None:
                status = await worker.wait()
                if place.worker is not worker:
                    continue  # a rolling restart has replaced the worker
                await self._pause(place, worker, status)
            async with place.changing:
                if place.worker is worker:
                    place.worker = await self._launch_at_last(place)

    async def _pause(self, place: _Place, worker: Worker, status: int) -> None:
        """Log the end of a worker, and wait until it may be started again."""
        loop = asyncio.get_running_loop()
        served_s = 0.0 if worker.ready_at is None else loop.time() - worker.ready_at
        pause_s = place.restarts.pause_after(served_s)
        if not pause_s:
            _log.error(
                "Worker %d (process %d) was %s; another process replaces it",
                place.number,
                worker.pid,
                _end_of(status),
            )
            return
        _log.error(
            "Worker %d (process %d) was %s %s; this is failure %d in a row, and the next start is "
            "in %g seconds",
            place.number,
            worker.pid,
            _end_of(status),
            "before it was ready" if worker.ready_at is None else "soon after its start",
            place.restarts.failures,
            pause_s,
        )
        await _sleep(pause_s)

    async def _launch_at_last(self, place: _Place) -> Worker:
        """Start a worker. If the system cannot start a process, try again with growing pauses."""
        while True:
            try:
                return await self._launch(place.number)
            except OSError as error:
                pause_s = place.restarts.pause_after(0.0)
                _log.error(
                    "Worker %d cannot be started (%s); the next try is in %g seconds",
                    place.number,
                    error,
                    pause_s,
                )
                await _sleep(pause_s)

    async def _restart_on_request(self) -> None:
        """Replace all workers after each SIGHUP.

        A SIGHUP during a restart causes another restart.
        """
        while True:
            await self._restart_requested.wait()
            self._restart_requested.clear()
            _log.info("Restarting the workers one after the other")
            for place in self._places:
                if not await self._replace(place):
                    break
            else:
                _log.info("All workers have been restarted")

    async def _replace(self, place: _Place) -> bool:
        """Start another worker, wait until it is ready, and then stop the worker of a place."""
        async with place.changing:
            try:
                successor = await self._launch(place.number)
            except OSError as error:
                _log.error("The restart ends, because no process can be started (%s)", error)
                return False
            try:
                async with asyncio.timeout(READY_WITHIN_S):
                    is_ready = await successor.wait_until_ready()
            except TimeoutError:
                is_ready = False
            if not is_ready:
                successor.kill()
                _log.error(
                    "The restart ends, because the new worker %d (process %d) was %s before it was "
                    "ready; the other workers continue",
                    place.number,
                    successor.pid,
                    _end_of(await successor.wait()),
                )
                return False
            predecessor, place.worker = place.worker, successor
        if predecessor is not None:
            await self._end(predecessor)
        return True

    async def _end(self, worker: Worker) -> None:
        """Stop a worker; kill it if it does not end in time."""
        worker.stop()
        if not worker.is_ready:
            # A worker that still imports its modules does not read messages.
            worker.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self._stop_within_s):
                await worker.wait()
        except TimeoutError:
            _log.error(
                "Worker %d (process %d) has not stopped within %g seconds and is killed",
                worker.number,
                worker.pid,
                self._stop_within_s,
            )
            worker.kill()
            await worker.wait()

    def _on_scrape(self, worker: Worker, number: int) -> None:
        self._create_task(self._answer_scrape(worker, number))

    async def _answer_scrape(self, worker: Worker, number: int) -> None:
        """Send a worker the metrics of all workers."""
        async with self._scraping:
            self._reports += 1
            asked = [
                asyncio.create_task(each.report(self._reports))
                for each in self._running
                if each.is_ready
            ]
            if asked:
                _, late = await asyncio.wait(asked, timeout=REPORT_WITHIN_S)
                for task in late:
                    task.cancel()
            live = [each.counts for each in self._running]
            worker.answer(number, merge(live, self._ended))

    def _create_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine; the set keeps a reference to its task."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


def _end_of(status: int) -> str:
    """Describe the end of a process, after "was"."""
    if status >= 0:
        return f"ended (status {status})"
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"ended by signal {-status}"
