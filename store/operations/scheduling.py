"""Schedule change sets; apply, refuse and cancel scheduled change sets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from store.change_sets import change_sets_by_id
from store.errors import (
    LimitExceededError,
    NotFoundError,
    Problems,
    RevisionConflictError,
    WrongStateError,
    refuse,
)
from store.events import ChangeSet, ChangeSetState, EventType, RefusalCode, SubjectKind
from store.kinds import KINDS_BY_SUBJECT
from store.operations.change_sets import (
    AppliedChange,
    AppliedChanges,
    RequestedChange,
    check_request,
    find_earlier_outcome,
    make_changes,
    record_step,
)
from store.operations.restoring import describe_kind
from store.operations.strings import display
from store.scheduled_changes import PlannedChange, Rollout
from store.schedules import (
    Schedule,
    ScheduledSubject,
    changed_after,
    count_scheduled,
    find_subject,
    insert_schedule,
    revision_of,
    schedule_of,
    subjects_of,
    update_schedule,
)
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork

MIN_DELAY = timedelta(minutes=1)
MAX_DELAY = timedelta(days=365)
MAX_SCHEDULED = 100
# The maximum number of objects that a scheduled change set may change.
MAX_PLANNED = 1_000


async def schedule_changes(
    work: UnitOfWork,
    requested: Sequence[RequestedChange],
    document: Any,
    *,
    apply_at: datetime,
    now: datetime,
    comment: str = "",
    idempotency_key: str | None = None,
    force: bool = False,
) -> AppliedChanges:
    """Try changes, and schedule a change set that makes the changes at `apply_at`.

    `document` is the JSON value from which the changes are read at `apply_at`. `now` is the time of
    the database's clock. If `force` is false and others change an object that the change set
    touches, the change set will be refused.

    Raises: Refusal: with the errors of all changes.
    """
    problems = check_request(requested, comment=comment, idempotency_key=idempotency_key)
    if idempotency_key is not None and not problems.errors:
        # Do not check the time of a repeated request, because the time may be in the past.
        earlier = await find_earlier_outcome(work, idempotency_key)
        if earlier is not None:
            return earlier
    check_time(apply_at, now=now, path=("applyAt",), problems=problems)
    problems.raise_any()
    await require_room(work)
    async with work.trial():
        changes = await make_changes(work, requested)
        trial = work.snapshot
    change_set = await store_schedule(
        work,
        changes,
        apply_at=apply_at,
        comment=comment,
        idempotency_key=idempotency_key,
        force=force,
        document=document,
    )
    count = len(requested)
    record_step(
        work,
        EventType.CHANGE_SET_SCHEDULED,
        change_set,
        f"Scheduled {'one change' if count == 1 else f'{count} changes'} "
        f"for {format_time(apply_at)}.",
    )
    return AppliedChanges(change_set, changes, trial)


def check_time(at: datetime, *, now: datetime, path: tuple[str, ...], problems: Problems) -> None:
    """Check that a time is from one minute to one year ahead."""
    if not now + MIN_DELAY <= at <= now + MAX_DELAY:
        problems.invalid(
            f"The time {format_time(at)} is not between one minute and one year ahead; "
            f"it is {format_time(now)} now.",
            rule="apply-at-range",
            path=path,
        )


def format_time(time: datetime) -> str:
    """Format a time for a message, in UTC and to the second."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC")


async def require_room(work: UnitOfWork) -> None:
    """Check that another change set can be scheduled.

    Raises: Refusal.
    """
    scheduled = await count_scheduled(work.connection)
    if scheduled >= MAX_SCHEDULED:
        refuse(
            LimitExceededError(
                f"{scheduled} change sets are scheduled; at most {MAX_SCHEDULED} are allowed."
            )
        )


