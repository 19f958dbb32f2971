"""Import the counts of an Unleash server by hour and by day.

Unleash keeps hours for about two days, and days for longer. Versions before 4.3 keep neither.
Versions before 5.0 do not count variants, and versions before 5.8 do not keep days.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.transfer.unleash.server_applications import IS_NAME
from store.transfer.unleash.server_count_sums import CountStatements, CountSums, ServerCounts
from store.transfer.unleash.server_last_uses import LastUses
from store.transfer.unleash.server_parts import Copier, Part, ServerRow
from store.transfer.unleash.server_rows import environment_named
from store.usage.reports import MAX_SUM

_DAY = timedelta(days=1)
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
# The note of the last day whose counts come from the table of days.
_DAYS_THROUGH = "days through"
_FIRST_KEY = ("", "", "", "0001-01-01T00:00:00+00:00", "")


class _Span(Struct):
    """The hours or days of a table that are being imported, and the key of the last row.

    Rows are read in the order of the primary key of the table. When the part is complete, the next
    import begins at `until`.
    """

    since: datetime
    until: datetime
    key: Sequence[str] = _FIRST_KEY


class _Table(Struct, frozen=True):
    """A table of counts. `start` is the column with the hour or day. `width` is hour or day."""

    name: str
    start: str
    width: str
    has_variants: bool


_TABLES = (
    _Table("client_metrics_env_daily", "date", "day", False),
    _Table("client_metrics_env_variants_daily", "date", "day", True),
    _Table("client_metrics_env", "timestamp", "hour", False),
    _Table("client_metrics_env_variants", "timestamp", "hour", True),
)


async def import_counts(copier: Copier, last_uses: LastUses) -> int:
    """Add the counts of all full hours that are not imported yet; return the number of rows.

    Counts of toggles that do not exist here are left out, and counts of applications whose names
    are refused.
    """
    await _note_days(copier)
    copied = 0
    for table in _TABLES:
        if copier.database.has(table.name):
            span = _span_of(copier, table)
            copied += await copier.copy(_part(copier, table, span, last_uses))
            span = _Span(span.until, span.until)
            async with copier.store.begin_write() as connection:
                await copier.server_import.save(connection, table.name, msgspec.to_builtins(span))
    return copied - copier.left_out.counts - copier.left_out.counts_of_applications


def _span_of(copier: Copier, table: _Table) -> _Span:
    """Return the span of an interrupted import, or the span since the last import."""
    noted = copier.server_import.progress.get(table.name)
    span = _Span(_BEGINNING, _BEGINNING) if noted is None else msgspec.convert(noted, _Span)
    if span.since == span.until:
        through = copier.server_import.progress[_DAYS_THROUGH]
        span.until = _hour_of(copier.store.clock())
        if table.width == "day":
            span.until = span.since if through is None else _end_of(through)
    return span


async def _note_days(copier: Copier) -> None:
    """Choose once up to which day the counts of a day are those of the table of days.

    Unleash sums up a day when the day has ended. Later days are the sums of their hours.
    """
    server_import, store = copier.server_import, copier.store
    if _DAYS_THROUGH in server_import.progress:
        return
    newest: date | None = None
    if copier.database.has("client_metrics_env_daily"):
        newest = await copier.database.connection.fetchval(
            "SELECT max(date) FROM client_metrics_env_daily WHERE date < $1", store.clock().date()
        )
    through = None if newest is None else newest.isoformat()
    async with store.begin_write() as connection:
        await server_import.save(connection, _DAYS_THROUGH, through)


def _part(copier: Copier, table: _Table, span: _Span, last_uses: LastUses) -> Part:
    server_import = copier.server_import
    through = server_import.progress[_DAYS_THROUGH]
    days_end = None if through is None else _end_of(through)
    *names, start, variant = span.key
    bounds: list[Any] = [span.since, span.until, datetime.fromisoformat(start)]
    if table.width == "day":
        bounds = [bound.date() for bound in bounds]
    since, until, after = bounds
    key = f"feature_name, app_name, environment, {table.start}"
    keys, counts = ("$3, $4, $5, $6", "yes, no")
    arguments = (since, until, *names, after)
    if table.has_variants:
        key, keys, counts = f"{key}, variant", f"{keys}, $7", "count"
        arguments = (*arguments, variant)
    query = (
        f"SELECT {key}, {counts}, {IS_NAME} AS is_reported FROM {table.name} "
        f"WHERE {table.start} >= $1 AND {table.start} < $2 AND ({key}) > ({keys}) "
        f"ORDER BY {key}"
    )

    def prepare(rows: Sequence[ServerRow]) -> CountSums:
        sums = CountSums(server_import.id, days_end, last_uses)
        for row in rows:
            toggle = copier.toggles.get(row["feature_name"])
            if not row["is_reported"]:
                copier.left_out.counts_of_applications += 1
            elif toggle is None:
                copier.left_out.counts += 1
            else:
                sums.add(_counts_of(row, table, toggle.name), table.width)
        return sums

    async def write(connection: AsyncConnection, sums: CountSums) -> None:
        await sums.write(connection, statements)

    statements = CountStatements.of(copier.store)

    def key_of(row: ServerRow) -> Any:
        names = (row["feature_name"], row["app_name"], row["environment"])
        last = row["variant"] if table.has_variants else ""
        key = (*names, _start_of(row, table).isoformat(), last)
        return msgspec.to_builtins(_Span(span.since, span.until, key))

    return Part(
        name=table.name,
        query=query,
        arguments=arguments,
        prepare=prepare,
        write=write,
        key=key_of,
    )


def _counts_of(row: ServerRow, table: _Table, toggle: str) -> ServerCounts:
    """Return the counts of a row, which are never negative, for a toggle of this name."""
    variants = table.has_variants
    return ServerCounts(
        toggle=toggle,
        app_name=row["app_name"],
        environment=environment_named(row["environment"]),
        start=_start_of(row, table),
        variant=row["variant"] if variants else None,
        yes=_number(row["count" if variants else "yes"]),
        no=0 if variants else _number(row["no"]),
    )


def _number(value: int | None) -> int:
    return min(max(value or 0, 0), MAX_SUM)


def _start_of(row: ServerRow, table: _Table) -> datetime:
    start = row[table.start]
    return _hour_of(start) if table.width == "hour" else _midnight(start)


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _end_of(day: str) -> datetime:
    return _midnight(date.fromisoformat(day)) + _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
