"""The database behind the store; the only file that knows its dialect."""

import asyncio
import logging
import math
import os
import re
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.event import listens_for
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    AsyncTransaction,
    create_async_engine,
)
from sqlalchemy.util import await_only

from store.bulk_mark import BulkMark
from store.database_file import DatabaseFile
from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.postgresql import Connector, Driver, answers
from store.waiting import Patience

# How long a write waits for the database, from the queue of writers to its last statement.
WRITE_BUDGET_S = 2.0
# How long a statement of a reader, or of a write that changes thousands of rows, may take.
READ_STATEMENT_S = 3.0
BULK_STATEMENT_S = 10.0
# A server that no longer hears from this process ends its transaction, and frees what it locked.
IDLE_TRANSACTION_S = 5.0
IDLE_BULK_TRANSACTION_S = 60.0
# How long a migration on SQLite waits for another process.
ENDLESS_LOCK_S = 60.0
CLOSE_TIMEOUT_S = 1.0
READERS = 8
# The pages that each SQLite connection caches; the system caches the file besides.
WRITER_CACHE_BYTES = 2_000_000
READER_CACHE_BYTES = 500_000
# The statements that each SQLite connection keeps compiled, of 10 to 50 KB each. A list in one
# makes another statement of it for each number of values.
CACHED_STATEMENTS = 40
FILE_MODE = 0o600
# When a commit moves SQLite's write-ahead log into the file; SQLite's own default.
AUTO_CHECKPOINT_PAGES = 1_000
# SQLite's write-ahead log is cut to this size once all of it stands in the file.
LOG_LIMIT_BYTES = 64_000_000
BUSY_TIMEOUT_STEP_MS = 100
# How long emptying the log waits for those who read; each transaction sets a timeout of its own.
EMPTY_LOG_TIMEOUT_MS = 1_000
# Settings of a connection that stages rows and then writes them: temporary tables and the pages of
# indexes stay in memory (the cache in KiB), and its commit leaves moving the log to others.
STAGING_PRAGMAS = ("temp_store=MEMORY", "cache_size=-65536", "wal_autocheckpoint=0")
# Where a connection's record notes which file it has open.
_FILE = "file"

# SQLite's primary result codes for "not now": BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
_SQLITE_UNAVAILABLE = frozenset({5, 6, 8, 10, 13, 14})
# CORRUPT and NOTADB: what is stored cannot be read.
_SQLITE_DAMAGED = frozenset({11, 26})
# PostgreSQL's likewise: connection lost, resources exhausted, shutting down or starting, read-only,
# serialisation failure, deadlock, lock not available, a transaction that was idle for too long.
_POSTGRESQL_UNAVAILABLE = ("08", "53", "57P", "25006", "25P03", "40001", "40P01", "55P03")
# Those after which nobody knows whether a commit was made.
_POSTGRESQL_LOST = ("08", "57P")
# Where a connection's patience is kept while it is in use.
_PATIENCE = "patience"
_CHECKED = "checked"
# Where an SQLite connection's record notes the timeout that is set, in milliseconds.
_BUSY_TIMEOUT = "busy_timeout"
# Several hosts, as libpq writes them and SQLAlchemy does not.
_HOSTS = re.compile(
    r"^(?P<scheme>[^:]+://(?:[^@/?]*@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)$", re.S
)

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time of the system's clock."""
    return datetime.now(UTC)


