"""Run `flagstaff` with timers that stop on SIGUSR1, and with endless time slices.

    python -P stopped_clock.py serve --port 0

The program is run as a file, so that it works with any checkout on PYTHONPATH.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from itertools import repeat
from types import FrameType
from typing import Any

import uvloop

_running: list[asyncio.TimerHandle] | None = []


class StoppableLoop(uvloop.Loop):
    """An event loop. After a call of `stop_timers`, no timer fires."""

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, **options: Any
    ) -> asyncio.TimerHandle:
        """Schedule a call. If timers are stopped, drop the call. `call_at` calls this method."""
        timer = super().call_later(delay, callback, *args, **options)
        if delay > 0:
            if _running is None:
                timer.cancel()
            else:
                _running.append(timer)
        return timer


def stop_timers(_number: int, _frame: FrameType | None) -> None:
    """Cancel all present and future timers. Code that waits for a timer never continues."""
    global _running
    for timer in _running or ():
        timer.cancel()
    _running = None


def main() -> None:
    """Run the command."""
    # Operations measure their time slices with this function. A process under callgrind is so slow
    # that each slice would end at once. Modules import the function, so it is replaced first.
    time.perf_counter = repeat(0.0).__next__
    from flagstaff.cli import main as command

    signal.signal(signal.SIGUSR1, stop_timers)
    uvloop.Loop = StoppableLoop
    # Threads must not interrupt each other after a time interval.
    sys.setswitchinterval(3_600)
    command()


if __name__ == "__main__":
    main()
