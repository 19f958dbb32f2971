"""Usage over time: aligned spans without gaps, splits, filters and the number of statements."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.event import listens_for

from store import Store
from store.usage import series
from store.usage.reports import MAX_COUNT, MAX_SUM, ToggleCounts, UsageReport
from store.usage.retention import DEFAULT_RETENTION, remove_expired
from store.usage.series import (
    MetricsDimension,
    MetricsInterval,
    MetricsSeries,
    SeriesQuery,
    Span,
    TooManyBucketsError,
    VariantCount,
    empty_series,
    load_series,
    retained_hours,
    span_back,
)
from tests.store.conftest import Filled
from tests.store.usage.reporting import BUCKET, NOW, usage_report

ENVIRONMENT, APPLICATION = MetricsDimension.ENVIRONMENT, MetricsDimension.APPLICATION
MINUTE, HOUR, DAY = MetricsInterval.MINUTE, MetricsInterval.HOUR, MetricsInterval.DAY
THREE_HOURS = span_back(NOW, 3, HOUR)


def use(
    *,
    yes: int = 1,
    no: int = 0,
    variants: dict[str, int] | None = None,
    toggle: str = "t",
    **fields: Any,
) -> UsageReport:
    """Report usage of one toggle."""
    return usage_report({toggle: ToggleCounts(yes, no, variants or {})}, **fields)


async def add(store: Store, *reports: UsageReport) -> None:
    await store.journal.add(*reports)
    await store.aggregate_now()


async def report_from_shops(store: Store) -> None:
    """Report `split` from two applications in two environments, each with a different count."""
    await add(
        store,
        *(
            use(toggle="split", yes=yes, app_name=app_name, environment=environment)
            for yes, app_name, environment in (
                (1, "shop", "development"),
                (2, "shop", "production"),
                (4, "till", "production"),
            )
        ),
    )


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the reports of `split`."""
    return filled(beginning, report_from_shops)


async def load(
    store: Store,
    *names: str,
    span: Span = THREE_HOURS,
    split_by: frozenset[MetricsDimension] = frozenset(),
    **filters: Any,
) -> dict[str, tuple[MetricsSeries, ...]]:
    query = SeriesQuery(span=span, split_by=split_by, **filters)
    async with store.read() as session:
        return dict(await load_series(session, names or ("t",), query))


def counts_of(found: MetricsSeries) -> list[tuple[int, int]]:
    return [(bucket.yes, bucket.no) for bucket in found.buckets]


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


# ------------------------------------------------------------------ spans


@pytest.mark.parametrize(
    ("hours", "interval", "since", "until"),
    [
        (1, MINUTE, at(11, 31), at(12, 31)),
        (1, HOUR, at(12), at(13)),
        (24, HOUR, at(13, day=3), at(13)),
        (1, DAY, at(0), at(0, day=5)),
        (24, DAY, at(0), at(0, day=5)),
        (25, DAY, at(0, day=3), at(0, day=5)),
    ],
)
def test_a_span_ends_with_the_current_interval(
    hours: int, interval: MetricsInterval, since: datetime, until: datetime
) -> None:
    span = span_back(NOW, hours, interval)

    assert (span.since, span.until) == (since, until)
    assert span.count == (until - since) / span.width


def test_a_span_includes_the_current_time_at_the_start_of_an_interval() -> None:
    span = span_back(at(12), 2, HOUR)

    assert (span.since, span.until) == (at(11), at(13))


def test_a_span_is_aligned_in_utc_whatever_the_offset_of_the_clock() -> None:
    for offset in (timedelta(hours=5, minutes=45), timedelta(hours=-9)):
        assert span_back(NOW.astimezone(timezone(offset)), 24, DAY) == span_back(NOW, 24, DAY)


@pytest.mark.parametrize(("interval", "buckets"), [(MINUTE, 120), (HOUR, 90 * 24), (DAY, 730)])
def test_the_longest_span_is_the_retention(interval: MetricsInterval, buckets: int) -> None:
    for now in (NOW, NOW.replace(second=0), at(0)):
        assert span_back(now, retained_hours(interval), interval).count == buckets


async def test_expired_buckets_are_in_no_span(store: Store) -> None:
    stops = [NOW - timedelta(minutes=ago) for ago in range(130)]
    await add(store, *(usage_report(stop=stop, received_at=stop) for stop in stops))
    await remove_expired(store._database, store.usage_tracker.limits, NOW, DEFAULT_RETENTION)

    (found,) = (await load(store, span=span_back(NOW, retained_hours(MINUTE), MINUTE)))["t"]

    assert counts_of(found) == [(3, 1)] * 120


# ------------------------------------------------------------------ buckets


async def test_intervals_without_reports_are_filled_in(store: Store) -> None:
    await add(
        store,
        use(yes=3, no=1, stop=at(10, 59)),
        use(yes=2, stop=at(10, 0)),
        use(yes=5, stop=NOW),
    )

    (found,) = (await load(store))["t"]

    assert [bucket.start for bucket in found.buckets] == [at(10), at(11), at(12)]
    assert [bucket.end for bucket in found.buckets] == [at(11), at(12), at(13)]
    assert counts_of(found) == [(5, 1), (0, 0), (5, 0)]
    assert (found.yes, found.no) == (10, 1)
    assert (found.environment, found.app_name) == (None, None)


async def test_reports_outside_of_the_span_do_not_count(store: Store) -> None:
    await add(store, use(stop=at(9, 59)), use(stop=at(10)))

    (found,) = (await load(store))["t"]

    assert counts_of(found) == [(1, 0), (0, 0), (0, 0)]


