"""Expensive functions refuse to run on the event loop. In a thread, they can be cancelled."""

import asyncio
import threading
import time

import pytest

from store.threads import AbandonedError, HeavyWorkError, Worker, require_thread, try_at_once


def thread_of_work() -> int:
    require_thread()
    return threading.get_ident()


def test_anything_may_be_done_where_nobody_says_otherwise() -> None:
    assert thread_of_work() == threading.get_ident()


def test_heavy_work_is_refused_at_once() -> None:
    with pytest.raises(HeavyWorkError):
        try_at_once(thread_of_work)

    assert thread_of_work() == threading.get_ident()


async def test_heavy_work_is_done_in_a_thread() -> None:
    assert await Worker().run(thread_of_work) != threading.get_ident()


async def test_work_ends_when_its_caller_is_cancelled() -> None:
    begun, ended = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        try:
            for _ in range(10_000):
                time.sleep(0.001)
                require_thread()
        except AbandonedError:
            ended.set()
            raise

    working = asyncio.create_task(Worker().run(work))
    await asyncio.to_thread(begun.wait, 10)
    working.cancel()

    assert await asyncio.to_thread(ended.wait, 10)


async def test_one_piece_of_work_is_done_after_the_other() -> None:
    worker = Worker()
    done: list[int] = []
    busy = threading.Lock()

    def work(number: int) -> None:
        assert busy.acquire(blocking=False)
        time.sleep(0.001)
        done.append(number)
        busy.release()

    def nth(number: int) -> asyncio.Task[None]:
        return asyncio.create_task(worker.run(lambda: work(number)))

    await asyncio.gather(*map(nth, range(5)))

    assert done == [0, 1, 2, 3, 4]
