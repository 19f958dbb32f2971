"""Mutations on toggle types."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.inputs.toggle_type import ToggleTypeUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.toggles.toggle_type import ToggleType
from store import model
from store.errors import Problems
from store.operations import toggle_types
from store.operations.fields import ToggleTypeFields


@strawberry.type(description="The outcome of changing a toggle type.")
class ToggleTypeUpdatePayload(Payload):
    toggle_type: model.ToggleType | None = shown_as(
        ToggleType, "The toggle type after the change, null when it could not be made."
    )


@mutation
async def toggle_type_update(
    info: Info,
    input: Annotated[ToggleTypeUpdateInput, argument(description="What to change.")],
) -> ToggleTypeUpdatePayload:
    """Change the expected lifetime of a toggle type."""
    problems = Problems()
    fields = mapping.changed_fields(ToggleTypeFields, input, problems, nullable=("lifetime_days",))
    async with change(info, problems) as work:
        toggle_type = await toggle_types.update_toggle_type(work, input.name, fields)
    return ToggleTypeUpdatePayload(toggle_type=toggle_type)