async def store_schedule(
    work: UnitOfWork,
    changes: Sequence[AppliedChange],
    *,
    apply_at: datetime,
    comment: str,
    idempotency_key: str | None,
    force: bool,
    document: Any = None,
    rollout: Rollout | None = None,
) -> ChangeSet:
    """Store a scheduled change set with the outcome of its trial.

    Raises: Refusal: the change set would change too many objects.
    """
    planned = [PlannedChange(change.index, change.event) for change in changes if change.event]
    if len(planned) > MAX_PLANNED:
        refuse(
            LimitExceededError(
                f"The change set would change {len(planned):,} objects; a scheduled change "
                f"set may change at most {MAX_PLANNED:,}."
            )
        )
    change_set = ChangeSet(
        id=work.new_id(),
        comment=comment,
        created_at=work.now,
        created_by=work.actor,
        idempotency_key=idempotency_key,
        revision=work.revision,
        state=ChangeSetState.SCHEDULED,
        apply_at=apply_at,
    )
    schedule = Schedule(
        change_set=change_set,
        changes=document,
        rollout=rollout,
        force=force,
        paused_at=None,
        scheduled_revision=work.revision,
    )
    await insert_schedule(work.connection, schedule, planned, _subjects(work.snapshot, changes))
    work.begin_change_set(change_set, is_stored=True)
    return change_set


async def apply_schedule(
    work: UnitOfWork, schedule: Schedule, requested: Sequence[RequestedChange]
) -> None:
    """Apply a scheduled change set.

    Raises: Refusal: for example, if the change set was scheduled without `force` and an object that
    it touches has changed since.
    """
    await require_unchanged(work, schedule)
    applied = structs.replace(
        schedule.change_set,
        state=ChangeSetState.APPLIED,
        applied_at=work.now,
        revision=work.revision,
    )
    work.begin_change_set(applied, is_stored=True)
    await make_changes(work, requested)
    count = len(work.events)
    record_step(
        work,
        EventType.CHANGE_SET_APPLIED,
        applied,
        f"Made {'one scheduled change' if count == 1 else f'{count} scheduled changes'}.",
    )
    await update_schedule(work.connection, structs.replace(schedule, change_set=applied))


async def refuse_schedule(
    work: UnitOfWork, schedule: Schedule, code: RefusalCode, message: str
) -> None:
    """Record the refusal of a scheduled change set, and the reason of the refusal."""
    change_set = structs.replace(
        schedule.change_set,
        state=ChangeSetState.REFUSED,
        refusal_code=code,
        refusal_message=message,
        revision=work.revision,
    )
    ended = structs.replace(
        schedule,
        change_set=change_set,
        rollout=_end_rollout(schedule.rollout, ChangeSetState.REFUSED),
    )
    work.begin_change_set(change_set, is_stored=True)
    what = "the next step of a rollout" if schedule.rollout else "scheduled changes"
    record_step(work, EventType.CHANGE_SET_REFUSED, change_set, f"Refused {what}: {message}")
    await update_schedule(work.connection, ended)


async def cancel_change_set(work: UnitOfWork, change_set_id: str) -> ChangeSet:
    """Cancel a scheduled change set, or the remaining steps of a rollout.

    Raises: Refusal: the change set does not exist, or is no longer scheduled.
    """
    schedule = await find_scheduled(work, change_set_id)
    change_set = structs.replace(
        schedule.change_set, state=ChangeSetState.CANCELLED, revision=work.revision
    )
    ended = structs.replace(
        schedule,
        change_set=change_set,
        rollout=_end_rollout(schedule.rollout, ChangeSetState.CANCELLED),
    )
    work.begin_change_set(change_set, is_stored=True)
    what = "the rest of a rollout" if schedule.rollout else "scheduled changes"
    record_step(work, EventType.CHANGE_SET_CANCELLED, change_set, f"Cancelled {what}.")
    await update_schedule(work.connection, ended)
    return change_set


async def find_scheduled(work: UnitOfWork, change_set_id: str) -> Schedule:
    """Return the schedule of a change set that will be applied.

    Raises: Refusal: the change set does not exist, or is no longer scheduled.
    """
    known = (await change_sets_by_id(work.connection, [change_set_id])).get(change_set_id)
    if known is None:
        refuse(NotFoundError("change set", display(change_set_id), path=("id",)))
    schedule = await schedule_of(work.connection, change_set_id)
    if schedule is None or known.state is not ChangeSetState.SCHEDULED:
        refuse(
            WrongStateError(
                f"The change set is not scheduled any more: it was {known.state}."
                if schedule is not None
                else "The change set was applied at once.",
                path=("id",),
            )
        )
    return schedule


