"""Reports with too many new names are refused; acknowledged names are stored."""

import asyncio
from datetime import timedelta

import pytest

from store import Store
from store.aggregates import table_of
from store.model import SYSTEM
from store.operations.applications import delete_application
from store.operations.toggles import create_toggle
from store.rows import (
    ApplicationRow,
    MetricsJournalRow,
    NameAllowanceRow,
    UnknownNameRow,
)
from store.usage import name_limits
from store.usage.allowances import FULL_RETRY_AFTER_S
from store.usage.retention import DEFAULT_RETENTION, Retention, remove_expired
from store.usage.room import MIN_SILENCE
from tests.store.usage.reporting import (
    USAGE,
    Clock,
    count,
    refusal,
    registration_report,
    report_of,
    rows,
)

APPLICATION = table_of(ApplicationRow)
JOURNAL = table_of(MetricsJournalRow)
UNKNOWN = table_of(UnknownNameRow)
ALLOWANCE = table_of(NameAllowanceRow)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in {
        "MAX_NEW_APPLICATIONS": 3,
        "MAX_NEW_UNKNOWN_NAMES": 4,
        "MAX_APPLICATIONS": 5,
        "MAX_UNKNOWN_NAMES": 6,
        "MAX_UNKNOWN_NAMES_OF_APPLICATION": 5,
    }.items():
        monkeypatch.setattr(name_limits, name, limit)


async def test_new_applications_of_a_source_are_limited_for_the_hour(
    store: Store, clock: Clock
) -> None:
    """At 12:30:15, the hour has 1,785 seconds left."""
    taken = [
        await refusal(store, registration_report(app_name=f"a{number}")) for number in range(5)
    ]

    assert taken == [None, None, None, 1785, 1785]
    assert await rows(store, APPLICATION, "name") == [("a0",), ("a1",), ("a2",)]
    assert await count(store, JOURNAL) == 3
    assert await refusal(store, registration_report(app_name="a0")) is None
    assert await refusal(store, registration_report(app_name="b"), source="other") is None
    clock.now += timedelta(minutes=30)
    assert await refusal(store, registration_report(app_name="a3")) is None


async def test_unknown_names_of_a_source_are_limited_for_the_hour(
    store: Store, clock: Clock
) -> None:
    async with store.write(SYSTEM) as work:
        for name in ("known", "another"):
            await create_toggle(work, name=name)

    assert await refusal(store, report_of("a", "b", "known")) is None
    assert await refusal(store, report_of("c", app_name="blog")) is None
    assert await refusal(store, report_of("d", "e", "known")) == 1785
    assert await refusal(store, report_of("a", "b", "known", "another")) is None
    await store.aggregate_now()
    assert await refusal(store, report_of("a", "d")) is None
    await store.aggregate_now()

    assert await rows(store, UNKNOWN, "app_name", "toggle_name") == [
        ("blog", "c"),
        ("shop", "a"),
        ("shop", "b"),
        ("shop", "d"),
    ]
    assert await rows(store, USAGE, "toggle_name", "yes") == [
        ("a", 3),
        ("another", 1),
        ("b", 2),
        ("c", 1),
        ("d", 1),
        ("known", 2),
    ]


async def test_a_report_with_more_names_than_an_hour_allows_is_refused_without_a_transaction(
    store: Store,
) -> None:
    assert await refusal(store, report_of("a", "b", "c", "d", "e"), source=None) == 1785
    assert await count(store, ALLOWANCE) == 0


async def test_concurrent_reports_beyond_the_limit_are_refused(
    store: Store,
) -> None:
    reports = [registration_report(app_name=f"a{number}") for number in range(9)]

    answers = await asyncio.gather(*(refusal(store, report) for report in reports))

    assert answers.count(None) == 3
    assert await count(store, APPLICATION) == 3


async def test_the_limits_hold_across_processes(store: Store, other_store: Store) -> None:
    answers = await asyncio.gather(
        *(
            refusal(process, registration_report(app_name=f"{number}-{at}"))
            for number in range(4)
            for at, process in enumerate((store, other_store))
        )
    )
    accepted = (await rows(store, APPLICATION, "name"))[0][0]

    assert answers.count(None) == 3
    assert await count(store, APPLICATION) == 3
    # The other process includes the names of the first process in the hour's limit.
    assert await refusal(store, registration_report(app_name=accepted)) is None
    assert await refusal(other_store, registration_report(app_name=accepted)) is None


async def test_the_total_of_unknown_names_holds_across_processes(
    store: Store, other_store: Store
) -> None:
    for number, process in enumerate((store, other_store)):
        names = [f"{number}-{index}" for index in range(3)]
        report = report_of(*names, app_name=f"app-{number}")
        assert await refusal(process, report, source=str(number)) is None

    refused = [
        await refusal(process, report_of("one-more"), source="third")
        for process in (store, other_store)
    ]

    assert refused == [FULL_RETRY_AFTER_S] * 2
    assert await count(store, UNKNOWN) == 6


