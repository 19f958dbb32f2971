"""Stores follow commits of other processes by reading their events."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from store import Store, current_state, following
from store.aggregates import table_of
from store.clock_skew import utc_now
from store.current_state import CurrentState
from store.following import News, read_news
from store.history import REVISION_GAP
from store.model import ApiTokenType
from store.operations.environments import create_environment
from store.operations.fields import ToggleFields
from store.operations.segments import create_segment, update_segment
from store.operations.tags import change_tags
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    update_toggle,
)
from store.operations.tokens import create_token
from store.recent_changes import ChangedObjects
from store.rows import EventRow
from store.snapshot import Snapshot
from store.values import Tag
from tests.statements import counted_statements
from tests.store.operations.doing import carry_out
from tests.store.random_changes import CHANGES, change_anything
from tests.store.stored import assert_same_configuration, followed, read_again
from tests.store.transfer.documents import state, take
from tests.turns import counted_turns

EVENT = table_of(EventRow)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note the target revision each time a store loads the rows of objects."""
    loaded: list[int] = []
    load = CurrentState._newer

    async def noting(self: CurrentState, session: Any, *, up_to: int) -> Snapshot | None:
        loaded.append(up_to)
        return await load(self, session, up_to=up_to)

    monkeypatch.setattr(CurrentState, "_newer", noting)
    return loaded


@pytest.mark.sample(1)
@pytest.mark.every_row
@pytest.mark.parametrize("seed", range(4))
async def test_what_follows_from_events_is_what_a_fresh_process_loads(store: Store, seed: int):
    random = Random(seed)
    known = store.snapshot
    made: Counter[str | None] = Counter()
    unknown = 0
    for _ in range(120):
        made[await change_anything(random, store)] += 1
        if store.snapshot is known or random.random() < 0.4:
            continue
        snapshot = await followed(store, known)
        if snapshot is None:
            unknown += 1
            snapshot = store.snapshot
        assert snapshot.revision == store.snapshot.revision
        assert_same_configuration(snapshot, await read_again(store))
        known = snapshot

    # The state after a change can be computed from events, except after an import.
    assert unknown <= made["import"]
    assert len(made) > len(CHANGES) / 2


async def test_one_statement_follows_a_few_changes(store: Store, other_store: Store, loads: Any):
    await carry_out(store, create_toggle, name="one")
    await carry_out(store, create_environment, name="other")
    await carry_out(store, change_tags, "one", add=[Tag("simple", "new")])

    with counted_statements() as statements:
        await other_store.refresh()

    assert len(statements) == 1
    assert_same_configuration(store.snapshot, other_store.snapshot)
    assert loads == []


async def test_following_one_change_takes_two_turns_of_the_drivers_thread(
    store: Store, other_store: Store, database: str
):
    if database == "postgresql":
        pytest.skip("the driver of PostgreSQL has no thread")
    await carry_out(store, create_toggle, name="one")

    with counted_turns() as turns:
        await other_store.refresh()

    assert turns == ["run", "rollback"]


async def test_a_writer_that_is_behind_executes_one_more_statement(
    store: Store, other_store: Store
):
    await carry_out(store, create_toggle, name="one")
    await other_store.refresh()
    with counted_statements() as usual:
        await carry_out(other_store, set_enabled, "one", enabled=True)

    with counted_statements() as behind:
        await carry_out(store, set_enabled, "one", enabled=False)

    assert len(behind) == len(usual) + 1
    await other_store.refresh()
    assert_same_configuration(store.snapshot, other_store.snapshot)


