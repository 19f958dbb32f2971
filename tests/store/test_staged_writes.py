"""Large changes stage their rows before the transaction, so that others wait only briefly."""

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store, staging
from store.current_state import CurrentState
from store.errors import StoreUnavailableError
from store.events import EventType
from store.model import SYSTEM, Toggle
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from store.prepared_work import PreparedWork
from store.snapshot import Snapshot
from store.staging import StagedRows, Stamp
from store.transfer.context import ImportMode
from store.transfer.importing import import_state
from store.unit_of_work import UnitOfWork
from tests.statements import counted_statements
from tests.store.interrupting import Interrupted, creating, importing
from tests.store.operations.doing import carry_out, log
from tests.store.stored import assert_same_configuration, read_again
from tests.store.transfer.documents import state


@pytest.mark.thorough
async def test_the_transaction_has_few_statements_however_large_the_change(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    names = [f"toggle-{number:04}" for number in range(2_500)]
    statements: list[str] = []
    repeated: list[str] = []

    def note(_1: Any, _2: Any, statement: str, _3: Any, _4: Any, executemany: bool) -> None:
        if executemany:
            repeated.append(statement)

    write = PreparedWork.write_staged

    async def load(*arguments: Any) -> Snapshot:
        sqlalchemy_event.listen(Engine, "before_cursor_execute", note)
        try:
            with counted_statements() as counted:
                result = await write(*arguments)
        finally:
            sqlalchemy_event.remove(Engine, "before_cursor_execute", note)
        statements.extend(counted)
        return result

    monkeypatch.setattr(PreparedWork, "write_staged", load)
    await store.write_prepared(SYSTEM, importing(*names))
    written = len(statements)
    document = state(toggles=[{"name": name, "description": "New"} for name in names])
    await store.write_prepared(SYSTEM, lambda work: import_state(work, document))
    await store.write_prepared(
        SYSTEM, lambda work: import_state(work, state(), mode=ImportMode.REPLACE_ALL)
    )

    # The statements write toggles, their environments, the change set, events, summary events and
    # the environment.
    assert written == 6
    assert len(statements) < 19
    assert repeated == []
    assert not store.snapshot.toggles
    assert_same_configuration(store.snapshot, await read_again(store))
    types = [item.type for item in await log(store)]
    assert types[-3:] == [
        EventType.TOGGLE_DELETED,
        EventType.CHANGE_SET_APPLIED,
        EventType.STATE_IMPORTED,
    ]


async def test_others_write_while_rows_are_staged(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Other writers can commit while temporary tables are filled, and no change is lost."""
    stage = StagedRows.stage

    async def interrupted(self: StagedRows, connection: AsyncConnection) -> None:
        await stage(self, connection)
        async with asyncio.timeout(30):
            await carry_out(store, create_toggle, name="other")

    monkeypatch.setattr(StagedRows, "stage", interrupted)
    before = store.snapshot.revision

    await store.write_prepared(SYSTEM, importing("new"))

    assert store.snapshot.toggles["other"].revision == before + 1
    assert store.snapshot.toggles["new"].revision == before + 2
    assert [item.toggle_name for item in await log(store) if item.toggle_name] == ["other", "new"]
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_a_repeated_toggle_is_served_anew_if_the_change_creates_an_environment(store: Store):
    enabled = {"name": "a", "environments": [{"environment": "default", "enabled": True}]}
    await carry_out(store, import_state, state(toggles=[enabled]))
    document = state(environments=[{"name": "lab"}], toggles=[enabled])

    async def other() -> None:
        await carry_out(store, set_enabled, "a", enabled=False)

    interrupted = Interrupted(lambda work: import_state(work, document), other)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert store.snapshot.toggles["a"].environments["default"].enabled
    assert store.snapshot.environments["default"].served_revision == store.snapshot.revision
    assert_same_configuration(store.snapshot, await read_again(store))


@pytest.mark.parametrize("many", [1, 1_000])
async def test_the_memory_of_many_staged_rows_is_returned(
    store: Store, monkeypatch: pytest.MonkeyPatch, many: int
):
    trimmed: list[int] = []
    monkeypatch.setattr(staging, "find_malloc_trim", lambda: trimmed.append)
    monkeypatch.setattr(staging, "MANY_ROWS", many)
    batches: list[Any] = []
    write = StagedRows.write

    async def noting(self: StagedRows, connection: AsyncConnection, stamp: Stamp) -> None:
        batches.extend(self._batches)
        await write(self, connection, stamp)

    monkeypatch.setattr(StagedRows, "write", noting)
    await store.write_prepared(SYSTEM, importing("a", "b"))

    assert len(trimmed) == (many == 1)
    assert [batch.values for batch in batches] == [[]] * len(batches)


async def test_writers_that_waited_for_a_large_change_need_not_load_it(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """The large change is published before waiting writers get the lock."""
    write, load = StagedRows.write, CurrentState._newer
    waiting: list[asyncio.Task[Any]] = []
    loaded: list[int] = []

    async def with_a_writer(self: StagedRows, connection: AsyncConnection, stamp: Stamp) -> None:
        waiting.append(asyncio.create_task(carry_out(own_store, create_toggle, name="other")))
        await asyncio.sleep(0)
        await write(self, connection, stamp)

    async def noting(self: CurrentState, session: Any, *, up_to: int) -> Snapshot | None:
        snapshot = await load(self, session, up_to=up_to)
        if snapshot is not None:
            loaded.append(up_to)
        return snapshot

    close, stager = AsyncConnection.close, own_store._database._stager

    async def slow(self: AsyncConnection) -> None:
        if self.engine.sync_engine is stager.sync_engine and waiting:
            async with asyncio.timeout(30):
                await asyncio.wait(waiting)
        await close(self)

    monkeypatch.setattr(StagedRows, "write", with_a_writer)
    monkeypatch.setattr(CurrentState, "_newer", noting)
    monkeypatch.setattr(AsyncConnection, "close", slow)
    await own_store.write_prepared(SYSTEM, importing("new"))
    await asyncio.gather(*waiting)

    assert loaded == []
    assert own_store.snapshot.toggles.keys() == {"new", "other"}


async def test_nothing_is_stored_when_the_change_fails_after_its_rows(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    write = StagedRows.write

    async def failing(self: StagedRows, connection: AsyncConnection, stamp: Stamp) -> None:
        await write(self, connection, stamp)
        raise ConnectionError

    before = store.snapshot
    with monkeypatch.context() as patch:
        patch.setattr(StagedRows, "write", failing)
        with pytest.raises(StoreUnavailableError):
            await store.write_prepared(SYSTEM, importing("new"))
    assert store.snapshot is before
    assert_same_configuration(before, await read_again(store))

    await store.write_prepared(SYSTEM, importing("new"))
    assert_same_configuration(store.snapshot, await read_again(store))


@pytest.mark.parametrize("may_stage", [True, False])
async def test_texts_that_look_like_a_revision_or_a_time_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch, may_stage: bool
):
    """A PostgreSQL role may be forbidden to make temporary tables."""
    if not may_stage:

        async def no(_: AsyncConnection) -> bool:
            return False

        monkeypatch.setattr(staging, "_may_make_tables", no)
    revision = store.snapshot.revision + 1
    parameters = {"revision": str(revision), "a": f'"revision":{revision}', "at": "x"}
    strategy = {"name": "own", "parameters": parameters}

    async def prepare(work: UnitOfWork) -> Any:
        parameters["at"] = msgspec.json.encode(work.now).decode().strip('"')
        enabled = {"environment": "default", "enabled": True, "strategies": [strategy]}
        return await import_state(work, state(toggles=[{"name": "a", "environments": [enabled]}]))

    await store.write_prepared(SYSTEM, Interrupted(prepare, creating(store, "other")))

    toggle = store.snapshot.toggles["a"]
    (stored,) = toggle.environments["default"].strategies
    assert stored.parameters == parameters
    (created,) = (item for item in await log(store) if item.toggle_name == "a")
    assert msgspec.convert(created.after, Toggle) == toggle
    assert created.revision == toggle.revision == revision + 1
    assert_same_configuration(store.snapshot, await read_again(store))
