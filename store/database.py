"""The database connections of the store: one writer at a time, and readers."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store.bulk_mark import BulkMark
from store.connections import Connections
from store.errors import StoreUnavailableError
from store.outages import commit
from store.postgresql_engine import limit_server, limit_session
from store.sqlite_checkpoints import Checkpoint, Checkpoints
from store.sqlite_engine import BUSY_TIMEOUT, STAGING_PRAGMAS, first_row
from store.waiting import BULK_PATIENCE_S, WRITE_BUDGET_S, Patience

# The maximum time of one statement of a reader, and of one statement of a bulk change.
READ_STATEMENT_S = 3.0
BULK_STATEMENT_S = 10.0
# The maximum time for which `empty_log` waits for readers.
EMPTY_LOG_TIMEOUT_MS = 1_000


class StagedWrite(Struct, frozen=True):
    """A writing transaction whose rows are staged; `commit` commits the transaction."""

    connection: AsyncConnection
    commit: Callable[[], Awaitable[None]]


class Database(Connections):
    """One writer and several readers on SQLite or PostgreSQL.

    On SQLite all writers of the process share one connection, and wait for it in a queue. A second
    connection would only wait for the lock of the first connection. Writers of other processes wait
    in SQLite's busy handler. On PostgreSQL only one writer at a time can lock the row with the
    revision. The other writers wait in the queue, and open no connections meanwhile.

    Each use of a connection has a `Patience`. If the database does not answer in time, the
    `Patience` terminates the connection, and the next use opens another connection.
    """

    def __init__(self, url: str) -> None:
        """Create the connections.

        Raises: the errors of `Connections`.
        """
        super().__init__(url)
        # Whether the last read succeeded.
        self.available = True
        # The number of times that all connections were reopened because the file was replaced.
        self.loaded = 0
        self._write_lock = asyncio.Lock()
        # On PostgreSQL the journal has its own lock, because the journal and other writers lock
        # different rows.
        self._journal_lock = asyncio.Lock() if self.dialect == "postgresql" else self._write_lock
        # Only one bulk change at a time has this lock. The next bulk change thereby waits until the
        # writers that the previous bulk change delayed have written.
        self._bulk_lock = asyncio.Lock()
        self._bulk_writers = 0
        # The end of the last bulk change of this process, in the event loop's time.
        self._bulk_ended_at = float("-inf")
        self._bulk_mark: BulkMark | None = None
        self._checkpoints: Checkpoints | None = None
        if self.file is not None:
            self._bulk_mark = BulkMark(self.file.path)
            self._checkpoints = Checkpoints(
                self.file,
                self._bulk_mark,
                readers=self._readers,
                writer=self._writer,
                write_lock=self._write_lock,
            )

    def seconds_since_bulk(self) -> float:
        """Return the seconds since the end of the last bulk change; infinity without a bulk change.

        While a bulk change is queued, is being written, or keeps the disk busy, the result is 0. On
        SQLite, bulk changes of other processes are included.
        """
        if self._bulk_writers:
            return 0.0
        since = asyncio.get_running_loop().time() - self._bulk_ended_at
        if self._checkpoints is None or self._bulk_mark is None:
            return since
        return min(since, self._checkpoints.seconds_since_busy(), self._bulk_mark.seconds_since())

    @property
    def has_writer(self) -> bool:
        """Whether a writer of this process has the revision's lock or waits for this lock.

        On SQLite, where the journal uses the same lock, the result is always False.
        """
        return self._journal_lock is not self._write_lock and self._write_lock.locked()

    @asynccontextmanager
    async def begin_staged_write(
        self, stage: Callable[[AsyncConnection], Awaitable[None]]
    ) -> AsyncGenerator[StagedWrite]:
        """Open a transaction for a bulk change of thousands of rows, on a separate connection.

        `stage` prepares the connection while other writers work, and may fill only temporary
        tables. Then the transaction begins, and other writers of this process wait until the
        context ends. The transaction is rolled back unless it is committed in the context. Writers
        usually wait at most two seconds for the database, but a bulk change may take longer.
        Metrics reports therefore wait longer during a bulk change.

        Raises: StoreUnavailableError: see `begin_write`.
        """

        async def commit_now() -> None:
            self._verify_file()
            await commit(transaction, patience)
            # The commit may have gone to a file that was deleted a short time ago.
            self._verify_file()

        patience = Patience(BULK_STATEMENT_S)
        patience.limit_each(BULK_STATEMENT_S)
        with self._unavailable():
            self._verify_file()
            async with self._connection(self._stager, patience) as connection:
                with patience.waiting():
                    transaction = await connection.begin()
                if self.dialect == "postgresql":
                    await limit_server(connection, patience, bulk=True)
                else:
                    for pragma in STAGING_PRAGMAS:
                        await connection.exec_driver_sql(f"PRAGMA {pragma}")
                await stage(connection)
                async with self._bulk_turn():
                    try:
                        self._verify_file()
                        if self.dialect == "sqlite":
                            await connection.exec_driver_sql("BEGIN IMMEDIATE")
                        yield StagedWrite(connection, commit_now)
                    finally:
                        with suppress(SQLAlchemyError, OSError), patience.waiting():
                            await connection.rollback()

    @asynccontextmanager
    async def _bulk_turn(self) -> AsyncGenerator[None]:
        """Wait until no other writer of this process is active, and block other writers.

        Raises: TimeoutError.
        """
        patience = Patience(BULK_STATEMENT_S)
        self._bulk_writers += 1
        mark = self._bulk_mark.held() if self._bulk_mark is not None else nullcontext()
        try:
            with mark:
                await _wait_for_turn(self._bulk_lock, patience)
                try:
                    await _wait_for_turn(self._write_lock, patience)
                    try:
                        yield
                    finally:
                        self._write_lock.release()
                finally:
                    self._bulk_lock.release()
        finally:
            self._bulk_writers -= 1
            self._bulk_ended_at = asyncio.get_running_loop().time()
            if self._checkpoints is not None:
                self._checkpoints.after_commit(bulk=True)

    def begin_write(self, *, endless: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a writing transaction, which is committed at the end or rolled back on an exception.

        The transaction waits at most two seconds in total for the database. With `endless`, for
        example for a migration, the transaction waits without a limit.

        Raises:
            StoreUnavailableError: the database is unreachable, full, read-only, too slow or locked
                by another process; nothing was stored.
            OutcomeUnknownError: the connection was lost during the commit.
        """
        patience = Patience(None if endless else WRITE_BUDGET_S)
        return self._begin(self._writer, self._write_lock, patience, patience)

    def begin_journal_write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction like `begin_write`, for the journal.

        On PostgreSQL the transaction does not wait for other writers. On SQLite it waits for other
        writers, which may make large changes. The limit of two seconds does not include this wait.

        Raises: StoreUnavailableError, OutcomeUnknownError: see `begin_write`.
        """
        return self._begin(
            self._journal_writer,
            self._journal_lock,
            Patience(BULK_PATIENCE_S),
            Patience(WRITE_BUDGET_S),
        )

    @asynccontextmanager
    async def _begin(
        self, engine: AsyncEngine, lock: asyncio.Lock, turn: Patience, patience: Patience
    ) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction.

        `turn` limits the wait for the lock. `patience` limits all later waits.
        """
        with self._unavailable():
            await _wait_for_turn(lock, turn)
        try:
            with self._unavailable():
                self._verify_file()
                async with self._connection(engine, patience) as connection:
                    if self.connector is not None and not self.connector.pooled:
                        await limit_session(connection, patience)
                    with patience.waiting():
                        transaction = await connection.begin()
                    if self.connector is not None and self.connector.pooled:
                        await limit_server(connection, patience, bulk=False)
                    yield connection
                    self._verify_file()
                    if transaction.is_active:
                        await commit(transaction, patience)
                # The commit may have gone to a file that was deleted a short time ago.
                self._verify_file()
        finally:
            lock.release()
            if self._checkpoints is not None:
                self._checkpoints.after_commit()

    @asynccontextmanager
    async def begin_read(self) -> AsyncGenerator[AsyncConnection]:
        """Open a reading transaction.

        Raises: StoreUnavailableError: the database is unreachable or does not answer.
        """
        patience = Patience(WRITE_BUDGET_S)
        try:
            with self._unavailable():
                async with self._connection(self._readers, patience) as connection:
                    patience.limit_each(READ_STATEMENT_S)
                    yield connection
        except StoreUnavailableError:
            self.available = False
            raise
        self.available = True

    def upsert(self, table: sa.Table) -> Any:
        """Return an insert with `on_conflict_do_update` and `on_conflict_do_nothing`."""
        return sqlite.insert(table) if self.dialect == "sqlite" else postgresql.insert(table)

    async def version(self) -> str:
        """Return the version of the database server or library."""
        async with self.begin_read() as connection:
            statement = (
                "SELECT sqlite_version()" if self.dialect == "sqlite" else "SHOW server_version"
            )
            return str((await connection.execute(sa.text(statement))).scalar_one())

    @asynccontextmanager
    async def reconnect(self) -> AsyncGenerator[None]:
        """Close all connections, so that new connections open the file that is now at the path.

        Writers wait until the context ends. If the file is not trusted then, the writers fail.
        """
        async with self._write_lock:
            await self._readers.dispose()
            await self._writer.dispose()
            await self._journal_writer.dispose()
            if self.file is not None:
                self.file.note()
            self.damage = None
            self.loaded += 1
            yield

    async def checkpoint(self) -> Checkpoint:
        """Checkpoint SQLite's write-ahead log as far as readers permit, while others write.

        Raises: StoreUnavailableError: the database is unreachable.
        """
        assert self._checkpoints is not None, "PostgreSQL has no log to checkpoint"
        with self._unavailable():
            return await self._checkpoints.copy_pages()

    async def empty_log(self) -> bool:
        """Checkpoint SQLite's write-ahead log into the open file, even if the file was moved.

        Other writers wait meanwhile. Return whether the log is empty now. Active readers can
        prevent emptying the log.
        """
        busy, _, _ = await self.run_pragma(
            f"busy_timeout={EMPTY_LOG_TIMEOUT_MS}",
            then="PRAGMA wal_checkpoint(TRUNCATE)",
        )
        return not busy

    async def run_pragma(self, pragma: str, *, then: str = "") -> Any:
        """Run a pragma on SQLite's writing connection outside of transactions; return its row.

        If `then` is given, run the statement `then` next, and return the row of this statement
        instead.

        Raises: StoreUnavailableError: the database is unreachable or locked.
        """
        async with self._write_lock:
            with self._unavailable():
                async with self._writer.connect() as connection:
                    # The pragma may change the busy timeout, so forget the timeout that was set.
                    connection.info.pop(BUSY_TIMEOUT, None)
                    # Bypass SQLAlchemy, which would begin a transaction.
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    try:
                        row = await first_row(driver, f"PRAGMA {pragma}")
                        return await first_row(driver, then) if then else row
                    except sqlite3.OperationalError as error:
                        raise StoreUnavailableError(f"{error}.") from error

    async def run_script(self, script: str) -> None:
        """Run statements to completion on SQLite's writing connection, outside of transactions.

        Raises: StoreUnavailableError: the database is unreachable or locked.
        """
        async with self._write_lock:
            with self._unavailable():
                async with self._writer.connect() as connection:
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    try:
                        await (await driver.executescript(script)).close()
                    except sqlite3.OperationalError as error:
                        raise StoreUnavailableError(f"{error}.") from error

    async def close(self) -> None:
        """Close all connections; terminate connections that do not close in time."""
        self._closed = True
        if self._checkpoints is not None:
            await self._checkpoints.finish()
        await super().close()


async def _wait_for_turn(lock: asyncio.Lock, patience: Patience) -> None:
    """Wait until no other writer of this process is active.

    Raises: TimeoutError.
    """
    async with asyncio.timeout(patience.left_s):
        with patience.waiting():
            await lock.acquire()
