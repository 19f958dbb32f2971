"""Changes of strategy definitions, from their inputs."""

from graph import input_mapping as mapping
from graph.changes.problems import along_with
from graph.inputs.strategy import StrategyCreateInput, StrategyDeleteInput, StrategyUpdateInput
from store.errors import Problems
from store.model import Strategy
from store.operations import strategies
from store.operations.fields import StrategyFields
from store.unit_of_work import UnitOfWork

_FORMS = {"parameters": mapping.strategy_parameters}


async def create_strategy(work: UnitOfWork, input: StrategyCreateInput) -> Strategy:
    """Raises: Refusal."""
    return await strategies.create_strategy(
        work,
        name=input.name,
        fields=mapping.new_fields(StrategyFields, input, _FORMS),
    )


async def update_strategy(work: UnitOfWork, input: StrategyUpdateInput) -> Strategy:
    """Raises: Refusal."""
    problems = Problems()
    fields = mapping.changed_fields(StrategyFields, input, problems, forms=_FORMS)
    with along_with(problems):
        return await strategies.update_strategy(
            work, input.name, fields, expected_revision=input.expected_revision
        )


async def delete_strategy(work: UnitOfWork, input: StrategyDeleteInput) -> Strategy:
    """Raises: Refusal."""
    return await strategies.delete_strategy(work, input.name)
