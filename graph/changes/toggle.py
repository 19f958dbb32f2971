"""Changes of toggles themselves, from their inputs."""

from graph import input_mapping as mapping
from graph.changes.problems import along_with
from graph.toggles.inputs import (
    ToggleArchiveInput,
    ToggleCreateInput,
    ToggleDeleteInput,
    ToggleReviveInput,
    ToggleSetDependenciesInput,
    ToggleTagsInput,
    ToggleUpdateInput,
)
from store.errors import Problems
from store.model import Toggle
from store.operations import dependencies, tags, toggles
from store.operations.fields import ToggleFields
from store.unit_of_work import UnitOfWork


async def create_toggle(work: UnitOfWork, input: ToggleCreateInput) -> Toggle:
    """Raises: Refusal."""
    problems = Problems()
    strategies = (
        mapping.strategy_specs(input.strategies, path=("strategies",), problems=problems)
        if input.strategies is not None
        else None
    )
    variants = mapping.variants(input.variants, path=("variants",), problems=problems)
    with along_with(problems):
        return await toggles.create_toggle(
            work,
            name=input.name,
            fields=mapping.new_fields(ToggleFields, input),
            tags=mapping.tags(input.tags),
            environment=input.environment,
            enabled=input.enabled,
            strategies=strategies,
            variants=variants,
        )


async def update_toggle(work: UnitOfWork, input: ToggleUpdateInput) -> Toggle:
    """Raises: Refusal."""
    problems = Problems()
    fields = mapping.changed_fields(ToggleFields, input, problems)
    stale = mapping.given(input.stale, path=("stale",), problems=problems)
    with along_with(problems):
        return await toggles.update_toggle(
            work,
            input.name,
            fields,
            stale=stale,
            expected_revision=input.expected_revision,
        )


async def change_tags(work: UnitOfWork, input: ToggleTagsInput) -> Toggle:
    """Raises: Refusal."""
    return await tags.change_tags(
        work, input.name, add=mapping.tags(input.add), remove=mapping.tags(input.remove)
    )


async def set_dependencies(work: UnitOfWork, input: ToggleSetDependenciesInput) -> Toggle:
    """Raises: Refusal."""
    return await dependencies.set_dependencies(
        work,
        input.name,
        mapping.dependencies(input.dependencies),
        expected_revision=input.expected_revision,
    )


async def archive_toggle(work: UnitOfWork, input: ToggleArchiveInput) -> Toggle:
    """Raises: Refusal."""
    return await toggles.archive_toggle(work, input.name, expected_revision=input.expected_revision)


async def revive_toggle(work: UnitOfWork, input: ToggleReviveInput) -> Toggle:
    """Raises: Refusal."""
    return await toggles.revive_toggle(work, input.name)


async def delete_toggle(work: UnitOfWork, input: ToggleDeleteInput) -> Toggle:
    """Raises: Refusal."""
    return await toggles.delete_toggle(work, input.name)
