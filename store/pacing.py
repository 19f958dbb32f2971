"""Run long work on the event loop in slices of time."""

import asyncio
from time import perf_counter

# The maximum time that one slice blocks the event loop.
SLICE_S = 0.02
# The number of iterations of the event loop between two slices. The number is enough to read and
# answer a new request, however much work is waiting.
ROUNDS_BETWEEN = 5


class Turns:
    """Schedules the slices of all long work of a server, so that one slice runs at a time."""

    def __init__(self) -> None:
        self._began = 0.0
        self._measuring = False
        self._next = asyncio.Lock()

    def is_over(self, max_s: float | None = None) -> bool:
        """Whether long work has blocked the event loop for a whole slice.

        `max_s` is the maximum time of the slice, in seconds; by default, it is `SLICE_S`.
        """
        now = perf_counter()
        if not self._measuring:
            self._measuring = True
            self._began = now
            asyncio.get_running_loop().call_soon(self._end)
        return now - self._began > (SLICE_S if max_s is None else max_s)

    async def take(self) -> None:
        """Wait for the next slice, in the order of calls; other tasks run meanwhile."""
        async with self._next:
            for _ in range(ROUNDS_BETWEEN):
                await asyncio.sleep(0)
            self._measuring = True
            self._began = perf_counter()
            asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        self._measuring = False
