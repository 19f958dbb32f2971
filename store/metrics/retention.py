"""How long what applications reported is kept, and the removal of what is older."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.aggregates import table_of
from store.database import Database
from store.metrics.usage import UsageSummary
from store.rows import (
    ApplicationInstanceRow,
    MetricBucketRow,
    MetricsReceiptRow,
    RecentCountRow,
    ToggleRow,
    ToggleUsageRow,
    VariantBucketRow,
)

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
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_RECENT = table_of(RecentCountRow)
_RECEIPT = table_of(MetricsReceiptRow)
_BUCKETS = (table_of(MetricBucketRow), table_of(VariantBucketRow))


async def remove_expired(database: Database, usage: UsageSummary, now: datetime) -> int:
    """Remove what is older than its retention, in small transactions; the number of rows."""
    removed = 0
    for table in _BUCKETS:
        for width, retention in BUCKET_RETENTION.items():
            expired = sa.and_(table.c.width == width, table.c.start < now - retention)
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
    for key in forgotten:
        usage.forget(key.toggle_name, key.environment, key.app_name)
    return removed + len(forgotten)


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
            statement = sa.delete(table).where(sa.tuple_(*key).in_(oldest)).returning(*key)
            rows = (await connection.execute(statement)).all()
        removed += rows
        if len(rows) < CHUNK:
            return removed
