"""Inputs of the mutations on toggle types."""

import strawberry
from strawberry import Maybe


@strawberry.input(description="What to change about a toggle type.")
class ToggleTypeUpdateInput:
    name: str = strawberry.field(description="The name of the toggle type.")
    lifetime_days: Maybe[int | None] = strawberry.field(
        description="The expected lifetime in days; null means for good."
    )
