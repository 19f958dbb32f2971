"""Create engines for SQLite files, with settings of connections and transactions."""

import math
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.event import listens_for
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolResetState

from store.database_file import DatabaseFile
from store.errors import StoreUnavailableError
from store.sqlite_driver import Connection, Module
from store.waiting import PATIENCE, WRITE_BUDGET_S, Patience

# The maximum time that a migration on SQLite waits for another process.
ENDLESS_LOCK_S = 60.0
# The size of each SQLite connection's page cache; the operating system also caches the file.
WRITER_CACHE_BYTES = 2_000_000
READER_CACHE_BYTES = 500_000
# The number of compiled statements that each SQLite connection caches, 10 to 50 KB each. The same
# statement compiles differently for each length of a list of values.
CACHED_STATEMENTS = 40
FILE_MODE = 0o600
# SQLite truncates its write-ahead log to this size after a complete checkpoint.
LOG_LIMIT_BYTES = 64_000_000
BUSY_TIMEOUT_STEP_MS = 100
# The settings of a connection that stages rows and then writes them. Temporary tables are stored in
# a file, because the rows of a large import need hundreds of megabytes. Index pages stay in memory.
# The cache size is in KiB.
STAGING_PRAGMAS = ("temp_store=FILE", "cache_size=-65536")
# Under this key, a connection record's `info` contains the identity of the open file.
_FILE = "file"
# Under this key, a connection's `info` contains the current busy timeout in milliseconds.
BUSY_TIMEOUT = "busy_timeout"


def prepare_file(url: sa.URL) -> None:
    """Create a database file that only the owner may read; do not change an existing file.

    SQLite creates the write-ahead log and its index with the same mode. It creates temporary files
    in the same folder, unless the environment names another folder. Temporary files may become as
    large as the database, so the system's folder for temporary files may be too small.

    Raises: StoreUnavailableError: the folder does not exist.
    """
    file = Path(url.database or "")
    if not file.parent.is_dir():
        raise StoreUnavailableError(f"The folder '{file.parent}' for the database does not exist.")
    os.environ.setdefault("SQLITE_TMPDIR", str(file.parent.absolute()))
    with suppress(OSError):  # the file exists, or connecting will report the problem
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def sqlite_engine(
    url: sa.URL,
    file: DatabaseFile,
    *,
    pool_size: int | None,
    begin: str | None,
    cache_bytes: int = WRITER_CACHE_BYTES,
) -> AsyncEngine:
    """Create an engine; if `begin` is given, transactions begin with this statement.

    Without a `pool_size` each connection is closed after its use.
    """
    pool: dict[str, Any] = {"poolclass": sa.pool.NullPool}
    if pool_size is not None:
        pool = {
            "poolclass": sa.pool.AsyncAdaptedQueuePool,
            "pool_size": pool_size,
            "max_overflow": 0,
            # Reuse only a few connections, because each has its own cache.
            "pool_use_lifo": True,
        }
    engine = create_async_engine(
        url,
        **pool,
        module=Module(),
        pool_reset_on_return=None,  # `roll_back` resets connections
        # This timeout applies to the first statements; transactions set their own.
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
        # Only `begin_transaction` begins transactions.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        if cursor.fetchone() == (0,):
            # The pragma waits for writers, and has an effect only on an empty file.
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
        pragmas = (
            f"journal_size_limit={LOG_LIMIT_BYTES}",
            # SQLite reads a negative cache size as KiB.
            f"cache_size={-(cache_bytes // 1024)}",
            # Disable SQLite's own checkpoints, because `Checkpoints` runs checkpoints while others
            # write.
            "wal_autocheckpoint=0",
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

    @listens_for(engine.sync_engine, "reset")
    def roll_back(connection: Any, _record: Any, state: PoolResetState) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if state.asyncio_safe:
            connection.rollback()

    @listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        patience: Patience | None = connection.info.get(PATIENCE)
        left_s = patience.left_s if patience is not None else WRITE_BUDGET_S
        # Set the time that remains after waiting in the queue of this process.
        wait_s = ENDLESS_LOCK_S if left_s is None else left_s
        # Round the timeout up, so that transactions that did not wait in the queue can reuse the
        # current setting.
        wait_ms = math.ceil(wait_s * 1000 / BUSY_TIMEOUT_STEP_MS) * BUSY_TIMEOUT_STEP_MS
        if connection.info.get(BUSY_TIMEOUT) != wait_ms:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
            connection.info[BUSY_TIMEOUT] = wait_ms
        if begin is not None:
            cast("Connection", connection.connection.dbapi_connection).begin_with_next(begin)

    return engine


async def run_pragma(connection: AsyncConnection, pragma: str) -> Any:
    """Run an SQLite pragma outside of transactions, and return its row."""
    # Bypass SQLAlchemy, which would begin a transaction.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.execute(f"PRAGMA {pragma}") as cursor:
        return await cursor.fetchone()


async def first_row(driver: Any, statement: str) -> Any:
    async with driver.execute(statement) as cursor:
        return await cursor.fetchone()


def _translate(string: str | None, letters: str, others: str) -> str | None:
    """Implement the function `translate` of PostgreSQL, which SQLite lacks."""
    return None if string is None else string.translate(str.maketrans(letters, others))
