"""Mutations on strategy definitions."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.enums import StrategyParameterType
from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from graph.strategies.type import Strategy
from store import model
from store.events import EventType, SubjectKind
from store.operations import strategies
from store.operations.fields import StrategyFields
from store.unit_of_work import UnitOfWork
from store.values import StrategyParameter


@strawberry.input(description="A parameter of a strategy.")
class StrategyParameterInput:
    name: str = strawberry.field(description="The name of the parameter.")
    type: StrategyParameterType = strawberry.field(
        default=StrategyParameterType.STRING, description="The type of the parameter's value."
    )
    description: str = strawberry.field(default="", description="The meaning of the value.")
    required: bool = strawberry.field(
        default=False,
        description="Whether user interfaces should require a value. SDKs do not require a value.",
    )


@strawberry.input(description="The fields of a new strategy.")
class StrategyCreateInput:
    name: str = strawberry.field(
        description="The unique name, by which SDKs identify the strategy."
    )
    title: str = strawberry.field(default="", description="The display name.")
    description: str = strawberry.field(
        default="",
        description="A description of the users for whom the strategy activates a toggle.",
    )
    parameters: list[StrategyParameterInput] = strawberry.field(
        default_factory=list, description="The parameters of the strategy."
    )


@strawberry.input(description="Changes to a strategy; omitted fields stay unchanged.")
class StrategyUpdateInput:
    name: str = strawberry.field(description="The name of the strategy to change.")
    title: Maybe[str | None] = strawberry.field(description="The display name.")
    description: Maybe[str | None] = strawberry.field(
        description="A description of the users for whom the strategy activates a toggle."
    )
    parameters: Maybe[list[StrategyParameterInput] | None] = strawberry.field(
        description="The new list of parameters, which replaces the old one."
    )
    deprecated: Maybe[bool | None] = strawberry.field(
        description="Whether new configurations should avoid the strategy."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The strategy to delete.")
class StrategyDeleteInput:
    name: str = strawberry.field(description="The name of the strategy.")


@strawberry.type(description="The outcome of defining a strategy.")
class StrategyCreatePayload(Payload):
    strategy: model.Strategy | None = typed_as(
        Strategy, "The new strategy, null if it could not be defined."
    )


@strawberry.type(description="The outcome of changing a strategy.")
class StrategyUpdatePayload(Payload):
    strategy: model.Strategy | None = typed_as(
        Strategy, "The strategy after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting a strategy.")
class StrategyDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("strategy")


def _parameters(inputs: Sequence[StrategyParameterInput]) -> tuple[StrategyParameter, ...]:
    return tuple(
        StrategyParameter(entry.name, entry.type.value, entry.description, entry.required)
        for entry in inputs
    )


_FORMS = {"parameters": _parameters}


_strategy = named_subject(SubjectKind.STRATEGY)


@change_mutation(EventType.STRATEGY_CREATED, _strategy)
async def strategy_create(
    work: UnitOfWork,
    input: Annotated[StrategyCreateInput, argument(description="The fields of the new object.")],
) -> StrategyCreatePayload:
    """Define a strategy."""
    strategy = await strategies.create_strategy(
        work, name=input.name, fields=new_fields(StrategyFields, input, _FORMS)
    )
    return StrategyCreatePayload(strategy=strategy)


@change_mutation(EventType.STRATEGY_UPDATED, _strategy, "Change a strategy.")
async def strategy_update(
    work: UnitOfWork,
    input: Annotated[StrategyUpdateInput, argument(description="The changes.")],
) -> StrategyUpdatePayload:
    """Change, deprecate or reactivate a strategy."""
    with changes_of(input, StrategyFields, forms=_FORMS) as fields:
        strategy = await strategies.update_strategy(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return StrategyUpdatePayload(strategy=strategy)


@change_mutation(EventType.STRATEGY_DELETED, _strategy, "Delete a strategy.")
async def strategy_delete(
    work: UnitOfWork,
    input: Annotated[StrategyDeleteInput, argument(description="The strategy.")],
) -> StrategyDeletePayload:
    """Delete a strategy that no toggle uses."""
    strategy = await strategies.delete_strategy(work, input.name)
    return StrategyDeletePayload(deleted_id=encode_id("Strategy", strategy.name))
