"""Remove what the import of another server's database has brought."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from store.aggregates import table_of
from store.errors import NotFoundError, refuse
from store.events import IMPORTED_REVISION
from store.rows import (
    ApplicationInstanceRow,
    ApplicationRow,
    EventRow,
    MetricBucketRow,
    ServerImportRow,
    ToggleUsageRow,
    VariantBucketRow,
)
from store.store import Store
from store.transfer.server_imports import BatchSize
from store.usage_sequence import next_sequence

_IMPORT = table_of(ServerImportRow)
_EVENT = table_of(EventRow)
_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
# The tables of buckets, with the columns of their counts.
_BUCKETS = (
    (table_of(MetricBucketRow), ("yes", "no")),
    (table_of(VariantBucketRow), ("count",)),
)
_DAY = timedelta(days=1)
# One transaction sets at most this many sums, so that others do not wait long for it.
MAX_RESTORED = 500


class RemovedRows(Struct):
    """The numbers of rows that were removed, and of imported applications that remain."""

    events: int = 0
    applications: int = 0
    counts: int = 0
    remaining_applications: int = 0


async def undo_import(store: Store, import_id: str) -> RemovedRows:
    """Remove the history, the applications and the counts that an import has brought.

    Applications and uses of toggles that were reported to this server after the import remain. If
    the call is interrupted, repeat it.

    Raises: Refusal: there is no such import.
    """
    async with store.read() as session:
        found = (await session.execute(sa.select(_IMPORT).where(_IMPORT.c.id == import_id))).first()
    if found is None:
        refuse(NotFoundError("import", import_id))
    removed = RemovedRows()
    if found.events_through is not None:
        removed.events = await _remove(store, _EVENT, _EVENT.c.revision == IMPORTED_REVISION)
    for bucket, counts in _BUCKETS:
        imported = bucket.c.import_id == import_id
        removed.counts += await _remove(store, bucket, imported & (bucket.c.width == "hour"))
        await _restore_days(store, bucket, counts, import_id, found.created_at)
        removed.counts += await _remove(store, bucket, imported)
    until = found.completed_at or store.clock()
    for table in (_USAGE, _INSTANCE):
        await _remove(
            store, table, (table.c.import_id == import_id) & (table.c.last_seen_at <= until)
        )
    silent = [
        ~sa.exists().where(table.c.app_name == _APPLICATION.c.name) for table in (_USAGE, _INSTANCE)
    ]
    removed.applications = await _remove(
        store, _APPLICATION, sa.and_(_APPLICATION.c.import_id == import_id, *silent)
    )
    async with store.begin_write() as connection:
        for table in (_USAGE, _INSTANCE, _APPLICATION):
            result = await connection.execute(
                sa.update(table).where(table.c.import_id == import_id).values(import_id=None)
            )
        removed.remaining_applications = result.rowcount
        await connection.execute(sa.delete(_IMPORT).where(_IMPORT.c.id == import_id))
    return removed


async def _remove(store: Store, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    """Remove the rows that meet a condition, in small transactions; return their number."""
    key = tuple(table.primary_key.columns)
    size, removed = BatchSize(store.dialect), 0

    async def write() -> None:
        nonlocal removed, last
        rows = sa.select(*key).where(condition).limit(size.rows)
        async with store.begin_write() as connection:
            if table is _USAGE:
                await next_sequence(connection, removes=True)
            result = await connection.execute(sa.delete(table).where(sa.tuple_(*key).in_(rows)))
        last = result.rowcount
        removed += last

    last = 1
    while last:
        await size.run(write)
    return removed


async def _restore_days(
    store: Store, bucket: sa.Table, counts: tuple[str, ...], import_id: str, since: datetime
) -> None:
    """Set the days that also have counts of this server to the sums of their remaining hours.

    The import began at `since`. Reports of the day before may have arrived later.
    """
    first = since.replace(hour=0, minute=0, second=0, microsecond=0) - _DAY
    days = (bucket.c.import_id == import_id) & (bucket.c.width == "day") & (bucket.c.start >= first)
    async with store.read() as session:
        starts = (await session.scalars(sa.select(bucket.c.start).where(days).distinct())).all()
    hour = bucket.alias()
    same = [
        hour.c[column.name] == column
        for column in bucket.primary_key
        if column.name not in ("width", "start")
    ]
    for start in starts:
        span = (hour.c.width == "hour", hour.c.start >= start, hour.c.start < start + _DAY)
        sums: dict[str, Any] = {
            name: sa.select(sa.func.coalesce(sa.func.sum(hour.c[name]), 0))
            .where(*same, *span)
            .scalar_subquery()
            for name in counts
        }
        some = sa.select(*bucket.primary_key.columns).where(days, bucket.c.start == start)
        restored = 1
        while restored:
            rows = sa.tuple_(*bucket.primary_key.columns).in_(some.limit(MAX_RESTORED))
            async with store.begin_write() as connection:
                result = await connection.execute(
                    sa.update(bucket).where(rows).values(**sums, import_id=None)
                )
            restored = result.rowcount
        empty = sa.and_(bucket.c.width == "day", *(bucket.c[name] == 0 for name in counts))
        await _remove(store, bucket, empty & (bucket.c.start == start))
