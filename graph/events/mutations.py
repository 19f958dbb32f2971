"""Mutations that make several changes at once, and those that undo changes."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.events.change import Change
from graph.events.change_input import (
    ChangeSetApplyInput,
    ChangeSetRevertInput,
    ToggleRevertToInput,
)
from graph.events.change_report import ToldChange, tell
from graph.events.change_set import ChangeSet
from graph.events.requested_changes import wanted_changes
from graph.ids import decode_id
from graph.payload import Payload, change, mutation, shown_as
from graph.toggles.type import Toggle
from store import events, model
from store.operations import change_sets


def shown_changes(description: str) -> Sequence[ToldChange]:
    """The field of a payload that tells what each change does or would do."""
    return strawberry.field(
        default_factory=tuple[ToldChange, ...],
        graphql_type=list[Change],
        description=description,
    )


@strawberry.type(description="The outcome of making changes together.")
class ChangeSetApplyPayload(Payload):
    change_set: events.ChangeSet | None = shown_as(
        ChangeSet,
        "The change set, applied; null on errors, on a dry run and when nothing had to be changed.",
    )
    changes: Sequence[ToldChange] = shown_changes(
        "What each change does or would do; empty on errors."
    )


@strawberry.type(description="The outcome of undoing a change set.")
class ChangeSetRevertPayload(Payload):
    change_set: events.ChangeSet | None = shown_as(
        ChangeSet,
        "The change set that undoes it; null on errors, on a dry run and when there was nothing "
        "left to undo.",
    )
    changes: Sequence[ToldChange] = shown_changes("What each change does or would do.")


@strawberry.type(description="The outcome of putting a toggle back to one of its versions.")
class ToggleRevertToPayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The toggle after the change, null when it could not be made."
    )
    change_set: events.ChangeSet | None = shown_as(
        ChangeSet,
        "The change set that did it; null on errors and when the toggle was like that already.",
    )


@mutation
async def change_set_apply(
    info: Info,
    input: Annotated[ChangeSetApplyInput, argument(description="The changes.")],
) -> ChangeSetApplyPayload:
    """Make several changes together, or only see what they would do."""
    wanted = wanted_changes(input.changes, info.context.snapshot)
    async with change(info, dry_run=input.dry_run) as work:
        made = await change_sets.apply_changes(
            work, wanted, comment=input.comment, idempotency_key=input.idempotency_key
        )
        changes = await tell(work, made)
    return ChangeSetApplyPayload(
        change_set=None if input.dry_run else made.change_set, changes=changes
    )


@mutation
async def change_set_revert(
    info: Info,
    input: Annotated[ChangeSetRevertInput, argument(description="Which change set.")],
) -> ChangeSetRevertPayload:
    """Undo an applied change set with a new one."""
    change_set_id = decode_id(input.id, "ChangeSet", path=("id",))
    async with change(info, dry_run=input.dry_run) as work:
        made = await change_sets.revert_change_set(
            work, change_set_id, comment=input.comment, force=input.force
        )
        changes = await tell(work, made)
    return ChangeSetRevertPayload(
        change_set=None if input.dry_run else made.change_set, changes=changes
    )


@mutation
async def toggle_revert_to(
    info: Info,
    input: Annotated[ToggleRevertToInput, argument(description="Which toggle and version.")],
) -> ToggleRevertToPayload:
    """Put the configuration of a toggle, archived or not, back to what it was at a revision."""
    async with change(info) as work:
        toggle, made = await change_sets.revert_toggle_to(
            work,
            input.name,
            revision=input.revision,
            expected_revision=input.expected_revision,
        )
    return ToggleRevertToPayload(toggle=toggle, change_set=made.change_set)
