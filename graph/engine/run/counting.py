"""Count and trace the operations of a server, for monitoring."""

from collections.abc import Callable, Container
from contextlib import AbstractContextManager
from typing import TypeAlias

from graphql import ExecutionResult
from msgspec import Struct

from graph.engine.codes import ErrorCode
from graph.engine.documents.preparing import Document, Operation
from store.counting import Distribution

DURATION_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
COST_BOUNDS = (1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
# The name under which operations of unknown documents are counted, because clients choose the names
# of operations.
OTHER = "other"
# The outcome of an operation whose client disconnected.
CANCELLED = "cancelled"

# Begins the trace of an operation with a name and a type. The context's function gets the outcome
# and the cost.
Trace: TypeAlias = Callable[
    [str | None, str], AbstractContextManager[Callable[[str, int | None], None]]
]


class OperationTotals(Struct):
    """The number of operations, and their total duration and cost."""

    count: int = 0
    seconds: float = 0.0
    cost: int = 0


class OperationCounts:
    """Counts queries and mutations by name, type and outcome.

    The names are those of trusted documents and of the console. The outcome is `ok`, `errors`,
    `cancelled` or the code of the error that prevented the operation. Subscriptions are not
    counted.
    """

    def __init__(self) -> None:
        # The keys are names, types and outcomes.
        self.totals: dict[tuple[str, str, str], OperationTotals] = {}
        self.durations: dict[str, Distribution] = {}
        self.costs: dict[str, Distribution] = {}

    def record(
        self,
        document: Document | None,
        operation: Operation,
        known: Container[str],
        *,
        outcome: str,
        seconds: float,
        cost: int | None,
    ) -> None:
        """Record an operation that has ended. `known` contains the sources of known documents.

        Without `cost`, the operation was refused before its cost was computed.
        """
        is_known = document is not None and operation.name and document.source in known
        name = operation.name if is_known else OTHER
        kind = operation.type.value
        key = (name or OTHER, kind, outcome)
        totals = self.totals.get(key)
        if totals is None:
            totals = self.totals[key] = OperationTotals()
        totals.count += 1
        totals.seconds += seconds
        _record(self.durations, kind, DURATION_BOUNDS_S, seconds)
        if cost is not None:
            totals.cost += cost
            _record(self.costs, kind, COST_BOUNDS, cost)


def outcome_of(result: ExecutionResult) -> str:
    """Return the outcome of an operation that has a result."""
    if not result.errors:
        return "ok"
    if result.data is not None:
        return "errors"
    code = (result.errors[0].extensions or {}).get("code")
    return str(code) if code in ErrorCode.__members__ else "errors"


def _record(
    distributions: dict[str, Distribution], kind: str, bounds: tuple[float, ...], value: float
) -> None:
    distribution = distributions.get(kind)
    if distribution is None:
        distribution = distributions[kind] = Distribution(bounds)
    distribution.record(value)
