"""Read and write the schedules of change sets."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.change_sets import to_change_set
from store.events import ChangeSet, ChangeSetState, Event, SubjectKind
from store.kinds import KINDS_BY_SUBJECT
from store.model import Toggle
from store.rows import ChangeSetRow, EventRow, ScheduledSubjectRow, ScheduleRow
from store.scheduled_changes import PlannedChange, Rollout
from store.snapshot import Snapshot

_CHANGE_SET = table_of(ChangeSetRow)
_EVENT = table_of(EventRow)
_SCHEDULE = table_of(ScheduleRow)
_SUBJECT = table_of(ScheduledSubjectRow)

_WAITING = sa.and_(
    _CHANGE_SET.c.state == ChangeSetState.SCHEDULED.value, _SCHEDULE.c.paused_at.is_(None)
)
# These statements are constants, because SQLAlchemy compiles each statement object only once.
_JOINED = _CHANGE_SET.join(_SCHEDULE, _SCHEDULE.c.change_set_id == _CHANGE_SET.c.id)
_SCHEDULES = sa.select(
    *_CHANGE_SET.c,
    _SCHEDULE.c.changes,
    _SCHEDULE.c.rollout,
    _SCHEDULE.c.force,
    _SCHEDULE.c.paused_at,
    _SCHEDULE.c.revision.label("scheduled_revision"),
).select_from(_JOINED)
_NEXT = (
    _SCHEDULES.where(_WAITING)
    # If change sets have the same time, they are applied in the order of scheduling.
    .order_by(_CHANGE_SET.c.apply_at, _SCHEDULE.c.revision)
    .limit(1)
)


class Schedule(Struct, frozen=True, kw_only=True):
    """A scheduled change set with the changes that it makes."""

    change_set: ChangeSet
    changes: Any
    rollout: Rollout | None
    force: bool
    paused_at: datetime | None
    scheduled_revision: int


class ScheduledSubject(Struct, frozen=True, kw_only=True):
    """An object that a scheduled change set touches; see `ScheduledSubjectRow`."""

    kind: SubjectKind
    key: str
    name: str
    environment: str | None = None
    revision: int | None = None


async def next_schedule(connection: AsyncConnection) -> Schedule | None:
    """Return the change set to apply next; None if no change set is waiting."""
    row = (await connection.execute(_NEXT)).first()
    return None if row is None else _to_schedule(row)


async def schedule_of(connection: AsyncConnection, change_set_id: str) -> Schedule | None:
    """Return the schedule of a change set; None if the change set was applied at once."""
    statement = _SCHEDULES.where(_CHANGE_SET.c.id == change_set_id)
    row = (await connection.execute(statement)).first()
    return None if row is None else _to_schedule(row)


async def count_scheduled(connection: AsyncConnection) -> int:
    """Count the change sets that are scheduled, including paused rollouts."""
    statement = (
        sa.select(sa.func.count())
        .select_from(_CHANGE_SET)
        .where(_CHANGE_SET.c.state == ChangeSetState.SCHEDULED.value)
    )
    return (await connection.execute(statement)).scalar_one()


class RolloutState(Struct, frozen=True):
    """A rollout, and when it was paused."""

    rollout: Rollout
    paused_at: datetime | None


async def rollouts_of(connection: AsyncConnection, ids: Collection[str]) -> dict[str, RolloutState]:
    """Return the rollouts of the change sets with these ids; omit change sets without a rollout."""
    statement = sa.select(
        _SCHEDULE.c.change_set_id, _SCHEDULE.c.rollout, _SCHEDULE.c.paused_at
    ).where(_SCHEDULE.c.change_set_id.in_(ids), _SCHEDULE.c.rollout.is_not(None))
    return {
        row.change_set_id: RolloutState(row.rollout, row.paused_at)
        for row in await connection.execute(statement)
    }


async def planned_changes(
    connection: AsyncConnection, ids: Collection[str]
) -> dict[str, Sequence[PlannedChange]]:
    """Return the changes that change sets made in their trials before the scheduling."""
    statement = sa.select(_SCHEDULE.c.change_set_id, _SCHEDULE.c.planned).where(
        _SCHEDULE.c.change_set_id.in_(ids)
    )
    return {row.change_set_id: row.planned for row in await connection.execute(statement)}


async def subjects_of(connection: AsyncConnection, change_set_id: str) -> list[ScheduledSubject]:
    """Return the objects that a scheduled change set touches, in order."""
    statement = (
        sa.select(_SUBJECT)
        .where(_SUBJECT.c.change_set_id == change_set_id)
        .order_by(_SUBJECT.c.position)
    )
    return [
        ScheduledSubject(
            kind=SubjectKind(row.kind),
            key=row.key,
            name=row.name,
            environment=row.environment,
            revision=row.revision,
        )
        for row in await connection.execute(statement)
    ]


async def insert_schedule(
    connection: AsyncConnection,
    schedule: Schedule,
    planned: Sequence[PlannedChange],
    subjects: Sequence[ScheduledSubject],
) -> None:
    """Insert a change set with its schedule."""
    change_set = schedule.change_set
    await connection.execute(sa.insert(_CHANGE_SET).values(structs.asdict(change_set)))
    await connection.execute(
        sa.insert(_SCHEDULE).values(
            change_set_id=change_set.id,
            changes=schedule.changes,
            planned=list(planned),
            rollout=schedule.rollout,
            force=schedule.force,
            paused_at=schedule.paused_at,
            revision=schedule.scheduled_revision,
        )
    )
    rows = [
        {
            "change_set_id": change_set.id,
            "position": position,
            "kind": subject.kind.value,
            "key": subject.key,
            "name": subject.name,
            "environment": subject.environment,
            "revision": subject.revision,
        }
        for position, subject in enumerate(subjects)
    ]
    if rows:
        await connection.execute(sa.insert(_SUBJECT), rows)


async def update_schedule(connection: AsyncConnection, schedule: Schedule) -> None:
    """Store the changed state of a change set, and the schedule's rollout and `paused_at`."""
    change_set = schedule.change_set
    await connection.execute(
        sa.update(_CHANGE_SET)
        .where(_CHANGE_SET.c.id == change_set.id)
        .values(
            state=change_set.state.value,
            apply_at=change_set.apply_at,
            applied_at=change_set.applied_at,
            refusal_code=change_set.refusal_code,
            refusal_message=change_set.refusal_message,
            revision=change_set.revision,
        )
    )
    if schedule.rollout is not None:
        await connection.execute(
            sa.update(_SCHEDULE)
            .where(_SCHEDULE.c.change_set_id == change_set.id)
            .values(rollout=schedule.rollout, paused_at=schedule.paused_at)
        )


