"""Inputs of the mutations on tag types."""

import strawberry
from strawberry import Maybe


@strawberry.input(description="What a new tag type looks like.")
class TagTypeCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(default="", description="What tags of this type mean.")
    icon: str | None = strawberry.field(description="The name of an icon to show.")
    color: str | None = strawberry.field(description="The colour to show as a hex triplet.")


@strawberry.input(description="What to change about a tag type; fields left out stay as they are.")
class TagTypeUpdateInput:
    name: str = strawberry.field(description="The name of the tag type.")
    description: Maybe[str | None] = strawberry.field(description="What tags of this type mean.")
    icon: Maybe[str | None] = strawberry.field(
        description="The name of an icon to show; null removes it."
    )
    color: Maybe[str | None] = strawberry.field(
        description="The colour to show as a hex triplet; null removes it."
    )
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The unused tag type to delete.")
class TagTypeDeleteInput:
    name: str = strawberry.field(description="The name of the tag type.")
