"""The counts of the last minute and of the last hour."""

from datetime import datetime, timedelta

import pytest

from store import Store
from store.aggregates import table_of
from store.rows import RecentCountRow
from store.usage.recent import recent_counts
from store.usage.reports import MAX_SUM, ToggleCounts
from store.usage.retention import DEFAULT_RETENTION, remove_expired
from tests.store.usage.reporting import NOW, Clock, count, usage_report

RECENT = table_of(RecentCountRow)

Counted = dict[str, tuple[tuple[int, int], tuple[int, int]]]


async def counted(store: Store, environment: str = "default", name: str | None = None) -> Counted:
    """The yes and no counts of the last hour and of the last minute, by name."""
    await store.aggregate_now()
    async with store.read() as session:
        found = await recent_counts(session, environment, store.clock(), toggle_name=name)
    return {
        name: (
            (counts.last_hour.yes, counts.last_hour.no),
            (counts.last_minute.yes, counts.last_minute.no),
        )
        for name, counts in found.items()
    }


@pytest.mark.parametrize(
    ("age", "hour", "minute"),
    [
        (timedelta(), (3, 1), (3, 1)),
        (timedelta(seconds=60), (3, 1), (3, 1)),
        (timedelta(seconds=62), (3, 1), (0, 0)),
        (timedelta(minutes=59, seconds=59), (3, 1), (0, 0)),
        (timedelta(minutes=61), (0, 0), (0, 0)),
        (timedelta(days=100), (0, 0), (0, 0)),
    ],
)
async def test_a_report_counts_until_a_minute_or_an_hour_after_it_ended(
    store: Store, clock: Clock, age: timedelta, hour: tuple[int, int], minute: tuple[int, int]
) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()

    clock.now += age

    assert await counted(store) == {"t": (hour, minute)}


async def test_a_report_counts_by_its_end_and_not_its_arrival(store: Store) -> None:
    await store.journal.add(
        usage_report({"late": ToggleCounts(1, 0)}, stop=NOW - timedelta(minutes=2)),
        usage_report({"early": ToggleCounts(1, 0)}, stop=NOW + timedelta(days=9)),
        usage_report({"old": ToggleCounts(1, 0)}, stop=NOW - timedelta(hours=5)),
    )

    assert await counted(store) == {
        "late": ((1, 0), (0, 0)),
        "early": ((1, 0), (1, 0)),
        "old": ((0, 0), (0, 0)),
    }


async def test_reports_of_all_applications_add_up_each_from_its_end(
    store: Store, clock: Clock
) -> None:
    await store.journal.add(usage_report(), usage_report(app_name="blog"))
    await store.aggregate_now()
    clock.now += timedelta(seconds=40)
    await store.journal.add(usage_report(received_at=clock.now, stop=clock.now))
    await store.aggregate_now()

    both = await counted(store)
    clock.now += timedelta(seconds=40)
    later = await counted(store)

    assert both == {"t": ((9, 3), (9, 3))}
    assert later == {"t": ((9, 3), (3, 1))}


async def test_variants_count_as_yes_and_disabled_as_no(store: Store) -> None:
    counts = ToggleCounts(10, 2, {"red": 6, "blue": 4, "disabled": 5})
    await store.journal.add(usage_report({"t": counts}))

    assert await counted(store) == {"t": ((20, 7), (20, 7))}


async def test_each_environment_counts_by_itself(store: Store) -> None:
    await store.journal.add(usage_report(environment="staging"))

    assert await counted(store) == {}
    assert await counted(store, "staging") == {"t": ((3, 1), (3, 1))}


async def test_counts_of_one_name_can_be_read(store: Store) -> None:
    await store.journal.add(usage_report({"a": ToggleCounts(1, 2, {"x": 4}), "b": ToggleCounts(8)}))

    assert await counted(store, name="a") == {"a": ((5, 2), (5, 2))}
    assert await counted(store, name="c") == {}


async def test_sums_stop_where_json_numbers_end(store: Store) -> None:
    maximum = ToggleCounts(MAX_SUM, MAX_SUM)
    await store.journal.add(
        usage_report({"t": maximum}), usage_report({"t": maximum}, app_name="blog")
    )

    assert await counted(store) == {"t": ((MAX_SUM, MAX_SUM), (MAX_SUM, MAX_SUM))}


async def remove(store: Store, now: datetime) -> None:
    await remove_expired(store._database, store.usage_tracker.limits, now, DEFAULT_RETENTION)


async def test_counts_per_second_expire_after_two_minutes(store: Store) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()

    await remove_expired(
        store._database, store.usage_tracker.limits, NOW + timedelta(seconds=119), DEFAULT_RETENTION
    )
    remaining = await count(store, RECENT)
    await remove_expired(
        store._database, store.usage_tracker.limits, NOW + timedelta(seconds=121), DEFAULT_RETENTION
    )

    assert (remaining, await count(store, RECENT)) == (1, 0)
