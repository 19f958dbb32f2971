"""Sockets that have not said who they are: few at a time, and none takes a place for long."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from msgspec import Struct

from graph.engine.http.connections import TooManyConnectionsError

# How long a socket may be silent while another one waits for its place.
GRACE_S = 0.5
# How long a socket waits for a place.
WAIT_S = 2.0
MAX_SILENT = 1_000
MAX_WAITING = 2_000


class Stranger(Struct, eq=False):
    """A socket before `connection_init`; `time_out` closes it because it stays silent."""

    address: str
    time_out: Callable[[], None]
    since: float = 0.0


class Strangers:
    """All sockets of this process that were accepted and are silent so far.

    There are so many of an address and so many in all. One more waits until one of them speaks, and
    takes the place of the oldest once that has been silent for `GRACE_S`: silent sockets keep out
    nobody who comes through the same proxy.
    """

    def __init__(self, most_per_address: int, most: int = MAX_SILENT) -> None:
        self._most_per_address = most_per_address
        self._most = most
        # Oldest first.
        self._all: dict[Stranger, None] = {}
        self._of_address: dict[str, dict[Stranger, None]] = {}
        self._waiting: Counter[str] = Counter()
        self._lines: dict[str, asyncio.Lock] = {}
        self._some_left = asyncio.Event()

    async def admit(self, stranger: Stranger) -> None:
        """Count a socket among the silent ones, once there is room.

        Raises: TooManyConnectionsError: there is none for so long, or too many wait.
        """
        if self._waiting.total() >= MAX_WAITING:
            raise TooManyConnectionsError("Too many connections wait to be opened.")
        try:
            async with asyncio.timeout(WAIT_S), self._in_line(stranger.address):
                while (oldest := self._in_the_way(stranger.address)) is not None:
                    await self._outwait(oldest)
        except TimeoutError:
            raise TooManyConnectionsError(
                f"An address may have {self._most_per_address} connections open that have not said "
                "whose they are."
            ) from None
        stranger.since = asyncio.get_running_loop().time()
        self._all[stranger] = None
        self._of_address.setdefault(stranger.address, {})[stranger] = None

    def leave(self, stranger: Stranger) -> None:
        """Forget a socket that has spoken or is gone. Leaving again does nothing."""
        if stranger not in self._all:
            return
        del self._all[stranger]
        alike = self._of_address[stranger.address]
        del alike[stranger]
        if not alike:
            del self._of_address[stranger.address]
        self._some_left.set()
        self._some_left = asyncio.Event()

    @asynccontextmanager
    async def _in_line(self, address: str) -> AsyncGenerator[None, None]:
        """One after the other of an address, in the order in which they came."""
        line = self._lines.setdefault(address, asyncio.Lock())
        self._waiting[address] += 1
        try:
            async with line:
                yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address], self._lines[address]

    def _in_the_way(self, address: str) -> Stranger | None:
        """The socket whose place one more of an address needs; None if there is room."""
        alike = self._of_address.get(address, {})
        if len(alike) >= self._most_per_address:
            return next(iter(alike))
        return next(iter(self._all)) if len(self._all) >= self._most else None

    async def _outwait(self, oldest: Stranger) -> None:
        """Wait until any socket speaks or leaves, or this one has been silent for too long."""
        left_s = oldest.since + GRACE_S - asyncio.get_running_loop().time()
        if left_s <= 0:
            oldest.time_out()
            self.leave(oldest)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._some_left.wait()
