"""Move reports from the journal into the tables that queries read."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Container, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.background import Periodic
from store.database import Database
from store.errors import StoreUnavailableError, reason
from store.json_checks import LARGE_JSON_BYTES
from store.model import Actor
from store.rows import ApplicationRow, MetricsJournalRow, MetricsReceiptRow
from store.slices import SLICE, slices_of
from store.snapshot import Snapshot
from store.sqlite_space import give_back_space
from store.unit_of_work import UnitOfWork
from store.usage.aggregation_lock import try_aggregation_lock
from store.usage.name_limits import NameLimits
from store.usage.own_rows import OwnRows
from store.usage.registration import register_applications
from store.usage.reports import (
    AnyReport,
    RegistrationReport,
    UsageReport,
    decode_reports,
    have_many_names,
)
from store.usage.retention import Retention, remove_expired
from store.usage.summary import UsageSummary
from store.usage.totals import Totals
from store.usage.upserts import write_totals
from store.usage_sequence import next_sequence

P = ParamSpec("P")
T = TypeVar("T")

AGGREGATION_INTERVAL_S = 1.0
CLEANING_INTERVAL = timedelta(minutes=1)
# While another process aggregates, `run_once` retries every RETRY_INTERVAL_S seconds. After
# MAX_WAIT_S seconds, `run_once` raises an error.
MAX_WAIT_S = 30.0
RETRY_INTERVAL_S = 0.02
# One transaction aggregates at most this many journal rows. The limit is low for two reasons: other
# writers wait for the transaction, and adding up reports blocks the event loop.
MAX_ROWS = 500
MAX_CHARACTERS = 500_000

_JOURNAL = table_of(MetricsJournalRow)
_APPLICATION = table_of(ApplicationRow)
_RECEIPT = table_of(MetricsReceiptRow)

# This statement is a constant, because SQLAlchemy compiles each statement object only once.
_FIND_NEWEST = sa.select(sa.func.max(_JOURNAL.c.id))
_FIND_OLDEST = (
    sa.select(_JOURNAL.c.id, _JOURNAL.c.received_at, sa.func.length(_JOURNAL.c.reports))
    .where(
        _JOURNAL.c.id <= sa.bindparam("newest"),
        _JOURNAL.c.id.not_in(sa.bindparam("unreadable", expanding=True)),
    )
    .order_by(_JOURNAL.c.id)
    .limit(MAX_ROWS)
)
_IDS = _JOURNAL.c.id.in_(sa.bindparam("ids", expanding=True))
_READ = sa.select(_JOURNAL.c.id, _JOURNAL.c.reports).where(_IDS)
_REMOVE = sa.delete(_JOURNAL).where(_IDS).returning(_JOURNAL.c.id)
_FIND_REGISTERED = sa.select(_APPLICATION.c.name).where(
    _APPLICATION.c.name.in_(sa.bindparam("names", expanding=True)),
    _APPLICATION.c.registered_at.is_not(None),
)
_log = logging.getLogger(__name__)


class _Batch(Struct):
    """A batch of journal rows: a mapping of row IDs to reports.

    `registered` are the names of applications that are already registered. If the reports have too
    many names to process on the event loop, `is_large` is true.
    """

    reports: dict[int, list[AnyReport]]
    registered: set[str]
    is_large: bool


class Aggregator:
    """Aggregates the journal once a second, from `start` to `close`.

    If an aggregation fails, the aggregator logs the failure and retries. Several processes can
    share a database. Because of a lock, only one process aggregates at a time. A process that does
    not get the lock does nothing. If the file system does not support locks, two processes may
    aggregate at the same time. In this case, only the process that deletes a journal row counts the
    reports in the row.
    """

    def __init__(
        self,
        database: Database,
        usage: UsageSummary,
        clock: Callable[[], datetime],
        *,
        limits: NameLimits,
        retention: Retention,
        snapshot: Callable[[], Snapshot],
        write: Callable[[Actor], AbstractAsyncContextManager[UnitOfWork]],
        version: Callable[[], object | None],
        own_rows: OwnRows,
    ) -> None:
        """Prepare the aggregation.

        `version` returns a value that changes with each commit. If `version` returns None, only a
        query can detect a commit.
        """
        self._database = database
        self._usage = usage
        self._limits = limits
        self._retention = retention
        self._clock = clock
        self._snapshot = snapshot
        self._write = write
        self._version = version
        self._own_rows = own_rows
        # When the journal was last aggregated, the database had this version.
        self._aggregated: object | None = None
        self._one_at_a_time = asyncio.Lock()
        self._unreadable: set[int] = set()
        self._counted_until = clock()
        self._next_cleaning = clock() + CLEANING_INTERVAL
        self._task = Periodic(
            "Aggregating the metrics journal",
            AGGREGATION_INTERVAL_S,
            self.aggregate_and_clean,
            at_once=True,
        )

    @property
    def lag_s(self) -> float:
        """The maximum age, in seconds, of the reports that are not counted yet."""
        return max((self._clock() - self._counted_until).total_seconds(), 0.0)

    async def find_lag(self) -> None:
        """Read the arrival time of the oldest report from the journal.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        now = self._clock()
        waiting = sa.select(sa.func.min(_JOURNAL.c.received_at)).where(
            _JOURNAL.c.id.not_in(self._unreadable)
        )
        async with self._database.begin_read() as connection:
            self._counted_until = await connection.scalar(waiting) or now

    def start(self) -> None:
        """Start to aggregate in the background.

        The first aggregation includes rows that an earlier server process left behind.
        """
        self._task.start()

    async def close(self) -> None:
        """Stop the background task, and aggregate the journal once more."""
        await self._task.close()
        try:
            async with self._try_lock() as locked:
                if locked:
                    await self._aggregate_all()
        except StoreUnavailableError as error:
            _log.error(
                "The metrics journal could not be aggregated; the next start tries again: %s",
                reason(error),
            )
        except Exception:
            _log.exception(
                "The metrics journal could not be aggregated; the next start tries again"
            )

    async def run_once(self) -> None:
        """Aggregate the whole journal; if another process is aggregating, wait for that process.

        Raises: StoreUnavailableError: the database is unavailable, or another process has been
            aggregating for too long.
        """
        await self._run_alone(self._aggregate_all)

    async def clean(self) -> None:
        """Remove expired rows; if another process is aggregating, wait for that process.

        Raises: the errors of `run_once`.
        """
        await self._run_alone(lambda: self._clean(self._clock()))

    async def _clean(self, now: datetime) -> None:
        await remove_expired(self._database, self._limits, now, self._retention)
        await self._limits.trim(now)
        await give_back_space(self._database)

    async def _run_alone(self, work: Callable[[], Awaitable[None]]) -> None:
        deadline = asyncio.get_running_loop().time() + MAX_WAIT_S
        while asyncio.get_running_loop().time() < deadline:
            async with self._try_lock() as locked:
                if locked:
                    await work()
                    return
            await asyncio.sleep(RETRY_INTERVAL_S)
        raise StoreUnavailableError(
            f"Another process has been aggregating the metrics journal for {MAX_WAIT_S:g} seconds."
        )

    async def aggregate_and_clean(self) -> None:
        """Aggregate the journal and remove expired rows.

        If another process is aggregating, do nothing.
        """
        now, version = self._clock(), self._version()
        if version is not None and version == self._aggregated and now < self._next_cleaning:
            self._counted_until = now
            return
        async with self._try_lock() as locked:
            if not locked:
                self._own_rows.clear()
                return
            await self._aggregate_all()
            self._aggregated = version
            now = self._clock()
            if now >= self._next_cleaning:
                self._next_cleaning = now + CLEANING_INTERVAL
                await self._clean(now)

    @asynccontextmanager
    async def _try_lock(self) -> AsyncGenerator[bool, None]:
        async with self._one_at_a_time, try_aggregation_lock(self._database) as locked:
            yield locked

    async def _aggregate_all(self) -> None:
        now = self._clock()
        async with self._database.begin_read() as connection:
            newest = await connection.scalar(_FIND_NEWEST)
        while newest is not None and await self._aggregate_batch(newest):
            pass
        self._counted_until = now

    async def _aggregate_batch(self, newest: int) -> bool:
        """Aggregate the oldest rows with IDs up to `newest`.

        Return False if no such rows exist.
        """
        loaded = self._database.loaded
        async with self._database.begin_read() as connection:
            batch = await self._read_batch(connection, newest)
        if not batch.reports:
            return False
        new = await self._run(batch, _new_registrations, batch, self._snapshot().toggles)
        await register_applications(self._write, new)
        async with self._database.begin_write() as connection:
            if loaded != self._database.loaded:
                # The rows are from the previous file. In the new file, the same IDs may belong to
                # other rows.
                raise StoreUnavailableError("The database was replaced.")
            state = await next_sequence(connection)
            # Load the usage that other processes have aggregated since the last refresh.
            before = state.sequence - 1
            await self._usage.refresh(connection, state, up_to=before)
            totals = await self._remove_batch(connection, batch)
            await write_totals(self._database, connection, totals, state.sequence)
        for uses in slices_of(await self._run(batch, totals.uses)):
            self._usage.apply(uses)
            if len(uses) == SLICE:
                await asyncio.sleep(0)
        self._usage.apply((), state.sequence)
        return True

    async def _run(
        self, batch: _Batch, work: Callable[P, T], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run `work` and return its result; if the batch is large, run `work` in a thread."""
        if batch.is_large:
            return await asyncio.to_thread(work, *args, **options)
        return work(*args, **options)

    async def _read_batch(self, connection: AsyncConnection, newest: int) -> _Batch:
        """Read the oldest rows of the journal; no write lock is acquired."""
        parameters = {"newest": newest, "unreadable": [*self._unreadable]}
        row_ids: list[int] = []
        reports: dict[int, list[AnyReport]] = {}
        size = 0
        rows = (await connection.execute(_FIND_OLDEST, parameters)).all()
        for row_id, received_at, length in rows:
            if size and size + length > MAX_CHARACTERS:
                break
            size += length
            own = self._own_rows.take((row_id, received_at, length))
            if own is not None:
                reports[row_id] = own
            else:
                row_ids.append(row_id)
        if row_ids:
            reports |= await self._read_reports(connection, row_ids)
            # Sort by age, because `_new_registrations` uses the first report of an application.
            reports = dict(sorted(reports.items()))
        names = {report.app_name for row in reports.values() for report in row}
        if not names:
            return _Batch(reports, set(), False)
        registered = set(await connection.scalars(_FIND_REGISTERED, {"names": [*names]}))
        is_large = have_many_names(report for row in reports.values() for report in row)
        return _Batch(reports, registered, is_large)

    async def _read_reports(
        self, connection: AsyncConnection, row_ids: Collection[int]
    ) -> dict[int, list[AnyReport]]:
        """Read the reports of some rows.

        If a row cannot be decoded, this call and later calls skip the row.
        """
        reports: dict[int, list[AnyReport]] = {}
        for row_id, json in await connection.execute(_READ, {"ids": [*row_ids]}):
            try:
                large = len(json) > LARGE_JSON_BYTES
                reports[row_id] = (
                    await asyncio.to_thread(decode_reports, json) if large else decode_reports(json)
                )
            except msgspec.DecodeError:
                # Keep the row, because a newer release may have written the row and may be able to
                # decode it.
                self._unreadable.add(row_id)
                _log.error("Row %d of the metrics journal cannot be read and is skipped", row_id)
        return reports

    async def _remove_batch(self, connection: AsyncConnection, batch: _Batch) -> Totals:
        """Delete the rows of a batch, and sum up the reports of the deleted rows."""
        removed = sorted((await connection.scalars(_REMOVE, {"ids": [*batch.reports]})).all())
        reports = [report for row_id in removed for report in batch.reports[row_id]]
        unused = await self._write_receipts(connection, reports)
        totals = Totals(
            now=self._clock(), toggles=self._snapshot().toggles, retention=self._retention
        )
        await self._run(batch, _add_reports, totals, reports, unused)
        return totals

    async def _write_receipts(
        self, connection: AsyncConnection, reports: Iterable[AnyReport]
    ) -> set[str | None]:
        """Store the receipts of reports; return the receipts that are new."""
        rows = {
            report.receipt: {"key": report.receipt, "received_at": report.received_at}
            for report in reports
            if isinstance(report, UsageReport) and report.receipt is not None
        }
        if not rows:
            return set()
        insert = self._database.upsert(_RECEIPT).on_conflict_do_nothing().returning(_RECEIPT.c.key)
        result = await connection.scalars(insert, [rows[key] for key in sorted(rows)])
        return set(result.all())


def _add_reports(totals: Totals, reports: Iterable[AnyReport], unused: set[str | None]) -> None:
    """Add reports to the totals.

    If the receipt of a report is not in `unused`, the report was counted before. In this case, the
    report only updates its instance.
    """
    for report in reports:
        receipt = report.receipt if isinstance(report, UsageReport) else None
        totals.add(report, counted=receipt is None or receipt in unused)
        unused.discard(receipt)


def _new_registrations(batch: _Batch, toggles: Container[str]) -> list[AnyReport]:
    """Return one report for each application that the reports register for the first time.

    For each application, the result contains the first `RegistrationReport`, because registrations
    contain the most details. Without a registration, the result contains the first usage report
    that names an existing toggle and has a true `registers`.
    """
    first: dict[str, RegistrationReport] = {}
    first_usage: dict[str, UsageReport] = {}
    for row in batch.reports.values():
        for report in row:
            name = report.app_name
            if name in batch.registered:
                continue
            if isinstance(report, RegistrationReport):
                first.setdefault(name, report)
            elif (
                report.registers
                and name not in first_usage
                and any(toggle_name in toggles for toggle_name in report.toggles)
            ):
                first_usage[name] = report
    return list({**first_usage, **first}.values())
