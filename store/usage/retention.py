"""Remove usage, events and change sets whose retention time has passed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.events import ChangeSetState
from store.rows import (
    ApplicationInstanceRow,
    ApplicationRow,
    ChangeSetRow,
    EventRow,
    MetricBucketRow,
    MetricsReceiptRow,
    NameAllowanceRow,
    RecentCountRow,
    ServerStateRow,
    ToggleRow,
    ToggleUsageRow,
    UnknownNameRow,
    VariantBucketRow,
)
from store.usage.allowances import HOUR
from store.usage.name_limits import NameLimits
from store.usage.room import Removed
from store.usage_sequence import next_sequence

# By default, buckets of each width are retained for these times.
BUCKET_RETENTION = {
    "minute": timedelta(hours=2),
    "hour": timedelta(days=90),
    "day": timedelta(days=730),
}
# Counts per second are needed only for the last minute.
RECENT_RETENTION = timedelta(minutes=2)
# At most this many instances are stored. The least recently seen instances are removed first.
MAX_INSTANCES = 100_000
# SDKs stop repeating a report after a few minutes.
RECEIPT_RETENTION = timedelta(hours=1)

# One transaction removes at most this many rows, so that other writers do not wait long.
CHUNK = 2_000
CHANGE_SETS_AT_ONCE = 50

_TOGGLE = table_of(ToggleRow)
_EVENT = table_of(EventRow)
_CHANGE_SET = table_of(ChangeSetRow)
_STATE = table_of(ServerStateRow)
_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_UNKNOWN = table_of(UnknownNameRow)
_ALLOWANCE = table_of(NameAllowanceRow)
_RECENT = table_of(RecentCountRow)
_RECEIPT = table_of(MetricsReceiptRow)
_BUCKETS = (table_of(MetricBucketRow), table_of(VariantBucketRow))


class Retention(Struct, frozen=True):
    """The times for which rows are stored. None means forever.

    An application expires if it has no instances and has sent no report for the time
    `applications`. An unknown name expires if no application has requested the name for the time
    `unknown_names`. The newest event of each toggle never expires.
    """

    applications: timedelta | None = timedelta(days=90)
    # If an instance was absent for a week, the same ID does not appear again.
    instances: timedelta = timedelta(days=7)
    unknown_names: timedelta = timedelta(days=30)
    hours: timedelta = BUCKET_RETENTION["hour"]
    days: timedelta = BUCKET_RETENTION["day"]
    events: timedelta | None = None
    change_sets: timedelta | None = None

    def of_buckets(self) -> dict[str, timedelta]:
        """Return the retention of buckets of each width."""
        return {"minute": BUCKET_RETENTION["minute"], "hour": self.hours, "day": self.days}


DEFAULT_RETENTION = Retention()


class _Expired(NamedTuple):
    """The expired rows of a table. `kind` describes them to operators."""

    kind: str
    table: sa.Table
    condition: sa.ColumnElement[bool]


async def remove_expired(
    database: Database, limits: NameLimits, now: datetime, retention: Retention
) -> None:
    """Remove expired rows in small transactions."""
    for _, table, condition in _expired_rows(now, retention):
        removed = await _remove(database, table, condition)
        if table is _INSTANCE:
            await _remove_instances_beyond(database, MAX_INSTANCES)
        elif table is _USAGE:
            usages = [(row.toggle_name, row.environment, row.app_name) for row in removed]
            limits.forget(Removed(usages=usages))
        elif table is _APPLICATION:
            limits.forget(Removed(applications=[row.name for row in removed]))
    if retention.change_sets is not None:
        await _remove_change_sets(database, now - retention.change_sets)


async def count_expired(database: Database, now: datetime, retention: Retention) -> dict[str, int]:
    """Return the number of expired rows by kind.

    A row that expires because another row is removed is not counted, such as an application whose
    last instance has expired.
    """
    counts: Counter[str] = Counter()
    async with database.begin_read() as connection:
        for kind, table, condition in _expired_rows(now, retention):
            count = sa.select(sa.func.count()).select_from(table).where(condition)
            counts[kind] += await connection.scalar(count) or 0
        if retention.change_sets is not None:
            ended = sa.select(sa.func.count()).select_from(_CHANGE_SET)
            ended = ended.where(_has_ended_before(now - retention.change_sets))
            counts["change sets"] += await connection.scalar(ended) or 0
    return dict(counts)


def _expired_rows(now: datetime, retention: Retention) -> Iterator[_Expired]:
    """Yield the conditions for expired rows, in the order in which rows are removed."""
    for table in _BUCKETS:
        for width, reach in retention.of_buckets().items():
            condition = sa.and_(table.c.width == width, table.c.start < now - reach)
            yield _Expired(f"counts by {width}", table, condition)
    yield _Expired("counts by second", _RECENT, _RECENT.c.ended_at < now - RECENT_RETENTION)
    yield _Expired(
        "receipts of reports", _RECEIPT, _RECEIPT.c.received_at < now - RECEIPT_RETENTION
    )
    yield _Expired("instances", _INSTANCE, _INSTANCE.c.last_seen_at < now - retention.instances)
    forgotten = sa.and_(
        _USAGE.c.last_seen_at < now - retention.unknown_names,
        _USAGE.c.toggle_name.not_in(sa.select(_TOGGLE.c.name)),
    )
    yield _Expired("usages of unknown names", _USAGE, forgotten)
    yield _Expired("unknown names", _UNKNOWN, _is_left_over(now))
    yield _Expired("allowances for new names", _ALLOWANCE, _ALLOWANCE.c.hour < now - 2 * HOUR)
    if retention.applications is not None:
        silent = _is_silent(now - retention.applications)
        yield _Expired("applications", _APPLICATION, silent)
    if retention.events is not None:
        yield _Expired("events", _EVENT, _is_old_event(now - retention.events))


async def first_retained_revision(connection: AsyncConnection, since: datetime) -> int:
    """Return the revision of the first event at or after a time.

    If no such event exists, return the newest revision.
    """
    first = (
        sa.select(_EVENT.c.revision)
        .where(_EVENT.c.created_at >= since)
        .order_by(_EVENT.c.created_at, _EVENT.c.number)
        .limit(1)
    )
    newest = sa.select(_STATE.c.revision)
    revision = await connection.scalar(first)
    return revision if revision is not None else (await connection.execute(newest)).scalar_one()


def _is_old_event(since: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for an expired event.

    The newest event of each existing toggle never expires. The newest event of the audit log never
    expires either. Processes compare the newest event to detect that the database was reset to an
    older state.
    """
    later = _EVENT.alias()
    has_toggle = sa.exists().where(_TOGGLE.c.id == _EVENT.c.toggle_id)
    has_later = sa.exists().where(
        later.c.toggle_id == _EVENT.c.toggle_id, later.c.number > _EVENT.c.number
    )
    newest = sa.select(sa.func.max(later.c.number)).scalar_subquery()
    return sa.and_(
        _EVENT.c.created_at < since, sa.or_(~has_toggle, has_later), _EVENT.c.number < newest
    )


