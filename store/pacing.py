"""Long work gives way: it holds the event loop for a slice of time, then others have their turn."""

import asyncio
from time import perf_counter

# How long one piece of work may hold up everything else that the process does.
SLICE_S = 0.02
# How often the event loop comes around between two slices: a poll that has just come is read and
# answered meanwhile, whatever waits for its slice.
ROUNDS_BETWEEN = 5


class Turns:
    """Whose turn it is, among all long work of a server, to work for one more slice of time."""

    def __init__(self) -> None:
        self._began = 0.0
        self._measuring = False
        self._next = asyncio.Lock()

    def is_over(self) -> bool:
        """Whether the event loop has been held for a slice since it came to such work."""
        now = perf_counter()
        if not self._measuring:
            self._measuring = True
            self._began = now
            asyncio.get_running_loop().call_soon(self._end)
        return now - self._began > SLICE_S

    async def take(self) -> None:
        """Wait until everything else has had its turn, and those who waited before had theirs."""
        async with self._next:
            for _ in range(ROUNDS_BETWEEN):
                await asyncio.sleep(0)
            self._measuring = True
            self._began = perf_counter()
            asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        self._measuring = False
