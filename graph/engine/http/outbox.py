"""Queue the unsent messages of one socket, limited in number and in bytes."""

import asyncio
from collections import deque

MAX_MESSAGES = 100
MAX_BYTES = 250_000


class Outbox:
    """The unsent messages of one socket, in order.

    A message is a sequence of pieces, so that sockets can share the memory of a result.
    """

    def __init__(self) -> None:
        self._messages: deque[tuple[bytes, ...]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        # Waiting senders are served in the order of arrival.
        self._line = asyncio.Lock()
        self._taken = asyncio.Event()

    async def put(self, *pieces: bytes) -> None:
        """Wait until there is room, then add a message.

        An empty outbox accepts a message of any size.
        """
        size = sum(map(len, pieces))
        async with self._line:
            while not self._has_room(size):
                self._taken.clear()
                await self._taken.wait()
            self._messages.append(pieces)
            self._bytes += size
            self._filled.set()

    async def get(self) -> tuple[bytes, ...]:
        """Wait for a message, then remove and return the oldest message."""
        while not self._messages:
            self._filled.clear()
            await self._filled.wait()
        pieces = self._messages.popleft()
        self._bytes -= sum(map(len, pieces))
        self._taken.set()
        return pieces

    def is_empty(self) -> bool:
        """Whether no message is queued, and no sender waits for room."""
        return not self._messages and not self._line.locked()

    def _has_room(self, size: int) -> bool:
        if not self._messages:
            return True
        return len(self._messages) < MAX_MESSAGES and self._bytes + size <= MAX_BYTES
