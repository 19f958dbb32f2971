"""Mutations that make or undo several changes at once."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.events.change_input import ChangeInput
from graph.events.change_report import report_changes
from graph.events.change_set import ChangeSet
from graph.events.changes_payload import ChangesPayload
from graph.events.requested_changes import requested_changes
from graph.events.stored_changes import changes_to_json
from graph.ids import decode_id
from graph.payload import Payload, change, mutation, mutation_with_info, typed_as
from store import events
from store.operations import change_sets, scheduling
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The changes to make together, in one transaction.")
class ChangeSetApplyInput:
    changes: list[ChangeInput] = strawberry.field(
        description="The changes in the order of application."
    )
    comment: str = strawberry.field(default="", description="The reason for the changes.")
    apply_at: datetime | None = strawberry.field(
        description=(
            "When to apply the changes: from one minute to one year ahead. If omitted, the changes "
            "are applied immediately. A scheduled change set is applied on behalf of its creator, "
            "or refused with a reason."
        ),
    )
    force: bool = strawberry.field(
        default=False,
        description=(
            "Whether to apply scheduled changes even if their objects have changed in the meantime."
        ),
    )
    dry_run: bool = strawberry.field(
        default=False, description="Whether to report the effects without making any change."
    )
    idempotency_key: str | None = strawberry.field(
        description=(
            "A key that the caller chooses. For 24 hours, further requests with the same key "
            "return the change set of the first request and change nothing."
        ),
    )


@strawberry.input(description="The applied change set to undo.")
class ChangeSetRevertInput:
    id: strawberry.ID = strawberry.field(description="The change set.")
    comment: str = strawberry.field(default="", description="The reason for the undo.")
    force: bool = strawberry.field(
        default=False,
        description="Whether to undo even if later changes affected the same fields.",
    )
    dry_run: bool = strawberry.field(
        default=False, description="Whether to report the effects without making any change."
    )


@strawberry.type(description="The outcome of making changes together.")
class ChangeSetApplyPayload(ChangesPayload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The applied or scheduled change set; null on errors, on a dry run, and if nothing"
        " changed.",
    )


@strawberry.type(description="The outcome of undoing a change set.")
class ChangeSetRevertPayload(ChangesPayload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The new change set that undoes the given one; null on errors, on a dry run, and "
        "if nothing was left to undo.",
    )


@mutation_with_info
async def change_set_apply(
    info: Info,
    input: Annotated[ChangeSetApplyInput, argument(description="The changes.")],
) -> ChangeSetApplyPayload:
    """Make several changes in one transaction, now or at a later time, or preview their effects."""
    requested = requested_changes(input.changes, info.context.snapshot)
    async with change(info, dry_run=input.dry_run) as work:
        if input.apply_at is None:
            made = await change_sets.apply_changes(
                work, requested, comment=input.comment, idempotency_key=input.idempotency_key
            )
        else:
            made = await scheduling.schedule_changes(
                work,
                requested,
                changes_to_json(input.changes),
                apply_at=input.apply_at,
                now=info.context.store.clock(),
                comment=input.comment,
                idempotency_key=input.idempotency_key,
                force=input.force,
            )
        changes = await report_changes(work, made)
    return ChangeSetApplyPayload(
        change_set=None if input.dry_run else made.change_set, reports=changes
    )


@mutation_with_info
async def change_set_revert(
    info: Info,
    input: Annotated[ChangeSetRevertInput, argument(description="The change set.")],
) -> ChangeSetRevertPayload:
    """Undo an applied change set with a new change set."""
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    async with change(info, dry_run=input.dry_run) as work:
        made = await change_sets.revert_change_set(
            work, change_set_id, comment=input.comment, force=input.force
        )
        changes = await report_changes(work, made)
    return ChangeSetRevertPayload(
        change_set=None if input.dry_run else made.change_set, reports=changes
    )


@strawberry.input(description="The scheduled change set to cancel.")
class ChangeSetCancelInput:
    id: strawberry.ID = strawberry.field(description="The change set.")


@strawberry.type(description="The outcome of cancelling a scheduled change set.")
class ChangeSetCancelPayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet, "The cancelled change set, null if it could not be cancelled."
    )


@mutation
async def change_set_cancel(
    work: UnitOfWork,
    input: Annotated[ChangeSetCancelInput, argument(description="The change set.")],
) -> ChangeSetCancelPayload:
    """Cancel a scheduled change set, or the remaining steps of a rollout."""
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    cancelled = await scheduling.cancel_change_set(work, change_set_id)
    return ChangeSetCancelPayload(change_set=cancelled)
