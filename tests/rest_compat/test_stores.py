"""A store that is passed between tests does not leak data between them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from store import Store
from store.clock_skew import utc_now
from tests.rest_compat.conftest import admin_of, create
from tests.rest_compat.stores import Stores
from tests.store.usage.reporting import usage_report


async def one_toggle(store: Store) -> None:
    await create(store, "a")


async def another_toggle(store: Store) -> None:
    await create(store, "b")


async def usage(store: Store) -> None:
    await store.journal.add(usage_report())


async def another_time(store: Store) -> None:
    store.clock = lambda: utc_now() + timedelta(days=1)


async def test_a_store_that_nobody_changed_is_lent_again(stores: Stores) -> None:
    async with stores.lent(one_toggle) as first:
        await admin_of(first).get("/api/admin/features")

    async with stores.lent(one_toggle) as second:
        assert second is first
        assert [*second.snapshot.toggles] == ["a"]
        tokens = second.snapshot.tokens
        assert {second.token_use.last_used_at(token) for token in tokens} == {None}


@pytest.mark.parametrize("change", [another_toggle, usage, another_time, Store.close])
async def test_one_that_somebody_changed_is_not(
    stores: Stores, change: Callable[[Store], Awaitable[None]]
) -> None:
    async with stores.lent(one_toggle) as first:
        await change(first)

    async with stores.lent(one_toggle) as second:
        assert second is not first
        assert [*second.snapshot.toggles] == ["a"]
        assert second.usage.last_seen_at("t") is None
        assert not first.ready


async def test_what_others_begin_with_is_not_in_it(stores: Stores) -> None:
    async with stores.lent(one_toggle) as some, stores.lent() as other:
        assert [*some.snapshot.toggles] == ["a"]
        assert [*other.snapshot.toggles] == []
        assert some.snapshot.tokens == other.snapshot.tokens
