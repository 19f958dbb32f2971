"""While the server builds a large answer, it serves other requests. Yielding does not change the
answer.
"""

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest

from graph.toggles import filter as toggle_filter
from store import Store, pacing
from store.lifecycle import Lifecycle
from store.model import SYSTEM, Toggle
from store.operations.toggles import archive_toggle, create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.statements import counted_statements
from tests.steps import counted_steps, steps_at_a_time

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("without_cached_values"),
]

MANY = 100
# Selecting an environment by name calls a resolver.
_FIELDS = " ".join(
    f"e{i}: environment {{ id enabled toggle {{ id name stale }} }}" for i in range(15)
)
LARGE = f"{{ toggles(first: {MANY}) {{ nodes {{ name {_FIELDS} }} }} }}"
_LIST = 'toggles(first: 1, filter: { search: "x" }) { totalCount }'
SIBLINGS = (
    f'{{ strategy(name: "default") {{ {" ".join(f"l{item}: {_LIST}" for item in range(30))} }} }}'
)
FILTERED = "query ($filter: ToggleFilter!) { toggles(first: 1, filter: $filter) { totalCount } }"
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
    """Time slices of zero length, so that the code yields at every opportunity."""
    monkeypatch.setattr(pacing, "SLICE_S", 0)
    # Garbage collections would lengthen the measured times.
    gc.disable()
    yield
    gc.enable()


async def test_a_large_answer_is_made_in_many_small_parts(
    shared_gateway: Gateway, giving_way_often: None
):
    await shared_gateway.run(LARGE)

    async with steps_at_a_time() as turns:
        await shared_gateway.run(LARGE)

    assert max(turns) < sum(turns) / 10


async def test_lists_next_to_each_other_are_filtered_one_at_a_time(
    shared_gateway: Gateway, giving_way_often: None
):
    await shared_gateway.run(SIBLINGS)

    async with steps_at_a_time() as turns:
        data = await shared_gateway.run(SIBLINGS)

    assert [item["totalCount"] for item in data["strategy"].values()] == [0] * 30
    assert len(turns) > 30


async def steps_of_filtering(gateway: Gateway, alternatives: list[dict[str, Any]]) -> int:
    """Return the number of steps of a query that finds no toggles."""
    with counted_steps() as steps:
        data = await gateway.run(FILTERED, {"filter": {"archived": None, "or": alternatives}})
    assert data == {"toggles": {"totalCount": 0}}
    return steps.count


async def test_what_many_alternatives_ask_for_alike_is_worked_out_once(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
):
    looked_at: list[str] = []
    lifecycle_of = toggle_filter.lifecycle_of

    def note(snapshot: Any, usage: Any, toggle: Toggle) -> Lifecycle:
        looked_at.append(toggle.name)
        return lifecycle_of(snapshot, usage, toggle)

    monkeypatch.setattr(toggle_filter, "lifecycle_of", note)
    await steps_of_filtering(shared_gateway, [{"lifecycle": ["LIVE"]}] * 45)

    assert sorted(looked_at) == sorted(shared_gateway.store.snapshot.toggles)


async def test_environments_that_are_not_there_are_not_looked_for(
    shared_gateway: Gateway, never_giving_way: None
):
    names = [f"nowhere-{number}" for number in range(400)]

    # No toggle is off in an environment that does not exist.
    off = await steps_of_filtering(shared_gateway, [{"disabledIn": names}] * 20)
    on = await steps_of_filtering(shared_gateway, [{"enabledIn": names}] * 20)

    assert on < off * 1.5


async def test_small_answers_overtake_large_ones(
    shared_gateway: Gateway, giving_way_often: None, monkeypatch: pytest.MonkeyPatch
):
    await shared_gateway.run(LARGE)  # this request prepares the document
    take, small_done, given_way = pacing.Turns.take, asyncio.Event(), asyncio.Event()

    async def take_after_the_small_one(turns: pacing.Turns) -> None:
        given_way.set()
        await small_done.wait()
        await take(turns)

    monkeypatch.setattr(pacing.Turns, "take", take_after_the_small_one)
    large = asyncio.create_task(shared_gateway.run(LARGE))
    async with asyncio.timeout(30):
        await given_way.wait()
        monkeypatch.setattr(pacing.Turns, "take", take)
        await shared_gateway.run("{ toggles(first: 1) { nodes { name } } }")

    assert not large.done()
    small_done.set()
    await large


async def test_what_comes_while_many_wait_for_their_slice_waits_for_one_slice(
    shared_gateway: Gateway, giving_way_often: None, monkeypatch: pytest.MonkeyPatch
):
    take, taken = pacing.Turns.take, 0

    async def take_and_count(turns: pacing.Turns) -> None:
        nonlocal taken
        await take(turns)
        taken += 1

    await shared_gateway.run(LARGE)  # this request prepares the document
    monkeypatch.setattr(pacing.Turns, "take", take_and_count)
    large = [asyncio.create_task(shared_gateway.run(LARGE)) for _ in range(15)]
    while not taken:
        await asyncio.sleep(0)

    meanwhile: list[int] = []
    for _ in range(20):
        before = taken
        for _ in range(4):  # a poll takes four turns of the event loop
            await asyncio.sleep(0)
        meanwhile.append(taken - before)

    assert not any(item.done() for item in large)
    assert max(meanwhile) == 1
    await asyncio.gather(*large)


async def test_answers_are_the_same_however_often_they_give_way(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
):
    often, never = [], []
    for slice_s, answers in ((0, often), (1_000, never)):
        monkeypatch.setattr(pacing, "SLICE_S", slice_s)
        answers += [await shared_gateway.run(item) for item in (LARGE, WITH_EVENTS)]

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
