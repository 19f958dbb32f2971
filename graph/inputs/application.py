"""Inputs of the mutations on applications."""

import strawberry
from strawberry import Maybe


@strawberry.input(
    description="What to write about an application; fields left out stay as they are."
)
class ApplicationUpdateInput:
    name: str = strawberry.field(description="The name of the application.")
    description: Maybe[str | None] = strawberry.field(description="What the application does.")
    url: Maybe[str | None] = strawberry.field(
        description="Where the application can be found; null removes it."
    )
    icon: Maybe[str | None] = strawberry.field(
        description="The name of an icon to show; null removes it."
    )


@strawberry.input(description="The application to forget until it reports again.")
class ApplicationDeleteInput:
    name: str = strawberry.field(description="The name of the application.")
