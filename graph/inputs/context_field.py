"""Inputs of the mutations on context fields."""

import strawberry
from strawberry import Maybe


@strawberry.input(description="A value that a context field can take.")
class LegalValueInput:
    value: str = strawberry.field(description="The value.")
    description: str = strawberry.field(default="", description="What the value stands for.")


@strawberry.input(description="What a new context field looks like.")
class ContextFieldCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(default="", description="What the field holds.")
    legal_values: list[LegalValueInput] = strawberry.field(
        default_factory=list, description="The values it can take; empty means any."
    )
    stickiness: bool = strawberry.field(
        default=False, description="Whether rollouts and variants can be kept stable on it."
    )


@strawberry.input(
    description="What to change about a context field; fields left out stay as they are."
)
class ContextFieldUpdateInput:
    name: str = strawberry.field(description="The name of the context field.")
    description: Maybe[str | None] = strawberry.field(description="What the field holds.")
    legal_values: Maybe[list[LegalValueInput] | None] = strawberry.field(
        description="All of its legal values."
    )
    stickiness: Maybe[bool | None] = strawberry.field(
        description="Whether rollouts and variants can be kept stable on it."
    )
    sort_order: Maybe[int | None] = strawberry.field(description="The place in lists.")
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The unused context field to delete.")
class ContextFieldDeleteInput:
    name: str = strawberry.field(description="The name of the context field.")