async def _remove_change_sets(database: Database, since: datetime) -> None:
    """Remove change sets that ended before a time.

    Change sets that are still scheduled remain. A change set ends when it is applied or refused.
    The end may be long after the change set was scheduled. The events of removed change sets
    remain, but belong to no change set.
    """
    oldest = sa.select(_CHANGE_SET.c.id).where(_has_ended_before(since))
    async with database.begin_read() as connection:
        if await connection.scalar(oldest.limit(1)) is None:
            return
    while True:
        async with database.begin_write() as connection:
            ids = (await connection.scalars(oldest.limit(CHANGE_SETS_AT_ONCE))).all()
            for column in (_EVENT.c.change_set_id, _CHANGE_SET.c.reverts_id):
                await connection.execute(
                    sa.update(column.table).where(column.in_(ids)).values({column.name: None})
                )
            await connection.execute(sa.delete(_CHANGE_SET).where(_CHANGE_SET.c.id.in_(ids)))
        if len(ids) < CHANGE_SETS_AT_ONCE:
            return


def _has_ended_before(since: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for a change set that ended before a time."""
    ended_at = sa.case(
        (_CHANGE_SET.c.state == ChangeSetState.REFUSED.value, _CHANGE_SET.c.apply_at),
        else_=sa.func.coalesce(_CHANGE_SET.c.applied_at, _CHANGE_SET.c.created_at),
    )
    return sa.and_(ended_at < since, _CHANGE_SET.c.state != ChangeSetState.SCHEDULED.value)


async def _remove_instances_beyond(database: Database, limit: int) -> None:
    """Remove all instances except the `limit` most recently seen instances.

    If several instances have the same time of the last report, more than `limit` instances may
    remain.
    """
    seen_at = _INSTANCE.c.last_seen_at
    last = sa.select(seen_at).order_by(seen_at.desc()).offset(limit - 1).limit(1)
    async with database.begin_read() as connection:
        since = await connection.scalar(last)
    if since is not None:
        await _remove(database, _INSTANCE, seen_at < since)


def _is_silent(since: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for an application that has expired.

    An expired application has no instances, and no reports or updates since a time.
    """
    return sa.and_(
        _APPLICATION.c.last_seen_at < since,
        _APPLICATION.c.updated_at < since,
        ~sa.exists().where(_INSTANCE.c.app_name == _APPLICATION.c.name),
    )


def _is_left_over(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for obsolete unknown names.

    An unknown name is obsolete if a toggle now has the name, or if the name has no usages.
    """
    usage = sa.exists().where(
        _USAGE.c.toggle_name == _UNKNOWN.c.toggle_name, _USAGE.c.app_name == _UNKNOWN.c.app_name
    )
    return sa.or_(
        _UNKNOWN.c.toggle_name.in_(sa.select(_TOGGLE.c.name)),
        # The first report of the name may still be in the journal.
        sa.and_(_UNKNOWN.c.created_at < now - HOUR, ~usage),
    )


async def _remove(
    database: Database, table: sa.Table, expired: sa.ColumnElement[bool]
) -> Sequence[sa.Row[tuple[object, ...]]]:
    """Remove the rows that meet `expired`; return their keys."""
    key = tuple(table.primary_key.columns)
    oldest = sa.select(*key).where(expired).limit(CHUNK)
    async with database.begin_read() as connection:
        if (await connection.execute(oldest.limit(1))).first() is None:
            return ()
    removed: list[sa.Row[tuple[object, ...]]] = []
    while True:
        async with database.begin_write() as connection:
            if table in (_USAGE, _APPLICATION):
                await next_sequence(connection, removes=True)
            statement = sa.delete(table).where(sa.tuple_(*key).in_(oldest)).returning(*key)
            rows = (await connection.execute(statement)).all()
        removed += rows
        if len(rows) < CHUNK:
            return removed
