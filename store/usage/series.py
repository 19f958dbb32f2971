"""Usage over time: counts of answers in consecutive intervals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import MetricBucketRow, ToggleUsageRow, VariantBucketRow
from store.usage.reports import MAX_SUM
from store.usage.retention import BUCKET_RETENTION

# All series of one query have at most this many buckets. The buckets contain at most this many
# counts of variants. A response of this size takes one or two seconds of CPU time.
MAX_BUCKETS = 20_000

_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)
_USAGE = table_of(ToggleUsageRow)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)


class MetricsInterval(StrEnum):
    """The widths of buckets. The values are also the values in the column `width`."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class MetricsDimension(StrEnum):
    """The dimensions by which counts can be split. Each value is the name of a column."""

    ENVIRONMENT = "environment"
    APPLICATION = "app_name"


class TooManyBucketsError(Exception):
    """A query needs more than MAX_BUCKETS buckets.

    `count` is the number of buckets, or a lower bound for the number.
    """

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} buckets; the limit is {MAX_BUCKETS}")
        self.count = count


class Span(Struct, frozen=True):
    """Consecutive intervals, aligned to minutes, hours or days in UTC."""

    interval: MetricsInterval
    since: datetime
    until: datetime

    @property
    def width(self) -> timedelta:
        """The length of each interval."""
        return _WIDTHS[self.interval]

    @property
    def count(self) -> int:
        """The number of intervals."""
        return (self.until - self.since) // self.width


class SeriesQuery(Struct, frozen=True, kw_only=True):
    """The counts to load, and the dimensions by which the counts are split.

    If `environments` is None, the query loads counts from all environments. If `applications` is
    None, the query loads counts from all applications.
    """

    span: Span
    split_by: frozenset[MetricsDimension] = frozenset()
    environments: frozenset[str] | None = None
    applications: frozenset[str] | None = None


class VariantCount(Struct, frozen=True):
    """The number of times that one variant was returned."""

    name: str
    count: int


class MetricsBucket(Struct, frozen=True):
    """The counts of one interval; `variants` are sorted by name."""

    start: datetime
    end: datetime
    yes: int
    no: int
    variants: tuple[VariantCount, ...]


class MetricsSeries(Struct, frozen=True, kw_only=True):
    """The counts of a span, with a bucket for each interval.

    Intervals without counts have buckets too. If the counts are not split by environment,
    `environment` is None. If the counts are not split by application, `app_name` is None.
    """

    environment: str | None
    app_name: str | None
    yes: int
    no: int
    variants: tuple[VariantCount, ...]
    buckets: tuple[MetricsBucket, ...]


class _Counts(Struct):
    """Mutable counts; `variants` maps the names of variants to counts."""

    yes: int = 0
    no: int = 0
    variants: dict[str, int] = {}

    def add(self, other: "_Counts") -> None:
        self.yes = _sum(self.yes, other.yes)
        self.no = _sum(self.no, other.no)
        for name, count in other.variants.items():
            self.variants[name] = _sum(self.variants.get(name, 0), count)

    def by_variant(self) -> tuple[VariantCount, ...]:
        return tuple(VariantCount(name, self.variants[name]) for name in sorted(self.variants))


# This column contains the name of the toggle or application that has the series.
SeriesParent: TypeAlias = Literal["toggle_name", "app_name"]
# A pair of the environment and the application of a series.
_Member: TypeAlias = tuple[str | None, str | None]
# A mapping of the starts of intervals to counts.
_Counted: TypeAlias = dict[datetime, _Counts]

_WIDTHS = {
    MetricsInterval.MINUTE: timedelta(minutes=1),
    MetricsInterval.HOUR: timedelta(hours=1),
    MetricsInterval.DAY: timedelta(days=1),
}


def retained_hours(interval: MetricsInterval) -> int:
    """Return the number of hours for which buckets of a width are retained."""
    return BUCKET_RETENTION[interval.value] // _HOUR


