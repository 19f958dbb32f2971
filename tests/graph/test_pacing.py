"""Large answers let others through, and are otherwise what they would be."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest

from graph.execution import pacing
from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle, create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = 100
# Environments are looked up by name, so each field has a resolver that is called.
_FIELDS = " ".join(
    f"e{i}: environment {{ id enabled toggle {{ id name stale }} }}" for i in range(15)
)
LARGE = f"{{ toggles(first: {MANY}) {{ nodes {{ name {_FIELDS} }} }} }}"
WITH_EVENTS = """{ toggles(first: 100, filter: { archived: true }) { nodes { name
  events(first: 1) { nodes { summary toggle { name versions(first: 1) { nodes { revision } } } } }
} } }"""


@pytest.fixture(scope="module")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with many toggles, half of them archived."""
    return filled(prepared_database, _fill)


async def _fill(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(2 * MANY):
            toggle = await create_toggle(work, name=f"toggle-{number:03}")
            if number < MANY:
                await archive_toggle(work, toggle.name)


@pytest.fixture
def giving_way_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Slices of no length: whatever can give way does so."""
    monkeypatch.setattr(pacing, "SLICE_S", 0)
    # Its pauses are not the answer's.
    gc.disable()
    yield
    gc.enable()


@asynccontextmanager
async def watched_loop():
    """How many seconds of work the event loop did at a time, without a look around."""
    held: list[float] = []

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            held.append(time.thread_time() - before)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    yield held
    await asyncio.sleep(0)
    watching.cancel()


async def test_a_large_answer_is_made_in_many_small_parts(
    shared_gateway: Gateway, giving_way_often: None
):
    await shared_gateway.run(LARGE)

    async with watched_loop() as held:
        await shared_gateway.run(LARGE)

    assert max(held) < sum(held) / 4


async def test_small_answers_overtake_large_ones(shared_gateway: Gateway, giving_way_often: None):
    large = asyncio.create_task(shared_gateway.run(LARGE))
    await asyncio.sleep(0.01)

    await shared_gateway.run("{ toggles(first: 1) { nodes { name } } }")

    assert not large.done()
    await large


async def test_answers_are_the_same_however_often_they_give_way(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
):
    often, never = [], []
    for slice_s, answers in ((0, often), (1_000, never)):
        monkeypatch.setattr(pacing, "SLICE_S", slice_s)
        answers += [await shared_gateway.run(it) for it in (LARGE, WITH_EVENTS)]

    assert often == never
    assert len(often[1]["toggles"]["nodes"]) == MANY


async def test_giving_way_costs_no_statement(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
):
    counts: list[int] = []
    for slice_s in (0, 1_000):
        monkeypatch.setattr(pacing, "SLICE_S", slice_s)
        with counted_statements() as statements:
            await shared_gateway.run(WITH_EVENTS)
        counts.append(len(statements))

    assert counts[0] == counts[1] > 0
