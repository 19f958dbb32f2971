"""Progressive rollouts: scheduled change sets that raise a strategy's percentage step by step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import structs

from store.errors import InvalidError, LimitExceededError, Problems, WrongStateError, refuse
from store.events import ChangeSet, ChangeSetState, EventType, SubjectKind
from store.model import ToggleStrategy
from store.operations.change_sets import (
    AppliedChanges,
    RequestedChange,
    check_request,
    find_earlier_outcome,
    make_changes,
    record_step,
)
from store.operations.existing import check_revision
from store.operations.scheduling import (
    MAX_DELAY,
    MIN_DELAY,
    check_time,
    find_scheduled,
    format_time,
    require_room,
    require_unchanged,
    store_schedule,
)
from store.operations.strings import display
from store.operations.toggle_environments import find_strategy, update_toggle_strategy
from store.scheduled_changes import Rollout, RolloutStep
from store.schedules import Schedule, update_schedule, update_subject_revision
from store.unit_of_work import UnitOfWork

MAX_STEPS = 50
MAX_AFTER_MINUTES = 365 * 24 * 60
_PERCENTAGE = "percentage"


async def schedule_rollout(
    work: UnitOfWork,
    *,
    toggle_id: str,
    environment: str,
    strategy_id: str,
    steps: Sequence[RolloutStep],
    now: datetime,
    comment: str = "",
    idempotency_key: str | None = None,
    expected_revision: int | None = None,
    force: bool = False,
) -> AppliedChanges:
    """Try the steps of a rollout, and schedule them as one change set.

    `now` is the time of the database's clock. If `force` is false and others change the toggle's
    configuration in the environment, the next step will be refused.

    Raises: Refusal.
    """
    problems = check_request((), comment=comment, idempotency_key=idempotency_key)
    if idempotency_key is not None and not problems.errors:
        # Do not check the times of a repeated request, because the times may be in the past.
        earlier = await find_earlier_outcome(work, idempotency_key)
        if earlier is not None:
            return earlier
    _check_steps(steps, now, problems)
    problems.raise_any()
    await require_room(work)
    toggle, configured, strategy = find_strategy(
        work, toggle_id, environment, strategy_id, path=("strategy",)
    )
    check_revision(work, configured, expected_revision, problems=problems)
    problems.raise_any()
    first = structs.replace(steps[0], at=_time_after(steps[0], now))
    rollout = Rollout(
        toggle_id=toggle_id,
        environment=environment,
        strategy_id=strategy_id,
        parameter=_percentage_parameter(work, strategy),
        steps=(first, *steps[1:]),
    )
    requested = [
        RequestedChange(
            make=partial(_set_percentage, rollout=rollout, percentage=step.rollout),
            path=("steps", str(index)),
            type=EventType.TOGGLE_STRATEGY_UPDATED,
            subject_kind=SubjectKind.TOGGLE,
            subject_name=toggle.name,
            environment=environment,
        )
        for index, step in enumerate(steps)
    ]
    async with work.trial():
        changes = await make_changes(work, requested)
        trial = work.snapshot
    assert first.at is not None
    change_set = await store_schedule(
        work,
        changes,
        apply_at=first.at,
        comment=comment,
        idempotency_key=idempotency_key,
        force=force,
        rollout=rollout,
    )
    count = len(steps)
    record_step(
        work,
        EventType.CHANGE_SET_SCHEDULED,
        change_set,
        f"Scheduled a rollout in {'one step' if count == 1 else f'{count} steps'} "
        f"from {format_time(first.at)}.",
    )
    return AppliedChanges(change_set, changes, trial)


async def apply_step(work: UnitOfWork, schedule: Schedule) -> None:
    """Apply the next step of a rollout, and determine the time of the following step.

    Raises: Refusal: for example, if the rollout was scheduled without `force` and others have
    changed the configuration.
    """
    rollout = schedule.rollout
    assert rollout is not None
    index = rollout.next_index
    assert index is not None
    await require_unchanged(work, schedule)
    work.begin_change_set(schedule.change_set, is_stored=True)
    await _set_percentage(work, rollout=rollout, percentage=rollout.steps[index].rollout)
    if work.events:
        await update_subject_revision(work.connection, schedule.change_set.id, work.revision)

    steps = list(rollout.steps)
    steps[index] = structs.replace(steps[index], state=ChangeSetState.APPLIED, applied_at=work.now)
    change_set = structs.replace(schedule.change_set, applied_at=work.now, revision=work.revision)
    is_last = index + 1 == len(steps)
    if is_last:
        change_set = structs.replace(change_set, state=ChangeSetState.APPLIED)
    else:
        following = steps[index + 1]
        steps[index + 1] = structs.replace(following, at=_time_after(following, work.now))
        change_set = structs.replace(change_set, apply_at=steps[index + 1].at)
    record_step(
        work,
        EventType.CHANGE_SET_STEP_APPLIED,
        change_set,
        f"Applied step {index + 1} of {len(steps)} of a rollout: {steps[index].rollout} %.",
    )
    if is_last:
        record_step(
            work,
            EventType.CHANGE_SET_APPLIED,
            change_set,
            f"Completed a rollout at {steps[index].rollout} %.",
        )
    rollout = structs.replace(rollout, steps=tuple(steps))
    await update_schedule(
        work.connection, structs.replace(schedule, change_set=change_set, rollout=rollout)
    )


async def pause_rollout(work: UnitOfWork, change_set_id: str) -> ChangeSet:
    """Pause a rollout, so that no step is applied until the rollout is resumed.

    Raises: Refusal: the change set is not a running rollout.
    """
    schedule = await _find_rollout(work, change_set_id)
    if schedule.paused_at is not None:
        refuse(WrongStateError("The rollout is already paused.", path=("id",)))
    change_set = structs.replace(schedule.change_set, revision=work.revision)
    work.begin_change_set(change_set, is_stored=True)
    record_step(work, EventType.CHANGE_SET_PAUSED, change_set, "Paused a rollout.")
    await update_schedule(
        work.connection,
        structs.replace(schedule, change_set=change_set, paused_at=work.now),
    )
    return change_set


async def resume_rollout(work: UnitOfWork, change_set_id: str) -> ChangeSet:
    """Resume a paused rollout.

    The delay between two steps does not include the pause. If the next step has a fixed time that
    has passed, the step is applied at once.

    Raises: Refusal: the change set is not a paused rollout.
    """
    schedule = await _find_rollout(work, change_set_id)
    rollout, paused_at = schedule.rollout, schedule.paused_at
    if rollout is None or paused_at is None:
        refuse(WrongStateError("The rollout is not paused.", path=("id",)))
    index = rollout.next_index
    assert index is not None
    steps = list(rollout.steps)
    following = steps[index]
    assert following.at is not None
    if following.after_minutes is not None:
        pause = max(work.now - paused_at, timedelta())
        steps[index] = structs.replace(following, at=following.at + pause)
    change_set = structs.replace(
        schedule.change_set, apply_at=steps[index].at, revision=work.revision
    )
    work.begin_change_set(change_set, is_stored=True)
    record_step(work, EventType.CHANGE_SET_RESUMED, change_set, "Resumed a rollout.")
    await update_schedule(
        work.connection,
        structs.replace(
            schedule,
            change_set=change_set,
            rollout=structs.replace(rollout, steps=tuple(steps)),
            paused_at=None,
        ),
    )
    return change_set


async def _find_rollout(work: UnitOfWork, change_set_id: str) -> Schedule:
    schedule = await find_scheduled(work, change_set_id)
    if schedule.rollout is None:
        refuse(
            WrongStateError("The change set is no rollout; it can only be cancelled.", path=("id",))
        )
    return schedule


def _check_steps(steps: Sequence[RolloutStep], now: datetime, problems: Problems) -> None:
    """Check the steps and their times; the last step must be at most a year ahead."""
    if not steps:
        problems.invalid("A rollout has at least one step.", rule="steps", path=("steps",))
    if len(steps) > MAX_STEPS:
        problems.add(
            LimitExceededError(
                f"{len(steps)} steps are too many; at most {MAX_STEPS} are allowed.",
                path=("steps",),
            )
        )
        return
    before = now
    for index, step in enumerate(steps):
        path = ("steps", str(index))
        if not 0 <= step.rollout <= 100:
            problems.invalid(
                f"The percentage {step.rollout} is not between 0 and 100.",
                rule="rollout-range",
                path=(*path, "rollout"),
            )
        if (step.at is None) == (step.after_minutes is None):
            problems.invalid("A step needs either 'at' or 'after'.", rule="step-time", path=path)
            continue
        after = step.after_minutes
        if after is not None and not 1 <= after <= MAX_AFTER_MINUTES:
            problems.invalid(
                f"The time {after} is not between 1 and {MAX_AFTER_MINUTES:,} minutes.",
                rule="step-after-range",
                path=(*path, "after"),
            )
            continue
        at = _time_after(step, before)
        key = (*path, "at" if after is None else "after")
        if at < before + MIN_DELAY and index:
            problems.invalid(
                f"The time {format_time(at)} is not at least one minute after the step before.",
                rule="step-order",
                path=key,
            )
        else:
            check_time(at, now=now, path=key, problems=problems)
        before = min(max(at, before), now + MAX_DELAY)


def _time_after(step: RolloutStep, before: datetime) -> datetime:
    """Return the time of a step; `before` is the time at which the previous step is applied."""
    if step.at is not None:
        return step.at
    assert step.after_minutes is not None
    return before + timedelta(minutes=step.after_minutes)


def _percentage_parameter(work: UnitOfWork, strategy: ToggleStrategy) -> str:
    """Return the name of the parameter for the percentage of a strategy.

    Raises: Refusal: the definition of the strategy does not have exactly one such parameter.
    """
    definition = work.snapshot.strategies.get(strategy.name)
    declared = definition.parameters if definition else ()
    names = [parameter.name for parameter in declared if parameter.type == _PERCENTAGE]
    if len(names) != 1:
        refuse(
            InvalidError(
                f"Strategy '{display(strategy.name)}' has {len(names) or 'no'} parameters of the "
                "type percentage; a rollout needs exactly one.",
                rule="rollout-parameter",
                path=("strategy",),
            )
        )
    return names[0]


async def _set_percentage(work: UnitOfWork, *, rollout: Rollout, percentage: int) -> None:
    _, _, strategy = find_strategy(
        work, rollout.toggle_id, rollout.environment, rollout.strategy_id, path=("strategy",)
    )
    await update_toggle_strategy(
        work,
        toggle_id=rollout.toggle_id,
        environment=rollout.environment,
        strategy_id=rollout.strategy_id,
        parameters={**(strategy.parameters or {}), rollout.parameter: str(percentage)},
        # Copy the other parameters unchecked, because REST clients may have stored invalid values.
        allow_unknown=True,
    )
