"""`Store.write` makes one transaction, one revision without gaps, and an event for each change."""

import asyncio
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store, current_state, database, following
from store.clock_skew import utc_now
from store.current_state import CurrentState
from store.errors import InvalidError, Refusal, StoreUnavailableError, refuse
from store.events import EventType
from store.events_log import EventFilter, list_events
from store.identity import UnauthenticatedError
from store.model import (
    SYSTEM,
    Actor,
    ActorKind,
    ApiTokenType,
    Toggle,
    ToggleEnvironment,
    ToggleStrategy,
)
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle
from store.operations.tokens import create_token, revoke_token
from store.paging import Window
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork
from store.writing import MAX_CATCH_UPS
from tests.store.operations.doing import carry_out
from tests.store.stored import assert_same_configuration, read_again
from tests.store.usage.reporting import Clock


def put_toggle(work: UnitOfWork, name: str) -> Toggle:
    """Put a toggle that is on in the environment default, and record the change."""
    toggle_id = work.new_id()
    strategy = ToggleStrategy(
        id=work.new_id(), toggle_id=toggle_id, environment="default", name="default", parameters={}
    )
    toggle = Toggle(
        id=toggle_id,
        name=name,
        created_at=work.now,
        updated_at=work.now,
        revision=work.revision,
        environments={
            "default": ToggleEnvironment(
                toggle_id=toggle_id,
                environment="default",
                enabled=True,
                strategies=(strategy,),
                updated_at=work.now,
                revision=work.revision,
            )
        },
    )
    work.put(toggle)
    work.record(
        EventType.TOGGLE_CREATED, subject=toggle, after=toggle, summary=f"Created '{name}'."
    )
    return toggle


def describe(work: UnitOfWork, toggle: Toggle, description: str) -> Toggle:
    """Put a toggle with another description, and record the change."""
    changed = structs.replace(
        toggle, description=description, revision=work.revision, updated_at=work.now
    )
    work.put(changed)
    work.record(
        EventType.TOGGLE_UPDATED,
        subject=changed,
        before=toggle,
        after=changed,
        summary="Described.",
    )
    return changed


async def all_events(store: Store) -> list[tuple[int, str]]:
    async with store.read() as session:
        page = await list_events(session, EventFilter(), Window(500))
    return [(event.revision, event.type.name) for event in page.items]


async def test_a_commit_moves_the_snapshot_by_one_revision_and_leaves_its_event(store: Store):
    before = store.snapshot.revision

    async with store.write(SYSTEM) as work:
        toggle = put_toggle(work, "checkout")

    assert store.snapshot.revision == before + 1
    assert store.snapshot.toggles["checkout"] is toggle
    assert await all_events(store) == [(before + 1, "TOGGLE_CREATED")]


async def test_a_refusal_stores_nothing_and_takes_no_revision(store: Store):
    before = store.snapshot

    async def refused() -> None:
        async with store.write(SYSTEM) as work:
            put_toggle(work, "checkout")
            refuse(InvalidError("no", rule="r"))

    with pytest.raises(Refusal):
        await refused()
    async with store.write(SYSTEM) as work:
        put_toggle(work, "other")

    assert store.snapshot.revision == before.revision + 1
    assert set(store.snapshot.toggles) == {"other"}
    assert await all_events(store) == [(before.revision + 1, "TOGGLE_CREATED")]


async def test_a_unit_that_records_nothing_takes_no_revision(store: Store):
    before = store.snapshot

    async with store.write(SYSTEM):
        pass

    assert store.snapshot is before


async def test_objects_that_a_change_does_not_touch_keep_their_identity(store: Store):
    async with store.write(SYSTEM) as work:
        put_toggle(work, "one")
        two = put_toggle(work, "two")

    async with store.write(SYSTEM) as work:
        describe(work, work.snapshot.toggles["one"], "changed")

    assert store.snapshot.toggles["two"] is two
    assert store.snapshot.strategies["default"] is work.snapshot.strategies["default"]


async def test_the_kept_snapshot_equals_what_a_fresh_process_loads(store: Store):
    async with store.write(SYSTEM) as work:
        one = put_toggle(work, "one")
        put_toggle(work, "two")
    async with store.write(SYSTEM) as work:
        describe(work, one, "")
    async with store.write(SYSTEM) as work:
        two = work.snapshot.toggles["two"]
        work.remove(two)
        work.record(EventType.TOGGLE_DELETED, subject=two, before=two, summary="Deleted.")

    assert_same_configuration(store.snapshot, await read_again(store))