async def require_unchanged(work: UnitOfWork, schedule: Schedule) -> None:
    """Check that the objects that a change set touches have not changed since the scheduling.

    With `force`, nothing is checked.

    Raises: Refusal: with an error for each changed object.
    """
    if schedule.force:
        return
    problems = Problems()
    for subject in await subjects_of(work.connection, schedule.change_set.id):
        if subject.kind is SubjectKind.APPLICATION:
            # Applications are not part of the snapshot and have no revision.
            since = schedule.scheduled_revision
            if await changed_after(work.connection, subject, since):
                problems.add(_changed(subject, since, since, None))
        elif subject.revision is not None:
            _check_unchanged(work.snapshot, subject, problems)
    problems.raise_any()


def _check_unchanged(snapshot: Snapshot, subject: ScheduledSubject, problems: Problems) -> None:
    assert subject.revision is not None
    found = find_subject(snapshot, subject.kind, subject.key)
    if found is None:
        noun = describe_kind(subject.kind)
        error = NotFoundError(noun, subject.name)
        error.message = f"The {noun} '{display(subject.name)}' no longer exists."
        problems.add(error)
        return
    revision = revision_of(snapshot, subject.kind, subject.key, subject.environment)
    if revision is not None and revision != subject.revision:
        problems.add(_changed(subject, subject.revision, revision, found))


def _changed(
    subject: ScheduledSubject, expected: int, actual: int, current: Any
) -> RevisionConflictError:
    error = RevisionConflictError(expected=expected, actual=actual, current=current)
    # If the event is about the environment itself, ignore the environment.
    in_environment = subject.kind is SubjectKind.TOGGLE and subject.environment is not None
    where = f" in {subject.environment}" if in_environment else ""
    error.message = (
        f"The {describe_kind(subject.kind)} '{display(subject.name)}' was changed{where} "
        "after the change set was scheduled."
    )
    return error


def _subjects(snapshot: Snapshot, changes: Sequence[AppliedChange]) -> list[ScheduledSubject]:
    """Return the objects that changes touch, with their revisions in `snapshot`.

    A change without an effect also touches its object.
    """
    touched: dict[tuple[SubjectKind, str, str | None], str] = {}
    for change in changes:
        if change.event is not None:
            event = change.event
            touched[event.subject_kind, event.subject_key, event.environment] = event.subject_name
        elif change.requested is not None:
            requested = change.requested
            key = _key_of_name(snapshot, requested.subject_kind, requested.subject_name)
            if key is not None:
                touched[requested.subject_kind, key, requested.environment] = requested.subject_name
    return [
        ScheduledSubject(
            kind=kind,
            key=key,
            name=name,
            environment=environment,
            revision=revision_of(snapshot, kind, key, environment),
        )
        for (kind, key, environment), name in touched.items()
    ]


def _key_of_name(snapshot: Snapshot, kind: SubjectKind, name: str) -> str | None:
    """Return the key that identifies an object in events, given its kind and name."""
    if kind is SubjectKind.APPLICATION:
        return name
    known = KINDS_BY_SUBJECT.get(kind)
    if known is None:
        return None
    named = (
        snapshot.segments_by_name
        if kind is SubjectKind.SEGMENT
        else getattr(snapshot, known.indexes[0][0])
    )
    found = named.get(name)
    return None if found is None else known.event_key(found)


def _end_rollout(rollout: Rollout | None, state: ChangeSetState) -> Rollout | None:
    """Set the state of the next step of a rollout, and cancel all later steps."""
    if rollout is None:
        return None
    following = rollout.next_index
    steps = tuple(
        structs.replace(step, state=state if index == following else ChangeSetState.CANCELLED)
        if step.state is ChangeSetState.SCHEDULED
        else step
        for index, step in enumerate(rollout.steps)
    )
    return structs.replace(rollout, steps=steps)
