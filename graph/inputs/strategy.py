"""Inputs of the mutations on strategy definitions."""

import strawberry
from strawberry import Maybe

from graph.enums import StrategyParameterType


@strawberry.input(description="A parameter a strategy takes.")
class StrategyParameterInput:
    name: str = strawberry.field(description="The name of the parameter.")
    type: StrategyParameterType = strawberry.field(
        default=StrategyParameterType.STRING, description="How to enter its value."
    )
    description: str = strawberry.field(default="", description="What the value means.")
    required: bool = strawberry.field(
        default=False, description="Whether forms should insist on a value; SDKs do without."
    )


@strawberry.input(description="What a new strategy looks like.")
class StrategyCreateInput:
    name: str = strawberry.field(description="The unique name that SDKs know it by.")
    title: str = strawberry.field(default="", description="The name shown to people.")
    description: str = strawberry.field(
        default="", description="Whom the strategy activates a toggle for."
    )
    parameters: list[StrategyParameterInput] = strawberry.field(
        default_factory=list, description="The parameters it takes."
    )


@strawberry.input(description="What to change about a strategy; fields left out stay as they are.")
class StrategyUpdateInput:
    name: str = strawberry.field(description="The name of the strategy to change.")
    title: Maybe[str | None] = strawberry.field(description="The name shown to people.")
    description: Maybe[str | None] = strawberry.field(
        description="Whom the strategy activates a toggle for."
    )
    parameters: Maybe[list[StrategyParameterInput] | None] = strawberry.field(
        description="All of its parameters."
    )
    deprecated: Maybe[bool | None] = strawberry.field(
        description="Whether it should no longer be picked."
    )
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The strategy to delete.")
class StrategyDeleteInput:
    name: str = strawberry.field(description="The name of the strategy.")
