"""Mutations on the configuration of a toggle in one environment."""

from typing import Annotated

import strawberry
from msgspec import UNSET
from strawberry import Maybe, argument

from graph.ids import parse_id, split_key, toggle_strategy_id, toggle_strategy_key
from graph.input_fields import along_with, expected_revision_field, given, given_as
from graph.payload import ChangeSubject, Payload, change_mutation, typed_as
from graph.toggles import input_values
from graph.toggles.environment import ToggleEnvironment
from graph.toggles.inputs import (
    ConstraintInput,
    ParameterValueInput,
    ToggleStrategyInput,
    VariantInput,
)
from graph.toggles.strategy import ToggleStrategy
from store import Snapshot, model
from store.errors import Problems
from store.events import EventType, SubjectKind
from store.operations import copying, toggle_environments
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The state of a toggle in an environment.")
class ToggleSetEnabledInput:
    name: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(default="default", description="The environment.")
    enabled: bool = strawberry.field(description="Whether the toggle is on.")
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(
    description=("The configuration of a toggle in one environment; omitted fields stay unchanged.")
)
class ToggleConfigureInput:
    name: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment to configure."
    )
    enabled: Maybe[bool | None] = strawberry.field(description="Whether the toggle is on.")
    strategies: Maybe[list[ToggleStrategyInput] | None] = strawberry.field(
        description="The new list of strategies in evaluation order, which replaces the old one."
    )
    variants: Maybe[list[VariantInput] | None] = strawberry.field(
        description="The new list of variants, which replaces the old one."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="The source and the target of a copied configuration.")
class ToggleCopyConfigurationInput:
    name: str = strawberry.field(description="The name of the source toggle.")
    from_: str = strawberry.field(name="from", description="The source environment.")
    to: str = strawberry.field(description="The target environment.")
    to_toggle: str | None = strawberry.field(
        description="The target toggle; by default the source toggle."
    )
    enabled: bool = strawberry.field(
        default=False, description="Whether to also copy the state of the toggle, on or off."
    )
    expected_revision: int | None = expected_revision_field("target toggle environment")


@strawberry.input(description="A strategy to add to a toggle.")
class ToggleStrategyAddInput:
    toggle: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment in which to add the strategy."
    )
    strategy: ToggleStrategyInput = strawberry.field(description="The strategy to add.")
    position: int | None = strawberry.field(
        description="The position among the strategies, from zero; by default at the end."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="Changes to a strategy on a toggle; omitted fields stay unchanged.")
class ToggleStrategyUpdateInput:
    id: strawberry.ID = strawberry.field(description="The strategy to change.")
    title: Maybe[str | None] = strawberry.field(
        description="A label that distinguishes the strategy from its siblings."
    )
    disabled: Maybe[bool | None] = strawberry.field(
        description="Whether to disable the strategy. SDKs do not get disabled strategies."
    )
    parameters: Maybe[list[ParameterValueInput] | None] = strawberry.field(
        description="The new list of parameter values, which replaces the old one."
    )
    constraints: Maybe[list[ConstraintInput] | None] = strawberry.field(
        description="The new list of constraints, which replaces the old one."
    )
    segments: Maybe[list[strawberry.ID] | None] = strawberry.field(
        description="The new list of segments, which replaces the old one."
    )
    variants: Maybe[list[VariantInput] | None] = strawberry.field(
        description="The new list of the strategy's own variants, which replaces the old one."
    )
    position: int | None = strawberry.field(
        description="The new position among the strategies, from zero."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="The strategy to remove from a toggle.")
class ToggleStrategyRemoveInput:
    id: strawberry.ID = strawberry.field(description="The strategy to remove.")
    expected_revision: int | None = expected_revision_field("toggle environment")


_AFTERWARDS = "The configuration after the change, null if the change was refused."


@strawberry.type(description="The outcome of switching a toggle.")
class ToggleSetEnabledPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of configuring a toggle in one environment.")
class ToggleConfigurePayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of copying a configuration.")
class ToggleCopyConfigurationPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(
        ToggleEnvironment, "The target after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of adding a strategy to a toggle.")
class ToggleStrategyAddPayload(Payload):
    toggle_strategy: model.ToggleStrategy | None = typed_as(
        ToggleStrategy, "The added strategy, null if it could not be added."
    )
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of changing a strategy on a toggle.")
class ToggleStrategyUpdatePayload(Payload):
    toggle_strategy: model.ToggleStrategy | None = typed_as(
        ToggleStrategy, "The strategy after the change, null if the change was refused."
    )
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of removing a strategy from a toggle.")
class ToggleStrategyRemovePayload(Payload):
    removed_id: strawberry.ID | None = typed_as(
        strawberry.ID, "The ID of the removed strategy, null if it could not be removed."
    )
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


def _configured_toggle(
    _snapshot: Snapshot, input: ToggleSetEnabledInput | ToggleConfigureInput
) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.name, input.environment)


def _enabled_or_disabled(input: ToggleSetEnabledInput) -> EventType:
    return EventType.TOGGLE_ENABLED if input.enabled else EventType.TOGGLE_DISABLED


@change_mutation(_enabled_or_disabled, _configured_toggle, "Switch a toggle on or off.")
async def toggle_set_enabled(
    work: UnitOfWork,
    input: Annotated[
        ToggleSetEnabledInput,
        argument(description="The toggle, the environment and the new state."),
    ],
) -> ToggleSetEnabledPayload:
    """Switch a toggle on or off in one environment."""
    toggle = await toggle_environments.set_enabled(
        work,
        input.name,
        environment=input.environment,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )
    return ToggleSetEnabledPayload(toggle_environment=toggle.in_environment(input.environment))


