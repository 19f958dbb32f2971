"""Heavy work stays off the event loop: it is refused there, and done in a thread instead.

Functions that may be about to take longer than `LIGHT_NS` call `require_thread`. Work that an
event loop has begun with `try_at_once` ends there, and is done again by a `Worker`.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextvars import ContextVar
from threading import Event
from typing import TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

# How long a piece of light work may take at worst.
LIGHT_NS = 5_000_000

# Stands for the thread of an event loop; in other threads the event is set once nobody waits.
_EVENT_LOOP = Event()
_stop: ContextVar[Event | None] = ContextVar("stop", default=None)


class HeavyWorkError(Exception):
    """The work takes too long for the event loop and has to be done in a thread."""


class AbandonedError(Exception):
    """Nobody waits for the work any longer."""


def require_thread() -> None:
    """Announce heavy work. Outside of `try_at_once` and `Worker.run` anything may be done.

    Raises:
        HeavyWorkError: the work was begun by `try_at_once`.
        AbandonedError: the work is done by a worker for a task that was cancelled.
    """
    stop = _stop.get()
    if stop is None:
        return
    if stop is _EVENT_LOOP:
        raise HeavyWorkError
    if stop.is_set():
        raise AbandonedError


def try_at_once(work: Callable[[], T]) -> T:
    """The result of work that is light.

    Raises: HeavyWorkError: it is heavy; whatever it has done up to then must be of no effect.
    """
    token = _stop.set(_EVENT_LOOP)
    try:
        return work()
    finally:
        _stop.reset(token)


class Worker:
    """Does heavy work for the event loop, one piece after the other, in the order of the calls.

    More threads would not be faster, since only one at a time runs Python, and would leave the
    event loop a smaller share.
    """

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def run(self, work: Callable[[], T]) -> T:
        """The result of work, done in a thread. Cancelling the call ends the work at its next call
        of `require_thread`."""
        stop = Event()

        def work_until_stopped() -> T:
            _stop.set(stop)
            return work()

        lock = self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with lock:
            try:
                # A thread has a copy of the context, so `_stop` is as before in the caller's.
                return await asyncio.to_thread(work_until_stopped)
            finally:
                stop.set()
