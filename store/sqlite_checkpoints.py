"""Checkpoint SQLite's write-ahead log: copy its pages to the database file, and restart it."""

import asyncio
from contextlib import nullcontext, suppress

from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from store.bulk_mark import BulkMark
from store.database_file import DatabaseFile
from store.errors import StoreUnavailableError
from store.sqlite_engine import run_pragma

# If a commit leaves at least this many pages to copy, the commit starts a checkpoint. SQLite has
# the same default.
LONG_LOG_PAGES = 1_000
# A checkpoint of at least this many pages (40 MB) keeps the disk busy.
HUGE_LOG_PAGES = 10_000
# The delay after readers or another process have prevented a checkpoint.
RETRY_S = 1.0
# The maximum number of rounds in one checkpoint. If a large change is committed during a round,
# another round is needed.
_MAX_ROUNDS = 5
# Errors of an unavailable database. The next commit tries the checkpoint again.
_FAILURES = (DBAPIError, PoolTimeoutError, StoreUnavailableError, OSError)


class Checkpoint(Struct, frozen=True):
    """The number of pages in the log, and the number of copied pages.

    Both numbers are -1 if another checkpoint was running.
    """

    pages: int
    copied: int

    @property
    def leaves_few(self) -> bool:
        """Whether few pages are left to copy."""
        return 0 <= self.pages < self.copied + LONG_LOG_PAGES


class Checkpoints:
    """Checkpoints the log in the background, in place of SQLite's own checkpoints.

    SQLite's own checkpoint copies the whole log within a commit, while other writers of the process
    wait. A large change of any process can make the log grow to hundreds of megabytes. The log also
    grows during a backup or another long read, because a long read prevents copying.

    A checkpoint of this class copies pages while others write. The checkpoint then takes the
    writers' lock, and copies the few pages that were written meanwhile. SQLite restarts the log
    only if all pages are copied.
    """

    def __init__(
        self,
        file: DatabaseFile,
        mark: BulkMark,
        *,
        readers: AsyncEngine,
        writer: AsyncEngine,
        write_lock: asyncio.Lock,
    ) -> None:
        self._file = file
        self._mark = mark
        self._readers = readers
        self._writer = writer
        self._write_lock = write_lock
        self._task: asyncio.Task[None] | None = None
        # Whether a large change was committed after the last copying of pages began.
        self._follows_bulk = False
        self._try_again_at = float("-inf")
        # Whether a running checkpoint copies so many pages that other writes are slow.
        # `_busy_until` is the time at which the last checkpoint of this kind ended.
        self._keeps_disk_busy = False
        self._busy_until = float("-inf")

    def seconds_since_busy(self) -> float:
        """Return the seconds since a checkpoint kept the disk busy; 0 during such a checkpoint."""
        if self._keeps_disk_busy:
            return 0.0
        return asyncio.get_running_loop().time() - self._busy_until

    def after_commit(self, *, bulk: bool = False) -> None:
        """Start a checkpoint if the log is long, or after a `bulk` change."""
        self._follows_bulk = self._follows_bulk or bulk
        if self._task is not None and not self._task.done():
            return
        is_due = asyncio.get_running_loop().time() >= self._try_again_at and self._is_long()
        if bulk or is_due:
            self._task = asyncio.create_task(self._checkpoint(), name="Checkpointing the log")

    async def finish(self) -> None:
        """Wait for the running checkpoint; do nothing if no checkpoint is running."""
        if self._task is not None:
            await self._task

    async def copy_pages(self) -> Checkpoint:
        """Copy the log's pages as far as readers permit, while others write.

        Raises: the errors of an unavailable database.
        """
        self._file.verify()
        return await _run(self._readers)

    async def _checkpoint(self) -> None:
        with suppress(*_FAILURES):
            for _ in range(_MAX_ROUNDS):
                if not await self._copy_while_others_write():
                    break
                async with self._write_lock:
                    # Another large change may have been committed meanwhile.
                    if not self._is_long():
                        self._file.verify()
                        await _run(self._writer)
                        return
        self._try_again_at = asyncio.get_running_loop().time() + RETRY_S

    async def _copy_while_others_write(self) -> bool:
        """Copy the log's pages while others write; return whether few pages are left."""
        is_huge = self._follows_bulk or (self._file.pages_to_copy or 0) >= HUGE_LOG_PAGES
        self._follows_bulk, self._keeps_disk_busy = False, is_huge
        try:
            with self._mark.held() if is_huge else nullcontext():
                return (await self.copy_pages()).leaves_few
        finally:
            self._keeps_disk_busy = False
            if is_huge:
                self._busy_until = asyncio.get_running_loop().time()

    def _is_long(self) -> bool:
        """Whether many pages of the log were not copied at the last observation."""
        return (self._file.pages_to_copy or 0) >= LONG_LOG_PAGES


async def _run(engine: AsyncEngine) -> Checkpoint:
    async with engine.connect() as connection:
        _, pages, copied = await run_pragma(connection, "wal_checkpoint(PASSIVE)")
        return Checkpoint(pages, copied)
