"""Mutations that schedule, pause and resume progressive rollouts."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.events.change_report import report_changes
from graph.events.change_set import ChangeSet
from graph.events.changes_payload import ChangesPayload
from graph.ids import decode_id, toggle_strategy_key
from graph.input_fields import expected_revision_field
from graph.payload import Payload, change, mutation, mutation_with_info, typed_as
from store import events
from store.operations import rollouts
from store.scheduled_changes import RolloutStep
from store.unit_of_work import UnitOfWork


@strawberry.input(description="One step of a rollout. Give its time either as `at` or as `after`.")
class RolloutStepInput:
    at: datetime | None = strawberry.field(description="When to apply the step.")
    after: int | None = strawberry.field(
        description=(
            "The number of minutes between the previous step and this step. For the first step, "
            "the number of minutes from now."
        )
    )
    rollout: int = strawberry.field(description="The percentage, from 0 to 100.")


@strawberry.input(description="The strategy to roll out, and the steps.")
class RolloutScheduleInput:
    strategy: strawberry.ID = strawberry.field(
        description="The strategy on a toggle, with one parameter that is a percentage."
    )
    steps: list[RolloutStepInput] = strawberry.field(
        description=(
            "The steps in order. All steps are from one minute to one year ahead, and at least one "
            "minute apart."
        )
    )
    comment: str = strawberry.field(default="", description="The reason for the rollout.")
    force: bool = strawberry.field(
        default=False,
        description=(
            "Whether to apply the steps even if the toggle's configuration in the environment has "
            "changed in the meantime."
        ),
    )
    dry_run: bool = strawberry.field(
        default=False, description="Whether to report the effects without making any change."
    )
    idempotency_key: str | None = strawberry.field(
        description=(
            "A key that the caller chooses. For 24 hours, further requests with the same key "
            "return the rollout of the first request and schedule no other rollout."
        ),
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="The rollout to pause.")
class RolloutPauseInput:
    id: strawberry.ID = strawberry.field(description="The change set of the rollout.")


@strawberry.input(description="The rollout to resume.")
class RolloutResumeInput:
    id: strawberry.ID = strawberry.field(description="The change set of the rollout.")


@strawberry.type(description="The outcome of scheduling a rollout.")
class RolloutSchedulePayload(ChangesPayload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet, "The scheduled change set; null on errors and on a dry run."
    )


@strawberry.type(description="The outcome of pausing a rollout.")
class RolloutPausePayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet, "The change set of the rollout, null if it could not be paused."
    )


@strawberry.type(description="The outcome of resuming a rollout.")
class RolloutResumePayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet, "The change set of the rollout, null if it could not be resumed."
    )


@mutation_with_info
async def rollout_schedule(
    info: Info,
    input: Annotated[RolloutScheduleInput, argument(description="The strategy and the steps.")],
) -> RolloutSchedulePayload:
    """Schedule a progressive rollout: one change set that changes a percentage in steps."""
    toggle_id, environment, strategy_id = toggle_strategy_key(input.strategy, path=("strategy",))
    steps = [
        RolloutStep(rollout=step.rollout, at=step.at, after_minutes=step.after)
        for step in input.steps
    ]
    async with change(info, dry_run=input.dry_run) as work:
        made = await rollouts.schedule_rollout(
            work,
            toggle_id=toggle_id,
            environment=environment,
            strategy_id=strategy_id,
            steps=steps,
            now=info.context.store.clock(),
            comment=input.comment,
            idempotency_key=input.idempotency_key,
            expected_revision=input.expected_revision,
            force=input.force,
        )
        changes = await report_changes(work, made)
    return RolloutSchedulePayload(
        change_set=None if input.dry_run else made.change_set, reports=changes
    )


@mutation
async def rollout_pause(
    work: UnitOfWork,
    input: Annotated[RolloutPauseInput, argument(description="The rollout.")],
) -> RolloutPausePayload:
    """Pause a rollout; no step is applied until it is resumed."""
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    return RolloutPausePayload(change_set=await rollouts.pause_rollout(work, change_set_id))


@mutation_with_info
async def rollout_resume(
    info: Info,
    input: Annotated[RolloutResumeInput, argument(description="The rollout.")],
) -> RolloutResumePayload:
    """Resume a paused rollout.

    If the fixed time of a step has passed, the step is applied immediately.
    """
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    async with change(info) as work:
        resumed = await rollouts.resume_rollout(work, change_set_id)
    info.context.store.scheduler.wake()
    return RolloutResumePayload(change_set=resumed)
