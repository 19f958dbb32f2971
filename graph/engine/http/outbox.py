"""Messages on their way to one peer: so many, and so many bytes, whatever is pushed to it."""

import asyncio
from collections import deque

MAX_MESSAGES = 100
MAX_BYTES = 250_000


class Outbox:
    """The messages of one socket that are not sent yet, in order.

    A message is a sequence of pieces, so that a result which many peers are sent is kept once.
    """

    def __init__(self) -> None:
        self._messages: deque[tuple[bytes, ...]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        # Whoever waits for room is served in the order of coming.
        self._line = asyncio.Lock()
        self._taken = asyncio.Event()

    async def put(self, *pieces: bytes) -> None:
        """Add a message once there is room; a single one may be of any size."""
        size = sum(map(len, pieces))
        async with self._line:
            while not self._has_room(size):
                self._taken.clear()
                await self._taken.wait()
            self._messages.append(pieces)
            self._bytes += size
            self._filled.set()

    async def get(self) -> tuple[bytes, ...]:
        """Take the next message out, once there is one."""
        while not self._messages:
            self._filled.clear()
            await self._filled.wait()
        pieces = self._messages.popleft()
        self._bytes -= sum(map(len, pieces))
        self._taken.set()
        return pieces

    def is_empty(self) -> bool:
        """Whether nothing waits to be sent, nor for room."""
        return not self._messages and not self._line.locked()

    def _has_room(self, size: int) -> bool:
        if not self._messages:
            return True
        return len(self._messages) < MAX_MESSAGES and self._bytes + size <= MAX_BYTES
