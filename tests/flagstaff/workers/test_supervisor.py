"""The supervisor replaces workers that end, restarts all of them on SIGHUP, and stops them."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from flagstaff.workers import hung, link, restarts
from flagstaff.workers import supervisor as module
from flagstaff.workers.messages import FROM_WORKER, Alive, Ready, messages
from flagstaff.workers.process import Task, Worker, start_worker
from flagstaff.workers.restarts import FIRST_PAUSE_S, MAX_PAUSE_S, STEADY_S, Restarts
from flagstaff.workers.supervisor import OnScrape, Supervisor

# A worker that is ready at once, and ends when the supervisor stops it or has ended. If the file
# `broken` exists in its folder, the worker ends before it is ready.
# If the file `hangs` exists, worker 2 removes it, and says only once that it runs.
READY = b"\0\0\0\x0c\x81\xa4type\xa5ready"
ALIVE = b"\0\0\0\x0c\x81\xa4type\xa5alive"
PROGRAM = f"""
import json, os, socket, sys
if os.path.exists("broken"):
    sys.exit(3)
task = json.loads(sys.argv[1])
channel = socket.socket(fileno=task["channel"])
channel.sendall({READY!r})
if task["number"] == 2 and os.path.exists("hangs"):
    os.remove("hangs")
    channel.sendall({ALIVE!r})
