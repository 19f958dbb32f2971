"""Mutations on how a toggle is configured in one environment."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.changes import configuration as changes
from graph.context import Info
from graph.ids import toggle_strategy_id
from graph.payload import Payload, change, mutation, shown_as
from graph.toggles.environment import ToggleEnvironment
from graph.toggles.inputs import (
    ToggleConfigureInput,
    ToggleCopyConfigurationInput,
    ToggleSetEnabledInput,
    ToggleStrategyAddInput,
    ToggleStrategyRemoveInput,
    ToggleStrategyUpdateInput,
)
from graph.toggles.strategy import ToggleStrategy
from store import model

_AFTERWARDS = "The configuration after the change, null when it could not be made."


@strawberry.type(description="The outcome of switching a toggle.")
class ToggleSetEnabledPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of configuring a toggle in one environment.")
class ToggleConfigurePayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of copying a configuration.")
class ToggleCopyConfigurationPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = shown_as(
        ToggleEnvironment, "The target after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of adding a strategy to a toggle.")
class ToggleStrategyAddPayload(Payload):
    toggle_strategy: model.ToggleStrategy | None = shown_as(
        ToggleStrategy, "The strategy added, null when it could not be."
    )
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of changing a strategy on a toggle.")
class ToggleStrategyUpdatePayload(Payload):
    toggle_strategy: model.ToggleStrategy | None = shown_as(
        ToggleStrategy, "The strategy after the change, null when it could not be made."
    )
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of removing a strategy from a toggle.")
class ToggleStrategyRemovePayload(Payload):
    removed_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the strategy removed, null when it could not be."
    )
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@mutation
async def toggle_set_enabled(
    info: Info,
    input: Annotated[
        ToggleSetEnabledInput, argument(description="Which toggle, where and which way.")
    ],
) -> ToggleSetEnabledPayload:
    """Switch a toggle on or off in one environment."""
    async with change(info) as work:
        toggle = await changes.set_enabled(work, input)
    return ToggleSetEnabledPayload(toggle_environment=toggle.in_environment(input.environment))


@mutation
async def toggle_configure(
    info: Info,
    input: Annotated[ToggleConfigureInput, argument(description="The configuration.")],
) -> ToggleConfigurePayload:
    """Set the state, strategies and variants of a toggle in one environment."""
    async with change(info) as work:
        toggle = await changes.configure_toggle(work, input)
    return ToggleConfigurePayload(toggle_environment=toggle.in_environment(input.environment))


@mutation
async def toggle_copy_configuration(
    info: Info,
    input: Annotated[ToggleCopyConfigurationInput, argument(description="What to copy where.")],
) -> ToggleCopyConfigurationPayload:
    """Copy the strategies and variants of a toggle to another environment or toggle."""
    async with change(info) as work:
        toggle = await changes.copy_configuration(work, input)
    return ToggleCopyConfigurationPayload(toggle_environment=toggle.in_environment(input.to))


@mutation
async def toggle_strategy_add(
    info: Info,
    input: Annotated[
        ToggleStrategyAddInput, argument(description="The strategy and where to add it.")
    ],
) -> ToggleStrategyAddPayload:
    """Add a strategy to a toggle."""
    async with change(info) as work:
        toggle, added = await changes.add_strategy(work, input)
    return ToggleStrategyAddPayload(
        toggle_strategy=added, toggle_environment=toggle.in_environment(added.environment)
    )


@mutation
async def toggle_strategy_update(
    info: Info,
    input: Annotated[ToggleStrategyUpdateInput, argument(description="What to change.")],
) -> ToggleStrategyUpdatePayload:
    """Change or move a strategy on a toggle."""
    async with change(info) as work:
        toggle, strategy = await changes.update_strategy(work, input)
    return ToggleStrategyUpdatePayload(
        toggle_strategy=strategy, toggle_environment=toggle.in_environment(strategy.environment)
    )


@mutation
async def toggle_strategy_remove(
    info: Info,
    input: Annotated[ToggleStrategyRemoveInput, argument(description="Which strategy.")],
) -> ToggleStrategyRemovePayload:
    """Remove a strategy from a toggle."""
    async with change(info) as work:
        configured = await changes.remove_strategy(work, input)
    removed_id = toggle_strategy_id(*mapping.toggle_strategy_key(input.id))
    return ToggleStrategyRemovePayload(removed_id=removed_id, toggle_environment=configured)