async def test_variants_are_counted_by_name(store: Store) -> None:
    await add(
        store,
        use(variants={"red": 2, "blue": 1}, stop=at(11)),
        use(variants={"red": 4, "disabled": 1}, app_name="till"),
    )

    (found,) = (await load(store))["t"]

    red, blue, disabled = (
        VariantCount(*variant) for variant in (("red", 6), ("blue", 1), ("disabled", 1))
    )
    assert found.variants == (blue, disabled, red)
    assert [bucket.variants for bucket in found.buckets] == [
        (),
        (VariantCount("blue", 1), VariantCount("red", 2)),
        (VariantCount("disabled", 1), VariantCount("red", 4)),
    ]


async def test_each_interval_is_read_from_buckets_of_its_width(store: Store) -> None:
    await add(store, use(yes=1, stop=NOW), use(yes=10, stop=NOW - timedelta(minutes=30)))

    (minutes,) = (await load(store, span=span_back(NOW, 1, MINUTE)))["t"]
    (hours,) = (await load(store, span=span_back(NOW, 2, HOUR)))["t"]
    (days,) = (await load(store, span=span_back(NOW, 48, DAY)))["t"]

    assert counts_of(minutes) == [(0, 0)] * 29 + [(10, 0)] + [(0, 0)] * 29 + [(1, 0)]
    assert counts_of(hours) == [(0, 0), (11, 0)]
    assert counts_of(days) == [(0, 0), (11, 0)]


async def test_a_name_that_was_never_reported_has_a_series_of_zeros(store: Store) -> None:
    (found,) = (await load(store, "nobody"))["nobody"]

    assert found == empty_series(THREE_HOURS)
    assert counts_of(found) == [(0, 0)] * 3


# ------------------------------------------------------------------ splits and filters


@pytest.mark.parametrize(
    ("split_by", "expected"),
    [
        (frozenset(), [(None, None, 7)]),
        (frozenset({ENVIRONMENT}), [("development", None, 1), ("production", None, 6)]),
        (frozenset({APPLICATION}), [(None, "shop", 3), (None, "till", 4)]),
        (
            frozenset({ENVIRONMENT, APPLICATION}),
            [
                ("development", "shop", 1),
                ("production", "shop", 2),
                ("production", "till", 4),
            ],
        ),
    ],
)
async def test_counts_are_split_into_a_series_for_each_member_that_reported(
    store: Store, split_by: frozenset[MetricsDimension], expected: list[Any]
) -> None:
    found = (await load(store, "split", split_by=split_by))["split"]

    assert [(one.environment, one.app_name, one.yes) for one in found] == expected


@pytest.mark.parametrize(
    ("filters", "yes"),
    [
        ({"environments": frozenset({"production"})}, 6),
        ({"applications": frozenset({"shop"})}, 3),
        ({"applications": frozenset({"shop", "till"})}, 7),
        (
            {"environments": frozenset({"production"}), "applications": frozenset({"shop"})},
            2,
        ),
        ({"environments": frozenset({"nowhere"})}, 0),
        ({"applications": frozenset()}, 0),
    ],
)
async def test_counts_are_filtered(store: Store, filters: dict[str, Any], yes: int) -> None:
    (found,) = (await load(store, "split", **filters))["split"]

    assert found.yes == yes


async def test_a_split_without_reports_has_no_series(store: Store) -> None:
    assert await load(store, split_by=frozenset({ENVIRONMENT})) == {"t": ()}


# ------------------------------------------------------------------ size


async def test_any_number_of_toggles_costs_two_statements(store: Store) -> None:
    names = [f"t{number}" for number in range(40)]
    counts = {name: ToggleCounts(number, 0) for number, name in enumerate(names)}
    await add(store, usage_report(counts))
    statements: list[str] = []
    query = SeriesQuery(span=THREE_HOURS)

    async with store.read() as session:
        connection = session.sync_connection
        assert connection is not None

        @listens_for(connection, "before_cursor_execute")
        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        found = await load_series(session, names, query)

    assert [found[name][0].yes for name in names] == list(range(40))
    assert len(statements) == 2


async def test_sums_stop_at_the_largest_number_that_json_can_hold(store: Store) -> None:
    full = {
        "toggle_name": "t",
        "width": "hour",
        "environment": "default",
        "yes": MAX_SUM,
        "no": MAX_SUM - 1,
    }
    rows = [{**full, "app_name": f"app{n}", "start": at(11 + n % 2)} for n in range(2_100)]
    async with store._database.begin_write() as connection:
        await connection.execute(sa.insert(BUCKET), rows)

    (found,) = (await load(store))["t"]

    assert counts_of(found) == [(0, 0), (MAX_SUM, MAX_SUM), (MAX_SUM, MAX_SUM)]
    assert (found.yes, found.no) == (MAX_SUM, MAX_SUM)


async def test_sums_are_exact_below_that(store: Store) -> None:
    await add(store, use(yes=MAX_COUNT, no=1), use(yes=MAX_COUNT - 1, no=2, app_name="till"))

    (found,) = (await load(store))["t"]

    assert (found.yes, found.no) == (2 * MAX_COUNT - 1, 3)


async def test_too_many_buckets_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MAX_BUCKETS", 8)

    assert len(await load(store, "t", "u")) == 2
    with pytest.raises(TooManyBucketsError) as whole:
        await load(store, "t", "u", "v")
    with pytest.raises(TooManyBucketsError) as split:
        await load(store, "split", split_by=frozenset({ENVIRONMENT, APPLICATION}))

    assert whole.value.count == 9
    assert split.value.count == 9


async def test_too_many_variants_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MAX_BUCKETS", 8)
    await add(store, use(variants={str(number): 1 for number in range(9)}))

    with pytest.raises(TooManyBucketsError):
        await load(store)
