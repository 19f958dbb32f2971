"""Mutations on toggle types."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.inputs import mapping
from graph.inputs.toggle_type import ToggleTypeUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.toggles.toggle_type import ToggleType
from store import model
from store.operations import toggle_types


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
    async with change(info) as work:
        toggle_type = await toggle_types.update_toggle_type(
            work, input.name, lifetime_days=mapping.given_or_null(input.lifetime_days)
        )
    return ToggleTypeUpdatePayload(toggle_type=toggle_type)
