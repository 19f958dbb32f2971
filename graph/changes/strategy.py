"""Changes of strategy definitions, from their inputs."""

from msgspec import UNSET

from graph.changes.problems import along_with
from graph.inputs import mapping
from graph.inputs.strategy import StrategyCreateInput, StrategyDeleteInput, StrategyUpdateInput
from store.errors import Problems
from store.model import Strategy
from store.operations import strategies
from store.unit_of_work import UnitOfWork


async def create_strategy(work: UnitOfWork, input: StrategyCreateInput) -> Strategy:
    """Raises: Refusal."""
    return await strategies.create_strategy(
        work,
        name=input.name,
        title=input.title,
        description=input.description or None,
        parameters=mapping.strategy_parameters(input.parameters),
    )


async def update_strategy(work: UnitOfWork, input: StrategyUpdateInput) -> Strategy:
    """Raises: Refusal."""
    problems = Problems()
    title = mapping.given(input.title, path=("title",), problems=problems)
    description = mapping.given(input.description, path=("description",), problems=problems)
    parameters = mapping.given(input.parameters, path=("parameters",), problems=problems)
    deprecated = mapping.given(input.deprecated, path=("deprecated",), problems=problems)
    with along_with(problems):
        return await strategies.update_strategy(
            work,
            input.name,
            title=title,
            description=description,
            parameters=mapping.strategy_parameters(parameters)
            if parameters is not UNSET
            else UNSET,
            deprecated=deprecated,
            expected_revision=input.expected_revision,
        )


async def delete_strategy(work: UnitOfWork, input: StrategyDeleteInput) -> Strategy:
    """Raises: Refusal."""
    return await strategies.delete_strategy(work, input.name)
