"""Mutations on how a toggle is configured in one environment."""

from typing import Annotated

import strawberry
from msgspec import UNSET
from strawberry import argument

from graph.context import Info
from graph.ids import toggle_strategy_id
from graph.inputs import mapping
from graph.inputs.toggle import (
    ToggleConfigureInput,
    ToggleSetEnabledInput,
    ToggleStrategyAddInput,
    ToggleStrategyRemoveInput,
    ToggleStrategyUpdateInput,
)
from graph.mutations.payload import Payload, change, mutation, shown_as
from graph.types.toggle_environment import ToggleEnvironment
from graph.types.toggle_strategy import ToggleStrategy
from store import model
from store.errors import Problems
from store.operations import toggle_environments

_AFTERWARDS = "The configuration after the change, null when it could not be made."


@strawberry.type(description="The outcome of switching a toggle.")
class ToggleSetEnabledPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of configuring a toggle in one environment.")
class ToggleConfigurePayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = shown_as(ToggleEnvironment, _AFTERWARDS)


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
        toggle = await toggle_environments.set_enabled(
            work,
            input.name,
            environment=input.environment,
            enabled=input.enabled,
            expected_revision=input.expected_revision,
        )
    return ToggleSetEnabledPayload(toggle_environment=toggle.in_environment(input.environment))


@mutation
async def toggle_configure(
    info: Info,
    input: Annotated[ToggleConfigureInput, argument(description="The configuration.")],
) -> ToggleConfigurePayload:
    """Set the state, strategies and variants of a toggle in one environment."""
    problems = Problems()
    enabled = mapping.given(input.enabled, path=("enabled",), problems=problems)
    strategies = mapping.given(input.strategies, path=("strategies",), problems=problems)
    variants = mapping.given(input.variants, path=("variants",), problems=problems)
    strategy_specs = (
        mapping.strategy_specs(strategies, path=("strategies",), problems=problems)
        if strategies is not UNSET
        else UNSET
    )
    weighted = (
        mapping.variants(variants, path=("variants",), problems=problems)
        if variants is not UNSET
        else UNSET
    )
    async with change(info, problems) as work:
        toggle = await toggle_environments.configure_toggle(
            work,
            input.name,
            environment=input.environment,
            enabled=enabled,
            strategies=strategy_specs,
            variants=weighted,
            expected_revision=input.expected_revision,
        )
    return ToggleConfigurePayload(toggle_environment=toggle.in_environment(input.environment))


@mutation
async def toggle_strategy_add(
    info: Info,
    input: Annotated[
        ToggleStrategyAddInput, argument(description="The strategy and where to add it.")
    ],
) -> ToggleStrategyAddPayload:
    """Add a strategy to a toggle."""
    problems = Problems()
    strategy = mapping.strategy_spec(input.strategy, path=("strategy",), problems=problems)
    async with change(info, problems) as work:
        toggle, added = await toggle_environments.add_toggle_strategy(
            work,
            input.toggle,
            environment=input.environment,
            strategy=strategy,
            position=input.position,
            expected_revision=input.expected_revision,
        )
    return ToggleStrategyAddPayload(
        toggle_strategy=added, toggle_environment=toggle.in_environment(input.environment)
    )


@mutation
async def toggle_strategy_update(
    info: Info,
    input: Annotated[ToggleStrategyUpdateInput, argument(description="What to change.")],
) -> ToggleStrategyUpdatePayload:
    """Change or move a strategy on a toggle."""
    toggle_id, environment, strategy_id = mapping.toggle_strategy_key(input.id)
    problems = Problems()
    title = mapping.given(input.title, path=("title",), problems=problems)
    disabled = mapping.given(input.disabled, path=("disabled",), problems=problems)
    parameters = mapping.given(input.parameters, path=("parameters",), problems=problems)
    constraints = mapping.given(input.constraints, path=("constraints",), problems=problems)
    segments = mapping.given(input.segments, path=("segments",), problems=problems)
    variants = mapping.given(input.variants, path=("variants",), problems=problems)
    parameter_values = (
        mapping.parameter_values(parameters, path=("parameters",), problems=problems)
        if parameters is not UNSET
        else UNSET
    )
    segment_ids = (
        mapping.segment_ids(segments, path=("segments",), problems=problems)
        if segments is not UNSET
        else UNSET
    )
    weighted = (
        mapping.variants(variants, path=("variants",), problems=problems)
        if variants is not UNSET
        else UNSET
    )
    async with change(info, problems) as work:
        toggle, strategy = await toggle_environments.update_toggle_strategy(
            work,
            toggle_id=toggle_id,
            environment=environment,
            strategy_id=strategy_id,
            title=title,
            disabled=disabled,
            parameters=parameter_values,
            constraints=mapping.constraints(constraints) if constraints is not UNSET else UNSET,
            segments=segment_ids,
            variants=weighted,
            position=input.position,
            expected_revision=input.expected_revision,
        )
    return ToggleStrategyUpdatePayload(
        toggle_strategy=strategy, toggle_environment=toggle.in_environment(environment)
    )


@mutation
async def toggle_strategy_remove(
    info: Info,
    input: Annotated[ToggleStrategyRemoveInput, argument(description="Which strategy.")],
) -> ToggleStrategyRemovePayload:
    """Remove a strategy from a toggle."""
    toggle_id, environment, strategy_id = mapping.toggle_strategy_key(input.id)
    async with change(info) as work:
        toggle = await toggle_environments.remove_toggle_strategy(
            work,
            toggle_id=toggle_id,
            environment=environment,
            strategy_id=strategy_id,
            expected_revision=input.expected_revision,
        )
    return ToggleStrategyRemovePayload(
        removed_id=toggle_strategy_id(toggle_id, environment, strategy_id),
        toggle_environment=toggle.in_environment(environment),
    )
