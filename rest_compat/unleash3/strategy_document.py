"""A strategy as the 3.x admin API shows it."""

from typing import Any

from store.model import Strategy


def strategy_document(strategy: Strategy) -> dict[str, Any]:
    """The strategy, as lists, reads and the details of applications hold it."""
    return {
        "name": strategy.name,
        "editable": not strategy.built_in,
        "description": strategy.description,
        "parameters": strategy.parameters,
        "deprecated": strategy.deprecated,
    }
