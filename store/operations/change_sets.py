"""Apply several changes in one transaction, and undo them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.change_sets import (
    change_set_of_key,
    change_sets_by_id,
    events_of_change_sets,
    first_and_last_events,
    reverting_change_sets,
)
from store.errors import (
    DomainError,
    LimitExceededError,
    NotFoundError,
    Problems,
    Refusal,
    WrongStateError,
    refuse,
)
from store.events import ChangeSet, ChangeSetState, Event, EventType, SubjectKind
from store.operations.limits import MAX_DESCRIPTION_LENGTH
from store.operations.references import segment_name_conflicts
from store.operations.restoring import PastChange, undo
from store.operations.strings import check_line, check_lines
from store.rows import ChangeSetRow
from store.schedules import planned_changes
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork

MAX_CHANGES = 200
MAX_IDEMPOTENCY_KEY_LENGTH = 255
# If an idempotency key is repeated within this time, the first outcome is returned.
IDEMPOTENCY_WINDOW = timedelta(hours=24)

_CHANGE_SET = table_of(ChangeSetRow)


class RequestedChange(Struct, frozen=True):
    """A change to apply: the operation, the path of its input, and a description of the change.

    An operation without effect records no event. If a change has no event, `type`, `subject_kind`,
    `subject_name` and `environment` describe it.
    """

    make: Callable[[UnitOfWork], Awaitable[object]]
    path: tuple[str, ...]
    type: EventType
    subject_kind: SubjectKind
    subject_name: str
    environment: str | None = None


class AppliedChange(Struct, frozen=True):
    """The outcome of one change.

    `index` is the position among the requested changes. `event` is None if the change had no
    effect.
    """

    index: int
    requested: RequestedChange | None
    event: Event | None


class AppliedChanges(Struct, frozen=True):
    """The outcome of a list of changes.

    If no data was changed or stored, `change_set` is None. If the changes were only tried, `trial`
    is the resulting configuration.
    """

    change_set: ChangeSet | None
    changes: Sequence[AppliedChange]
    trial: Snapshot | None = None


async def apply_changes(
    work: UnitOfWork,
    requested: Sequence[RequestedChange],
    *,
    comment: str = "",
    idempotency_key: str | None = None,
) -> AppliedChanges:
    """Apply changes in order, all or nothing.

    Each change sees the effects of earlier changes. If the idempotency key was used within
    IDEMPOTENCY_WINDOW, the function changes nothing and returns the outcome of the first call.

    Raises: Refusal: with the errors of all changes.
    """
    problems = check_request(requested, comment=comment, idempotency_key=idempotency_key)
    problems.raise_any()
    if idempotency_key is not None:
        earlier = await find_earlier_outcome(work, idempotency_key)
        if earlier is not None:
            return earlier
    start_change_set(work, comment=comment, idempotency_key=idempotency_key)
    applied = await make_changes(work, requested)
    return AppliedChanges(finish_change_set(work), applied)


def check_request(
    requested: Sequence[RequestedChange], *, comment: str, idempotency_key: str | None
) -> Problems:
    """Check a change set's comment, idempotency key and number of changes; return the errors."""
    problems = Problems()
    check_comment(comment, problems)
    if idempotency_key is not None:
        check_line(
            idempotency_key,
            what="The idempotency key",
            path=("idempotencyKey",),
            problems=problems,
            min_length=1,
            max_length=MAX_IDEMPOTENCY_KEY_LENGTH,
        )
    if len(requested) > MAX_CHANGES:
        problems.add(
            LimitExceededError(
                f"{len(requested)} changes are too many; at most {MAX_CHANGES} are allowed.",
                path=("changes",),
            )
        )
    return problems


async def make_changes(
    work: UnitOfWork, requested: Sequence[RequestedChange]
) -> list[AppliedChange]:
    """Make changes in order, all or nothing.

    Each change sees the effects of earlier changes.

    Raises: Refusal: with the errors of all changes.
    """
    applied: list[AppliedChange] = []
    errors: list[DomainError] = []
    for index, change in enumerate(requested):
        recorded = len(work.events)
        # Yield to the event loop.
        await asyncio.sleep(0)
        try:
            await change.make(work)
        except Refusal as refusal:
            errors += [error.under(*change.path) for error in refusal.errors]
            continue
        events = work.events[recorded:] or (None,)
        applied += [AppliedChange(index, change, event) for event in events]
    if errors:
        refuse(*errors)
    return applied


async def revert_change_set(
    work: UnitOfWork, change_set_id: str, *, comment: str = "", force: bool = False
) -> AppliedChanges:
    """Undo the changes of a change set in reverse order, as a new change set.

    Raises: Refusal: for example, if `force` is false and later changes touched fields that the
    change set changed.
    """
    problems = Problems()
    check_comment(comment, problems)
    problems.raise_any()
    known = await change_sets_by_id(work.connection, [change_set_id])
    if change_set_id not in known:
        refuse(NotFoundError("change set", change_set_id, path=("id",)))
    _require_applied(known[change_set_id])
    await _require_not_undone(work, change_set_id)
    start_change_set(work, comment=comment, reverts_id=change_set_id)
    done = [
        PastChange(
            last.subject_kind,
            last.subject_key,
            last.subject_name,
            first.before,
            last.after,
            last.revision,
        )
        for first, last in await first_and_last_events(work.connection, change_set_id)
    ]
    done.reverse()
    while done:
        left, errors = await _undo_possible(work, done, force=force)
        if len(left) == len(done):
            refuse(*errors, *segment_name_conflicts(work, path=("id",)))
        done = left
    taken = segment_name_conflicts(work, path=("id",))
    if taken:
        refuse(*taken)
    return _finish(work)


