"""Changes of how a toggle is configured in one environment, from their inputs."""

from msgspec import UNSET

from graph import input_mapping as mapping
from graph.changes.problems import along_with
from graph.toggles.inputs import (
    ToggleConfigureInput,
    ToggleCopyConfigurationInput,
    ToggleSetEnabledInput,
    ToggleStrategyAddInput,
    ToggleStrategyRemoveInput,
    ToggleStrategyUpdateInput,
)
from store.errors import Problems
from store.model import Toggle, ToggleEnvironment, ToggleStrategy
from store.operations import copying, toggle_environments
from store.unit_of_work import UnitOfWork


async def set_enabled(work: UnitOfWork, input: ToggleSetEnabledInput) -> Toggle:
    """Raises: Refusal."""
    return await toggle_environments.set_enabled(
        work,
        input.name,
        environment=input.environment,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )


async def configure_toggle(work: UnitOfWork, input: ToggleConfigureInput) -> Toggle:
    """Raises: Refusal."""
    problems = Problems()
    enabled = mapping.given(input.enabled, path=("enabled",), problems=problems)
    strategies = mapping.given_as(
        mapping.strategy_specs, input.strategies, path=("strategies",), problems=problems
    )
    variants = mapping.given_as(
        mapping.variants, input.variants, path=("variants",), problems=problems
    )
    with along_with(problems):
        return await toggle_environments.configure_toggle(
            work,
            input.name,
            environment=input.environment,
            enabled=enabled,
            strategies=strategies,
            variants=variants,
            expected_revision=input.expected_revision,
        )


async def copy_configuration(work: UnitOfWork, input: ToggleCopyConfigurationInput) -> Toggle:
    """Raises: Refusal."""
    return await copying.copy_configuration(
        work,
        input.name,
        source=input.from_,
        target=input.to,
        to_toggle=input.to_toggle,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )


async def add_strategy(
    work: UnitOfWork, input: ToggleStrategyAddInput
) -> tuple[Toggle, ToggleStrategy]:
    """Raises: Refusal."""
    problems = Problems()
    strategy = mapping.strategy_spec(input.strategy, path=("strategy",), problems=problems)
    with along_with(problems):
        return await toggle_environments.add_toggle_strategy(
            work,
            input.toggle,
            environment=input.environment,
            strategy=strategy,
            position=input.position,
            expected_revision=input.expected_revision,
        )


async def update_strategy(
    work: UnitOfWork, input: ToggleStrategyUpdateInput
) -> tuple[Toggle, ToggleStrategy]:
    """Raises: Refusal."""
    toggle_id, environment, strategy_id = mapping.toggle_strategy_key(input.id)
    problems = Problems()
    title = mapping.given(input.title, path=("title",), problems=problems)
    disabled = mapping.given(input.disabled, path=("disabled",), problems=problems)
    parameters = mapping.given_as(
        mapping.parameter_values, input.parameters, path=("parameters",), problems=problems
    )
    constraints = mapping.given(input.constraints, path=("constraints",), problems=problems)
    segments = mapping.given_as(
        mapping.segment_ids, input.segments, path=("segments",), problems=problems
    )
    variants = mapping.given_as(
        mapping.variants, input.variants, path=("variants",), problems=problems
    )
    with along_with(problems):
        return await toggle_environments.update_toggle_strategy(
            work,
            toggle_id=toggle_id,
            environment=environment,
            strategy_id=strategy_id,
            title=title,
            disabled=disabled,
            parameters=parameters,
            constraints=mapping.constraints(constraints) if constraints is not UNSET else UNSET,
            segments=segments,
            variants=variants,
            position=input.position,
            expected_revision=input.expected_revision,
        )


async def remove_strategy(work: UnitOfWork, input: ToggleStrategyRemoveInput) -> ToggleEnvironment:
    """The configuration without the strategy.

    Raises: Refusal.
    """
    toggle_id, environment, strategy_id = mapping.toggle_strategy_key(input.id)
    toggle = await toggle_environments.remove_toggle_strategy(
        work,
        toggle_id=toggle_id,
        environment=environment,
        strategy_id=strategy_id,
        expected_revision=input.expected_revision,
    )
    return toggle.in_environment(environment)
