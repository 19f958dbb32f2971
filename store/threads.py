"""Run heavy work in a thread instead of on the event loop.

Functions that may take longer than `LIGHT_NS` call `require_thread` first. If the work was started
on the event loop with `try_at_once`, `require_thread` raises an exception, and the caller repeats
the work in a `Worker`.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextvars import ContextVar
from threading import Event
from typing import TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

# Work that takes less time than this is light: it may run on the event loop.
LIGHT_NS = 5_000_000

# As the value of `_stop`, this event marks the thread of the event loop. Other threads have an
# event that is set when their work is cancelled.
_EVENT_LOOP = Event()
_stop: ContextVar[Event | None] = ContextVar("stop", default=None)


class HeavyWorkError(Exception):
    """The work takes too long for the event loop and must run in a thread."""


class AbandonedError(Exception):
    """The work was cancelled."""


def require_thread() -> None:
    """Declare that the following work is heavy.

    The function does nothing outside `try_at_once` and `Worker.run`.

    Raises:
        HeavyWorkError: the work runs in `try_at_once`.
        AbandonedError: the work runs in a worker and the waiting task was cancelled.
    """
    stop = _stop.get()
    if stop is None:
        return
    if stop is _EVENT_LOOP:
        raise HeavyWorkError
    if stop.is_set():
        raise AbandonedError


def try_at_once(work: Callable[[], T]) -> T:
    """Run light work and return its result.

    Raises: HeavyWorkError: the work is heavy and was aborted. The aborted part must have no
    effects.
    """
    token = _stop.set(_EVENT_LOOP)
    try:
        return work()
    finally:
        _stop.reset(token)


class Worker:
    """Runs heavy work in a thread. Calls run one after another, in order.

    More threads would not be faster, because only one thread at a time runs Python. The event loop
    would also get less time.
    """

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def run(self, work: Callable[[], T]) -> T:
        """Run work in a thread and return its result.

        Cancelling the call ends the work at its next call of `require_thread`.
        """
        stop = Event()

        def work_until_stopped() -> T:
            _stop.set(stop)
            return work()

        lock = self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with lock:
            try:
                # The thread has a copy of the context, so `_stop` is unchanged in the caller's
                # context.
                return await asyncio.to_thread(work_until_stopped)
            finally:
                stop.set()
