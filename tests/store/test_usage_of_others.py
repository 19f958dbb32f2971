"""All processes with the same database return the same usage. Any of the processes may aggregate
reports.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.model import SYSTEM, ApiToken, ApiTokenType
from store.operations.applications import delete_application
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.rows import ApiTokenUseRow, MetricsJournalRow
from store.usage import name_limits
from store.usage.reports import ToggleCounts
from tests.store.usage.reporting import USAGE, count, rows, usage_report

DEADLINE_S = 20
JOURNAL = table_of(MetricsJournalRow)
TOKEN_USE = table_of(ApiTokenUseRow)


@asynccontextmanager
async def two_stores(url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores over one database, each like a separate process."""
    one = await Store.open(url)
    other = await Store.open(url)
    try:
        yield one, other
    finally:
        await other.close()
        await one.close()


async def becomes(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.02)


async def report(store: Store, *names: str, app_name: str = "shop") -> None:
    counts = {name: ToggleCounts(1, 0) for name in names}
    await store.journal.add(usage_report(counts, app_name=app_name))
    await store.aggregate_now()


@pytest.mark.thorough
async def test_counts_of_one_process_are_seen_by_the_others(own_url: str) -> None:
    async with two_stores(own_url) as (one, other):
        await report(one, "t")
        await becomes(lambda: other.usage.last_seen_at("t") is not None)
        await report(other, "t", app_name="till")
        await becomes(lambda: one.usage.applications("t") == {"shop", "till"})

        seen: list[datetime | None] = [item.usage.last_seen_at("t") for item in (one, other)]
    assert seen[0] == seen[1]


@pytest.mark.thorough
async def test_an_application_that_one_process_forgets_is_forgotten_by_all(own_url: str) -> None:
    async with two_stores(own_url) as (one, other):
        await report(one, "t", "u")
        await report(one, "u", app_name="till")
        await becomes(lambda: other.usage.applications("u") == {"shop", "till"})

        async with one.write(SYSTEM) as work:
            await delete_application(work, "shop")

        await becomes(lambda: other.usage.names() == {"u"})
        assert one.usage.names() == {"u"}
        assert one.usage.applications("u") == other.usage.applications("u") == {"till"}


async def test_the_limit_of_unknown_names_holds_over_all_processes(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_UNKNOWN_NAMES_OF_APPLICATION", 10)
    async with two_stores(own_url) as (one, other):
        await report(one, *(f"a{number}" for number in range(8)))
        await report(other, *(f"b{number}" for number in range(8)))

        assert await count(one, USAGE) <= 10


@pytest.mark.thorough
async def test_the_use_of_a_token_is_seen_by_the_others_and_written_once_a_minute(
    own_url: str,
) -> None:
    async with two_stores(own_url) as (one, other):
        token = await _token(one)
        one.token_use.mark(token.id, one.clock())
        at = one.token_use.last_used_at(token.id)
        await becomes(lambda: other.token_use.last_used_at(token.id) is not None)

        for store in (one, other):
            store.token_use.mark(token.id, store.clock())
            await store.token_use.flush()

        assert await rows(one, TOKEN_USE, "token_id", "last_used_at") == [(token.id, at)]
        assert other.token_use.last_used_at(token.id) == at


async def test_a_store_without_work_in_the_background_counts_nothing(own_url: str) -> None:
    server = await Store.open(own_url)
    await server.usage_tracker.aggregator._task.close()
    counts = {"t": ToggleCounts(1, 0)}
    await server.journal.add(usage_report(counts))

    command = await Store.open(own_url, background=False)
    async with command.write(SYSTEM) as work:
        await create_toggle(work, name="t")
    await command.close()

    async with server.read() as session:
        left = await session.scalar(sa.select(sa.func.count()).select_from(JOURNAL))
    await server.aggregate_now()
    known = server.usage.last_seen_at("t")
    await server.close()
    assert left == 1
    assert known is not None


async def _token(store: Store) -> ApiToken:
    async with store.write(SYSTEM) as work:
        token, _ = await create_token(work, name="shop", type=ApiTokenType.CLIENT)
    return token
