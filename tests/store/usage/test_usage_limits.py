"""Usages of toggles by applications are limited: per hour for public sources, and in total."""

import asyncio
from datetime import timedelta

import pytest

from store import Store
from store.aggregates import table_of
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import NameAllowanceRow
from store.usage import name_limits, room
from store.usage.allowances import FULL_RETRY_AFTER_S
from store.usage.room import MIN_SILENCE
from tests.statements import counted_statements
from tests.store.usage.reporting import (
    USAGE,
    Clock,
    count,
    public_refusal,
    refusal,
    report_of,
    rows,
)

ALLOWANCE = table_of(NameAllowanceRow)


async def create_toggles(store: Store, *names: str) -> None:
    async with store.write(SYSTEM) as work:
        for name in names:
            await create_toggle(work, name=name)


async def test_new_usages_of_a_public_source_are_limited_for_the_hour(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 3)
    await create_toggles(store, "a", "b", "c")

    assert await public_refusal(store, report_of("a", "b")) is None
    assert await public_refusal(store, report_of("a", "b", app_name="blog")) == 1785
    assert await public_refusal(store, report_of("a", "b")) is None
    await store.aggregate_now()
    assert await public_refusal(store, report_of("a", "b", "c")) is None
    assert await public_refusal(store, report_of("a", app_name="blog")) == 1785
    assert await public_refusal(store, report_of("a", app_name="blog"), source="other") is None
    clock.now += timedelta(minutes=30)
    assert await public_refusal(store, report_of("b", app_name="blog")) is None
    await store.aggregate_now()

    assert await rows(store, USAGE, "app_name", "toggle_name", "yes") == [
        ("blog", "a", 1),
        ("blog", "b", 1),
        ("shop", "a", 3),
        ("shop", "b", 3),
        ("shop", "c", 1),
    ]
    assert store.usage.size == 5


async def test_a_usage_that_many_instances_report_at_once_counts_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 2)
    await create_toggles(store, "a", "b")

    answers = await asyncio.gather(*(public_refusal(store, report_of("a", "b")) for _ in range(20)))

    assert answers == [None] * 20
    assert await rows(store, ALLOWANCE, "source", "usages") == [("", 2), ("token", 2)]


async def test_the_allowance_of_usages_holds_across_processes(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 3)
    await create_toggles(store, "a", "b")
    await other_store.refresh()

    assert await public_refusal(store, report_of("a", "b")) is None
    await store.aggregate_now()

    assert await public_refusal(other_store, report_of("a", "b", app_name="blog")) == 1785
    # The other process reads these names from the table only.
    assert await public_refusal(other_store, report_of("a", "b")) is None
    assert await public_refusal(other_store, report_of("a", app_name="blog")) is None


async def test_silent_usages_make_room(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_USAGES", 3)
    await create_toggles(store, "a", "b", "c", "d")
    assert await public_refusal(store, report_of("a", "b", "c", clock=clock), source="1") is None
    assert (
        await public_refusal(store, report_of("d", clock=clock), source="2") == FULL_RETRY_AFTER_S
    )
    await store.aggregate_now()
    assert (
        await public_refusal(store, report_of("d", clock=clock), source="2") == FULL_RETRY_AFTER_S
    )
    clock.now += MIN_SILENCE + timedelta(minutes=2)
    assert await public_refusal(store, report_of("b", "c", clock=clock)) is None
    await store.aggregate_now()

    assert await public_refusal(store, report_of("d", clock=clock), source="2") is None
    await store.aggregate_now()

    assert await rows(store, USAGE, "toggle_name") == [("b",), ("c",), ("d",)]
    assert store.usage.names_of("shop") == {"b", "c", "d"}
    assert store.usage.size == 3


async def test_usages_of_secret_sources_are_not_limited(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services with a common client token may report more pairs than public tokens may."""
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 3)
    monkeypatch.setattr(name_limits, "MAX_USAGES", 4)
    await create_toggles(store, "a", "b", "c", "d", "e", "f")

    assert await refusal(store, report_of("a", "b", "c", "d", clock=clock)) is None
    await store.aggregate_now()
    assert await refusal(store, report_of("a", "b", "c", "d", app_name="blog", clock=clock)) is None
    await store.aggregate_now()

    assert store.usage.size == 8
    assert await count(store, USAGE) == 8
    # All usages are recent, so no usage can be removed to make room for public tokens.
    assert await public_refusal(store, report_of("e")) == FULL_RETRY_AFTER_S
    assert await refusal(store, report_of("e", clock=clock)) is None
    await store.aggregate_now()
    assert store.usage.size == 9


async def test_usages_of_secret_sources_make_room_once_they_are_silent(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_USAGES", 2)
    await create_toggles(store, "a", "b", "c")
    await store.journal.add(report_of("a", "b", "c", clock=clock), source="token")
    await store.aggregate_now()
    clock.now += MIN_SILENCE + timedelta(minutes=2)
    for app_name in ("blog", "news"):
        report = report_of("a", app_name=app_name, clock=clock)
        await store.journal.add(report, source="token")
    await store.aggregate_now()
    # Five usages are stored, and one transaction removes at most two usages.
    monkeypatch.setattr(room, "MAX_REMOVED_USAGES", 2)

    sizes: list[int] = []
    for _ in range(3):
        await store.usage_tracker.limits.trim(clock.now)
        sizes.append(store.usage.size)

    assert sizes == [3, 2, 2]
    assert await rows(store, USAGE, "app_name", "toggle_name") == [("blog", "a"), ("news", "a")]


@pytest.mark.parametrize(("is_public", "statements"), [(False, 1), (True, 5)])
async def test_many_new_usages_cost_few_statements(
    store: Store, is_public: bool, statements: int
) -> None:
    names = [f"toggle-{number}" for number in range(400)]
    await create_toggles(store, *names)
    await store.journal.add(report_of(), source="token")
    await store.aggregate_now()

    with counted_statements(of_all_tasks=True) as executed:
        await store.journal.add(report_of(*names), source="token", is_public=is_public)

    assert len(executed) == statements
    await store.aggregate_now()
    assert store.usage.size == 400


async def test_usages_beyond_the_limit_are_removed(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create_toggles(store, "a", "b", "c")
    await store.journal.add(report_of("a", "b", "c", clock=clock))
    await store.aggregate_now()
    monkeypatch.setattr(name_limits, "MAX_USAGES", 1)
    clock.now += 2 * MIN_SILENCE

    await store.usage_tracker.limits.trim(clock.now)

    assert await rows(store, USAGE, "toggle_name") == [("c",)]
    assert store.usage.names_of("shop") == {"c"}
