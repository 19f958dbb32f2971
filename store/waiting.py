"""How long users of a connection wait for the database before the connection is ended."""

import asyncio
from contextlib import AbstractContextManager
from typing import Protocol

# How long a write waits for the database, from the queue of writers to its last statement.
WRITE_BUDGET_S = 2.0
# Where a connection's patience is kept while it is in use.
PATIENCE = "patience"


class Endable(Protocol):
    """A connection that can be ended without waiting for the other side."""

    def terminate(self) -> None:
        """Let all that waits on the connection fail at once."""
        ...


class Patience:
    """A budget of time for the waits of one transaction; what is computed between them is free.

    Without a budget (None) they may take as long as they need.

    When it is used up, the connection is terminated, and whatever waits for it fails as it does
    when the server has closed the connection. Cancelling the wait instead would make the driver ask
    the server to cancel the statement, and wait for that.
    """

    def __init__(self, budget_s: float | None) -> None:
        self._left_s = budget_s
        self._each = False
        self._connection: Endable | None = None
        # Whether the budget was used up.
        self.has_ended_connection = False
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def left_s(self) -> float | None:
        """How much is left, in seconds; None when there is no limit."""
        return None if self._left_s is None else max(self._left_s, 0.0)

    def limit_each(self, limit_s: float) -> None:
        """From now on, let each wait take so long, however many there are."""
        self._left_s = limit_s
        self._each = True

    def watch(self, connection: Endable) -> None:
        """Terminate this connection when the budget is used up."""
        self._connection = connection

    def end(self) -> None:
        """Let go of the connection."""
        self.pause()
        self._connection = None

    def resume(self) -> None:
        """Begin to count; nothing happens if that has begun already."""
        if self._since is not None:
            return
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        if self._connection is not None and self._left_s is not None:
            self._timer = loop.call_later(max(self._left_s, 0.0), self._end_connection)

    def pause(self) -> None:
        """Stop counting until the next wait."""
        if self._since is None:
            return
        waited_s = asyncio.get_running_loop().time() - self._since
        self._since = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._left_s is not None and not self._each:
            self._left_s -= waited_s

    def _end_connection(self) -> None:
        if self._connection is not None:
            self.has_ended_connection = True
            self._connection.terminate()

    def waiting(self) -> AbstractContextManager[None]:
        """Count what happens inside."""
        return _Waiting(self)


class _Waiting:
    """Counts a wait from its beginning to its end."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def __enter__(self) -> None:
        self._patience.resume()

    def __exit__(self, *_: object) -> None:
        self._patience.pause()