channel.recv(100)
"""
COMMAND = (sys.executable, "-S", "-I", "-c", PROGRAM)
DEADLINE_S = 30


class Running:
    """A supervisor of two workers, with all workers that it has started."""

    def __init__(self, listener: socket.socket) -> None:
        self.started: list[Worker] = []
        self._listener = listener
        self._supervisor = Supervisor(
            self._start, 2, stop_listening=listener.close, stop_within_s=DEADLINE_S
        )
        self.result = asyncio.create_task(self._supervisor.run())

    def ready(self) -> set[int]:
        """The IDs of the workers that are ready."""
        return {worker.pid for worker in self.started if worker.is_ready}

    async def _start(self, number: int, is_first: bool, on_scrape: OnScrape) -> Worker:
        task = Task(number=number, is_first=is_first, is_demo=False, options={})
        worker = await start_worker(task, self._listener, on_scrape, COMMAND)
        self.started.append(worker)
        return worker


async def wait_for(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def supervised(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.chdir(folder)
    # On a busy machine, a worker may serve for long before a test kills it.
    monkeypatch.setattr(restarts, "STEADY_S", 3_600.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = Running(listener)
        try:
            yield running
        finally:
            running.result.cancel()
            with suppress(asyncio.CancelledError):
                await running.result
            for worker in running.started:
                worker.kill()
                await worker.wait()


async def test_a_killed_worker_is_replaced_until_the_supervisor_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.ready()) == 2)
        first, second = running.started
        second.kill()
        await wait_for(lambda: second.pid not in running.ready() and len(running.ready()) == 2)
        signal.raise_signal(signal.SIGTERM)
        async with asyncio.timeout(DEADLINE_S):
            status = await running.result

    assert status == 0
    assert running.ready() == set()
    assert [worker.number for worker in running.started] == [1, 2, 2]
    assert await first.wait() == 0
    assert f"Worker 2 (process {second.pid}) was ended by SIGKILL soon after its" in caplog.text


async def test_a_worker_that_no_longer_says_that_it_runs_is_killed_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hung, "WATCH_INTERVAL_S", 0.01)
    # A busy machine must not let the supervisor believe that it was suspended.
    monkeypatch.setattr(hung, "SUSPENDED_AFTER_S", 3_600.0)
    monkeypatch.setattr(hung, "HUNG_AFTER_S", 0.1)
    (tmp_path / "hangs").touch()
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.started) == 3 and len(running.ready()) == 2)
        first, second, successor = running.started

        assert await second.wait() == -signal.SIGKILL
        assert running.ready() == {first.pid, successor.pid}
    assert f"Worker 2 (process {second.pid}) has not run for 0 seconds and is killed" in caplog.text


async def test_a_supervisor_that_did_not_run_itself_kills_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0

    async def count_rounds(seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.sleep(0)

    monkeypatch.setattr(hung, "_sleep", count_rounds)
    monkeypatch.setattr(hung, "SUSPENDED_AFTER_S", -1.0)
    monkeypatch.setattr(hung, "HUNG_AFTER_S", -1.0)
    (tmp_path / "hangs").touch()
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: any(worker.silent_since for worker in running.started))
        before = rounds
        await wait_for(lambda: rounds > before + 2)

        assert len(running.started) == 2


async def test_a_worker_says_again_and_again_that_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "ALIVE_INTERVAL_S", 0.01)
    ours, theirs = socket.socketpair()
    worker = link.SupervisorLink(theirs, is_first=True)
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    await worker.open()
    worker.report_ready()
    async with asyncio.timeout(DEADLINE_S):
        heard = messages(reader, FROM_WORKER)
        first = [type(await anext(heard)) for _ in range(4)]
    await worker.close()
    writer.close()

    assert first == [Ready, Alive, Alive, Alive]


async def test_a_worker_that_is_still_starting_ends_with_its_supervisor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised: list[signal.Signals] = []
    monkeypatch.setattr(signal, "raise_signal", raised.append)
    ours, theirs = socket.socketpair()
    worker = link.SupervisorLink(theirs, is_first=True)
    await worker.open()

    ours.close()

    await wait_for(lambda: raised == [signal.SIGTERM])
    await worker.close()


async def test_sighup_replaces_all_workers_and_never_leaves_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.ready()) == 2)
        before, fewest = running.ready(), 2

        def are_replaced() -> bool:
            nonlocal fewest
            fewest = min(fewest, len(running.ready()))
            return len(running.ready()) == 2 and not running.ready() & before

        signal.raise_signal(signal.SIGHUP)
        await wait_for(are_replaced)
        await wait_for(lambda: "All workers have been restarted" in caplog.text)

    assert fewest == 2
    assert [worker.number for worker in running.started] == [1, 2, 1, 2]


async def test_sighup_stops_all_workers_if_their_terminal_has_been_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    is_open = True
    monkeypatch.setattr(module, "ends_with_terminal", lambda: True)
    monkeypatch.setattr(module, "has_terminal", lambda: is_open)
    caplog.set_level("INFO")
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.ready()) == 2)
        signal.raise_signal(signal.SIGHUP)
        await wait_for(lambda: "All workers have been restarted" in caplog.text)

        is_open = False
        signal.raise_signal(signal.SIGHUP)
        async with asyncio.timeout(DEADLINE_S):
            status = await running.result

    assert status == 0
    assert [worker.number for worker in running.started] == [1, 2, 1, 2]
    assert "Stopping all workers after SIGHUP" in caplog.text


async def test_a_restart_ends_if_a_new_worker_fails_and_the_old_ones_continue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.ready()) == 2)
        before = running.ready()
        (tmp_path / "broken").touch()

        signal.raise_signal(signal.SIGHUP)
        await wait_for(lambda: "The restart ends" in caplog.text)

        assert running.ready() == before
    assert "was ended (status 3) before it was ready; the other workers continue" in caplog.text


async def test_a_worker_that_fails_at_each_start_is_tried_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            (tmp_path / "broken").unlink()

    async with supervised(tmp_path, monkeypatch) as running:
        await wait_for(lambda: len(running.ready()) == 2)
        monkeypatch.setattr(module, "_sleep", pause)
        (tmp_path / "broken").touch()
        running.started[1].kill()
        await wait_for(lambda: len(running.started) == 6 and len(running.ready()) == 2)

    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert "this is failure 4 in a row, and the next start is in 4 seconds" in caplog.text


async def test_the_status_of_a_first_worker_that_fails_is_that_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").touch()
    async with supervised(tmp_path, monkeypatch) as running:
        async with asyncio.timeout(DEADLINE_S):
            status = await running.result

    assert status == 3
    assert len(running.started) == 1


def test_pauses_grow_up_to_a_limit_and_begin_again_after_a_steady_time() -> None:
    worker = Restarts()

    pauses = [worker.pause_after(0.0) for _ in range(9)]

    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == MAX_PAUSE_S
    assert worker.pause_after(STEADY_S) == 0
    assert worker.pause_after(0.0) == FIRST_PAUSE_S