async def update_subject_revision(
    connection: AsyncConnection, change_set_id: str, revision: int
) -> None:
    """Store the new revision of a rollout's objects, which a step of the rollout has changed."""
    await connection.execute(
        sa.update(_SUBJECT)
        .where(_SUBJECT.c.change_set_id == change_set_id)
        .values(revision=revision)
    )


async def changed_after(
    connection: AsyncConnection, subject: ScheduledSubject, revision: int
) -> bool:
    """Whether the audit log has an event about an object after a revision."""
    statement = sa.select(_EVENT.c.number).where(
        _EVENT.c.subject_kind == subject.kind.value,
        _EVENT.c.subject_key == subject.key,
        _EVENT.c.revision > revision,
    )
    return (await connection.execute(statement.limit(1))).first() is not None


def revision_of(
    snapshot: Snapshot, kind: SubjectKind, key: str, environment: str | None
) -> int | None:
    """Return the revision of an object with a kind and a key, given as events store them.

    With an environment, return the revision of the toggle's configuration in that environment.
    Return None if the object does not exist or has no revision.
    """
    subject = find_subject(snapshot, kind, key)
    if isinstance(subject, Toggle) and environment is not None:
        return subject.in_environment(environment).revision
    return getattr(subject, "revision", None)


def find_subject(snapshot: Snapshot, kind: SubjectKind, key: str) -> object | None:
    """Return the object with a kind and a key, given as events store them, or None."""
    known = KINDS_BY_SUBJECT.get(kind)
    if known is None:
        return None
    index = getattr(snapshot, known.event_index)
    return index.get(known.parse_event_key(key))


def planned_of(changes: Sequence[tuple[int, Event | None]]) -> list[PlannedChange]:
    """Return the planned changes for pairs of an index and an event."""
    return [PlannedChange(index, event) for index, event in changes if event is not None]


def _to_schedule(row: sa.Row[Any]) -> Schedule:
    return Schedule(
        change_set=to_change_set(row),
        changes=row.changes,
        rollout=row.rollout,
        force=row.force,
        paused_at=row.paused_at,
        scheduled_revision=row.scheduled_revision,
    )
