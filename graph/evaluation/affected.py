"""Find the toggles for which assumed changes alter the decisions of SDKs."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from graphql import GraphQLError

from graph.engine.codes import ErrorCode
from graph.engine.errors import too_costly
from store import Snapshot
from store.evaluation import Context
from store.evaluation.deciding import deciders
from store.evaluation.slicing import EvaluationTimeoutError, evaluate_each
from store.evaluation.toggles import Decision
from store.model import Toggle
from store.pacing import Turns
from store.values import VariantPayload

# One request compares at most this many decisions before and after the changes. If no strategy is
# costly, the comparison takes a fraction of a second on one core.
MAX_COMPARED = 100_000

# The result of an SDK: whether the toggle is on, and the name and payload of the variant.
_Returned: TypeAlias = tuple[bool, str | None, VariantPayload | None]


async def affected_toggles(
    saved: Snapshot,
    what_if: Snapshot,
    toggles: Sequence[Toggle],
    contexts: Sequence[tuple[str, Context]],
    turns: Turns,
) -> list[Toggle]:
    """Return the toggles for which SDKs decide differently in `what_if` and in `saved`.

    `contexts` are pairs of an environment and a context. A toggle is returned if its decisions
    differ for at least one pair.

    Raises: GraphQLError: COST_LIMIT (there are too many decisions to compare), TIMEOUT.
    """
    is_candidate = _candidates(saved, what_if)
    candidates = [toggle for toggle in toggles if is_candidate(toggle)]
    count = 2 * len(candidates) * len(contexts)
    if count > MAX_COMPARED:
        raise too_costly(
            f"The changes may affect {len(candidates):,} toggles, which takes {count:,} decisions; "
            f"the maximum is {MAX_COMPARED:,}: request fewer contexts or environments, or select "
            "fewer toggles.",
            limit="comparedDecisions",
            actual=count,
            maximum=MAX_COMPARED,
        )
    pairs = [(toggle, *pair) for toggle in candidates for pair in contexts]

    def differs(pair: tuple[Toggle, str, Context]) -> bool:
        toggle, environment, context = pair
        before = _decide(saved, toggle.name, environment, context)
        return before != _decide(what_if, toggle.name, environment, context)

    try:
        different = await evaluate_each(pairs, differs, turns)
    except EvaluationTimeoutError as error:
        raise GraphQLError(str(error), extensions={"code": ErrorCode.TIMEOUT}) from None
    names = {
        toggle.name
        for (toggle, *_), is_different in zip(pairs, different, strict=True)
        if is_different
    }
    return [toggle for toggle in candidates if toggle.name in names]


def _candidates(saved: Snapshot, what_if: Snapshot) -> Callable[[Toggle], bool]:
    """Return a function that determines whether the changes can affect the decision about a toggle.

    The changes can affect the decision if they change the toggle, one of its segments, a required
    toggle, or a segment of a required toggle. SDKs do not follow the dependencies of required
    toggles.
    """

    def changed(toggle: Toggle) -> bool:
        return toggle is not saved.toggles.get(toggle.name) or any(
            what_if.segments.get(id) is not saved.segments.get(id)
            for configured in toggle.environments.values()
            for strategy in configured.strategies
            for id in strategy.segments
        )

    def required_changed(name: str) -> bool:
        required = what_if.toggles.get(name)
        return name in saved.toggles if required is None else changed(required)

    return lambda toggle: (
        changed(toggle)
        or any(required_changed(dependency.toggle) for dependency in toggle.dependencies)
    )


def _decide(snapshot: Snapshot, name: str, environment: str, context: Context) -> _Returned:
    """Return the decision of SDKs about a toggle. A toggle that does not exist is off."""
    if name not in snapshot.toggles:
        return False, None, None
    decision: Decision = deciders(snapshot, environment)[name](context)
    variant = decision.variant
    if variant is None:
        return decision.enabled, None, None
    return decision.enabled, variant.name, variant.payload or None
