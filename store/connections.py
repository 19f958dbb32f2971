"""Open connections to SQLite or PostgreSQL, and limit how long they wait for the database."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store.database_file import DatabaseFile
from store.database_url import async_url
from store.errors import StoreUnavailableError
from store.outages import SQLITE_DAMAGED, is_unavailability, sqlite_code
from store.postgresql import Connector, Driver
from store.postgresql_engine import postgresql_engine
from store.sqlite_engine import READER_CACHE_BYTES, prepare_file, sqlite_engine
from store.waiting import PATIENCE, Patience

CLOSE_TIMEOUT_S = 1.0
READERS = 8
# The connections to PostgreSQL that a busy process keeps: those of readers, of the writer and of
# the journal, and the one that listens.
PROCESS_CONNECTIONS = READERS + 3

# Whether the current task prepares a database that is held back.
_PREPARING: ContextVar[bool] = ContextVar("preparing", default=False)

_log = logging.getLogger(__name__)


class Connections:
    """The engines of writers and readers.

    Each use of a connection has a `Patience`. If the database does not answer in time, the
    `Patience` terminates the connection, and the next use opens another connection.
    """

    def __init__(self, url: str) -> None:
        """Create the engines, without connecting.

        Raises: StoreUnavailableError: the folder of the SQLite file does not exist, or an option of
        the PostgreSQL URL is not supported.
        """
        self.url = sa.make_url(async_url(url))
        self.dialect = self.url.get_backend_name()
        # The file of an SQLite database; None on PostgreSQL.
        self.file: DatabaseFile | None = None
        self.connector: Connector | None = None
        # The damage that SQLite found in the file; None without damage.
        self.damage: str | None = None
        if self.dialect == "sqlite":
            prepare_file(self.url)
            file = self.file = DatabaseFile(self.url.database or "")
            self._writer = sqlite_engine(self.url, file, pool_size=1, begin="BEGIN IMMEDIATE")
            self._journal_writer = self._writer
            self._readers = sqlite_engine(
                self.url,
                file,
                pool_size=READERS,
                begin="BEGIN",
                cache_bytes=READER_CACHE_BYTES,
            )
            # This engine does not begin transactions, because the transaction must begin after the
            # rows are staged.
            self._stager = sqlite_engine(self.url, file, pool_size=None, begin=None)
        elif self.dialect == "postgresql":
            self.connector = Connector(self.url)
            self._writer = postgresql_engine(self.connector, pool_size=1)
            self._journal_writer = postgresql_engine(self.connector, pool_size=1)
            # In this isolation level, all statements of a reader see the same state.
            self._readers = postgresql_engine(
                self.connector, pool_size=READERS, isolation_level="REPEATABLE READ"
            )
            self._stager = postgresql_engine(self.connector, poolclass=sa.pool.NullPool)
        else:
            raise ValueError(
                f"The database '{self.dialect}' is not supported: use sqlite or postgresql"
            )
        self._closed = False
        # Whether only tasks that prepare the database may use it.
        self._held_back = False

    def hold_back(self) -> None:
        """Refuse all uses of the database until `release`, except by tasks that prepare it."""
        self._held_back = True

    def release(self) -> None:
        """Permit all uses of the database."""
        self._held_back = False

    @contextmanager
    def preparing(self) -> Generator[None]:
        """Permit the current task to use the database."""
        outer = _PREPARING.set(True)
        try:
            yield
        finally:
            _PREPARING.reset(outer)

    async def check(self) -> None:
        """Before the first use, check that the database is suitable, and detect a pooler.

        Raises: StoreUnavailableError: the database cannot be reached or is not suitable.
        """
        if self.connector is not None:
            await self.connector.look_for_pooler()

    def note_damage(self, found: str) -> None:
        """Log damage in SQLite's file, and remember it until the file is replaced."""
        if self.damage is None:
            _log.error(
                "The database file '%s' is damaged (%s): restore a backup", self.url.database, found
            )
        self.damage = found

    def _verify_file(self) -> None:
        if self.file is not None:
            self.file.verify()

    def give_up(self) -> None:
        """Make all current and later waits for the database fail."""
        self._closed = True
        if self.connector is not None:
            self.connector.terminate_all()

    async def close(self) -> None:
        """Close all connections; terminate connections that do not close in time."""
        self._closed = True
        cut: asyncio.TimerHandle | None = None
        if self.connector is not None:
            loop = asyncio.get_running_loop()
            cut = loop.call_later(CLOSE_TIMEOUT_S, self.connector.terminate_all)
        try:
            await self._readers.dispose()
            await self._writer.dispose()
            await self._journal_writer.dispose()
            if self.file is not None:
                self.file.close()
        finally:
            if cut is not None:
                cut.cancel()

    @asynccontextmanager
    async def _connection(
        self, engine: AsyncEngine, patience: Patience
    ) -> AsyncGenerator[AsyncConnection]:
        """Open a connection whose waits are limited by `patience`."""
        if self._closed:
            raise StoreUnavailableError("The server is stopping.")
        if self._held_back and not _PREPARING.get():
            raise StoreUnavailableError("The database has not been reached since the start.")
        if self.file is not None and engine is self._writer:
            # Only one writer at a time has the lock, so the pool's only connection is free.
            connection = await engine.connect()
        else:
            async with asyncio.timeout(patience.left_s):
                with patience.waiting():
                    connection = await engine.connect()
        try:
            if self.dialect == "postgresql":
                raw = await connection.get_raw_connection()
                patience.attach(cast("Driver", raw.driver_connection))
            connection.info[PATIENCE] = patience
            yield connection
        except AttributeError as error:
            # asyncpg clears its attributes when a connection is terminated, even in the middle of
            # a statement.
            if not patience.has_ended_connection:
                raise
            raise StoreUnavailableError("The database did not answer in time.") from error
        finally:
            with patience.waiting():
                # Closing also rolls back an uncommitted transaction.
                await connection.close()
            patience.end()

    @contextmanager
    def _unavailable(self) -> Generator[None]:
        """Convert drivers' exceptions about an unavailable database to StoreUnavailableError."""
        try:
            yield
        except (DBAPIError, PendingRollbackError, PoolTimeoutError, OSError) as error:
            if sqlite_code(error) in SQLITE_DAMAGED:
                # While another program writes to a file, the file can look damaged.
                self._verify_file()
                self.note_damage(str(getattr(error, "orig", error)))
                raise StoreUnavailableError("The database cannot be used.") from error
            if not is_unavailability(error):
                raise
            raise StoreUnavailableError("The database cannot be reached at the moment.") from error