@change_mutation(
    EventType.TOGGLE_CONFIGURED, _configured_toggle, "Configure a toggle in one environment."
)
async def toggle_configure(
    work: UnitOfWork,
    input: Annotated[ToggleConfigureInput, argument(description="The configuration.")],
) -> ToggleConfigurePayload:
    """Set the state, strategies and variants of a toggle in one environment."""
    problems = Problems()
    enabled = given(input.enabled, path=("enabled",), problems=problems)
    strategies = given_as(
        input_values.strategy_specs, input.strategies, path=("strategies",), problems=problems
    )
    variants = given_as(
        input_values.variants, input.variants, path=("variants",), problems=problems
    )
    with along_with(problems):
        toggle = await toggle_environments.configure_toggle(
            work,
            input.name,
            environment=input.environment,
            enabled=enabled,
            strategies=strategies,
            variants=variants,
            expected_revision=input.expected_revision,
        )
    return ToggleConfigurePayload(toggle_environment=toggle.in_environment(input.environment))


def _copied_to(_snapshot: Snapshot, input: ToggleCopyConfigurationInput) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.to_toggle or input.name, input.to)


@change_mutation(EventType.TOGGLE_CONFIGURED, _copied_to, "Copy a configuration.")
async def toggle_copy_configuration(
    work: UnitOfWork,
    input: Annotated[
        ToggleCopyConfigurationInput, argument(description="The source and the target.")
    ],
) -> ToggleCopyConfigurationPayload:
    """Copy the strategies and variants of a toggle to another environment or toggle."""
    toggle = await copying.copy_configuration(
        work,
        input.name,
        source=input.from_,
        target=input.to,
        to_toggle=input.to_toggle,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )
    return ToggleCopyConfigurationPayload(toggle_environment=toggle.in_environment(input.to))


def _toggle_of_new_strategy(_snapshot: Snapshot, input: ToggleStrategyAddInput) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.toggle, input.environment)


@change_mutation(EventType.TOGGLE_STRATEGY_ADDED, _toggle_of_new_strategy)
async def toggle_strategy_add(
    work: UnitOfWork,
    input: Annotated[ToggleStrategyAddInput, argument(description="The strategy and its target.")],
) -> ToggleStrategyAddPayload:
    """Add a strategy to a toggle."""
    problems = Problems()
    strategy = input_values.strategy_spec(input.strategy, path=("strategy",), problems=problems)
    with along_with(problems):
        toggle, added = await toggle_environments.add_toggle_strategy(
            work,
            input.toggle,
            environment=input.environment,
            strategy=strategy,
            position=input.position,
            expected_revision=input.expected_revision,
        )
    return ToggleStrategyAddPayload(
        toggle_strategy=added, toggle_environment=toggle.in_environment(added.environment)
    )


def _toggle_of_strategy(
    snapshot: Snapshot, input: ToggleStrategyUpdateInput | ToggleStrategyRemoveInput
) -> ChangeSubject:
    _, key = parse_id(input.id) or ("", "")
    toggle_id, environment, _ = split_key(key, 3) or ("", "", "")
    found = snapshot.toggles_by_id.get(toggle_id)
    return ChangeSubject(SubjectKind.TOGGLE, found.name if found else input.id, environment or None)


@change_mutation(
    EventType.TOGGLE_STRATEGY_UPDATED, _toggle_of_strategy, "Change a strategy on a toggle."
)
async def toggle_strategy_update(
    work: UnitOfWork,
    input: Annotated[ToggleStrategyUpdateInput, argument(description="The changes.")],
) -> ToggleStrategyUpdatePayload:
    """Change or move a strategy on a toggle."""
    toggle_id, environment, strategy_id = toggle_strategy_key(input.id, path=("id",))
    problems = Problems()
    title = given(input.title, path=("title",), problems=problems)
    disabled = given(input.disabled, path=("disabled",), problems=problems)
    parameters = given_as(
        input_values.parameter_values, input.parameters, path=("parameters",), problems=problems
    )
    constraints = given(input.constraints, path=("constraints",), problems=problems)
    segments = given_as(
        input_values.segment_ids, input.segments, path=("segments",), problems=problems
    )
    variants = given_as(
        input_values.variants, input.variants, path=("variants",), problems=problems
    )
    with along_with(problems):
        toggle, strategy = await toggle_environments.update_toggle_strategy(
            work,
            toggle_id=toggle_id,
            environment=environment,
            strategy_id=strategy_id,
            title=title,
            disabled=disabled,
            parameters=parameters,
            constraints=UNSET if constraints is UNSET else input_values.constraints(constraints),
            segments=segments,
            variants=variants,
            position=input.position,
            expected_revision=input.expected_revision,
        )
    return ToggleStrategyUpdatePayload(
        toggle_strategy=strategy, toggle_environment=toggle.in_environment(strategy.environment)
    )


@change_mutation(EventType.TOGGLE_STRATEGY_REMOVED, _toggle_of_strategy)
async def toggle_strategy_remove(
    work: UnitOfWork,
    input: Annotated[ToggleStrategyRemoveInput, argument(description="The strategy.")],
) -> ToggleStrategyRemovePayload:
    """Remove a strategy from a toggle."""
    toggle_id, environment, strategy_id = toggle_strategy_key(input.id, path=("id",))
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
