"""Connections to an SQLite file: how each one is set up, and how its transactions begin."""

import math
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.event import listens_for
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.database_file import DatabaseFile
from store.errors import StoreUnavailableError
from store.waiting import PATIENCE, WRITE_BUDGET_S, Patience

# How long a migration on SQLite waits for another process.
ENDLESS_LOCK_S = 60.0
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
# Settings of a connection that stages rows and then writes them: temporary tables and the pages of
# indexes stay in memory (the cache in KiB), and its commit leaves moving the log to others.
STAGING_PRAGMAS = ("temp_store=MEMORY", "cache_size=-65536", "wal_autocheckpoint=0")
# Where a connection's record notes which file it has open.
_FILE = "file"
# Where an SQLite connection's record notes the timeout that is set, in milliseconds.
BUSY_TIMEOUT = "busy_timeout"


def prepare_file(url: sa.URL) -> None:
    """Create a database file that only its owner may read; one that exists keeps its mode.

    SQLite gives the files beside it, such as the write-ahead log, the same mode.

    Raises: StoreUnavailableError: the folder does not exist.
    """
    file = Path(url.database or "")
    if not file.parent.is_dir():
        raise StoreUnavailableError(f"There is no folder '{file.parent}' to keep the database in.")
    with suppress(OSError):  # an existing file, or a folder that connecting will complain about
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def sqlite_engine(
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
        patience: Patience | None = connection.info.get(PATIENCE)
        left_s = patience.left_s if patience is not None else WRITE_BUDGET_S
        # What the queue of this process has left of the budget.
        wait_s = ENDLESS_LOCK_S if left_s is None else left_s
        # In steps, so that transactions that need not queue find it set as it was.
        wait_ms = math.ceil(wait_s * 1000 / BUSY_TIMEOUT_STEP_MS) * BUSY_TIMEOUT_STEP_MS
        if connection.info.get(BUSY_TIMEOUT) != wait_ms:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
            connection.info[BUSY_TIMEOUT] = wait_ms
        if begin is not None:
            connection.exec_driver_sql(begin)

    return engine


async def run_pragma(connection: AsyncConnection, pragma: str) -> Any:
    """The row that an SQLite pragma answers with, run outside any transaction."""
    # Past SQLAlchemy, which would begin one.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.execute(f"PRAGMA {pragma}") as cursor:
        return await cursor.fetchone()


async def first_row(driver: Any, statement: str) -> Any:
    async with driver.execute(statement) as cursor:
        return await cursor.fetchone()


def _translate(text: str | None, letters: str, others: str) -> str | None:
    """What PostgreSQL has and SQLite lacks: each of some letters exchanged for another one."""
    return None if text is None else text.translate(str.maketrans(letters, others))
