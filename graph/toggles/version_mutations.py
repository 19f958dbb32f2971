"""Mutations that restore earlier versions of toggles."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.events.change_report import report_changes
from graph.events.change_set import ChangeSet
from graph.events.changes_payload import ChangesPayload
from graph.input_fields import expected_revision_field
from graph.payload import (
    ChangeMember,
    change,
    mutation_with_member,
    named_subject,
    typed_as,
)
from graph.toggles.type import Toggle
from store import events, model
from store.events import EventType, SubjectKind
from store.operations import toggle_versions
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The version of a toggle to restore.")
class ToggleRevertToInput:
    name: str = strawberry.field(description="The name of the toggle, archived or not.")
    revision: int = strawberry.field(description="The revision that identifies the version.")
    expected_revision: int | None = expected_revision_field("toggle")
    dry_run: bool = strawberry.field(
        default=False,
        description=(
            "Whether to report the effects without making any change. In a change set, use the "
            "field `dryRun` of the change set instead."
        ),
    )


@strawberry.type(description="The outcome of restoring a version of a toggle.")
class ToggleRevertToPayload(ChangesPayload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The toggle after the change, null on errors and on a dry run."
    )
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The change set that restored the version; null on errors, on a dry run, and if the "
        "toggle already matched the version.",
    )


async def _restore(work: UnitOfWork, input: ToggleRevertToInput) -> ToggleRevertToPayload:
    toggle = await toggle_versions.restore_version(
        work, input.name, revision=input.revision, expected_revision=input.expected_revision
    )
    return ToggleRevertToPayload(toggle=toggle)


@mutation_with_member(
    ChangeMember(
        make=_restore,
        input=ToggleRevertToInput,
        type=EventType.TOGGLE_UPDATED,
        subject=named_subject(SubjectKind.TOGGLE),
        description="Restore a toggle to its state at an earlier revision.",
    )
)
async def toggle_revert_to(
    info: Info,
    input: Annotated[ToggleRevertToInput, argument(description="The toggle and the version.")],
) -> ToggleRevertToPayload:
    """Restore a toggle, archived or not, to its configuration at an earlier revision."""
    async with change(info, dry_run=input.dry_run) as work:
        toggle, made = await toggle_versions.revert_toggle_to(
            work,
            input.name,
            revision=input.revision,
            expected_revision=input.expected_revision,
        )
        changes = await report_changes(work, made)
    return ToggleRevertToPayload(
        toggle=None if input.dry_run else toggle,
        change_set=None if input.dry_run else made.change_set,
        reports=changes,
    )
