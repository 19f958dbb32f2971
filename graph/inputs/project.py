"""Inputs of the mutations on projects."""

import strawberry
from strawberry import Maybe


@strawberry.input(description="What a new project looks like.")
class ProjectCreateInput:
    name: str = strawberry.field(description="The unique name.")
    title: str = strawberry.field(default="", description="The name shown to people.")
    description: str = strawberry.field(default="", description="What the project is about.")


@strawberry.input(description="What to change about a project; fields left out stay as they are.")
class ProjectUpdateInput:
    name: str = strawberry.field(description="The name of the project.")
    title: Maybe[str | None] = strawberry.field(description="The name shown to people.")
    description: Maybe[str | None] = strawberry.field(description="What the project is about.")
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The empty project to delete.")
class ProjectDeleteInput:
    name: str = strawberry.field(description="The name of the project.")
