"""How long what applications reported is kept, and the removal of what is older."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from store.aggregates import table_of
from store.database import Database
from store.metrics.name_limits import HOUR, NameLimits
from store.metrics.room import Removed
from store.rows import (
    ApplicationInstanceRow,
    ApplicationRow,
    MetricBucketRow,
    MetricsReceiptRow,
    NameAllowanceRow,
    RecentCountRow,
    ToggleRow,
    ToggleUsageRow,
    UnknownNameRow,
    VariantBucketRow,
)
from store.usage_sequence import next_sequence

# How far back the buckets of each width reach.
BUCKET_RETENTION = {
    "minute": timedelta(hours=2),
    "hour": timedelta(days=90),
    "day": timedelta(days=730),
}
# Counts by the second answer for the last minute alone.
RECENT_RETENTION = timedelta(minutes=2)
# An instance that is gone for a week is not coming back under its name.
INSTANCE_RETENTION = timedelta(days=7)
# SDKs repeat a report within minutes, if at all.
RECEIPT_RETENTION = timedelta(hours=1)
# Names that no toggle has, once nobody asks for them any more.
UNKNOWN_NAME_RETENTION = timedelta(days=30)

# Rows removed in one transaction, so that nobody waits long for the writer's lock.
CHUNK = 2_000

_TOGGLE = table_of(ToggleRow)
_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_UNKNOWN = table_of(UnknownNameRow)
_ALLOWANCE = table_of(NameAllowanceRow)
_RECENT = table_of(RecentCountRow)
_RECEIPT = table_of(MetricsReceiptRow)
_BUCKETS = (table_of(MetricBucketRow), table_of(VariantBucketRow))


class Retention(Struct, frozen=True):
    """How long applications are kept of which nothing is heard and that no instance runs; None is
    for ever."""

    applications: timedelta | None = timedelta(days=90)


DEFAULT_RETENTION = Retention()


async def remove_expired(
    database: Database, limits: NameLimits, now: datetime, retention: Retention
) -> int:
    """Remove what is older than its retention, in small transactions; the number of rows."""
    removed = 0
    for table in _BUCKETS:
        for width, reach in BUCKET_RETENTION.items():
            expired = sa.and_(table.c.width == width, table.c.start < now - reach)
            removed += len(await _remove(database, table, expired))
    removed += len(await _remove(database, _RECENT, _RECENT.c.ended_at < now - RECENT_RETENTION))
    removed += len(
        await _remove(database, _RECEIPT, _RECEIPT.c.received_at < now - RECEIPT_RETENTION)
    )
    removed += len(
        await _remove(database, _INSTANCE, _INSTANCE.c.last_seen_at < now - INSTANCE_RETENTION)
    )
    forgotten = await _remove(
        database,
        _USAGE,
        sa.and_(
            _USAGE.c.last_seen_at < now - UNKNOWN_NAME_RETENTION,
            _USAGE.c.toggle_name.not_in(sa.select(_TOGGLE.c.name)),
        ),
    )
    usages = [(it.toggle_name, it.environment, it.app_name) for it in forgotten]
    limits.forget(Removed(usages=usages))
    removed += len(forgotten) + len(await _remove(database, _UNKNOWN, _is_left_over(now)))
    removed += len(await _remove(database, _ALLOWANCE, _ALLOWANCE.c.hour < now - 2 * HOUR))
    if retention.applications is not None:
        expired = _is_silent(now - retention.applications)
        applications = [it.name for it in await _remove(database, _APPLICATION, expired)]
        limits.forget(Removed(applications=applications))
        removed += len(applications)
    return removed


def _is_silent(since: datetime) -> sa.ColumnElement[bool]:
    """That an application neither reported nor was described since then, and has no instances."""
    return sa.and_(
        _APPLICATION.c.last_seen_at < since,
        _APPLICATION.c.updated_at < since,
        ~sa.exists().where(_INSTANCE.c.app_name == _APPLICATION.c.name),
    )


def _is_left_over(now: datetime) -> sa.ColumnElement[bool]:
    """That an unknown name has become a toggle's, or that its usage is gone."""
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
    """Remove the rows for which `expired` holds; returns their keys."""
    key = tuple(table.primary_key.columns)
    oldest = sa.select(*key).where(expired).limit(CHUNK)
    async with database.begin_read() as session:
        if (await session.execute(oldest.limit(1))).first() is None:
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
