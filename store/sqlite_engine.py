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
# The page cache of each SQLite connection; the system caches the file as well.
WRITER_CACHE_BYTES = 2_000_000
READER_CACHE_BYTES = 500_000
# The number of compiled statements that each SQLite connection caches, 10 to 50 KB each. The same
# statement compiles differently for each length of a list of values.
CACHED_STATEMENTS = 40
FILE_MODE = 0o600
# SQLite truncates its write-ahead log to this size after a complete checkpoint.
LOG_LIMIT_BYTES = 64_000_000
BUSY_TIMEOUT_STEP_MS = 100
# The settings of a connection that stages rows and then writes them: temporary tables and index
# pages stay in memory (the cache size is in KiB).
STAGING_PRAGMAS = ("temp_store=MEMORY", "cache_size=-65536")
# The key in a connection record's `info` for the identity of the open file.
_FILE = "file"
# The key in a connection's `info` for its current busy timeout, in milliseconds.
BUSY_TIMEOUT = "busy_timeout"


def prepare_file(url: sa.URL) -> None:
    """Create a database file that only its owner may read; an existing file keeps its mode.

    SQLite creates the write-ahead log and its index with the same mode.

    Raises: StoreUnavailableError: the folder does not exist.
    """
    file = Path(url.database or "")
    if not file.parent.is_dir():
        raise StoreUnavailableError(f"The folder '{file.parent}' for the database does not exist.")
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
    """Create an engine whose transactions begin with the statement `begin`, if given.

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
            # This has an effect only on an empty file, and waits for writers.
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
        pragmas = (
            f"journal_size_limit={LOG_LIMIT_BYTES}",
            # Negative values are in KiB.
            f"cache_size={-(cache_bytes // 1024)}",
            # `Checkpoints` does that, while others write.
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
        # Round up, so that transactions that did not queue can reuse the current setting.
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


def _translate(text: str | None, letters: str, others: str) -> str | None:
    """Implement the function `translate` of PostgreSQL, which SQLite lacks."""
    return None if text is None else text.translate(str.maketrans(letters, others))
