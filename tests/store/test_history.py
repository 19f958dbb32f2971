"""A database that is restored to an older state is noticed, and all data is reloaded."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import sqlalchemy as sa
from msgspec import structs

from store import Store
from store.aggregates import table_of
from store.errors import StoreUnavailableError
from store.events import EventType
from store.model import SYSTEM, Toggle
from store.rows import EnvironmentRow, EventRow, ServerStateRow, ToggleRow
from store.unit_of_work import UnitOfWork
from tests.store.test_write_path import put_toggle

_STATE, _EVENT, _TOGGLE = table_of(ServerStateRow), table_of(EventRow), table_of(ToggleRow)

# SQLite counts assigned numbers in this table.
_COUNTER = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))


async def create(store: Store, name: str) -> None:
    async with store.write(SYSTEM) as work:
        put_toggle(work, name)


async def describe(store: Store, toggle: Toggle) -> None:
    async with store.write(SYSTEM) as work:
        work.put(structs.replace(toggle, description="changed", revision=work.revision))
        work.record(EventType.TOGGLE_UPDATED, subject=toggle, after=toggle, summary="Changed it.")


@pytest_asyncio.fixture(loop_scope="module")
async def own_store(own_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(own_url)
    for task in opened._tasks:
        await task.close()
    await opened._listener.close()
    yield opened
    await opened.close()


async def go_back(store: Store, *, lost: str, revision: int) -> None:
    """Restore the database to the state before a toggle was created."""
    async with store._database.begin_write() as connection:
        await connection.execute(sa.delete(_EVENT).where(_EVENT.c.toggle_name == lost))
        for table in reversed(_TOGGLE.metadata.sorted_tables):
            if "toggle_id" in table.c and table is not _EVENT:
                found = sa.select(_TOGGLE.c.id).where(_TOGGLE.c.name == lost)
                await connection.execute(sa.delete(table).where(table.c.toggle_id.in_(found)))
        await connection.execute(sa.delete(_TOGGLE).where(_TOGGLE.c.name == lost))
        await connection.execute(sa.update(_STATE).values(revision=revision))
        newest = (await connection.execute(sa.select(sa.func.max(_EVENT.c.number)))).scalar()
        if store.dialect == "postgresql":
            following = sa.func.setval("event_number_seq", (newest or 0) + 1, sa.false())
            await connection.execute(sa.select(following))
            return
        await connection.execute(sa.delete(_COUNTER).where(_COUNTER.c.name == "event"))
        if newest is not None:
            await connection.execute(sa.insert(_COUNTER).values(name="event", seq=newest))


async def newest_number(store: Store) -> int:
    """The number of the newest event."""
    async with store.read() as session:
        return (await session.execute(sa.select(sa.func.max(_EVENT.c.number)))).scalar_one()


async def test_a_revision_that_went_back_means_a_new_load_and_a_revision_nobody_has_seen(
    own_store: Store,
):
    await create(own_store, "kept")
    before = own_store.snapshot.revision
    await create(own_store, "lost")
    await go_back(own_store, lost="lost", revision=before)

    with pytest.raises(StoreUnavailableError, match="older state"):
        await create(own_store, "refused")
    await own_store.refresh()

    assert set(own_store.snapshot.toggles) == {"kept"}
    assert own_store.snapshot.revision > before + 1
    await create(own_store, "after")
    await own_store.refresh()
    assert set(own_store.snapshot.toggles) == {"kept", "after"}


async def test_another_history_up_to_the_same_revision_is_noticed(own_store: Store, own_url: str):
    await create(own_store, "kept")
    before = own_store.snapshot.revision
    await create(own_store, "lost")
    revision = own_store.snapshot.revision
    await go_back(own_store, lost="lost", revision=before)
    other = await Store.open(own_url)
    await create(other, "instead")
    await other.close()

    await own_store.refresh()

    assert set(own_store.snapshot.toggles) == {"kept", "instead"}
    assert own_store.snapshot.revision > revision


@pytest.mark.parametrize("left", ["kept", None])
async def test_events_do_not_get_the_numbers_of_lost_ones(
    own_store: Store, own_url: str, left: str | None
):
    if left is not None:
        await create(own_store, left)
    before = own_store.snapshot.revision
    await create(own_store, "lost")
    await own_store.refresh()
    # Another process creates a toggle that this process has not seen.
    other = await Store.open(own_url)
    await create(other, "unseen")
    await other.close()
    lost = await newest_number(own_store)
    await go_back(own_store, lost="unseen", revision=before)
    await go_back(own_store, lost="lost", revision=before)

    await own_store.refresh()
    await create(own_store, "after")
    following = await newest_number(own_store)
    await create(own_store, "later")

    assert following > lost
    assert own_store.snapshot.toggles["after"].revision > before + 3
    assert await newest_number(own_store) == following + 1


@pytest.mark.parametrize("interrupted", [False, True])
async def test_a_prepared_change_is_part_of_the_history(own_store: Store, interrupted: bool):
    async def prepare(work: UnitOfWork) -> None:
        put_toggle(work, "prepared")
        if interrupted and "other" not in own_store.snapshot.toggles:
            await create(own_store, "other")

    await own_store.write_prepared(SYSTEM, prepare)
    after = own_store.snapshot

    await own_store.refresh()

    assert own_store.snapshot is after


async def test_every_environment_is_served_at_a_new_revision(own_store: Store):
    await create(own_store, "kept")
    before = own_store.snapshot.revision
    await create(own_store, "lost")
    await go_back(own_store, lost="lost", revision=before)
    await own_store.refresh()

    async with own_store.read() as session:
        served = (
            await session.scalars(sa.select(table_of(EnvironmentRow).c.served_revision))
        ).all()

    assert set(served) == {own_store.snapshot.revision}


async def test_a_change_that_finds_no_row_is_no_success(own_store: Store):
    await create(own_store, "gone")
    toggle = own_store.snapshot.toggles["gone"]
    async with own_store._database.begin_write() as connection:
        for table in reversed(_TOGGLE.metadata.sorted_tables):
            if "toggle_id" in table.c and table is not _EVENT:
                await connection.execute(sa.delete(table).where(table.c.toggle_id == toggle.id))
        await connection.execute(sa.delete(_TOGGLE).where(_TOGGLE.c.id == toggle.id))

    with pytest.raises(StoreUnavailableError, match="does not contain all rows"):
        await describe(own_store, toggle)
