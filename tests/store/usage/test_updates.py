"""Metrics updates, regardless of which process aggregates the reports."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import Store
from store.clock_skew import utc_now
from store.usage.reports import ToggleCounts
from store.usage.updates import MetricsUpdate
from tests.store.usage.reporting import BUCKET, VARIANT_BUCKET, usage_report


async def first_update(store: Store, **chosen: Any) -> asyncio.Task[MetricsUpdate]:
    """Subscribe, and wait for the first update in a task."""
    updates = store.metrics_updates.subscribe(interval_s=0.01, **chosen)

    async def take() -> MetricsUpdate:
        try:
            return await anext(updates)
        finally:
            await updates.aclose()

    task = asyncio.create_task(take())
    await wait_for_subscriber(store)
    return task


async def wait_for_subscriber(store: Store) -> None:
    async with asyncio.timeout(60):
        while not store.metrics_updates._subscribers:
            await asyncio.sleep(0.01)


async def report(store: Store, reader: Store, **fields: Any) -> None:
    await store.journal.add(usage_report(**fields))
    await store.aggregate_now()
    await reader.metrics_updates.read_now()


async def test_an_update_has_the_counts_of_another_process(store: Store, other_store: Store):
    counts = ToggleCounts(5, 2, {"blue": 4})
    await report(store, other_store, toggles={"t": counts})
    update = await first_update(other_store)

    await report(store, other_store, toggles={"t": counts})

    (toggle,) = (await update).toggles
    assert (toggle.toggle_name, toggle.environment, toggle.app_name) == ("t", "default", "shop")
    assert (toggle.yes, toggle.no, toggle.variants) == (5, 2, {"blue": 4})


async def test_counts_after_a_restore_are_reported_in_full(own_store: Store):
    await report(own_store, own_store, toggles={"t": ToggleCounts(5)})
    update = await first_update(own_store)
    async with own_store._database.begin_write() as connection:
        for bucket in (BUCKET, VARIANT_BUCKET):
            await connection.execute(sa.delete(bucket))

    await own_store._load_anew()
    await report(own_store, own_store, toggles={"t": ToggleCounts(3)})

    assert [(toggle.toggle_name, toggle.yes) for toggle in (await update).toggles] == [("t", 3)]


async def test_updates_are_filtered(store: Store):
    update = await first_update(store, toggles={"b", "c"}, environments={"default"})

    await report(store, store, toggles={"a": ToggleCounts(1)})
    await report(store, store, toggles={"b": ToggleCounts(1)}, environment="staging")
    await report(store, store, toggles={"c": ToggleCounts(2)})

    assert [(toggle.toggle_name, toggle.yes) for toggle in (await update).toggles] == [("c", 2)]


async def test_an_update_has_only_counts_that_have_grown(store: Store):
    earlier = {"same": ToggleCounts(5, 2, {"blue": 4}), "less": ToggleCounts(5, 2, {"blue": 4})}
    await report(store, store, toggles=earlier)
    update = await first_update(store)
    # Both reports are read again, because they are more recent than SLACK.
    async with store._database.begin_write() as connection:
        for table, column in ((BUCKET, "yes"), (VARIANT_BUCKET, "count")):
            fewer = sa.update(table).where(table.c.toggle_name == "less").values({column: 1})
            await connection.execute(fewer)

    await report(store, store, toggles={"more": ToggleCounts(1)})

    (toggle,) = (await update).toggles
    assert (toggle.toggle_name, toggle.yes, toggle.no, toggle.variants) == ("more", 1, 0, {})


async def test_a_later_subscriber_receives_only_later_counts(store: Store):
    first = await first_update(store)
    await store.journal.add(usage_report(toggles={"earlier": ToggleCounts(1)}))
    await store.aggregate_now()
    updates = store.metrics_updates.subscribe(interval_s=0.01)
    later = asyncio.ensure_future(anext(updates))

    assert [toggle.toggle_name for toggle in (await first).toggles] == ["earlier"]
    await wait_for_subscriber(store)
    await report(store, store, toggles={"later": ToggleCounts(1)})

    assert [toggle.toggle_name for toggle in (await later).toggles] == ["later"]
    await updates.aclose()


async def test_a_read_without_any_reports_finds_nothing(own_store: Store):
    update = await first_update(own_store)

    await own_store.metrics_updates.read_now()
    await report(own_store, own_store, toggles={"t": ToggleCounts(1)})

    assert [toggle.toggle_name for toggle in (await update).toggles] == ["t"]


async def test_nothing_is_read_without_subscribers(store: Store):
    update = await first_update(store)
    await report(store, store)
    await update

    assert store.metrics_updates._subscribers == set()
    assert store.metrics_updates._reading._task is None


async def test_counts_of_past_days_are_forgotten(own_store: Store, monkeypatch: pytest.MonkeyPatch):
    updates = own_store.metrics_updates
    update = await first_update(own_store)
    # The update is read only after the reports of all days are aggregated.
    for day in range(4):
        now = utc_now() + timedelta(days=day)
        monkeypatch.setattr(updates, "_clock", lambda now=now: now)
        at = {"received_at": now, "stop": now}
        await own_store.journal.add(usage_report(toggles={f"day.{day}": ToggleCounts(1)}, **at))
        await own_store.aggregate_now()
        await updates.read_now()
    known = {key[0][0] for key in updates._known or ()}
    update.cancel()

    assert known == {"day.2", "day.3"}


async def test_subscriptions_end_with_the_store(own_store: Store):
    update = await first_update(own_store)

    own_store.end_feeds()

    with pytest.raises(StopAsyncIteration):
        await update
