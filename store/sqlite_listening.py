"""Detect the commits of other processes to an SQLite file."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from store.aggregates import table_of
from store.database_file import LOG, existing_file_uri
from store.file_writes import FileWrites
from store.rows import ServerStateRow

# After a write to the log, the file is checked after these delays, until a commit is found. The
# commit is visible only after its writer has synchronized the log. A check takes about 20 µs.
CHECK_DELAYS_S = (0.002, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256)
# If the last check was within BUSY_INTERVAL_S, this is the first delay. This process itself makes
# most of such frequent commits.
BUSY_DELAY_S = 0.01
BUSY_INTERVAL_S = 0.02
# The interval of checks without a write, in case the system does not report a write.
FALLBACK_INTERVAL_S = 0.5
# The interval of checks on systems that do not report writes.
POLL_INTERVAL_S = 0.1

_REVISION = str(sa.select(table_of(ServerStateRow).c.revision))


# A connection, and the version of the file as counted by this connection.
FileVersion: TypeAlias = tuple[int, int]


class SqliteListener:
    """Checks the file for commits of any connection after each write to the write-ahead log.

    `hear` is called with each new revision for which `knows` returns False. Checks run in the
    thread of the event loop, because they only read shared memory. A check in another thread would
    take ten times as long.
    """

    def __init__(
        self,
        file: str,
        *,
        knows: Callable[[int], bool],
        hear: Callable[[int | None], Awaitable[object]],
    ) -> None:
        self._file = file
        self._knows = knows
        self._hear = hear
        self._connection: sqlite3.Connection | None = None
        # The number of connections so far, because each connection counts versions separately.
        self._connections = 0
        self._version: FileVersion | None = None
        self._writes: FileWrites | None = None
        self._is_following = False
        self._checked_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        # This event is set when a new revision must be passed to `hear`.
        self._news = asyncio.Event()
        self._revision = -1
        self._closing = True
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start checking in the background."""
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="Listening for commits")
        self._schedule_check(0)

    async def close(self) -> None:
        """Stop checking. Closing again does nothing."""
        self._closing = True
        self._news.set()
        task, self._task = self._task, None
        if task is not None:
            await task
        self.reconnect()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def reconnect(self) -> None:
        """Close the connection, so that the next check opens the file at the path again."""
        self._stop_following()
        writes, self._writes = self._writes, None
        if writes is not None:
            writes.close()
        connection, self._connection = self._connection, None
        self._version = None
        if connection is not None:
            connection.close()
            self._schedule_check(0)

    def version(self) -> FileVersion | None:
        """Return a value that changes with each commit to the file; None for an unknown value."""
        if self._closing:
            return None
        try:
            return self._read_version()
        except sqlite3.Error:
            return None

    async def _run(self) -> None:
        while not self._closing:
            await self._news.wait()
            self._news.clear()
            if not self._closing:
                # The store's slow poll logs that the database is unavailable.
                with contextlib.suppress(Exception):
                    await self._hear(self._revision)

    def _schedule_check(self, delay_s: float, *, number: int | None = None) -> None:
        """Schedule a check after a delay; `number` counts the checks after a write."""
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(delay_s, self._check, number)

    def _on_write(self) -> None:
        """Schedule a check, and ignore further writes until the check."""
        self._stop_following()
        is_busy = asyncio.get_running_loop().time() - self._checked_at < BUSY_INTERVAL_S
        self._schedule_check(BUSY_DELAY_S if is_busy else CHECK_DELAYS_S[0], number=1)

    def _check(self, number: int | None) -> None:
        if self._closing:
            return
        self._checked_at = asyncio.get_running_loop().time()
        if self._writes is not None:
            # Forget writes before the check, so that no write after the check is missed.
            self._writes.forget()
        try:
            is_new = self._has_changed()
        except sqlite3.Error:
            is_new = False  # the file is locked or missing; the slow poll logs the problem
        if number is not None and not is_new and number < len(CHECK_DELAYS_S):
            self._schedule_check(CHECK_DELAYS_S[number], number=number + 1)
        else:
            self._schedule_check(FALLBACK_INTERVAL_S if self._follow_writes() else POLL_INTERVAL_S)

    def _has_changed(self) -> bool:
        """Whether the file has changed since the last check; note a new, unknown revision."""
        version = self._read_version()
        if version == self._version:
            return False
        (revision,) = self._connect().execute(_REVISION).fetchone()
        self._version = version
        if not self._knows(revision):
            self._revision = revision
            self._news.set()
        return True

    def _read_version(self) -> FileVersion:
        (version,) = self._connect().execute("PRAGMA data_version").fetchone()
        return self._connections, version

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                existing_file_uri(self._file), uri=True, timeout=0, isolation_level=None
            )
            self._connections += 1
        return self._connection

    def _follow_writes(self) -> bool:
        """Ask the system to report writes to the log; return False if reports are not possible."""
        if self._writes is not None and not self._writes.is_current:
            self._stop_following()
            self._writes.close()
            self._writes = None
        if self._writes is None:
            self._writes = FileWrites.of(f"{Path(self._file).resolve()}{LOG}")
        if self._writes is not None and not self._is_following:
            loop = asyncio.get_running_loop()
            loop.add_reader(self._writes.descriptor, self._on_write)
            self._is_following = True
        return self._is_following

    def _stop_following(self) -> None:
        if self._is_following and self._writes is not None:
            asyncio.get_running_loop().remove_reader(self._writes.descriptor)
        self._is_following = False