async def test_a_second_process_sees_changes_and_deletions_after_a_refresh(
    store: Store, other_store: Store
):
    async with store.write(SYSTEM) as work:
        put_toggle(work, "one")
        put_toggle(work, "two")
    await other_store.refresh()
    untouched = other_store.snapshot.toggles["two"]

    async with store.write(SYSTEM) as work:
        one = work.snapshot.toggles["one"]
        work.remove(one)
        work.record(EventType.TOGGLE_DELETED, subject=one, before=one, summary="Deleted.")
        put_toggle(work, "three")
    await other_store.refresh()

    assert_same_configuration(store.snapshot, other_store.snapshot)
    assert other_store.snapshot.toggles["two"] is untouched


async def test_a_write_begins_from_what_other_processes_committed(store: Store, other_store: Store):
    async with store.write(SYSTEM) as work:
        put_toggle(work, "one")

    async with other_store.write(SYSTEM) as work:
        describe(work, work.snapshot.toggles["one"], "by the other")
    await store.refresh()

    assert store.snapshot.toggles["one"].description == "by the other"
    assert_same_configuration(store.snapshot, other_store.snapshot)


async def test_a_write_that_cannot_load_earlier_commits_hides_no_later_one(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise StoreUnavailableError("The database is away.")

    async with store.write(SYSTEM) as work:
        put_toggle(work, "one")
    with monkeypatch.context() as patch:
        patch.setattr(current_state, "read_news", fail)
        with pytest.raises(StoreUnavailableError):
            await carry_out(other_store, create_toggle, name="refused")
    async with store.write(SYSTEM) as work:
        put_toggle(work, "two")
    await other_store.refresh()

    assert_same_configuration(store.snapshot, other_store.snapshot)


async def test_a_large_change_of_others_is_loaded_without_the_lock(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "MAX_EVENTS", 2)
    load = CurrentState._newer
    loaded: list[tuple[int, bool]] = []

    async def noting(self: CurrentState, session: Any, *, up_to: int) -> Snapshot | None:
        newer = await load(self, session, up_to=up_to)
        if newer is not None:
            loaded.append((up_to, self._writing is not None))
        return newer

    async def create(name: str) -> None:
        await carry_out(other_store, create_toggle, name=name)

    monkeypatch.setattr(CurrentState, "_newer", noting)
    for names in ("ab", "cde"):
        async with store.write(SYSTEM) as work:
            for name in names:
                await create_toggle(work, name=name)
        await asyncio.gather(*(create(f"{names}-{number}") for number in range(3)))
        await store.refresh()

    # A few events are followed while the lock is held. Many toggles are loaded without the lock.
    own = [each for each in loaded if each[0] in (1, 5)]
    assert own == [(5, False)]
    assert store.snapshot.toggles.keys() == other_store.snapshot.toggles.keys()
    assert len(store.snapshot.toggles) == 11


async def test_a_writer_that_stays_behind_loads_a_large_change_with_the_lock(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """Without the lock, other writers could delay this writer forever."""
    monkeypatch.setattr(following, "MAX_EVENTS", 0)
    refresh = CurrentState.refresh
    refreshed = 0

    async def outrun(self: CurrentState) -> None:
        nonlocal refreshed
        await refresh(self)
        refreshed += 1
        await carry_out(store, create_toggle, name=f"store-{refreshed}")

    await carry_out(store, create_toggle, name="store")
    monkeypatch.setattr(other_store._state, "refresh", outrun.__get__(other_store._state))
    await carry_out(other_store, create_toggle, name="other")

    assert refreshed == MAX_CATCH_UPS
    assert other_store.snapshot.toggles.keys() >= {"other", f"store-{MAX_CATCH_UPS}"}


async def test_concurrent_writers_take_turns_and_leave_no_gap(
    store: Store, other_store: Store, monkeypatch: pytest.MonkeyPatch
):
    # The machine may be slow here.
    monkeypatch.setattr(database, "WRITE_BUDGET_S", 60)
    before = store.snapshot.revision

    async def create(writer: Store, name: str) -> None:
        async with writer.write(SYSTEM) as work:
            put_toggle(work, name)

    await asyncio.gather(
        *(
            create(writer, f"{index}-{id(writer)}")
            for index in range(5)
            for writer in (store, other_store)
        )
    )
    await store.refresh()
    await other_store.refresh()

    revisions = sorted(revision for revision, _ in await all_events(store))
    assert revisions == list(range(before + 1, before + 11))
    assert_same_configuration(store.snapshot, other_store.snapshot)


async def test_a_cancelled_write_stores_nothing_and_blocks_nobody(store: Store):
    entered = asyncio.Event()

    async def hang() -> None:
        async with store.write(SYSTEM) as work:
            put_toggle(work, "never")
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write(SYSTEM) as work:
        put_toggle(work, "after")

    assert set(store.snapshot.toggles) == {"after"}


async def test_event_times_never_go_back_when_the_clock_does(own_url: str):
    clock = Clock(datetime(2999, 5, 1, tzinfo=UTC))
    store = await Store.open(own_url, clock=clock)

    async with store.write(SYSTEM) as work:
        first = put_toggle(work, "first")
    clock.now -= timedelta(days=30)
    async with store.write(SYSTEM) as work:
        second = put_toggle(work, "second")
    await store.close()

    assert second.created_at >= first.created_at > clock.now


async def test_only_environments_whose_payload_may_differ_are_stamped(store: Store):
    async with store.write(SYSTEM) as work:
        work.put(structs.replace(work.snapshot.environments["default"], name="other", sort_order=1))
        toggle = put_toggle(work, "one")
    created_at = store.snapshot.revision

    async with store.write(SYSTEM) as work:
        configured = structs.replace(
            toggle.environments["default"], enabled=False, revision=work.revision
        )
        changed = structs.replace(
            toggle, environments={"default": configured}, revision=work.revision
        )
        work.put(changed)
        work.record(
            EventType.TOGGLE_DISABLED, subject=changed, before=toggle, after=changed, summary="Off."
        )

    environments = store.snapshot.environments
    assert environments["default"].served_revision == created_at + 1
    assert environments["other"].served_revision == created_at


async def test_environments_are_stamped_only_for_toggles_that_are_or_were_live(store: Store):
    served: list[int] = []

    for operation in (create_toggle, archive_toggle, delete_toggle):
        await carry_out(store, operation, name="one")
        served.append(store.snapshot.environments["default"].served_revision)

    created_at = store.snapshot.revision - 2
    # An archived toggle is not served, so its deletion changes nothing.
    assert served == [created_at, created_at + 1, created_at + 1]


async def test_a_store_closed_twice_stays_closed(own_store: Store):
    await own_store.close()
    await own_store.close()

    assert not own_store.ready


async def test_times_are_kept_to_the_microsecond_in_utc(own_url: str):
    time = datetime(2999, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
    store = await Store.open(own_url, clock=lambda: time + timedelta(0))
    async with store.write(SYSTEM) as work:
        put_toggle(work, "one")
    await store.close()

    fresh = await Store.open(own_url)

    assert fresh.snapshot.toggles["one"].created_at == time
    assert fresh.snapshot.toggles["one"].created_at.utcoffset() == timedelta(0)
    await fresh.close()


async def test_an_actor_whose_token_was_revoked_or_has_expired_writes_nothing(store: Store):
    async with store.write(SYSTEM) as work:
        revoked, _ = await create_token(work, name="revoked", type=ApiTokenType.ADMIN)
        expired, _ = await create_token(
            work,
            name="expired",
            type=ApiTokenType.ADMIN,
            expires_at=utc_now() + timedelta(milliseconds=20),
        )
    async with store.write(SYSTEM) as work:
        await revoke_token(work, revoked.id)
    await asyncio.sleep(0.03)
    revision = store.snapshot.revision

    for token in (revoked, expired):
        with pytest.raises(UnauthenticatedError):
            async with store.write(Actor(token.name, ActorKind.TOKEN, token.id)) as work:
                await create_toggle(work, name="late")

    assert store.snapshot.revision == revision
    assert "late" not in store.snapshot.toggles


async def test_a_closed_store_leaves_no_task_behind(own_url: str) -> None:
    before = asyncio.all_tasks()

    store = await Store.open(own_url)
    running = asyncio.all_tasks() - before
    await store.close()

    assert running
    assert asyncio.all_tasks() == before


async def test_only_a_large_change_lets_reports_wait_longer(own_store: Store) -> None:
    database = own_store._database

    async def nothing_to_stage(_: AsyncConnection) -> None:
        assert database.seconds_since_bulk() == math.inf

    async with own_store.write(SYSTEM):
        assert database.seconds_since_bulk() == math.inf
    async with database.begin_staged_write(nothing_to_stage):
        assert database.seconds_since_bulk() == 0
    assert 0 <= database.seconds_since_bulk() < math.inf
