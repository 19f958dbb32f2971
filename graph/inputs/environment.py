"""Inputs of the mutations on environments."""

import strawberry
from strawberry import Maybe

from graph.enums import EnvironmentType


@strawberry.input(description="What a new environment looks like.")
class EnvironmentCreateInput:
    name: str = strawberry.field(description="The unique name.")
    type: EnvironmentType = strawberry.field(
        default=EnvironmentType.DEVELOPMENT, description="What the environment is for."
    )
    copy_from: str | None = strawberry.field(
        description="An environment to copy every toggle configuration from."
    )


@strawberry.input(
    description="What to change about an environment; fields left out stay as they are."
)
class EnvironmentUpdateInput:
    name: str = strawberry.field(description="The name of the environment.")
    type: Maybe[EnvironmentType | None] = strawberry.field(
        description="What the environment is for."
    )
    enabled: Maybe[bool | None] = strawberry.field(description="Whether it is in use.")
    sort_order: Maybe[int | None] = strawberry.field(
        description="The place among the environments."
    )
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The environment to delete with every configuration in it.")
class EnvironmentDeleteInput:
    name: str = strawberry.field(description="The name of the environment.")
