"""The journal: reports are answered once they are in it, and folded into the tables from there."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.usage.name_limits import NameLimits
from store.usage.new_names import NewNames, Reservation, TooManyNamesError
from store.usage.reports import AnyReport, encode_reports, have_many_names, join_reports
from store.rows import MetricsJournalRow

# Encoded reports that may wait for their commit; beyond that the database cannot keep up.
MAX_PENDING_BYTES = 32_000_000
# The size at which a row is closed: a fold takes whole rows.
MAX_ROW_BYTES = 250_000
# How long a report waits for its commit before it is refused (promises.md, 3).
COMMIT_DEADLINE_S = 1.8
# How much longer it waits at most while this process writes a change of thousands of rows, and how
# often overdue reports are looked at.
BULK_PATIENCE_S = 20.0
BULK_INTERVAL_S = 0.1

_JOURNAL = table_of(MetricsJournalRow)
# SQLAlchemy compiles a statement once as long as it is the same object.
_INSERT = sa.insert(_JOURNAL)
_log = logging.getLogger(__name__)


class JournalFullError(StoreUnavailableError):
    """More reports wait for their commit than memory is set aside for."""


class _Entry(Struct, eq=False):
    """Reports that came together, as they stand in a JSON array."""

    encoded: bytes
    committed: asyncio.Future[None]
    new_names: NewNames | None


class Journal:
    """Collects reports and commits whatever has arrived as one row.

    A single task writes, so while one commit is under way the next row fills up, and a commit is
    shared by all who came meanwhile.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        limits: NameLimits | None = None,
        max_pending_bytes: int = MAX_PENDING_BYTES,
        commit_deadline_s: float = COMMIT_DEADLINE_S,
    ) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._max_pending_bytes = max_pending_bytes
        self._commit_deadline_s = commit_deadline_s
        self._pending: deque[_Entry] = deque()
        self._pending_bytes = 0
        self._wake = asyncio.Event()
        # Who waits and until when, in that order.
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._expiry: asyncio.TimerHandle | None = None
        self._closing = True
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to take reports."""
        self._closing = False
        self._writer = asyncio.create_task(self._write_rows(), name="writing the metrics journal")

    async def close(self) -> None:
        """Take no more reports and commit those that wait. Closing again does nothing."""
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
        """Keep some reports, all or none; once this returns, they survive a crash.

        `source` is what new names are limited by, such as the ID of a token; without one only
        their number in all is limited. `is_public` tells that anybody may report for that
        source, so pairs of an application and a toggle are limited, too. `are_large` is what
        `have_many_names` says of the reports, where the caller knows. Cancelling the call
        withdraws the reports unless they are already being committed.

        Raises:
            TooManyNamesError: they bring more new names than there is room for.
            JournalFullError: too many reports wait already.
            StoreUnavailableError: the reports could not be committed in time.
        """
        if not reports:
            return
        # Reports of tens of thousands of names would hold the event loop.
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
            raise StoreUnavailableError("The server is stopping.")
        if self._pending_bytes + len(encoded) > self._max_pending_bytes:
            raise JournalFullError("More reports are coming in than the database can take.")
        loop = asyncio.get_running_loop()
        entry = _Entry(encoded, loop.create_future(), new_names)
        self._pending.append(entry)
        self._pending_bytes += len(encoded)
        self._wake.set()
        self._waiting.append((loop.time() + self._commit_deadline_s, entry.committed))
        if self._expiry is None:
            self._expire(loop)
        await entry.committed

    async def _look_up(self, limits: NameLimits, new_names: NewNames) -> NewNames | None:
        try:
            async with asyncio.timeout(self._commit_deadline_s):
                return await limits.look_up(new_names)
        except TimeoutError as error:
            raise StoreUnavailableError("The database did not answer in time.") from error

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        """Refuse what has waited for too long; one timer for all, since all wait equally long."""
        now = loop.time()
        while self._waiting:
            due, committed = self._waiting[0]
            if not committed.done():
                if not self._is_overdue(due, now):
                    break
                failure = StoreUnavailableError("The database did not take the report in time.")
                committed.set_exception(failure)
            self._waiting.popleft()
        self._expiry = None
        if self._waiting:
            due = self._waiting[0][0]
            again = due if due > now else now + BULK_INTERVAL_S
            self._expiry = loop.call_at(again, self._expire, loop)

    def _is_overdue(self, due: float, now: float) -> bool:
        """Whether a report is to be refused. While this process writes a large change the database
        is at work, so the report waits on, and has the usual time after that."""
        busy_until = now if self._database.writes_bulk else self._database.bulk_ended_at
        patience_ends = max(due, busy_until + self._commit_deadline_s)
        return now >= min(patience_ends, due + BULK_PATIENCE_S)

    def _is_after_bulk(self) -> bool:
        """Whether a large change is, or has just been, in the way of reports."""
        since = asyncio.get_running_loop().time() - self._commit_deadline_s
        return self._database.writes_bulk or self._database.bulk_ended_at > since

    async def _write_rows(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._write_row()
            if self._closing:
                return

    async def _write_row(self) -> None:
        batch: list[_Entry] = []
        reservation: Reservation | None = None
        # Whoever stands in the queue behind a large change may be refused.
        await self._database.bulk_written()
        try:
            async with self._database.begin_journal_write() as connection:
                # Only now, so that whoever came while others wrote is among them.
                batch = self._take_batch(MAX_ROW_BYTES)
                if any(entry.new_names is not None for entry in batch):
                    reservation = Reservation()
                    batch = [it for it in batch if await self._reserve(connection, it, reservation)]
                if batch:
                    await connection.execute(_INSERT, [self._row(batch)])
        except Exception as error:
            if self._limits is not None:
                self._limits.forget_allowances()
            if self._is_after_bulk() and _has_stored_nothing(error):
                # Those that are overdue all the same are refused soon.
                self._put_back(batch)
                await asyncio.sleep(BULK_INTERVAL_S)
                return
            batch = batch or self._take_batch(self._max_pending_bytes)
            if not isinstance(error, StoreUnavailableError):
                _log.exception("%d reports could not be written to the journal", len(batch))
            for entry in batch:
                if not entry.committed.done():
                    failure = StoreUnavailableError("The report could not be stored.")
                    failure.__cause__ = error
                    entry.committed.set_exception(failure)
        else:
            if self._limits is not None and reservation is not None:
                self._limits.confirm(reservation)
            for entry in batch:
                if not entry.committed.done():
                    entry.committed.set_result(None)

    async def _reserve(
        self, connection: AsyncConnection, entry: _Entry, reservation: Reservation
    ) -> bool:
        """Make sure that there is room for the new names of an entry, or refuse it."""
        if entry.new_names is None or self._limits is None:
            return True
        try:
            await self._limits.reserve(connection, entry.new_names, reservation)
        except TooManyNamesError as error:
            if not entry.committed.done():
                entry.committed.set_exception(error)
            return False
        return True

    def _take_batch(self, max_bytes: int) -> list[_Entry]:
        """The next reports that somebody still waits for, as many as make so many bytes."""
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
        """Let reports wait on that could not be written yet."""
        self._pending.extendleft(reversed(batch))
        self._pending_bytes += sum(len(entry.encoded) for entry in batch)

    def _row(self, batch: list[_Entry]) -> dict[str, Any]:
        return {
            "received_at": self._clock(),
            "reports": join_reports(entry.encoded for entry in batch),
        }


def _has_stored_nothing(error: Exception) -> bool:
    return isinstance(error, StoreUnavailableError) and not isinstance(error, OutcomeUnknownError)