def async_url(url: str) -> str:
    """The URL with the driver that is meant, such as `postgresql+asyncpg://` for `postgres://`.

    Several hosts become an option, which is where SQLAlchemy reads them.
    """
    for plain, driver in (
        ("postgres://", "postgresql+asyncpg://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(plain):
            url = driver + url.removeprefix(plain)
    hosts = _HOSTS.match(url)
    if hosts is None or not url.startswith("postgresql"):
        return url
    rest, _, query = hosts["rest"].partition("?")
    options = f"host={hosts['hosts']}" + (f"&{query}" if query else "")
    return f"{hosts['scheme']}{rest or '/'}?{options}"


class Database:
    """One writer and several readers on SQLite or PostgreSQL.

    On SQLite a second connection that writes would only wait for the first one's lock, so all
    writers of the process queue for one connection; other processes wait in SQLite's busy handler.
    On PostgreSQL the same queue keeps writers from holding connections while they wait for the
    revision's row.

    Nobody waits without end for a database that does not answer: each use of a connection has a
    `Patience`, which ends the connection; the next use opens another one.
    """

    def __init__(self, url: str) -> None:
        """Raises: StoreUnavailableError: the folder of an SQLite file does not exist, or an option
        of a PostgreSQL URL cannot be kept."""
        self.url = sa.make_url(async_url(url))
        self.dialect = self.url.get_backend_name()
        # The file of an SQLite database, None on PostgreSQL.
        self.file: DatabaseFile | None = None
        self.connector: Connector | None = None
        # Whether the last one who read could do so.
        self.available = True
        # What SQLite has found wrong in the file, None for nothing.
        self.damage: str | None = None
        if self.dialect == "sqlite":
            _prepare_file(self.url)
            file = self.file = DatabaseFile(self.url.database or "")
            self._writer = _sqlite_engine(self.url, file, pool_size=1, begin="BEGIN IMMEDIATE")
            self._journal_writer = self._writer
            self._readers = _sqlite_engine(
                self.url,
                file,
                pool_size=READERS,
                begin="BEGIN",
                cache_bytes=READER_CACHE_BYTES,
            )
            # It begins when the rows are staged.
            self._stager = _sqlite_engine(self.url, file, pool_size=None, begin=None)
        elif self.dialect == "postgresql":
            self.connector = Connector(self.url)
            self._writer = _postgresql_engine(self.connector, pool_size=1)
            self._journal_writer = _postgresql_engine(self.connector, pool_size=1)
            # A reader sees one moment, however many statements it takes.
            self._readers = _postgresql_engine(
                self.connector, pool_size=READERS, isolation_level="REPEATABLE READ"
            )
            self._stager = _postgresql_engine(self.connector, poolclass=sa.pool.NullPool)
        else:
            raise ValueError(
                f"'{self.dialect}' is no database Flagstaff knows: use sqlite or postgresql"
            )
        # How often the connections were made anew because another file was put there.
        self.loaded = 0
        self._write_lock = asyncio.Lock()
        # On PostgreSQL the journal's rows and those of other writers are in nobody's way.
        self._journal_lock = asyncio.Lock() if self.dialect == "postgresql" else self._write_lock
        self._closed = False
        self._bulk_writers = 0
        self._no_bulk = asyncio.Event()
        self._no_bulk.set()
        self._checkpoint: asyncio.Task[None] | None = None
        self._moving_log = False
        self._bulk_mark = BulkMark(self.file.path) if self.file is not None else None
        # On the clock of the event loop.
        self.bulk_ended_at = float("-inf")

    async def check(self) -> None:
        """Make sure that the database can be used, and note how, before the first use.

        Raises: StoreUnavailableError: it cannot be reached, or not be used as it is.
        """
        if self.connector is not None:
            await self.connector.look_for_pooler()

    @property
    def writes_bulk(self) -> bool:
        """Whether a change of thousands of rows waits for its turn, is being written, or keeps the
        disk busy."""
        if self._bulk_mark is not None and not self._bulk_writers and self._bulk_mark.is_held():
            # Another process writes it.
            self.bulk_ended_at = asyncio.get_running_loop().time()
            return True
        return self._bulk_writers > 0 or self._moving_log

    async def bulk_written(self) -> None:
        """Wait until no change of thousands of rows is in the way of the journal."""
        if self._journal_lock is self._write_lock:
            await self._no_bulk.wait()

    @asynccontextmanager
    async def begin_bulk_write(self) -> AsyncGenerator[AsyncConnection]:
        """As `begin_write`, for a change of thousands of rows, which others may have to wait for.

        Raises: StoreUnavailableError: as `begin_write`.
        """
        with self._bulk_writer():
            async with self.begin_write(bulk=True) as connection:
                if self.dialect == "sqlite":
                    await connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
                yield connection
            self._move_log_later()

    @asynccontextmanager
    async def begin_staged_write(
        self, stage: Callable[[AsyncConnection], Awaitable[None]]
    ) -> AsyncGenerator[AsyncConnection]:
        """As `begin_bulk_write`, on a connection of its own that `stage` prepares beforehand.

        `stage` runs while others write. It may fill temporary tables and nothing else.

        Raises: StoreUnavailableError: as `begin_write`.
        """
        patience = Patience(BULK_STATEMENT_S)
        patience.limit_each(BULK_STATEMENT_S)
        with self._unavailable():
            self._verify_file()
            async with self._connection(self._stager, patience) as connection:
                with patience.waiting():
                    transaction = await connection.begin()
                if self.dialect == "postgresql":
                    await _limit_server(connection, patience, bulk=True)
                else:
                    for pragma in STAGING_PRAGMAS:
                        await connection.exec_driver_sql(f"PRAGMA {pragma}")
                await stage(connection)
                with self._bulk_writer():
                    await _wait_for_turn(self._write_lock, Patience(BULK_STATEMENT_S))
                    try:
                        self._verify_file()
                        if self.dialect == "sqlite":
                            await self._set_checkpoints(0)
                            await connection.exec_driver_sql("BEGIN IMMEDIATE")
                        yield connection
                        self._verify_file()
                        if transaction.is_active:
                            await _commit(transaction, patience)
                    finally:
                        with suppress(SQLAlchemyError, OSError), patience.waiting():
                            await connection.rollback()
                        self._write_lock.release()
                        self._move_log_later()
            # Committed, but perhaps to a file that was deleted just now.
            self._verify_file()

    @contextmanager
    def _bulk_writer(self) -> Generator[None]:
        """Let others know that a change of thousands of rows is in the way."""
        self._bulk_writers += 1
        self._no_bulk.clear()
        mark = self._bulk_mark.held() if self._bulk_mark is not None else nullcontext()
        try:
            with mark:
                yield
        finally:
            self._bulk_writers -= 1
            self.bulk_ended_at = asyncio.get_running_loop().time()
            if not self._bulk_writers:
                self._no_bulk.set()

    def _move_log_later(self) -> None:
        if self.dialect == "sqlite":
            self._checkpoint = asyncio.create_task(self._move_log(), name="Moving the log")

    async def _move_log(self) -> None:
        """Move what a large change has left in SQLite's write-ahead log while others write.

        A commit would do it with the lock held.
        """
        self._moving_log = True
        try:
            async with self._readers.connect() as connection:
                await _run_pragma(connection, "wal_checkpoint(PASSIVE)")
        except (DBAPIError, PoolTimeoutError, StoreUnavailableError, OSError):
            pass  # the next commit does it
        finally:
            self._moving_log = False
            self.bulk_ended_at = asyncio.get_running_loop().time()
        async with self._write_lock:
            with suppress(DBAPIError, PoolTimeoutError, StoreUnavailableError, OSError):
                await self._set_checkpoints(AUTO_CHECKPOINT_PAGES)

    async def _set_checkpoints(self, pages: int) -> None:
        """Set the length of the log at which a commit of the writers moves it; 0 for never."""
        async with self._writer.connect() as connection:
            await _run_pragma(connection, f"wal_autocheckpoint={pages}")

    @asynccontextmanager
    async def begin_write(
        self, *, bulk: bool = False, endless: bool = False
    ) -> AsyncGenerator[AsyncConnection]:
        """One writing transaction: committed at the end, rolled back when the body raises.

        It waits for the database for two seconds in all. A `bulk` change of many rows may take
        longer, and an `endless` one, such as a migration, as long as it needs.

        Raises:
            StoreUnavailableError: the database is away, full, read-only, too slow or locked by
                another process; nothing was stored.
            OutcomeUnknownError: it went away during the commit.
        """
        patience = Patience(None if endless else WRITE_BUDGET_S)
        if bulk:
            patience.limit_each(BULK_STATEMENT_S)
        async with self._begin(self._writer, self._write_lock, patience, bulk=bulk) as connection:
            yield connection

    @asynccontextmanager
    async def begin_journal_write(self) -> AsyncGenerator[AsyncConnection]:
        """As `begin_write`, for what reports bring, which on PostgreSQL need not wait for other
        writers.

        Raises: StoreUnavailableError, OutcomeUnknownError: as `begin_write`.
        """
        patience = Patience(WRITE_BUDGET_S)
        async with self._begin(self._journal_writer, self._journal_lock, patience) as connection:
            yield connection

    @asynccontextmanager
    async def _begin(
        self, engine: AsyncEngine, lock: asyncio.Lock, patience: Patience, *, bulk: bool = False
    ) -> AsyncGenerator[AsyncConnection]:
        with self._unavailable():
            await _wait_for_turn(lock, patience)
        try:
            with self._unavailable():
                self._verify_file()
                async with self._connection(engine, patience) as connection:
                    with patience.waiting():
                        transaction = await connection.begin()
                    if self.dialect == "postgresql" and patience.left_s is not None:
                        await _limit_server(connection, patience, bulk=bulk)
                    yield connection
                    self._verify_file()
                    if transaction.is_active:
                        await _commit(transaction, patience)
                # Committed, but perhaps to a file that was deleted just now.
                self._verify_file()
        finally:
            lock.release()

    @asynccontextmanager
    async def begin_read(self) -> AsyncGenerator[AsyncSession]:
        """One reading transaction.

        Raises: StoreUnavailableError: the database is away, or does not answer.
        """
        patience = Patience(WRITE_BUDGET_S)
        try:
            with self._unavailable():
                async with self._connection(self._readers, patience) as connection:
                    patience.limit_each(READ_STATEMENT_S)
                    async with AsyncSession(connection, expire_on_commit=False) as session:
                        yield session
        except StoreUnavailableError:
            self.available = False
            raise
        self.available = True

    def upsert(self, table: sa.Table) -> Any:
        """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
        return sqlite.insert(table) if self.dialect == "sqlite" else postgresql.insert(table)

    async def version(self) -> str:
        """The version of the database server or library."""
        async with self.begin_read() as session:
            statement = (
                "SELECT sqlite_version()" if self.dialect == "sqlite" else "SHOW server_version"
            )
            return str((await session.execute(sa.text(statement))).scalar_one())

    @asynccontextmanager
    async def reconnect(self) -> AsyncGenerator[None]:
        """Close all connections; those made from now on reach what is at the path now.

        Nobody writes until the context ends, and then only if the file is trusted.
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

    async def empty_log(self) -> bool:
        """Move all changes from SQLite's write-ahead log into the open file, wherever that is.

        Returns whether nothing is left in the log; readers keep it from being emptied.
        """
        busy, _, _ = await self.run_pragma(
            f"busy_timeout={EMPTY_LOG_TIMEOUT_MS}",
            then="PRAGMA wal_checkpoint(TRUNCATE)",
        )
        return not busy

    async def run_pragma(self, pragma: str, *, then: str = "") -> Any:
        """Run a pragma on SQLite's writing connection outside of transactions; the row it answers.

        `then` is run after it, whose row is then the answer.

        Raises: StoreUnavailableError: the database is away or locked.
        """
        async with self._write_lock:
            with self._unavailable():
                async with self._writer.connect() as connection:
                    # The pragma may set another one.
                    connection.info.pop(_BUSY_TIMEOUT, None)
                    # Past SQLAlchemy, which would begin a transaction.
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    try:
                        row = await _first_row(driver, f"PRAGMA {pragma}")
                        return await _first_row(driver, then) if then else row
                    except sqlite3.OperationalError as error:
                        raise StoreUnavailableError(f"{error}.") from error

    async def run_script(self, script: str) -> None:
        """Run statements on SQLite's writing connection to their ends, outside of transactions.

        Raises: StoreUnavailableError: the database is away or locked.
        """
        async with self._write_lock:
            with self._unavailable():
                async with self._writer.connect() as connection:
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    try:
                        await (await driver.executescript(script)).close()
                    except sqlite3.OperationalError as error:
                        raise StoreUnavailableError(f"{error}.") from error

    def note_damage(self, found: str) -> None:
        """Remember and log what is wrong in SQLite's file; it stays so until another one comes."""
        if self.damage is None:
            _log.error(
                "The database file '%s' is damaged (%s): restore a backup", self.url.database, found
            )
        self.damage = found

    def _verify_file(self) -> None:
        if self.file is not None:
            self.file.verify()

    def give_up(self) -> None:
        """Let everything that waits for the database fail, now and later."""
        self._closed = True
        if self.connector is not None:
            self.connector.terminate_all()

    async def close(self) -> None:
        """Close all connections; those that the server does not let go are cut."""
        self._closed = True
        if self._checkpoint is not None:
            await self._checkpoint
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
        """A connection whose users wait for the database as long as their patience lasts."""
        if self._closed:
            raise StoreUnavailableError("The server is stopping.")
        if self.file is not None and engine is self._writer:
            # The one who has the turn waits for nobody here.
            connection = await engine.connect()
        else:
            async with asyncio.timeout(patience.left_s):
                with patience.waiting():
                    connection = await engine.connect()
        try:
            if self.dialect == "postgresql":
                raw = await connection.get_raw_connection()
                patience.watch(cast("Driver", raw.driver_connection))
            connection.info[_PATIENCE] = patience
            yield connection
        except AttributeError as error:
            # asyncpg lets go of its own parts when a connection is ended, even amid a statement
            # that takes several steps.
            if not patience.has_ended_connection:
                raise
            raise StoreUnavailableError("The database did not answer in time.") from error
        finally:
            with patience.waiting():
                # What was not committed is rolled back.
                await connection.close()
            patience.end()

    @contextmanager
    def _unavailable(self) -> Generator[None]:
        """Turn what a driver raises when the database is away into StoreUnavailableError."""
        try:
            yield
        except (DBAPIError, PendingRollbackError, PoolTimeoutError, OSError) as error:
            if _sqlite_code(error) in _SQLITE_DAMAGED:
                # In a file that another program has just written to, anything may be found.
                self._verify_file()
                self.note_damage(str(getattr(error, "orig", error)))
                raise StoreUnavailableError("The database cannot be used.") from error
            if not _is_unavailability(error):
                raise
            raise StoreUnavailableError("The database cannot be reached just now.") from error


async def _wait_for_turn(lock: asyncio.Lock, patience: Patience) -> None:
    """Wait until no other writer of this process is at work.

    Raises: TimeoutError.
    """
    async with asyncio.timeout(patience.left_s):
        with patience.waiting():
            await lock.acquire()


async def _run_pragma(connection: AsyncConnection, pragma: str) -> Any:
    """The row that an SQLite pragma answers with, run outside any transaction."""
    # Past SQLAlchemy, which would begin one.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.execute(f"PRAGMA {pragma}") as cursor:
        return await cursor.fetchone()


def _prepare_file(url: sa.URL) -> None:
    """Create a database file that only its owner may read; one that exists keeps its mode.

    SQLite gives the files beside it, such as the write-ahead log, the same mode.

    Raises: StoreUnavailableError: the folder does not exist.
    """
    file = Path(url.database or "")
    if not file.parent.is_dir():
        raise StoreUnavailableError(f"There is no folder '{file.parent}' to keep the database in.")
    with suppress(OSError):  # an existing file, or a folder that connecting will complain about
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def _postgresql_engine(connector: Connector, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        # The connector knows where; SQLAlchemy need not understand the URL's options.
        "postgresql+asyncpg://",
        # Errors are logged, and what people and SDKs send does not belong there.
        hide_parameters=True,
        connect_args={"async_creator_fn": connector.connect},
        **options,
    )
    _count_waits(engine)

    @listens_for(engine.sync_engine, "do_connect")
    def choose_statements(  # pyright: ignore[reportUnusedFunction] (registered)
        _dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]
    ) -> None:
        if connector.pooled:
            # A prepared statement that has a name belongs to one connection of the server.
            options["prepared_statement_cache_size"] = 0
            options["prepared_statement_name_func"] = str

    @listens_for(engine.sync_engine, "checkout")
    def replace_if_silent(connection: Any, record: Any, _fairy: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if not record.info.get(_CHECKED):
            record.info[_CHECKED] = True  # it was made just now
        elif not await_only(answers(connection.driver_connection)):
            raise DisconnectionError

    return engine


def _count_waits(engine: AsyncEngine) -> None:
    """Let the patience of a connection's user count while a statement runs.

    SQLite needs none of it: it waits for others only where a transaction begins.
    """

    @listens_for(engine.sync_engine, "before_cursor_execute")
    @listens_for(engine.sync_engine, "rollback")
    def resume(connection: sa.Connection, *_: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if (patience := connection.info.get(_PATIENCE)) is not None:
            patience.resume()

    @listens_for(engine.sync_engine, "after_cursor_execute")
    def pause(connection: sa.Connection, *_: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if (patience := connection.info.get(_PATIENCE)) is not None:
            patience.pause()


async def _limit_server(connection: AsyncConnection, patience: Patience, *, bulk: bool) -> None:
    """Let the server, too, end what this process has given up.

    Within the transaction, since poolers refuse such settings for a session.
    """
    lock_s = max((patience.left_s or 0) * 0.9, 0.05)
    idle_s = IDLE_BULK_TRANSACTION_S if bulk else IDLE_TRANSACTION_S
    await connection.execute(
        sa.select(
            sa.func.set_config("lock_timeout", f"{lock_s * 1000:.0f}", sa.true()),
            sa.func.set_config(
                "idle_in_transaction_session_timeout", f"{idle_s * 1000:.0f}", sa.true()
            ),
        )
    )


async def _commit(transaction: AsyncTransaction, patience: Patience) -> None:
    """Raises: OutcomeUnknownError: the database went away before it had said what came of it."""
    try:
        with patience.waiting():
            await transaction.commit()
    except (DBAPIError, OSError) as error:
        cause = getattr(error, "orig", error)
        state = getattr(cause, "sqlstate", None)
        refused = state is not None and not state.startswith(_POSTGRESQL_LOST)
        if refused or getattr(cause, "sqlite_errorcode", None) is not None:
            raise
        raise OutcomeUnknownError(
            "The database went away during the commit, so it is not known whether it was made."
        ) from error


def _sqlite_engine(
    url: sa.URL,
    file: DatabaseFile,
    *,
    pool_size: int | None,
    begin: str | None,
    cache_bytes: int = WRITER_CACHE_BYTES,
) -> AsyncEngine:
    """An engine whose transactions begin with a statement, or without any (None).

    Without a size nothing is pooled: each connection ends after its use.
    """
    pool: dict[str, Any] = {"poolclass": sa.pool.NullPool}
    if pool_size is not None:
        pool = {
            "poolclass": sa.pool.AsyncAdaptedQueuePool,
            "pool_size": pool_size,
            "max_overflow": 0,
            # Only as many connections fill their caches as are in use at a time.
            "pool_use_lifo": True,
        }
    engine = create_async_engine(
        url,
        **pool,
        # For the first statements; transactions have limits of their own.
        connect_args={"timeout": ENDLESS_LOCK_S, "cached_statements": CACHED_STATEMENTS},
        hide_parameters=True,
    )

    @listens_for(engine.sync_engine, "do_connect")
    def open_existing_file(  # pyright: ignore[reportUnusedFunction] (registered)
        _dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]
    ) -> None:
        file.before_connection()
        arguments[0], options["uri"] = file.uri, True

    @listens_for(engine.sync_engine, "close")
    def count_close(_connection: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        file.disconnected(record.info.pop(_FILE, None))

    @listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        # Transactions begin where `begin_transaction` says, and nowhere else.
        connection.isolation_level = None
        cursor = connection.cursor()
        # The first counts only while the file is empty.
        pragmas = (
            "auto_vacuum=INCREMENTAL",
            f"journal_size_limit={LOG_LIMIT_BYTES}",
            # In units of 1,024 bytes where it is negative.
            f"cache_size={-(cache_bytes // 1024)}",
        )
        for pragma in (*pragmas, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("translate", 3, _translate, deterministic=True)
        try:
            record.info[_FILE] = file.connected()
        except BaseException:
            connection.close()
            raise

    @listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        patience: Patience | None = connection.info.get(_PATIENCE)
        left_s = patience.left_s if patience is not None else WRITE_BUDGET_S
        # What the queue of this process has left of the budget.
        wait_s = ENDLESS_LOCK_S if left_s is None else left_s
        # In steps, so that transactions that need not queue find it set as it was.
        wait_ms = math.ceil(wait_s * 1000 / BUSY_TIMEOUT_STEP_MS) * BUSY_TIMEOUT_STEP_MS
        if connection.info.get(_BUSY_TIMEOUT) != wait_ms:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
            connection.info[_BUSY_TIMEOUT] = wait_ms
        if begin is not None:
            connection.exec_driver_sql(begin)

    return engine


async def _first_row(driver: Any, statement: str) -> Any:
    async with driver.execute(statement) as cursor:
        return await cursor.fetchone()


def _translate(text: str | None, letters: str, others: str) -> str | None:
    """What PostgreSQL has and SQLite lacks: each of some letters exchanged for another one."""
    return None if text is None else text.translate(str.maketrans(letters, others))


def _sqlite_code(error: Exception) -> int | None:
    """SQLite's primary result code, None if SQLite said nothing."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _is_unavailability(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return True
    code = _sqlite_code(error)
    if code is not None:
        return code in _SQLITE_UNAVAILABLE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state.startswith(_POSTGRESQL_UNAVAILABLE)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