async def test_silent_applications_make_room(store: Store, clock: Clock) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="known")
    for number in range(5):
        report = report_of("known", app_name=f"a{number}", clock=clock)
        assert await refusal(store, report, source=str(number)) is None
    await store.aggregate_now()
    assert await refusal(store, report_of(app_name="new")) == FULL_RETRY_AFTER_S
    clock.now += MIN_SILENCE + timedelta(minutes=2)
    assert await refusal(store, report_of("known", app_name="a0", clock=clock)) is None
    await store.aggregate_now()

    assert await refusal(store, report_of("known", app_name="new", clock=clock)) is None
    await store.aggregate_now()

    names = [("a0",), ("a2",), ("a3",), ("a4",), ("new",)]
    assert await rows(store, APPLICATION, "name") == names
    assert store.usage.applications("known") == {name for (name,) in names}
    assert store.usage.names_of("a1") == set()


async def test_silent_names_make_room(store: Store, clock: Clock) -> None:
    assert await refusal(store, report_of("a", "b", "c", clock=clock), source="1") is None
    assert await refusal(store, report_of("d", "e", clock=clock), source="2") is None
    await store.aggregate_now()
    assert await refusal(store, report_of("f", clock=clock), source="3") == FULL_RETRY_AFTER_S
    clock.now += MIN_SILENCE + timedelta(minutes=2)
    assert await refusal(store, report_of("b", "c", "d", "e", clock=clock)) is None
    await store.aggregate_now()

    assert await refusal(store, report_of("f", clock=clock), source="3") is None
    await store.aggregate_now()

    remaining = [(name,) for name in "bcdef"]
    assert await rows(store, UNKNOWN, "toggle_name") == remaining
    assert await rows(store, USAGE, "toggle_name") == remaining
    assert store.usage.names() == set("bcdef")


async def test_a_name_that_became_a_toggle_no_longer_counts(store: Store, clock: Clock) -> None:
    assert await refusal(store, report_of("a", "b", clock=clock)) is None
    await store.aggregate_now()
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="a")

    await remove_expired(store._database, store.usage_tracker.limits, clock.now, DEFAULT_RETENTION)

    assert await rows(store, UNKNOWN, "toggle_name") == [("b",)]
    assert store.usage.names() == {"a", "b"}


async def test_an_application_that_another_process_deleted_may_report_new_names(
    store: Store, other_store: Store
) -> None:
    await store.journal.add(report_of("a"), source="token")
    await store.aggregate_now()
    async with other_store.write(SYSTEM) as work:
        await delete_application(work, "shop")

    assert await refusal(store, report_of("b")) is None
    await store.aggregate_now()

    assert await rows(store, USAGE, "toggle_name") == [("b",)]


async def test_names_that_another_process_removed_leave_the_cache(
    store: Store, other_store: Store
) -> None:
    await store.journal.add(report_of("a", "b", "c"))
    await store.aggregate_now()
    async with other_store.write(SYSTEM) as work:
        await delete_application(work, "shop")

    await store.usage_tracker.refresh()

    assert store.usage.names() == set()


async def test_rows_beyond_the_limits_are_removed(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.journal.add(report_of("a", "b", "c", clock=clock))
    await store.aggregate_now()
    monkeypatch.setattr(name_limits, "MAX_UNKNOWN_NAMES", 1)
    clock.now += 2 * MIN_SILENCE

    await store.usage_tracker.limits.trim(clock.now)

    assert await rows(store, UNKNOWN, "toggle_name") == [("c",)]
    assert store.usage.names() == {"c"}


@pytest.mark.parametrize(
    ("age", "retention", "remains"),
    [
        (timedelta(days=89), DEFAULT_RETENTION, True),
        (timedelta(days=91), DEFAULT_RETENTION, False),
        (timedelta(days=91), Retention(applications=None), True),
        (timedelta(days=2), Retention(applications=timedelta(days=1)), True),
        (timedelta(days=8), Retention(applications=timedelta(days=1)), False),
    ],
)
async def test_applications_without_instances_expire(
    store: Store, clock: Clock, age: timedelta, retention: Retention, remains: bool
) -> None:
    """Instances are retained for 7 days, and applications with instances do not expire."""
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="known")
    await store.journal.add(report_of("known"))
    await store.aggregate_now()

    await remove_expired(store._database, store.usage_tracker.limits, clock.now + age, retention)

    assert await count(store, APPLICATION) == int(remains)
    assert store.usage.names() == ({"known"} if remains else set())
