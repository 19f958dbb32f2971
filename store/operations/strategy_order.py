"""Change the order of the strategies of a toggle in an environment."""

from collections.abc import Sequence

from msgspec import structs

from store.errors import Problems
from store.events import EventType
from store.model import Toggle
from store.operations.existing import find_live_toggle, not_found
from store.operations.toggle_configuration import (
    put_configuration,
    record_configuration,
    renumber,
)
from store.unit_of_work import UnitOfWork


async def order_strategies(
    work: UnitOfWork, name: str, *, environment: str, ids: Sequence[str]
) -> Toggle:
    """Put the strategies of a toggle into the order of their ids.

    Raises: Refusal: `ids` contains an unknown id, contains an id twice, or misses a strategy. The
        path of an error begins with the position in `ids`; it is empty for missing strategies.
    """
    toggle = find_live_toggle(work, name)
    before = toggle.in_environment(environment)
    strategies = {strategy.id: strategy for strategy in before.strategies}
    problems = Problems()
    seen: set[str] = set()
    for at, id in enumerate(ids):
        path = (str(at), "id")
        if id not in strategies:
            problems.add(not_found("toggle strategy", id, path=path))
        elif id in seen:
            problems.invalid(
                f"The strategy '{id}' occurs more than once.", rule="order-unique", path=path
            )
        seen.add(id)
    for id in strategies.keys() - seen:
        problems.invalid(
            f"The order misses the strategy '{id}' ({strategies[id].name}).",
            rule="order-complete",
            path=(),
        )
    problems.raise_any()

    ordered = renumber([strategies[id] for id in ids])
    if ordered == before.strategies:
        return toggle
    changed = put_configuration(work, toggle, structs.replace(before, strategies=ordered))
    record_configuration(
        work,
        EventType.TOGGLE_STRATEGIES_REORDERED,
        toggle,
        changed,
        environment,
        f"Changed the order of the strategies of toggle '{name}' in {environment}.",
    )
    return changed
