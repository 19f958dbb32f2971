"""Events for the subscribers of one token have a cost limit per second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest

from graph.app import create_operations
from graph.engine.run.config import GraphConfig
from graph.engine.run.push_budgets import MAX_CONCURRENT_RESULTS, PushBudget
from graph.engine.run.request import GraphQLRequest
from graph.engine.run.streaming import Streams
from store import Store
from store.identity import Principal
from store.model import ANONYMOUS, SYSTEM, ApiToken, ApiTokenType
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token

CHANGED = "subscription { toggleChanged { toggle { name events(first: 99) { nodes { type } } } } }"


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


class Clock:
    """A clock that advances only when a task sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        sleep = asyncio.sleep

        async def sleep_in_no_time(delay: float) -> None:
            if delay > 0:
                self.slept.append(delay)
                self.now += delay
            await sleep(0)

        monkeypatch.setattr(asyncio, "sleep", sleep_in_no_time)


async def test_a_budget_pays_so_much_by_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    budget = PushBudget(100, lambda: clock.now)

    await asyncio.gather(*(budget.pay(50) for _ in range(4)))
    in_debt = clock.now
    await budget.pay(1_000)
    clock.now += 60
    rested = clock.now
    await budget.pay(60)
    await budget.pay(40)

    assert in_debt == 1.0  # two payments at once, and two more payments half a second apart
    assert clock.slept == [0.5, 0.5, 1.0]
    assert clock.now == rested


async def test_what_another_one_has_paid_for_meanwhile_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    budget = PushBudget(10, lambda: clock.now)
    await budget.pay(10)

    await asyncio.gather(*(budget.pay(10, unless=lambda: clock.now >= 1) for _ in range(100)))

    assert clock.now == 1.0


class Subscribers:
    """Opens subscriptions with tokens, and records the cost of each payment."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self._operations = create_operations(store, GraphConfig())
        self._streams = Streams(self._operations, GraphConfig())
        self.paid: list[int] = []
        pay = PushBudget.pay

        async def note(budget: PushBudget, cost: int, **options: Any) -> None:
            unless = options.get("unless", lambda: False)
            if not unless():
                self.paid.append(cost)
            await pay(budget, cost, **options)

        monkeypatch.setattr(PushBudget, "pay", note)

    async def open(self, stack: AsyncExitStack, token: ApiToken, text: str) -> AsyncIterator[bytes]:
        principal = Principal(ANONYMOUS, token.type, token, "default", ())
        request = GraphQLRequest(text)
        document = await self._operations.document_for(principal, request)
        results = await self._streams.open(principal, request, document)
        return await stack.enter_async_context(aclosing(results))


@pytest.mark.parametrize(("alike", "payments"), [(True, 1), (False, 30)])
async def test_shared_results_are_paid_once_and_others_each(
    store: Store, monkeypatch: pytest.MonkeyPatch, alike: bool, payments: int
) -> None:
    async with store.write(SYSTEM) as work:
        token, _ = await create_token(work, name="a", type=ApiTokenType.ADMIN)
    subscribers = Subscribers(store, monkeypatch)
    async with AsyncExitStack() as stack, asyncio.timeout(120):
        opened = [
            await subscribers.open(stack, token, CHANGED if alike else f"# {number}\n{CHANGED}")
            for number in range(30)
        ]
        results = [asyncio.ensure_future(anext(item)) for item in opened]
        await asyncio.sleep(0.1)
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="t")
        await asyncio.gather(*results)

    assert len(subscribers.paid) == payments
    # A payment covers the events on the page, plus a small cost for the other fields.
    assert set(subscribers.paid) <= set(range(99, 110))


async def test_some_results_of_a_token_are_worked_out_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.write(SYSTEM) as work:
        token, _ = await create_token(work, name="a", type=ApiTokenType.ADMIN)
    subscribers = Subscribers(store, monkeypatch)
    show, running, max_running = Streams._compute, 0, 0

    async def show_and_count(*arguments: Any) -> bytes:
        nonlocal running, max_running
        running += 1
        max_running = max(max_running, running)
        try:
            return await show(*arguments)
        finally:
            running -= 1

    monkeypatch.setattr(Streams, "_compute", show_and_count)
    async with AsyncExitStack() as stack, asyncio.timeout(120):
        opened = [
            await subscribers.open(stack, token, f"# {number}\n{CHANGED}") for number in range(30)
        ]
        results = [asyncio.ensure_future(anext(item)) for item in opened]
        await asyncio.sleep(0.1)
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="t")
        await asyncio.gather(*results)

    assert max_running == MAX_CONCURRENT_RESULTS


async def test_a_token_that_has_spent_all_does_not_block_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.write(SYSTEM) as work:
        tokens = [
            (await create_token(work, name=name, type=ApiTokenType.ADMIN))[0] for name in "ab"
        ]
    subscribers = Subscribers(store, monkeypatch)
    budget = subscribers._streams._budgets.of(tokens[0].id)
    budget._accumulate = lambda: None
    budget._available = -1e9  # the debt lasts for a very long time
    async with AsyncExitStack() as stack, asyncio.timeout(120):
        poor = await subscribers.open(stack, tokens[0], CHANGED)
        rich = await subscribers.open(stack, tokens[1], f"# another\n{CHANGED}")
        waiting = asyncio.ensure_future(anext(poor))
        served = asyncio.ensure_future(anext(rich))
        await asyncio.sleep(0.1)
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="t")
        await served

        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
