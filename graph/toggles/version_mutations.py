"""The mutation that restores a version of a toggle."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.events.change_set import ChangeSet
from graph.input_fields import expected_revision_field
from graph.payload import Payload, mutation, typed_as
from graph.toggles.type import Toggle
from store import events, model
from store.operations import change_sets
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The version of a toggle to restore.")
class ToggleRevertToInput:
    name: str = strawberry.field(description="The name of the toggle, archived or not.")
    revision: int = strawberry.field(description="The revision that identifies the version.")
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.type(description="The outcome of restoring a version of a toggle.")
class ToggleRevertToPayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The toggle after the change, null if the change was refused."
    )
    change_set: events.ChangeSet | None = typed_as(
        ChangeSet,
        "The change set that restored the version; null on errors, and if the toggle "
        "already matched the version.",
    )


@mutation
async def toggle_revert_to(
    work: UnitOfWork,
    input: Annotated[ToggleRevertToInput, argument(description="The toggle and the version.")],
) -> ToggleRevertToPayload:
    """Restore a toggle, archived or not, to its configuration at an earlier revision."""
    toggle, made = await change_sets.revert_toggle_to(
        work,
        input.name,
        revision=input.revision,
        expected_revision=input.expected_revision,
    )
    return ToggleRevertToPayload(toggle=toggle, change_set=made.change_set)
