"""Limit how long the use of a connection may wait for the database."""

import asyncio
from contextlib import AbstractContextManager
from typing import Protocol

# The maximum time that a write waits for the database, including the wait in the queue of writers.
WRITE_BUDGET_S = 2.0
# The additional time for which usage reports wait for changes of thousands of rows.
BULK_PATIENCE_S = 20.0
# The key in a connection's `info` for the `Patience` that limits the current use of the connection.
PATIENCE = "patience"


class Endable(Protocol):
    """A connection that can be terminated without waiting for the server."""

    def terminate(self) -> None:
        """Make all waits on the connection fail at once."""
        ...


class Patience:
    """A time budget for the waits of one transaction; the time between waits is not counted.

    A budget of None is unlimited.

    When the budget is used up, the connection is terminated. Waits then fail as if the server had
    closed the connection. Waits are not cancelled, because the driver would ask the server to
    cancel the statement and wait for the answer of the server.
    """

    def __init__(self, budget_s: float | None) -> None:
        self._left_s = budget_s
        self._each = False
        self._connection: Endable | None = None
        # Whether the connection was terminated because the budget was used up.
        self.has_ended_connection = False
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def left_s(self) -> float | None:
        """The remaining budget in seconds; None if it is unlimited."""
        return None if self._left_s is None else max(self._left_s, 0.0)

    def limit_each(self, limit_s: float) -> None:
        """From now on, limit each wait instead of the sum of all waits."""
        self._left_s = limit_s
        self._each = True

    def attach(self, connection: Endable) -> None:
        """Terminate this connection when the budget is used up."""
        self._connection = connection

    def end(self) -> None:
        """Stop limiting the connection."""
        self.pause()
        self._connection = None

    def resume(self) -> None:
        """Start counting; do nothing if already counting."""
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
        """Return a context whose duration counts as a wait."""
        return _Waiting(self)


class _Waiting:
    """Measures the duration of one wait."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def __enter__(self) -> None:
        self._patience.resume()

    def __exit__(self, *_: object) -> None:
        self._patience.pause()
