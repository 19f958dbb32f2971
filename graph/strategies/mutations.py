"""Mutations on strategy definitions."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.changes import strategy as changes
from graph.context import Info
from graph.ids import encode_id
from graph.inputs.strategy import StrategyCreateInput, StrategyDeleteInput, StrategyUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.strategies.type import Strategy
from store import model


@strawberry.type(description="The outcome of defining a strategy.")
class StrategyCreatePayload(Payload):
    strategy: model.Strategy | None = shown_as(
        Strategy, "The new strategy, null when it could not be defined."
    )


@strawberry.type(description="The outcome of changing a strategy.")
class StrategyUpdatePayload(Payload):
    strategy: model.Strategy | None = shown_as(
        Strategy, "The strategy after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a strategy.")
class StrategyDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted strategy, null when it could not be deleted."
    )


@mutation
async def strategy_create(
    info: Info,
    input: Annotated[StrategyCreateInput, argument(description="What it looks like.")],
) -> StrategyCreatePayload:
    """Define a strategy."""
    async with change(info) as work:
        strategy = await changes.create_strategy(work, input)
    return StrategyCreatePayload(strategy=strategy)


@mutation
async def strategy_update(
    info: Info,
    input: Annotated[StrategyUpdateInput, argument(description="What to change.")],
) -> StrategyUpdatePayload:
    """Change, deprecate or reactivate a strategy."""
    async with change(info) as work:
        strategy = await changes.update_strategy(work, input)
    return StrategyUpdatePayload(strategy=strategy)


@mutation
async def strategy_delete(
    info: Info,
    input: Annotated[StrategyDeleteInput, argument(description="Which strategy.")],
) -> StrategyDeletePayload:
    """Delete a strategy that no toggle uses."""
    async with change(info) as work:
        strategy = await changes.delete_strategy(work, input)
    return StrategyDeletePayload(deleted_id=encode_id("Strategy", strategy.name))