async def test_a_writer_waits_for_a_refresh_that_is_under_way(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """Otherwise the writer would load the same commits while it holds the lock."""
    await carry_out(store, create_toggle, name="one")
    read, entered, goes_on = following.read_news, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any) -> News:
        entered.set()
        await goes_on.wait()
        return await read(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("store.current_state.read_news", slow)
        patch.setattr("store.current_state.CATCH_UP_S", 60)
        refreshing = asyncio.create_task(other_store.refresh())
        await entered.wait()
        writing = asyncio.create_task(carry_out(other_store, create_toggle, name="two"))
        await asyncio.sleep(0)
        with counted_statements() as statements:
            goes_on.set()
            await asyncio.gather(refreshing, writing)

    assert other_store.snapshot.toggles.keys() == {"one", "two"}
    assert not any(statement.startswith("SELECT") for statement in statements)


@pytest.mark.postgres
async def test_a_commit_that_a_waiting_writer_loads_is_not_loaded_twice(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(current_state, "WRITER_HEAD_START_S", 0.5)
    await carry_out(store, create_toggle, name="one")
    refreshed: list[int] = []
    monkeypatch.setattr(other_store._state, "refresh", lambda: refreshed.append(1))

    async with other_store._database._write_lock:
        hearing = asyncio.create_task(other_store._state.hear(store.snapshot.revision))
        await asyncio.sleep(0)
    await carry_out(other_store, create_toggle, name="two")
    await hearing

    assert refreshed == []
    assert other_store.snapshot.toggles.keys() == {"one", "two"}


async def test_tokens_are_loaded_with_their_secrets(store: Store, other_store: Store):
    _, secret = await carry_out(store, create_token, name="t", type=ApiTokenType.CLIENT)

    await other_store.refresh()

    assert other_store.snapshot.token_of(secret) is not None


async def test_types_and_projects_that_toggles_create_are_loaded(
    store: Store, other_store: Store, loads: list[int]
):
    fields = ToggleFields(type="new type", project="new project")
    await carry_out(store, create_toggle, name="a", fields=fields, allow_unknown=True)

    with counted_statements() as statements:
        await other_store.refresh()

    assert len(statements) == 3
    assert_same_configuration(store.snapshot, other_store.snapshot)
    assert loads == []


async def test_unchanged_objects_keep_their_identity(store: Store, other_store: Store):
    await carry_out(store, create_toggle, name="one", enabled=True)
    await carry_out(store, create_toggle, name="two")
    await other_store.refresh()
    one, two = map(other_store.snapshot.toggles.get, ("one", "two"))

    await carry_out(store, update_toggle, "one", ToggleFields(description="x"))
    await other_store.refresh()

    assert one is not None
    changed = other_store.snapshot.toggles["one"]
    assert changed.description == "x"
    assert changed.environments["default"] is one.environments["default"]
    assert other_store.snapshot.toggles["two"] is two
    assert other_store.snapshot.strategies["default"] is store.snapshot.strategies["default"] or (
        other_store.snapshot.strategies is not store.snapshot.strategies
    )


async def test_an_import_is_loaded_from_the_rows(
    store: Store, other_store: Store, loads: list[int]
):
    await take(store, state(toggles=[{"name": "a"}], projects=[{"name": "b b"}]))

    await other_store.refresh()

    assert_same_configuration(store.snapshot, other_store.snapshot)
    assert loads == [1]


async def test_a_writer_does_not_follow_another_history(own_store: Store, own_url: str):
    """After a restore, the database may contain other commits with the same revisions."""
    for task in own_store._tasks:
        await task.close()
    await own_store._listener.close()
    await carry_out(own_store, create_toggle, name="one")
    async with own_store._database.begin_write() as connection:
        await connection.execute(sa.update(EVENT).values(created_at=utc_now()))
    other = await Store.open(own_url)
    await carry_out(other, create_toggle, name="two")
    await other.close()

    await carry_out(own_store, create_toggle, name="three")

    assert own_store.snapshot.revision > REVISION_GAP
    assert own_store.snapshot.toggles.keys() == {"one", "two", "three"}
    assert_same_configuration(own_store.snapshot, await read_again(own_store))


async def test_what_is_loaded_from_rows_names_its_changes(
    store: Store, other_store: Store, loads: list[int]
):
    await carry_out(store, create_segment, name="kept")
    await carry_out(store, create_segment, name="changed")
    await carry_out(store, create_toggle, name="gone")
    await carry_out(store, create_toggle, name="kept")
    await other_store.refresh()
    before = other_store.snapshot
    kept, changed = before.segments_by_name["kept"], before.segments_by_name["changed"]
    await carry_out(store, archive_toggle, "gone")
    await carry_out(store, delete_toggle, "gone")
    await carry_out(store, update_segment, changed.id, name="new")
    await take(store, state(toggles=[{"name": "a"}], projects=[{"name": "b b"}]))

    await other_store.refresh()

    after = other_store.snapshot
    assert loads == [store.snapshot.revision]
    assert after.changes_since(before.mark) == ChangedObjects({"gone", "a"}, {changed.id})
    assert after.segments[kept.id] is kept


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("type", "TOGGLE_TURNED"),
        ("subject_kind", "turn"),
        ("after", "[]"),
        ("after", None),
        ("revision", 99),
        ("subject_kind", "application"),
    ],
)
async def test_events_that_do_not_suffice_are_not_followed(
    store: Store, other_store: Store, loads: list[int], column: str, value: Any
):
    """A newer release may record unknown events. Old events may have been deleted."""
    await carry_out(store, create_toggle, name="one")
    async with store._database.begin_write() as connection:
        await connection.execute(sa.update(EVENT).values({column: value}))

    await other_store.refresh()

    assert_same_configuration(store.snapshot, other_store.snapshot)
    # The type of an event is read only if the object is gone.
    assert loads == ([] if column == "type" else [1])


async def test_more_events_than_fit_are_loaded_from_the_rows(
    store: Store, other_store: Store, loads: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "MAX_EVENTS", 2)
    for name in ("a", "b"):
        await carry_out(store, create_toggle, name=name)
    await other_store.refresh()
    for name in ("c", "d", "e"):
        await carry_out(store, create_toggle, name=name)
    await other_store.refresh()

    assert_same_configuration(store.snapshot, other_store.snapshot)
    assert loads == [5]


async def test_no_table_that_grows_is_scanned(own_store: Store, database: str):
    """Following events and loading changed toggles use indexes."""
    if database == "postgresql":
        pytest.skip("PostgreSQL scans small tables")
    plans: list[str] = []
    store = own_store
    await carry_out(store, create_toggle, name="one")
    with counted_statements() as statements:
        async with store.read() as session:
            await read_news(session, 0, 1)
        async with store.read() as session:
            known, store._state.snapshot = store.snapshot, Snapshot(0, store.snapshot.configuration)
            await store._state._newer(session, up_to=1)
            store._state.snapshot = known
    async with store.read() as connection:
        for statement in statements:
            parameters = tuple(0 for _ in range(statement.count("?")))
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans += [row.detail for row in plan]

    scanned = [plan for plan in plans if plan.startswith("SCAN")]
    growing = ("event", "toggle", "toggle_")
    assert len(statements) > 10
    assert not [
        plan
        for plan in scanned
        if plan.split()[1].startswith(growing) and plan.split()[1] != "toggle_type"
    ]
