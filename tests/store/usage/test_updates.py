"""Usage as it comes in, whichever process folds it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import Store
from store.database import utc_now
from store.usage.reports import ToggleCounts
from store.usage.updates import Tick
from tests.store.usage.reporting import BUCKET, VARIANT_BUCKET, usage_report


async def first_tick(store: Store, **chosen: Any) -> asyncio.Task[Tick]:
    """The next tick of somebody who watches from now on."""
    watching = store.ticks.watch(interval_s=0.01, **chosen)

    async def take() -> Tick:
        try:
            return await anext(watching)
        finally:
            await watching.aclose()

    task = asyncio.create_task(take())
    async with asyncio.timeout(60):
        while not store.ticks._watchers:
            await asyncio.sleep(0.01)
    return task


async def report(store: Store, reader: Store, **fields: Any) -> None:
    await store.journal.add(usage_report(**fields))
    await store.fold_now()
    await reader.ticks.read_now()


async def test_a_tick_holds_what_another_process_folded_since(store: Store, other_store: Store):
    counts = ToggleCounts(5, 2, {"blue": 4})
    await report(store, other_store, toggles={"t": counts})
    tick = await first_tick(other_store)

    await report(store, other_store, toggles={"t": counts})

    (it,) = (await tick).toggles
    assert (it.toggle_name, it.environment, it.app_name) == ("t", "default", "shop")
    assert (it.yes, it.no, it.variants) == (5, 2, {"blue": 4})


async def test_usage_after_a_restore_is_told_in_full(own_store: Store):
    await report(own_store, own_store, toggles={"t": ToggleCounts(5)})
    tick = await first_tick(own_store)
    async with own_store._database.begin_write() as connection:
        for bucket in (BUCKET, VARIANT_BUCKET):
            await connection.execute(sa.delete(bucket))

    await own_store._load_anew()
    await report(own_store, own_store, toggles={"t": ToggleCounts(3)})

    assert [(it.toggle_name, it.yes) for it in (await tick).toggles] == [("t", 3)]


async def test_only_what_is_asked_for_is_gathered(store: Store):
    tick = await first_tick(store, toggles={"b", "c"}, environments={"default"})

    await report(store, store, toggles={"a": ToggleCounts(1)})
    await report(store, store, toggles={"b": ToggleCounts(1)}, environment="staging")
    await report(store, store, toggles={"c": ToggleCounts(2)})

    assert [(it.toggle_name, it.yes) for it in (await tick).toggles] == [("c", 2)]


async def test_a_tick_holds_only_what_has_grown(store: Store):
    earlier = {"same": ToggleCounts(5, 2, {"blue": 4}), "less": ToggleCounts(5, 2, {"blue": 4})}
    await report(store, store, toggles=earlier)
    tick = await first_tick(store)
    # Both are read again, since they were reported a moment before.
    async with store._database.begin_write() as connection:
        for table, column in ((BUCKET, "yes"), (VARIANT_BUCKET, "count")):
            fewer = sa.update(table).where(table.c.toggle_name == "less").values({column: 1})
            await connection.execute(fewer)

    await report(store, store, toggles={"more": ToggleCounts(1)})

    (it,) = (await tick).toggles
    assert (it.toggle_name, it.yes, it.no, it.variants) == ("more", 1, 0, {})


async def test_nothing_is_read_once_nobody_watches(store: Store):
    tick = await first_tick(store)
    await report(store, store)
    await tick

    assert store.ticks._watchers == set()
    assert store.ticks._reading._task is None


async def test_counts_of_days_gone_by_are_forgotten(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
):
    ticks = own_store.ticks
    tick = await first_tick(own_store)
    # The tick is taken only once the reports of all days are in.
    for day in range(4):
        now = utc_now() + timedelta(days=day)
        monkeypatch.setattr(ticks, "_clock", lambda now=now: now)
        at = {"received_at": now, "stop": now}
        await own_store.journal.add(usage_report(toggles={f"day.{day}": ToggleCounts(1)}, **at))
        await own_store.fold_now()
        await ticks.read_now()
    known = {place[0][0] for place in ticks._known or ()}
    tick.cancel()

    assert known == {"day.2", "day.3"}


async def test_watching_ends_with_the_store(own_store: Store):
    tick = await first_tick(own_store)

    own_store.end_feeds()

    with pytest.raises(StopAsyncIteration):
        await tick
