"""Import the counts of an Unleash server by hour and by day.

Unleash keeps hours for about two days, and days for longer. Versions before 4.3 keep neither.
Versions before 5.0 do not count variants, and versions before 5.8 do not keep days.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import MetricBucketRow, VariantBucketRow
from store.transfer.unleash.server_applications import IS_NAME, new_application
from store.transfer.unleash.server_last_uses import LastUses
from store.transfer.unleash.server_parts import Copier, Part, ServerRow
from store.transfer.unleash.server_rows import environment_named
from store.usage.reports import MAX_SUM
from store.usage.upserts import rows_to_see, upsert_applications, upsert_counts, upsert_usages
from store.usage_sequence import next_sequence

_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)
_HOUR = timedelta(hours=1)
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
    """Add the counts of all full hours that are not imported yet; return the number of rows."""
    await _note_days(copier)
    copied = 0
    for table in _TABLES:
        if copier.database.has(table.name):
            span = _span_of(copier, table)
            copied += await copier.copy(_part(copier, table, span, last_uses))
            span = _Span(span.until, span.until)
            async with copier.store.begin_write() as connection:
                await copier.server_import.save(connection, table.name, msgspec.to_builtins(span))
    return copied


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
    store, server_import = copier.store, copier.server_import
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
        f"SELECT {key}, {counts} FROM {table.name} "
        f"WHERE {table.start} >= $1 AND {table.start} < $2 AND ({key}) > ({keys}) AND {IS_NAME} "
        f"ORDER BY {key}"
    )
    toggles = store.snapshot.toggles

    def prepare(rows: Sequence[ServerRow]) -> "_Sums":
        sums = _Sums(server_import.id)
        for row in rows:
            if row["feature_name"] in toggles:
                sums.add(_Counts.of(row, table), table.width, days_end, last_uses)
        return sums

    async def write(connection: AsyncConnection, sums: "_Sums") -> None:
        await sums.write(connection, statements)

    statements = _Statements(
        upsert_applications(store),
        upsert_usages(store),
        upsert_counts(store, _BUCKET, "yes", "no"),
        upsert_counts(store, _VARIANT_BUCKET, "count"),
    )

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


class _Statements(Struct, frozen=True):
    applications: Any
    usages: Any
    counts: Any
    variants: Any


class _Counts(Struct, frozen=True):
    """The counts of a row. The counts of a variant are in `yes`."""

    toggle: str
    app_name: str
    environment: str
    start: datetime
    variant: str | None
    yes: int
    no: int

    @classmethod
    def of(cls, row: ServerRow, table: _Table) -> "_Counts":
        """Return the counts of a row, which are never negative."""
        variants = table.has_variants
        return cls(
            toggle=row["feature_name"],
            app_name=row["app_name"],
            environment=environment_named(row["environment"]),
            start=_start_of(row, table),
            variant=row["variant"] if variants else None,
            yes=_number(row["count" if variants else "yes"]),
            no=0 if variants else _number(row["no"]),
        )


class _Sums:
    """The rows to which the counts of a batch are added."""

    def __init__(self, import_id: str) -> None:
        self._import_id = import_id
        self._applications: dict[str, dict[str, Any]] = {}
        self._usages: dict[tuple[str, ...], dict[str, Any]] = {}
        self._buckets: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._variants: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(
        self, counts: _Counts, width: str, days_end: datetime | None, last_uses: LastUses
    ) -> None:
        """Add the counts of an hour or a day.

        The hours before `days_end` are not added to days, because other rows have these days.
        """
        self._add_to(counts, width, counts.start)
        if width == "hour" and (days_end is None or counts.start >= days_end):
            day = counts.start.replace(hour=0)
            self._add_to(counts, "day", day)
        span = _HOUR if width == "hour" else _DAY
        seen = last_uses.within(counts.toggle, counts.environment, counts.start, span)
        name = counts.app_name
        application = self._applications.setdefault(
            name, new_application(name, counts.start, self._import_id)
        )
        application["last_seen_at"] = max(application["last_seen_at"], seen)
        application["metrics_count"] += counts.yes + counts.no
        if counts.variant is None:
            self._add_usage(counts, seen)

    async def write(self, connection: AsyncConnection, statements: _Statements) -> None:
        """Add the sums to the tables, in the order in which the aggregation locks them."""
        sequence = (await next_sequence(connection)).sequence
        usages = [row | {"sequence": sequence} for row in _in_order(self._usages)]
        applications = rows_to_see(_in_order(self._applications))
        for statement, rows in (
            (statements.applications, applications),
            (statements.usages, usages),
            (statements.counts, _in_order(self._buckets)),
            (statements.variants, _in_order(self._variants)),
        ):
            if rows:
                await connection.execute(statement, rows)

    def _add_to(self, counts: _Counts, width: str, start: datetime) -> None:
        key = {
            "toggle_name": counts.toggle,
            "width": width,
            "start": start,
            "environment": counts.environment,
            "app_name": counts.app_name,
        }
        if counts.variant is None:
            new = key | {"yes": 0, "no": 0, "import_id": self._import_id}
            row = self._buckets.setdefault(tuple(key.values()), new)
            row["yes"] = min(row["yes"] + counts.yes, MAX_SUM)
            row["no"] = min(row["no"] + counts.no, MAX_SUM)
            return
        key["variant"] = counts.variant
        new = key | {"count": 0, "import_id": self._import_id}
        row = self._variants.setdefault(tuple(key.values()), new)
        row["count"] = min(row["count"] + counts.yes, MAX_SUM)

    def _add_usage(self, counts: _Counts, seen: datetime) -> None:
        row = self._usages.setdefault(
            (counts.toggle, counts.app_name, counts.environment),
            {
                "toggle_name": counts.toggle,
                "app_name": counts.app_name,
                "environment": counts.environment,
                "first_seen_at": counts.start,
                "last_seen_at": seen,
                "last_yes_at": None,
                "last_no_at": None,
                "yes": 0,
                "no": 0,
                "import_id": self._import_id,
            },
        )
        row["first_seen_at"] = min(row["first_seen_at"], counts.start)
        row["last_seen_at"] = max(row["last_seen_at"], seen)
        for name, count in (("yes", counts.yes), ("no", counts.no)):
            if count:
                row[name] = min(row[name] + count, MAX_SUM)
                row[f"last_{name}_at"] = max(row[f"last_{name}_at"] or seen, seen)


def _in_order(rows: Mapping[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    return [rows[key] for key in sorted(rows)]


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
