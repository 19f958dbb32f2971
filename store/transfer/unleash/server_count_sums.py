"""Sum up the counts of an Unleash server in the rows of this server's tables."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import MetricBucketRow, VariantBucketRow
from store.store import Store
from store.transfer.unleash.server_applications import new_application
from store.transfer.unleash.server_last_uses import LastUses
from store.usage.reports import MAX_SUM
from store.usage.upserts import rows_to_see, upsert_applications, upsert_counts, upsert_usages
from store.usage_sequence import next_sequence

_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class CountStatements(Struct, frozen=True):
    """The statements that add sums to the tables. They do not depend on the batch."""

    applications: Any
    usages: Any
    counts: Any
    variants: Any

    @classmethod
    def of(cls, store: Store) -> "CountStatements":
        """Return the statements for the kind of database of a store."""
        return cls(
            upsert_applications(store),
            upsert_usages(store),
            upsert_counts(store, _BUCKET, "yes", "no"),
            upsert_counts(store, _VARIANT_BUCKET, "count"),
        )


class ServerCounts(Struct, frozen=True):
    """The counts of a row. The counts of a variant are in `yes`."""

    toggle: str
    app_name: str
    environment: str
    start: datetime
    variant: str | None
    yes: int
    no: int


class CountSums:
    """The rows to which the counts of a batch are added."""

    def __init__(self, import_id: str, days_end: datetime | None, last_uses: LastUses) -> None:
        """Begin a batch of an import. Other rows have the counts of the days before `days_end`."""
        self._import_id = import_id
        self._days_end = days_end
        self._last_uses = last_uses
        self._applications: dict[str, dict[str, Any]] = {}
        self._usages: dict[tuple[str, ...], dict[str, Any]] = {}
        self._buckets: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._variants: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(self, counts: ServerCounts, width: str) -> None:
        """Add the counts of an hour or a day, which is the `width`."""
        self._add_to(counts, width, counts.start)
        if width == "hour" and (self._days_end is None or counts.start >= self._days_end):
            day = counts.start.replace(hour=0)
            self._add_to(counts, "day", day)
        span = _HOUR if width == "hour" else _DAY
        seen = self._last_uses.within(counts.toggle, counts.environment, counts.start, span)
        name = counts.app_name
        application = self._applications.setdefault(
            name, new_application(name, counts.start, self._import_id)
        )
        application["last_seen_at"] = max(application["last_seen_at"], seen)
        application["metrics_count"] += counts.yes + counts.no
        if counts.variant is None:
            self._add_usage(counts, seen)

    async def write(self, connection: AsyncConnection, statements: CountStatements) -> None:
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

    def _add_to(self, counts: ServerCounts, width: str, start: datetime) -> None:
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

    def _add_usage(self, counts: ServerCounts, seen: datetime) -> None:
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
