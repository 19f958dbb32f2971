"""Limit the disk space of an SQLite database: release free pages, and keep the log small."""

import asyncio
import logging
from pathlib import Path

from store.database import Database
from store.database_file import LOG
from store.errors import StoreUnavailableError
from store.sqlite_engine import LOG_LIMIT_BYTES

# The maximum number of pages to release in one transaction, and the maximum number of transactions
# per call. The number of pages is small, so that a transaction has the lock only briefly.
PAGES_AT_ONCE = 500
MAX_STEPS = 200
# The number of free pages to keep for later writes.
SPARE_PAGES = 500
# The maximum size of a file that is rewritten at start.
MAX_START_BYTES = 200_000_000
_INCREMENTAL = 2

_log = logging.getLogger(__name__)


async def give_space_back_later(database: Database) -> None:
    """Rewrite a file of an earlier version once, so that its free pages can be released."""
    if database.file is None:
        return
    try:
        (mode,) = await database.run_pragma("auto_vacuum")
        if mode == _INCREMENTAL:
            return
        (pages,), (page_size,) = [
            await database.run_pragma(name) for name in ("page_count", "page_size")
        ]
        size = pages * page_size
        if size > MAX_START_BYTES:
            _log.warning(
                "The database file has %d MB and cannot shrink: stop all servers and run "
                "sqlite3 FILE 'PRAGMA auto_vacuum=INCREMENTAL; VACUUM'",
                size // 1_000_000,
            )
            return
        await database.run_pragma(f"auto_vacuum={_INCREMENTAL}", then="VACUUM")
    except StoreUnavailableError as error:
        _log.warning("The database file cannot shrink until the next start: %s", error)


async def give_back_space(database: Database) -> None:
    """Release free pages of the file, and empty the log if it has grown.

    Raises: StoreUnavailableError: the database is unavailable.
    """
    if database.file is None or database.file.problem is not None:
        return
    vacuumed = False
    for _ in range(MAX_STEPS):
        (free,) = await database.run_pragma("freelist_count")
        if free <= SPARE_PAGES:
            break
        pages = min(PAGES_AT_ONCE, free - SPARE_PAGES)
        # Run the pragma as a script. The pragma frees one page per step, and Python would stop
        # after one step.
        await database.run_script(f"PRAGMA incremental_vacuum({pages});")
        vacuumed = True
    if vacuumed:
        # Run a checkpoint, because only a checkpoint shrinks the file.
        await database.checkpoint()
    is_large = await asyncio.to_thread(_log_size, database.file.path) > LOG_LIMIT_BYTES
    # Copy most pages first, because other writers wait while the log is emptied.
    if is_large and (await database.checkpoint()).leaves_few:
        await database.empty_log()


def _log_size(path: str) -> int:
    try:
        return Path(f"{Path(path).resolve()}{LOG}").stat().st_size
    except FileNotFoundError:
        return 0
