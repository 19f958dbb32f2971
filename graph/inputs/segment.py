"""Inputs of the mutations on segments."""

import strawberry
from strawberry import Maybe

from graph.toggles.configuration_inputs import ConstraintInput


@strawberry.input(description="What a new segment looks like.")
class SegmentCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(default="", description="Whom the segment describes.")
    constraints: list[ConstraintInput] = strawberry.field(
        description="The constraints that all must hold."
    )


@strawberry.input(description="What to change about a segment; fields left out stay as they are.")
class SegmentUpdateInput:
    id: strawberry.ID = strawberry.field(description="The segment to change.")
    name: Maybe[str | None] = strawberry.field(description="The unique name.")
    description: Maybe[str | None] = strawberry.field(description="Whom the segment describes.")
    constraints: Maybe[list[ConstraintInput] | None] = strawberry.field(
        description="All of its constraints."
    )
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The unused segment to delete.")
class SegmentDeleteInput:
    id: strawberry.ID = strawberry.field(description="The segment to delete.")
