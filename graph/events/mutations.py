"""Mutations that make several changes at once or undo them."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.events.change import change_reports_field
from graph.events.change_input import ChangeInput
from graph.events.change_report import ChangeReport, report_changes
from graph.events.change_set import ChangeSet
from graph.events.requested_changes import requested_changes
from graph.ids import decode_id
from graph.payload import Payload, change, mutation_with_info, typed_as
from store import events
from store.operations import change_sets


@strawberry.input(description="The changes to make together.")
class ChangeSetApplyInput:
    changes: list[ChangeInput] = strawberry.field(
        description="The changes in the order of application."
    )
    comment: str = strawberry.field(default="", description="The reason for the changes.")
    dry_run: bool = strawberry.field(
        default=False, description="Whether to report the effects without making any change."
    )
    idempotency_key: str | None = strawberry.field(
        description=(
            "A key chosen by the caller. For 24 hours, repeating the key returns the first "
            "change set instead of changing anything again."
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
class ChangeSetApplyPayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The applied change set; null on errors, on a dry run, and if nothing changed.",
    )
    changes: Sequence[ChangeReport] = change_reports_field(
        "The effect of each change; empty on errors."
    )


@strawberry.type(description="The outcome of undoing a change set.")
class ChangeSetRevertPayload(Payload):
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The change set that undoes it; null on errors, on a dry run, and if there was nothing"
        " left to undo.",
    )
    changes: Sequence[ChangeReport] = change_reports_field("The effect of each change.")


@mutation_with_info
async def change_set_apply(
    info: Info,
    input: Annotated[ChangeSetApplyInput, argument(description="The changes.")],
) -> ChangeSetApplyPayload:
    """Make several changes together, or preview their effects."""
    requested = requested_changes(input.changes, info.context.snapshot)
    async with change(info, dry_run=input.dry_run) as work:
        made = await change_sets.apply_changes(
            work, requested, comment=input.comment, idempotency_key=input.idempotency_key
        )
        changes = await report_changes(work, made)
    return ChangeSetApplyPayload(
        change_set=None if input.dry_run else made.change_set, changes=changes
    )


@mutation_with_info
async def change_set_revert(
    info: Info,
    input: Annotated[ChangeSetRevertInput, argument(description="The change set.")],
) -> ChangeSetRevertPayload:
    """Undo an applied change set with a new one."""
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    async with change(info, dry_run=input.dry_run) as work:
        made = await change_sets.revert_change_set(
            work, change_set_id, comment=input.comment, force=input.force
        )
        changes = await report_changes(work, made)
    return ChangeSetRevertPayload(
        change_set=None if input.dry_run else made.change_set, changes=changes
    )
