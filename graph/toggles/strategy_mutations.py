"""Mutations on single strategies of a toggle."""

from typing import Annotated

import strawberry
from msgspec import UNSET
from strawberry import Maybe, argument

from graph.ids import parse_id, split_key, toggle_strategy_id, toggle_strategy_key
from graph.input_fields import (
    along_with,
    expected_revision_field,
    given,
    given_as,
)
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
from store.operations import toggle_environments
from store.unit_of_work import UnitOfWork


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
        description="A label that distinguishes this strategy from the toggle's other strategies."
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