def span_back(now: datetime, hours: int, interval: MetricsInterval) -> Span:
    """Return a span that ends with the current interval and covers at least `hours` hours.

    If `hours` is at most `retained_hours`, the counts of all intervals are complete.
    """
    width = _WIDTHS[interval]
    until = now - (now - _EPOCH) % width + width
    count = -(-hours * _HOUR // width)
    return Span(interval, until - count * width, until)


def empty_series(span: Span, *, environment: str | None = None) -> MetricsSeries:
    """Return the series of a span without reports."""
    return _series(span, (environment, None), {})


async def load_series(
    connection: AsyncConnection,
    names: Collection[str],
    query: SeriesQuery,
    parent: SeriesParent = "toggle_name",
) -> Mapping[str, tuple[MetricsSeries, ...]]:
    """Return a mapping of the names of toggles or applications to series.

    Each name has one series. If the query splits counts, a name has one series for each environment
    or application with reports, sorted by environment and application. If `parent` is "app_name",
    `names` are applications, and a series adds up the counts of all toggles. The function executes
    one statement for counts and one statement for variants.

    Raises: TooManyBucketsError.
    """
    count = query.span.count
    found: dict[str, dict[_Member, _Counted]] = {name: {} for name in names}
    if not query.split_by:
        _check(len(found) * count)
        found = {name: {(None, None): {}} for name in names}
    statement = _select(query, names, parent, _BUCKET, "yes", "no")
    for name, start, environment, app_name, yes, no in await _rows(connection, statement):
        counted = found[name].setdefault((environment, app_name), {})
        counted[start] = _Counts(_whole(yes), _whole(no))
    _check(sum(map(len, found.values())) * count)
    statement = _select(query, names, parent, _VARIANT_BUCKET, "count", by="variant")
    for name, start, environment, app_name, variant, times in await _rows(connection, statement):
        counted = found[name].setdefault((environment, app_name), {})
        counted.setdefault(start, _Counts()).variants[variant] = _whole(times)
    return {
        name: tuple(_series(query.span, member, members[member]) for member in sorted(members))
        for name, members in found.items()
    }


def _select(
    query: SeriesQuery,
    names: Collection[str],
    parent: SeriesParent,
    table: sa.Table,
    *counts: str,
    by: str | None = None,
) -> sa.Select[Any]:
    """Select the sums of counts.

    The columns are the parent, the start, the environment, the application, the column `by` if
    given, and the sums.
    """
    column, span = table.c, query.span
    conditions = [
        column[parent].in_(names),
        column.width == span.interval.value,
        column.start >= span.since,
        column.start < span.until,
    ]
    if parent == "app_name":
        # The primary key begins with the toggle. With this condition, the database can group counts
        # in the order of the primary key.
        used = sa.select(_USAGE.c.toggle_name).where(_USAGE.c.app_name.in_(names))
        conditions.append(column.toggle_name.in_(used))
    if query.environments is not None:
        conditions.append(column.environment.in_(query.environments))
    if query.applications is not None:
        conditions.append(column.app_name.in_(query.applications))
    key: list[sa.ColumnElement[Any]] = [
        column[parent],
        column.start,
        *(
            column[dimension] if dimension in query.split_by else sa.null()
            for dimension in MetricsDimension
        ),
        *(() if by is None else (column[by],)),
    ]
    # Add floats, which are exact up to MAX_SUM. A sum of integers could exceed 64 bits, which is an
    # error in SQLite.
    sums = [sa.func.sum(sa.cast(column[name], sa.Double)) for name in counts]
    grouped = [part for part in key if isinstance(part, sa.Column)]
    return sa.select(*key, *sums).where(*conditions).group_by(*grouped)


async def _rows(connection: AsyncConnection, statement: sa.Select[Any]) -> Sequence[Any]:
    rows = (await connection.execute(statement.limit(MAX_BUCKETS + 1))).all()
    _check(len(rows))
    return rows


def _check(count: int) -> None:
    if count > MAX_BUCKETS:
        raise TooManyBucketsError(count)


def _series(span: Span, member: _Member, counted: Mapping[datetime, _Counts]) -> MetricsSeries:
    total, none, width = _Counts(), _Counts(), span.width
    buckets: list[MetricsBucket] = []
    for number in range(span.count):
        start = span.since + number * width
        counts = counted.get(start, none)
        total.add(counts)
        buckets.append(
            MetricsBucket(start, start + width, counts.yes, counts.no, counts.by_variant())
        )
    environment, app_name = member
    return MetricsSeries(
        environment=environment,
        app_name=app_name,
        yes=total.yes,
        no=total.no,
        variants=total.by_variant(),
        buckets=tuple(buckets),
    )


def _whole(count: float) -> int:
    return min(int(count), MAX_SUM)


def _sum(one: int, other: int) -> int:
    return min(one + other, MAX_SUM)
