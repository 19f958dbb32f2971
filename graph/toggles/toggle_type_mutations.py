"""Mutations on toggle types."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.input_fields import changes_of
from graph.payload import Payload, change_mutation, named_subject, typed_as
from graph.toggles.toggle_type import ToggleType
from store import model
from store.events import EventType, SubjectKind
from store.operations import toggle_types
from store.operations.fields import ToggleTypeFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="Changes to a toggle type.")
class ToggleTypeUpdateInput:
    name: str = strawberry.field(description="The name of the toggle type.")
    lifetime_days: Maybe[int | None] = strawberry.field(
        description="The expected lifetime in days; null means unlimited."
    )


@strawberry.type(description="The outcome of changing a toggle type.")
class ToggleTypeUpdatePayload(Payload):
    toggle_type: model.ToggleType | None = typed_as(
        ToggleType, "The toggle type after the change, null if the change was refused."
    )


@change_mutation(EventType.TOGGLE_TYPE_UPDATED, named_subject(SubjectKind.TOGGLE_TYPE))
async def toggle_type_update(
    work: UnitOfWork,
    input: Annotated[ToggleTypeUpdateInput, argument(description="The changes.")],
) -> ToggleTypeUpdatePayload:
    """Change the expected lifetime of a toggle type."""
    with changes_of(input, ToggleTypeFields, nullable=("lifetime_days",)) as fields:
        toggle_type = await toggle_types.update_toggle_type(work, input.name, fields)
    return ToggleTypeUpdatePayload(toggle_type=toggle_type)
