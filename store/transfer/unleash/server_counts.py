"""Import the counts of an Unleash server by hour and by day.

Unleash keeps hours for about two days, and days for longer. Versions before 4.3 keep neither.
Versions before 5.0 do not count variants, and versions before 5.8 do not keep days.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

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
# The note of the last day whose counts come from the table of days.
_DAYS_THROUGH = "days through"
_FIRST_KEY = ("0001-01-01T00:00:00+00:00", "", "", "", "")


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
            copied += await copier.copy(_part(copier, table, last_uses))
    return copied


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


def _part(copier: Copier, table: _Table, last_uses: LastUses) -> Part:
    store, server_import = copier.store, copier.server_import
    through = server_import.progress[_DAYS_THROUGH]
    days_end = None if through is None else _midnight(date.fromisoformat(through)) + _DAY
    start, *names = server_import.progress.get(table.name, _FIRST_KEY)
    after, until = datetime.fromisoformat(start), _hour_of(store.clock())
    if table.width == "day":
        after, until = after.date(), date.min if through is None else date.fromisoformat(through)
        until += _DAY
    variant = ", variant" if table.has_variants else ""
    key = f"{table.start}, feature_name, app_name, environment{variant}"
    parameters = ", ".join(f"${number + 1}" for number in range(4 + table.has_variants))
    counts = "count" if table.has_variants else "yes, no"
    query = (
        f"SELECT {key}, {counts} FROM {table.name} WHERE ({key}) > ({parameters}) "
        f"AND {table.start} < ${5 + table.has_variants} AND {IS_NAME} ORDER BY {key}"
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
    return Part(
        name=table.name,
        query=query,
        arguments=(after, *names[: 3 + table.has_variants], until),
        prepare=prepare,
        write=write,
        key=lambda row: [
            _start_of(row, table).isoformat(),
            row["feature_name"],
            row["app_name"],
            row["environment"],
            row["variant"] if table.has_variants else "",
        ],
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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
