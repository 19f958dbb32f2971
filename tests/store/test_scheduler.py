"""The scheduler uses the database's clock. If the creator may write, it applies a due change set
once.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Snapshot, Store, scheduler
from store.aggregates import table_of
from store.change_sets import change_sets_by_id
from store.errors import StoreUnavailableError
from store.events import ChangeSet, EventType, SubjectKind
from store.model import ANONYMOUS, SYSTEM, Actor, ActorKind, ApiTokenType
from store.operations.change_sets import RequestedChange
from store.operations.scheduling import schedule_changes
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.rows import ChangeSetRow
from store.schedules import Schedule, next_schedule
from store.unit_of_work import UnitOfWork
from tests.store.operations.doing import carry_out, log
from tests.store.test_clock_skew import set_clock

_CHANGE_SET = table_of(ChangeSetRow)
HOUR = timedelta(hours=1)
LOGGER = scheduler.__name__


def creating(document: Any, _snapshot: Snapshot | None = None) -> Sequence[RequestedChange]:
    """Return the change that creates a toggle. `document` is the name of the toggle."""

    async def create(work: UnitOfWork) -> object:
        return await create_toggle(work, name=document)

    kind = SubjectKind.TOGGLE
    return [RequestedChange(create, (), EventType.TOGGLE_CREATED, kind, document)]


async def schedule(store: Store, name: str, actor: Actor = SYSTEM) -> ChangeSet:
    """Schedule the creation of a toggle."""
    now = store.clock()
    made = await carry_out(
        store,
        schedule_changes,
        creating(name),
        name,
        apply_at=now + HOUR,
        now=now,
        actor=actor,
    )
    assert made.change_set is not None
    store.scheduler.use(creating)
    return made.change_set


async def move(store: Store, change_set: ChangeSet, by: timedelta) -> None:
    """Change the time of a change set."""
    assert change_set.apply_at is not None
    async with store._database.begin_write() as connection:
        await connection.execute(
            sa.update(_CHANGE_SET)
            .where(_CHANGE_SET.c.id == change_set.id)
            .values(apply_at=change_set.apply_at + by)
        )


async def read(store: Store, change_set: ChangeSet) -> ChangeSet:
    """Read the present state of a change set."""
    async with store.read() as session:
        return (await change_sets_by_id(session, [change_set.id]))[change_set.id]


async def test_a_store_without_an_edge_applies_nothing(store: Store):
    change_set = await schedule(store, "a")
    await move(store, change_set, -2 * HOUR)
    store.scheduler._read_changes = None

    assert await store.scheduler.apply_next() is False
    assert (await read(store, change_set)).state == "scheduled"


async def test_a_process_that_is_too_late_does_nothing(store: Store):
    change_set = await schedule(store, "a")
    await move(store, change_set, -2 * HOUR)
    async with store.read() as session:
        due = await next_schedule(session)
    assert due is not None

    faster = await store.scheduler.apply_next()
    before = await log(store)
    too_late = await store.scheduler._apply(due, creating)

    assert (faster, too_late) == (True, False)
    assert await log(store) == before
    assert (await read(store, change_set)).state == "applied"


async def test_one_whose_creator_may_no_longer_write_is_refused(store: Store):
    token, _ = await carry_out(store, create_token, name="viewer", type=ApiTokenType.VIEWER)
    actor = Actor("viewer", ActorKind.TOKEN, token.id)
    change_set = await schedule(store, "a", actor)
    await move(store, change_set, -2 * HOUR)

    await store.scheduler.apply_next()

    refused = await read(store, change_set)
    assert (refused.state, refused.refusal_code, refused.refusal_message) == (
        "refused",
        "FORBIDDEN",
        "Its creator may no longer make changes.",
    )
    assert "a" not in store.snapshot.toggles


@pytest.mark.parametrize(("auth", "state"), [("none", "applied"), ("token", "refused")])
async def test_creators_without_a_token_need_a_server_without_authentication(
    store: Store, auth: str, state: str
):
    change_set = await schedule(store, "a", ANONYMOUS)
    await move(store, change_set, -2 * HOUR)
    store.scheduler.use(creating, auth=auth)

    await store.scheduler.apply_next()

    assert (await read(store, change_set)).state == state


async def test_work_goes_on_after_an_outage(
    own_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(scheduler, "RETRY_S", 0.01)
    store = await Store.open(own_url, background=False)
    change_set = await schedule(store, "a")
    await move(store, change_set, -2 * HOUR)
    due_in, failures = store.scheduler._due_in, [StoreUnavailableError("Away."), OSError("Odd.")]

    async def fail_at_first(connection: AsyncConnection) -> Schedule | None:
        if failures:
            raise failures.pop(0)
        return await due_in(connection)

    monkeypatch.setattr(store.scheduler, "_due_in", fail_at_first)
    async with store.changes.subscribe() as feed:
        store.scheduler.start()
        async with asyncio.timeout(60):
            commit = await anext(feed)
    await store.close()

    assert [event.type.name for event in commit.events] == [
        "TOGGLE_CREATED",
        "CHANGE_SET_APPLIED",
    ]
    assert [record.getMessage() for record in caplog.records if record.name == LOGGER] == [
        "Applying scheduled change sets failed and will be tried again: Away."
    ]


@pytest.mark.postgres
async def test_the_clock_of_the_database_decides(own_url: str, monkeypatch: pytest.MonkeyPatch):
    store = await Store.open(own_url, background=False)
    change_set = await schedule(store, "a")

    set_clock(monkeypatch, 7_200)
    too_early = await store.scheduler.apply_next()
    set_clock(monkeypatch, -7_200)
    await move(store, change_set, -HOUR)
    in_time = await store.scheduler.apply_next()
    await store.close()

    assert (too_early, in_time) == (False, True)