async def _undo_possible(
    work: UnitOfWork, done: Sequence[PastChange], *, force: bool
) -> tuple[list[PastChange], list[DomainError]]:
    """Undo the changes that can be undone; return the other changes and their errors.

    Call this function again with the returned changes, because they may depend on changes that the
    first call has undone. If several changes touched the same object, a single call may not be
    enough.
    """
    left: list[PastChange] = []
    errors: list[DomainError] = []
    for past in done:
        await asyncio.sleep(0)
        try:
            await undo(work, past, force=force, path=("id",))
        except Refusal as refusal:
            left.append(past)
            errors += refusal.errors
    for error in errors:
        # Undoing a creation deletes the object. The errors of the deletion have paths in the input
        # of another mutation.
        error.path = ("id",)
    return left, errors


def start_change_set(
    work: UnitOfWork,
    *,
    comment: str,
    reverts_id: str | None = None,
    idempotency_key: str | None = None,
) -> None:
    """Assign all following events of the unit of work to one change set."""
    work.begin_change_set(
        ChangeSet(
            id=work.new_id(),
            comment=comment,
            created_at=work.now,
            created_by=work.actor,
            applied_at=work.now,
            reverts_id=reverts_id,
            idempotency_key=idempotency_key,
            revision=work.revision,
        )
    )


def finish_change_set(work: UnitOfWork) -> ChangeSet | None:
    """Record that the change set was applied, and return the change set.

    If the change set has no events, return None.
    """
    change_set = work.change_set
    if change_set is None or not work.events:
        return None
    # Ignore the event about the import as a whole, because the event is not a change.
    count = sum(event.subject_kind is not SubjectKind.STATE for event in work.events)
    record_step(
        work,
        EventType.CHANGE_SET_APPLIED,
        change_set,
        "Made one change." if count == 1 else f"Made {count} changes together.",
    )
    return change_set


def record_step(work: UnitOfWork, type: EventType, change_set: ChangeSet, summary: str) -> None:
    """Record an event about a change set itself."""
    work.record(
        type,
        subject_kind=SubjectKind.CHANGE_SET,
        subject_key=change_set.id,
        subject_name=change_set.comment or change_set.id,
        summary=summary,
    )


def changes_from_events(events: Sequence[Event], start: int = 0) -> list[AppliedChange]:
    """Convert the events of a change set to changes; `start` is the index of the first change."""
    return [AppliedChange(index, None, event) for index, event in enumerate(events, start)]


def _finish(work: UnitOfWork) -> AppliedChanges:
    changes = changes_from_events(list(work.events))
    return AppliedChanges(finish_change_set(work), changes)


def check_comment(comment: str, problems: Problems) -> None:
    """Check the comment of a change set."""
    check_lines(
        comment,
        what="The comment",
        path=("comment",),
        problems=problems,
        max_length=MAX_DESCRIPTION_LENGTH,
    )


async def find_earlier_outcome(work: UnitOfWork, key: str) -> AppliedChanges | None:
    """Return the outcome of the change set with an idempotency key, or None.

    A change set older than IDEMPOTENCY_WINDOW is ignored. The function removes its key, so the key
    can be used again.
    """
    since = work.now - IDEMPOTENCY_WINDOW
    earlier = await change_set_of_key(work.connection, key, since=since)
    if earlier is not None:
        changes = await changes_of_change_sets(work.connection, [earlier])
        return AppliedChanges(earlier, changes[earlier.id])
    await work.connection.execute(
        sa.update(_CHANGE_SET)
        .where(_CHANGE_SET.c.idempotency_key == key)
        .values(idempotency_key=None)
    )
    return None


async def changes_of_change_sets(
    connection: AsyncConnection, change_sets: Iterable[ChangeSet]
) -> dict[str, list[AppliedChange]]:
    """Return the changes of each change set, by the id of the change set.

    If a scheduled change set was not applied, the function returns the changes that its trial made
    before the scheduling.
    """
    applied: list[str] = []
    planned: list[str] = []
    for change_set in change_sets:
        (applied if change_set.applied_at is not None else planned).append(change_set.id)
    found: dict[str, list[AppliedChange]] = {}
    if applied:
        for id, events in (await events_of_change_sets(connection, applied)).items():
            found[id] = changes_from_events(events)
    if planned:
        for id, changes in (await planned_changes(connection, planned)).items():
            found[id] = [AppliedChange(change.index, None, change.event) for change in changes]
    return found


def _require_applied(change_set: ChangeSet) -> None:
    """Check that a change set made changes and will not make more changes.

    Raises: Refusal.
    """
    if change_set.state is ChangeSetState.SCHEDULED:
        refuse(
            WrongStateError(
                "The change set is scheduled; cancel it before you undo what it has done.",
                path=("id",),
            )
        )
    if change_set.applied_at is None:
        refuse(
            WrongStateError(
                f"The change set was {change_set.state}, so there is nothing to undo.",
                path=("id",),
            )
        )


async def _require_not_undone(work: UnitOfWork, change_set_id: str) -> None:
    """Check that a change set is not undone; ignore an undo that was undone itself.

    Raises: Refusal.
    """
    undone_by = (await reverting_change_sets(work.connection, [change_set_id])).get(change_set_id)
    if undone_by is None:
        return
    if not await reverting_change_sets(work.connection, [undone_by.id]):
        refuse(WrongStateError("The change set is already undone.", path=("id",)))
