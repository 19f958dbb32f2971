"""Detect the commits of other processes, in a way that suits each database."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.background import Periodic
from store.database import Database
from store.database_file import existing_file_uri
from store.postgresql import Connector, Driver, answers
from store.rows import ServerStateRow

# A poll takes about 20 µs, so polling at this interval uses a thousandth of a CPU.
POLL_INTERVAL_S = 0.02
RECONNECT_INTERVAL_S = 0.5
# Check a connection after this long without notifications.
HEARTBEAT_S = 1.0
# The polling interval behind a pooler. It is longer, because each poll briefly occupies a server
# connection.
POOLED_INTERVAL_S = 0.5
CHANNEL = "flagstaff_revision"

_REVISION = str(sa.select(table_of(ServerStateRow).c.revision))
_log = logging.getLogger(__name__)

# A function to call with the committed revision, None if the revision is unknown.
Hear: TypeAlias = Callable[[int | None], Awaitable[object]]


class Listener(Protocol):
    """Calls a function when any process has committed a revision."""

    def start(self) -> None:
        """Start listening in the background."""
        ...

    async def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        ...

    def reconnect(self) -> None:
        """Reconnect to the database at the same address."""
        ...


def listener_for(database: Database, hear: Hear) -> Listener:
    """Return the listener for a database; the store's slow poll finds the commits it misses."""
    if database.connector is None:
        return SqliteListener(database.url.database or "", hear)
    return PostgresqlListener(database.connector, hear)


async def announce(connection: AsyncConnection, revision: int) -> None:
    """Notify the listeners of all processes of a revision when the transaction commits.

    SQLite listeners detect the revision in the file.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_notify(CHANNEL, str(revision))))


class SqliteListener:
    """Polls SQLite, many times a second, for changes to the file by any connection.

    The listener polls in the thread of the event loop, because the result is in shared memory.
    Another thread would cost ten times as much.
    """

    def __init__(self, file: str, hear: Hear) -> None:
        self._file = file
        self._hear = hear
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._polling = Periodic("Listening for commits", POLL_INTERVAL_S, self._look)

    def start(self) -> None:
        """Start listening in the background."""
        self._polling.start()

    async def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        await self._polling.close()
        self.reconnect()

    def reconnect(self) -> None:
        """Close the connection; the next poll opens the file that is then at the path."""
        connection, self._connection = self._connection, None
        self._version = -1
        if connection is not None:
            connection.close()

    async def _look(self) -> None:
        try:
            revision = self._news()
        except sqlite3.Error:
            return  # the file is locked or missing; the slow poll reports the problem
        if revision is not None:
            await self._hear(revision)

    def _news(self) -> int | None:
        """Return the revision if the file has changed since the last poll."""
        if self._connection is None:
            self._connection = sqlite3.connect(
                existing_file_uri(self._file), uri=True, timeout=0, isolation_level=None
            )
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return None
        (revision,) = self._connection.execute(_REVISION).fetchone()
        self._version = version
        return revision


class PostgresqlListener:
    """Listens on its own connection, and replaces it if it is lost or unresponsive.

    Behind a pooler it polls instead, because poolers do not support LISTEN.
    """

    def __init__(self, connector: Connector, hear: Hear) -> None:
        self._connector = connector
        self._hear = hear
        self._news = asyncio.Event()
        self._lost = False
        self._closing = False
        self._revision: int | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start listening in the background."""
        work = self._run()
        if self._connector.pooled:
            _log.warning(
                "PostgreSQL is reached through a pooler, which does not forward notifications: "
                "commits of other processes are polled every %g seconds.",
                POOLED_INTERVAL_S,
            )
            work = self._poll()
        self._task = asyncio.create_task(work, name="Listening for commits")

    async def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        # The driver sometimes loses a cancellation, so these flags end the task as well.
        self._closing = self._lost = True
        self._news.set()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def reconnect(self) -> None:
        """Do nothing: lost connections are replaced anyway."""

    async def _run(self) -> None:
        while not self._closing:
            # Try again after any error of the driver. The store's slow poll logs that the database
            # is unavailable.
            try:
                driver = await self._connector.connect()
                try:
                    await self._listen(driver)
                finally:
                    driver.terminate()
            except Exception:
                _log.debug("Cannot listen for commits at the moment", exc_info=True)
            await asyncio.sleep(RECONNECT_INTERVAL_S)

    async def _poll(self) -> None:
        while not self._closing:
            await asyncio.sleep(POOLED_INTERVAL_S)
            await self._notify(None)

    async def _listen(self, driver: Driver) -> None:
        """Process notifications until the connection is lost or no longer responds."""
        self._lost = self._closing
        driver.add_termination_listener(self._on_lost)
        async with asyncio.timeout(HEARTBEAT_S):
            await driver.add_listener(CHANNEL, self._on_announced)
        # This connection received no notifications of earlier commits.
        self._revision = None
        self._news.set()
        while not self._lost:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._news.wait()
            except TimeoutError:
                if not await answers(driver):
                    return
                continue
            self._news.clear()
            await self._notify(self._revision)

    async def _notify(self, revision: int | None) -> None:
        try:
            await self._hear(revision)
        except Exception:
            _log.debug("A commit was announced but could not be read", exc_info=True)

    def _on_announced(self, _driver: Any, _pid: int, _channel: str, payload: str) -> None:
        self._revision = int(payload) if payload.isdecimal() else None
        self._news.set()

    def _on_lost(self, _driver: Any) -> None:
        self._lost = True
        self._news.set()
