"""The database behind the store; the only file that knows its dialect."""

import asyncio
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from store.database_file import DatabaseFile
from store.errors import StoreUnavailableError

# How long a writer waits for one of another process before it gives up.
LOCK_TIMEOUT_S = 3.0
CONNECT_TIMEOUT_S = 1.8
READERS = 8
FILE_MODE = 0o600
# Where a connection's record notes which file it has open.
_FILE = "file"

# SQLite's primary result codes for "not now": BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
_SQLITE_UNAVAILABLE = frozenset({5, 6, 8, 10, 13, 14})
# PostgreSQL's likewise: connection lost, resources exhausted, shutting down or starting, read-only,
# serialisation failure, deadlock, lock not available.
_POSTGRESQL_UNAVAILABLE = ("08", "53", "57P", "25006", "40001", "40P01", "55P03")


def utc_now() -> datetime:
    """The time of the system's clock."""
    return datetime.now(UTC)


def async_url(url: str) -> str:
    """The URL with the driver that is meant, such as `postgresql+asyncpg://` for `postgres://`."""
    for plain, driver in (
        ("postgres://", "postgresql+asyncpg://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(plain):
            return driver + url.removeprefix(plain)
    return url


class Database:
    """One writer and several readers on SQLite or PostgreSQL.

    On SQLite a second connection that writes would only wait for the first one's lock, so all
    writers of the process queue for one connection; other processes wait in SQLite's busy handler.
    On PostgreSQL the same queue keeps writers from holding connections while they wait for the
    revision's row.
    """

    def __init__(self, url: str) -> None:
        """Raises: StoreUnavailableError: the folder of an SQLite file does not exist."""
        self.url = sa.make_url(async_url(url))
        self.dialect = self.url.get_backend_name()
        # The file of an SQLite database, None on PostgreSQL.
        self.file: DatabaseFile | None = None
        if self.dialect == "sqlite":
            _prepare_file(self.url)
            file = self.file = DatabaseFile(self.url.database or "")
            self._writer = _sqlite_engine(self.url, file, pool_size=1, begin="BEGIN IMMEDIATE")
            self._readers = _sqlite_engine(self.url, file, pool_size=READERS, begin="BEGIN")
        elif self.dialect == "postgresql":
            self._writer = _postgresql_engine(self.url, pool_size=1)
            # A reader sees one moment, however many statements it takes.
            self._readers = _postgresql_engine(
                self.url, pool_size=READERS, isolation_level="REPEATABLE READ"
            )
        else:
            raise ValueError(
                f"'{self.dialect}' is no database Flagstaff knows: use sqlite or postgresql"
            )
        # How often the connections were made anew because another file was put there.
        self.loaded = 0
        self._write_lock = asyncio.Lock()
        self._last_write_failed = False
        self._bulk_writers = 0
        self._no_bulk = asyncio.Event()
        self._no_bulk.set()

    @property
    def writes_bulk(self) -> bool:
        """Whether a change of thousands of rows waits for its turn or is being written."""
        return self._bulk_writers > 0

    async def bulk_written(self) -> None:
        """Wait until no change of thousands of rows is in the way."""
        await self._no_bulk.wait()

    @asynccontextmanager
    async def begin_bulk_write(self) -> AsyncGenerator[AsyncConnection]:
        """As `begin_write`, for a change of thousands of rows, which others may have to wait for.

        Raises: StoreUnavailableError: as `begin_write`.
        """
        self._bulk_writers += 1
        self._no_bulk.clear()
        try:
            async with self.begin_write() as connection:
                yield connection
        finally:
            self._bulk_writers -= 1
            if not self._bulk_writers:
                self._no_bulk.set()

    @asynccontextmanager
    async def begin_write(self) -> AsyncGenerator[AsyncConnection]:
        """One writing transaction: committed at the end, rolled back when the body raises.

        Raises: StoreUnavailableError: the database is away, full, read-only or locked by another
            process; nothing was stored.
        """
        loop = asyncio.get_running_loop()
        patience_ends = loop.time() + LOCK_TIMEOUT_S
        async with self._write_lock:
            if self._last_write_failed and loop.time() > patience_ends:
                # The one before has waited in vain for as long as this one has waited for it.
                raise StoreUnavailableError("The database cannot be written just now.")
            self._last_write_failed = False
            try:
                with _unavailable():
                    self._verify_file()
                    async with self._writer.begin() as connection:
                        yield connection
                        self._verify_file()
                    # Committed, but perhaps to a file that was deleted just now.
                    self._verify_file()
            except StoreUnavailableError:
                self._last_write_failed = True
                raise

    @asynccontextmanager
    async def begin_read(self) -> AsyncGenerator[AsyncSession]:
        """One reading transaction.

        Raises: StoreUnavailableError: the database is away.
        """
        with _unavailable():
            async with AsyncSession(self._readers, expire_on_commit=False) as session:
                yield session

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
            if self.file is not None:
                self.file.note()
            self.loaded += 1
            yield

    async def empty_log(self) -> bool:
        """Move all changes from SQLite's write-ahead log into the open file, wherever that is.

        Returns whether nothing is left in the log; readers keep it from being emptied.
        """
        async with self._write_lock:
            with _unavailable():
                async with self._writer.connect() as connection:
                    # Past SQLAlchemy, which would begin a transaction.
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                        busy, _, _ = await cursor.fetchone()
        return not busy

    def _verify_file(self) -> None:
        if self.file is not None:
            self.file.verify()

    async def close(self) -> None:
        """Close all connections."""
        await self._readers.dispose()
        await self._writer.dispose()


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


def _postgresql_engine(url: sa.URL, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_pre_ping=True,
        # Errors are logged, and what people and SDKs send does not belong there.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "server_settings": {"lock_timeout": f"{LOCK_TIMEOUT_S * 1000:.0f}"},
        },
        **options,
    )


def _sqlite_engine(url: sa.URL, file: DatabaseFile, *, pool_size: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        poolclass=sa.pool.AsyncAdaptedQueuePool,
        connect_args={"timeout": LOCK_TIMEOUT_S},
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
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
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
        connection.exec_driver_sql(begin)

    return engine


def _translate(text: str | None, letters: str, others: str) -> str | None:
    """What PostgreSQL has and SQLite lacks: each of some letters exchanged for another one."""
    return None if text is None else text.translate(str.maketrans(letters, others))


@contextmanager
def _unavailable() -> Generator[None]:
    """Turn what a driver raises when the database is away into StoreUnavailableError."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        if not _is_unavailability(error):
            raise
        raise StoreUnavailableError("The database cannot be reached just now.") from error


def _is_unavailability(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_UNAVAILABLE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state.startswith(_POSTGRESQL_UNAVAILABLE)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
