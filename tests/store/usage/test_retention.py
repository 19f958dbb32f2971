"""Expired rows are removed in small transactions, and all other rows remain."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import ApplicationInstanceRow, ApplicationRow, MetricsReceiptRow
from store.usage import retention
from store.usage.reports import ToggleCounts
from store.usage.retention import DEFAULT_RETENTION, remove_expired
from tests.store.usage.reporting import (
    BUCKET,
    NOW,
    USAGE,
    VARIANT_BUCKET,
    Clock,
    count,
    rows,
    usage_report,
)

INSTANCE = table_of(ApplicationInstanceRow)
RECEIPT = table_of(MetricsReceiptRow)
APPLICATION = table_of(ApplicationRow)


async def remove(store: Store, now: datetime) -> None:
    await remove_expired(store._database, store.usage_tracker.limits, now, DEFAULT_RETENTION)


@pytest.mark.parametrize(
    ("age", "widths"),
    [
        (timedelta(hours=1), {"minute", "hour", "day"}),
        (timedelta(hours=3), {"hour", "day"}),
        (timedelta(days=91), {"day"}),
        (timedelta(days=732), set[str]()),
    ],
)
async def test_buckets_expire_by_their_width(
    store: Store, age: timedelta, widths: set[str]
) -> None:
    await store.journal.add(usage_report({"t": ToggleCounts(1, 1, {"red": 1})}))
    await store.aggregate_now()

    await remove(store, NOW + age)

    assert {width for (width,) in await rows(store, BUCKET, "width")} == widths
    assert {width for (width,) in await rows(store, VARIANT_BUCKET, "width")} == widths


async def test_expired_rows_are_counted_by_kind_before_they_are_removed(
    store: Store, clock: Clock
) -> None:
    await store.journal.add(usage_report({"t": ToggleCounts(1, 1, {"red": 1})}, receipt="r"))
    await store.aggregate_now()
    clock.now = NOW + timedelta(days=91)

    counted = await store.count_expired()
    await store.remove_expired()

    expected = {"counts by minute": 2, "counts by hour": 2, "receipts of reports": 1}
    assert {kind: number for kind, number in counted.items() if kind in expected} == expected
    assert counted["counts by day"] == 0
    assert not any((await store.count_expired()).values())


async def test_receipts_expire_after_an_hour(store: Store) -> None:
    await store.journal.add(usage_report(receipt="r"))
    await store.aggregate_now()

    await remove(store, NOW + timedelta(minutes=59))
    remaining = await count(store, RECEIPT)
    await remove(store, NOW + timedelta(minutes=61))

    assert remaining == 1
    assert await count(store, RECEIPT) == 0


async def test_instances_expire_after_a_week_and_their_application_stays(store: Store) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()

    await remove(store, NOW + timedelta(days=6))
    remaining = await count(store, INSTANCE)
    await remove(store, NOW + timedelta(days=8))

    assert remaining == 1
    assert await count(store, INSTANCE) == 0
    assert await rows(store, APPLICATION, "name") == [("shop",)]


async def test_the_least_recently_seen_instances_make_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MAX_INSTANCES", 3)
    for number in (4, 2, 0, 3, 1):
        at = NOW - timedelta(seconds=number)
        await store.journal.add(usage_report(instance_id=f"i-{number}", received_at=at, stop=at))
    await store.aggregate_now()

    for _ in range(2):
        await remove(store, NOW)

        assert await rows(store, INSTANCE, "instance_id") == [("i-0",), ("i-1",), ("i-2",)]


async def test_silent_names_without_a_toggle_expire(store: Store, clock: Clock) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="known")
    both = dict.fromkeys(["known", "unknown", "shared"], ToggleCounts(1, 0))
    await store.journal.add(usage_report(both))
    await store.aggregate_now()
    clock.now += timedelta(days=20)
    later = {"shared": ToggleCounts(1, 0)}
    await store.journal.add(usage_report(later, app_name="other", received_at=clock.now))
    await store.aggregate_now()

    await remove(store, NOW + timedelta(days=31))

    assert await rows(store, USAGE, "toggle_name", "app_name") == [
        ("known", "shop"),
        ("shared", "other"),
    ]
    assert store.usage.names() == {"known", "shared"}
    assert store.usage.applications("shared") == {"other"}
    assert store.usage.names_of("shop") == {"known"}


async def test_a_process_removes_rows_of_another_process(store: Store, other_store: Store) -> None:
    await store.journal.add(usage_report({"unknown": ToggleCounts(1, 0)}))
    await store.aggregate_now()

    await remove(other_store, NOW + timedelta(days=31))
    await store.usage_tracker.refresh()

    assert await rows(store, USAGE) == []
    assert other_store.usage.names() == store.usage.names() == set()


async def test_many_rows_are_removed_in_small_transactions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 4)
    toggles = {f"t-{number}": ToggleCounts(1, 0) for number in range(10)}
    await store.journal.add(usage_report(toggles))
    await store.aggregate_now()

    await remove(store, NOW + timedelta(hours=3))

    assert await count(store, retention._RECENT) == 0
    assert await count(store, retention._ALLOWANCE) == 0
    async with store.read() as session:
        left = sa.select(sa.func.count()).where(BUCKET.c.width == "minute")
        assert await session.scalar(left) == 0


async def test_the_store_removes_expired_rows_in_the_background(
    own_store: Store, clock: Clock
) -> None:
    await own_store.journal.add(usage_report())
    await own_store.aggregate_now()
    clock.now += timedelta(hours=3)

    await own_store.usage_tracker.aggregator.aggregate_and_clean()

    assert {width for (width,) in await rows(own_store, BUCKET, "width")} == {"hour", "day"}
