"""Limit the number of sockets before `connection_init`, by address and in total."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from msgspec import Struct

from graph.engine.http.sessions import TooManyConnectionsError

# While other sockets wait for room, a socket may be silent for this many seconds.
GRACE_S = 0.5
# A socket waits for room for this many seconds.
WAIT_S = 2.0
MAX_SILENT = 1_000
MAX_WAITING = 2_000


class SilentSocket(Struct, eq=False):
    """A socket before `connection_init`. Calling `time_out` closes the socket."""

    address: str
    time_out: Callable[[], None]
    since: float = 0.0


class SilentSockets:
    """All accepted sockets of this process before their `connection_init`.

    The number of sockets is limited by address and in total. At the limit, a new socket waits until
    another socket sends `connection_init` or closes. A socket that has been silent for `GRACE_S` is
    replaced. Therefore silent sockets do not lock out other clients behind the same proxy.
    """

    def __init__(self, max_per_address: int) -> None:
        self._max_per_address = max_per_address
        # The silent sockets of all addresses, oldest first.
        self._all: dict[SilentSocket, None] = {}
        self._of_address: dict[str, dict[SilentSocket, None]] = {}
        self._waiting: Counter[str] = Counter()
        self._lines: dict[str, asyncio.Lock] = {}
        self._room = asyncio.Event()

    async def admit(self, socket: SilentSocket) -> None:
        """Wait until there is room, then add a socket.

        Raises: TooManyConnectionsError: there is no room within `WAIT_S`, or too many sockets wait.
        """
        if self._waiting.total() >= MAX_WAITING:
            raise TooManyConnectionsError("Too many connections are waiting to be opened.")
        try:
            async with asyncio.timeout(WAIT_S), self._in_queue(socket.address):
                while (oldest := self._socket_to_replace(socket.address)) is not None:
                    await self._wait_for_room(oldest)
        except TimeoutError:
            raise TooManyConnectionsError(
                f"An address may have at most {self._max_per_address} open connections that "
                "have not sent connection_init."
            ) from None
        socket.since = asyncio.get_running_loop().time()
        self._all[socket] = None
        self._of_address.setdefault(socket.address, {})[socket] = None

    def leave(self, socket: SilentSocket) -> None:
        """Remove a socket that has sent `connection_init` or was closed.

        Unknown sockets are ignored.
        """
        if socket not in self._all:
            return
        del self._all[socket]
        alike = self._of_address[socket.address]
        del alike[socket]
        if not alike:
            del self._of_address[socket.address]
        self._room.set()
        self._room = asyncio.Event()

    @asynccontextmanager
    async def _in_queue(self, address: str) -> AsyncGenerator[None, None]:
        """Let the sockets of an address enter the context one at a time, in order of arrival."""
        line = self._lines.setdefault(address, asyncio.Lock())
        self._waiting[address] += 1
        try:
            async with line:
                yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address], self._lines[address]

    def _socket_to_replace(self, address: str) -> SilentSocket | None:
        """Return the socket to replace if an address has no room for another socket.

        Return None if there is room.
        """
        alike = self._of_address.get(address, {})
        if len(alike) >= self._max_per_address:
            return next(iter(alike))
        return next(iter(self._all)) if len(self._all) >= MAX_SILENT else None

    async def _wait_for_room(self, oldest: SilentSocket) -> None:
        """Wait until any socket leaves.

        If the oldest socket is silent for `GRACE_S`, replace it.
        """
        left_s = oldest.since + GRACE_S - asyncio.get_running_loop().time()
        if left_s <= 0:
            oldest.time_out()
            self.leave(oldest)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._room.wait()
