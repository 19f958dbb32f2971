"""Records long turns of a server's event loop. The unit is CPU time of the loop's thread."""

import gc
import os
import signal
import sys
import threading
import time
import traceback
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

MODULE = "tests.benchmarks.turns.recording"
# If this variable is set, each long turn is recorded with a stack from the middle of the turn.
STACKS = "TURNS_WITH_STACKS"
# Shorter turns are not recorded.
MIN_TURN_S = 0.01
BEAT_S = 0.001
SAMPLE_S = 0.01
# A stack is recorded once a turn has used this much CPU time.
MIN_SAMPLED_S = 0.03
# A note consists of the end of a turn, its CPU time in seconds, and its stack. Unknown stacks are
# empty.
Note: TypeAlias = tuple[float, float, str]


class _Turns:
    """Measures the CPU time between two timers of a loop.

    The result is at most the time of a turn plus BEAT_S.
    """

    def __init__(self, notes: list[Note], loop: AbstractEventLoop) -> None:
        self._notes = notes
        self._loop = loop
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._thread = threading.get_ident()
        self._last = time.thread_time()
        self._stack = ""
        loop.add_signal_handler(signal.SIGUSR1, gc.collect)
        if STACKS in os.environ:
            threading.Thread(target=self._sample, daemon=True).start()
        self._beat()

    def _beat(self) -> None:
        took = time.thread_time() - self._last
        if took > MIN_TURN_S:
            self._notes.append((time.monotonic(), took, self._stack))
        self._stack = ""
        self._loop.call_later(BEAT_S, self._beat)
        self._last = time.thread_time()

    def _sample(self) -> None:
        while True:
            time.sleep(SAMPLE_S)
            if time.clock_gettime(self._clock) - self._last > MIN_SAMPLED_S and not self._stack:
                frames = traceback.extract_stack(sys._current_frames()[self._thread])
                self._stack = " < ".join(
                    f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                    for frame in reversed(frames[-14:])
                )


@contextmanager
def take_notes() -> Iterator[list[Note]]:
    """Yield the long turns so far.

    SIGUSR1 starts a full garbage collection.
    """
    from store import Store

    notes: list[Note] = []
    open_store = Store.open

    async def opened(*arguments: Any, **options: Any) -> Store:
        store = await open_store(*arguments, **options)
        _Turns(notes, get_running_loop())
        return store

    Store.open = opened  # type: ignore[method-assign, assignment]
    yield notes
