"""Commit reports to the journal.

The server acknowledges reports after committing them to the journal. The reports are aggregated
later.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.bulk import insert_row
from store.database import Database
from store.errors import OutcomeUnknownError, StoreUnavailableError, reason
from store.row_changes import Kind, batch_of
from store.rows import MetricsJournalRow
from store.usage.name_limits import NameLimits
from store.usage.new_names import NewNames, Reservation, TooManyNamesError
from store.usage.own_rows import OwnRows, RowKey
from store.usage.reports import AnyReport, encode_reports, have_many_names, join_reports
from store.waiting import BULK_PATIENCE_S

# All encoded reports that wait for a commit have at most this size. The journal refuses further
# reports.
MAX_PENDING_BYTES = 32_000_000
# The journal adds reports to a row until the row has this size. Rows are limited because the
# aggregation reads whole rows.
MAX_ROW_BYTES = 250_000
# A report that waits longer than this time for the write that stores it is refused. The write takes
# at most two seconds (promises.md, 3).
COMMIT_DEADLINE_S = 1.8
# While reports are refused, the log says so at most once in this time.
LOG_INTERVAL_S = 60.0
# During a change of thousands of rows, reports may wait BULK_PATIENCE_S longer. On SQLite, the
# change may be in another process. During the change, the journal checks deadlines and retries
# every BULK_INTERVAL_S seconds.
BULK_INTERVAL_S = 0.1

_JOURNAL = table_of(MetricsJournalRow)
_COLUMNS = ("received_at", "reports")
_log = logging.getLogger(__name__)


class JournalFullError(StoreUnavailableError):
    """The reports that wait for a commit exceed the memory reserved for them."""


class _Entry(Struct, eq=False):
    """Reports that arrived together, encoded as items of a JSON array."""

    encoded: bytes
    committed: asyncio.Future[None]
    new_names: NewNames | None
    reports: Sequence[AnyReport]


class Journal:
    """Collects reports and commits waiting reports together as one row.

    A single task writes rows. Reports that arrive during a commit share the next commit.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        limits: NameLimits | None = None,
        own_rows: OwnRows | None = None,
        max_pending_bytes: int = MAX_PENDING_BYTES,
        commit_deadline_s: float = COMMIT_DEADLINE_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._own_rows = own_rows
        self._max_pending_bytes = max_pending_bytes
        self._commit_deadline_s = commit_deadline_s
        self._pending: deque[_Entry] = deque()
        self._pending_bytes = 0
        self._wake = asyncio.Event()
        # The futures of the reports that the current write stores. Only its outcome settles them:
        # a report that is refused although it is stored would be counted twice.
        self._in_write: frozenset[asyncio.Future[None]] = frozenset()
        # Pairs of a deadline and a future that waits for a commit, earliest deadline first.
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._expiry: asyncio.TimerHandle | None = None
        self._log_again_at = 0.0
        self._closing = True
        self._writer: asyncio.Task[None] | None = None

    @property
    def pending(self) -> int:
        """The number of calls of `add` that wait for a commit."""
        return len(self._pending)

    @property
    def pending_bytes(self) -> int:
        """The size of the encoded reports that wait for a commit."""
        return self._pending_bytes

    async def start(self) -> None:
        """Start to accept reports."""
        self._closing = False
        self._writer = asyncio.create_task(self._write_rows(), name="writing the metrics journal")

    async def close(self) -> None:
        """Commit the waiting reports and refuse new reports.

        If the journal is already closed, do nothing.
        """
        self._closing = True
        self._wake.set()
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None

    async def add(
        self,
        *reports: AnyReport,
        source: str | None = None,
        is_public: bool = False,
        are_large: bool | None = None,
    ) -> None:
        """Store all given reports or none.

        After this function has returned, the reports survive a crash. New names are limited per
        `source`, such as the ID of a token. Without a source, only the total number of names is
        limited. If `is_public` is true, pairs of an application and a toggle are limited as well.
        Callers that have already called `have_many_names` can pass the result as `are_large`. If
        the call is cancelled before the commit begins, the reports are withdrawn.

        Raises:
            TooManyNamesError: the reports have more new names than a limit allows.
            JournalFullError: too many reports are waiting.
            StoreUnavailableError: the reports could not be committed in time.
        """
        if not reports:
            return
        # Reports of tens of thousands of names would block the event loop.
        is_large = have_many_names(reports) if are_large is None else are_large
        new_names = None
        if self._limits is not None:
            new_names = (
                await asyncio.to_thread(self._limits.find_new, reports, source, is_public)
                if is_large
                else self._limits.find_new(reports, source, is_public)
            )
        if new_names is not None and self._limits and self._limits.is_exhausted(new_names):
            new_names = await self._look_up(self._limits, new_names)
        encoded = (
            await asyncio.to_thread(encode_reports, reports)
            if is_large
            else encode_reports(reports)
        )
        if self._closing:
            raise StoreUnavailableError("Reports are not accepted at the moment.")
        if self._pending_bytes + len(encoded) > self._max_pending_bytes:
            raise JournalFullError("Reports arrive faster than the database can store them.")
        loop = asyncio.get_running_loop()
        entry = _Entry(encoded, loop.create_future(), new_names, reports)
        self._pending.append(entry)
        self._pending_bytes += len(encoded)
        self._wake.set()
        self._waiting.append((loop.time() + self._commit_deadline_s, entry.committed))
        if self._expiry is None:
            self._expire(loop)
        committed = entry.committed
        try:
            await committed
        finally:
            # The traceback of a failure refers to this frame. If the frame also referred to the
            # failure, only a garbage collection would free the frame, the failure and the request.
            del entry, committed

    async def _look_up(self, limits: NameLimits, new_names: NewNames) -> NewNames | None:
        try:
            async with asyncio.timeout(self._commit_deadline_s):
                return await limits.look_up(new_names)
        except TimeoutError as error:
            raise StoreUnavailableError("The database did not answer in time.") from error

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        """Refuse overdue reports that no write stores yet.

        All reports have the same maximum waiting time, so one timer for the earliest deadline is
        enough.
        """
        now = loop.time()
        for due, committed in self._waiting:
            if not committed.done() and committed not in self._in_write:
                if not self._is_overdue(due, now):
                    break
                failure = StoreUnavailableError("The database did not store the report in time.")
                committed.set_exception(failure)
                self._log_refusal(failure)
        self._forget_settled()
        self._expiry = None
        if self._waiting:
            due = self._waiting[0][0]
            again = due if due > now else now + BULK_INTERVAL_S
            self._expiry = loop.call_at(again, self._expire, loop)

    def _log_refusal(self, failure: StoreUnavailableError) -> None:
        """Log that reports are refused, which otherwise only clients and metrics would show."""
        now = asyncio.get_running_loop().time()
        if now >= self._log_again_at:
            self._log_again_at = now + LOG_INTERVAL_S
            _log.warning("Usage reports are refused with 503: %s", reason(failure))

    def _is_overdue(self, due: float, now: float) -> bool:
        """Whether a report has waited too long.

        During a change of thousands of rows, no report is overdue. After the change, the deadline
        of each report is extended to COMMIT_DEADLINE_S from the end of the change. A report never
        waits longer than BULK_PATIENCE_S beyond `due`.
        """
        busy_until = now - self._database.seconds_since_bulk()
        patience_ends = max(due, busy_until + self._commit_deadline_s)
        return now >= min(patience_ends, due + BULK_PATIENCE_S)

    def _is_after_bulk(self) -> bool:
        """Whether a large change is running or ended less than COMMIT_DEADLINE_S ago."""
        return self._database.seconds_since_bulk() < self._commit_deadline_s

    async def _write_rows(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._write_row()
                self._in_write = frozenset()
            if self._closing:
                return

    async def _write_row(self) -> None:
        batch: list[_Entry] = []
        written: RowKey | None = None
        reservation: Reservation | None = None
        try:
            async with self._database.begin_journal_write() as connection:
                # Build the batch here, after the wait for the database, so that the batch includes
                # the latest reports.
                batch = self._take_batch(MAX_ROW_BYTES)
                self._in_write = frozenset(entry.committed for entry in batch)
                if any(entry.new_names is not None for entry in batch):
                    reservation = Reservation()
                    batch = [
                        entry
                        for entry in batch
                        if await self._reserve(connection, entry, reservation)
                    ]
                if batch:
                    row = self._row(batch)
                    insert = batch_of(connection.dialect, Kind.INSERT, _JOURNAL, _COLUMNS, [row])
                    row_id = await insert_row(connection, insert, "id")
                    written = row_id, row["received_at"], len(row["reports"])
        except Exception as error:
            if self._limits is not None:
                self._limits.forget_allowances()
            if self._is_after_bulk() and _has_stored_nothing(error):
                # `_expire` refuses the reports that are overdue.
                self._put_back(batch)
                await asyncio.sleep(BULK_INTERVAL_S)
                return
            batch = batch or self._take_batch(self._max_pending_bytes)
            if not isinstance(error, StoreUnavailableError):
                _log.exception("%d reports could not be written to the journal", len(batch))
            elif batch:
                self._log_refusal(error)
            for entry in batch:
                if not entry.committed.done():
                    failure = StoreUnavailableError("The report could not be stored.")
                    entry.committed.set_exception(failure)
        else:
            if self._limits is not None and reservation is not None:
                self._limits.confirm(reservation)
            if self._own_rows is not None and written is not None:
                self._own_rows.add(written, [each for entry in batch for each in entry.reports])
            for entry in batch:
                if not entry.committed.done():
                    entry.committed.set_result(None)
        self._forget_settled()

    def _forget_settled(self) -> None:
        """Remove the oldest reports that are already committed or refused.

        Without the removal, a refused report would keep the memory of a whole request in use.
        """
        while self._waiting and self._waiting[0][1].done():
            self._waiting.popleft()
        while self._pending and self._pending[0].committed.done():
            self._pending_bytes -= len(self._pending.popleft().encoded)

    async def _reserve(
        self, connection: AsyncConnection, entry: _Entry, reservation: Reservation
    ) -> bool:
        """Reserve room for an entry's new names.

        If the names exceed a limit, refuse the entry and return False.
        """
        if entry.new_names is None or self._limits is None:
            return True
        try:
            await self._limits.reserve(connection, entry.new_names, reservation)
        except TooManyNamesError as error:
            if not entry.committed.done():
                # A traceback would refer to this frame, so the entry would remain in memory.
                entry.committed.set_exception(error.with_traceback(None))
            return False
        return True

    def _take_batch(self, max_bytes: int) -> list[_Entry]:
        """Remove and return the next entries of the queue.

        The function stops when the entries have `max_bytes` or more in total. Withdrawn entries are
        removed without being returned.
        """
        batch: list[_Entry] = []
        size = 0
        while self._pending and size < max_bytes:
            entry = self._pending.popleft()
            self._pending_bytes -= len(entry.encoded)
            if not entry.committed.done():
                batch.append(entry)
                size += len(entry.encoded)
        return batch

    def _put_back(self, batch: list[_Entry]) -> None:
        """After a failed write, return entries to the front of the queue."""
        self._pending.extendleft(reversed(batch))
        self._pending_bytes += sum(len(entry.encoded) for entry in batch)

    def _row(self, batch: list[_Entry]) -> dict[str, Any]:
        return {
            "received_at": self._clock(),
            "reports": join_reports(entry.encoded for entry in batch),
        }


def _has_stored_nothing(error: Exception) -> bool:
    return isinstance(error, StoreUnavailableError) and not isinstance(error, OutcomeUnknownError)
