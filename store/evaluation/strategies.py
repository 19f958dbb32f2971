"""Activation strategies made into functions: the rule of each kind, its constraints and its
segments."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from store.constraints.building import Test, address_test, always, never
from store.constraints.evaluating import compile_constraint, search_cost
from store.evaluation.context import Context
from store.evaluation.parameters import list_parameter
from store.evaluation.rollouts import Rollout, compile_rollout, is_rollout, rollout_of
from store.evaluation.variants import Picker, strategy_picker
from store.model import Segment, ToggleStrategy
from store.values import Constraint


class CompiledConstraint(Struct, frozen=True):
    """A constraint, whether it holds, and what finding out costs: `search_cost`."""

    source: Constraint
    holds: Test
    cost: int


class CompiledSegment(Struct, frozen=True):
    """The constraints of a segment; `source` is None where no segment has the id."""

    id: int
    source: Segment | None
    constraints: Sequence[CompiledConstraint] = ()


class CompiledStrategy(Struct, frozen=True):
    """An activation strategy in parts, for explaining it, and all of them as one function.

    `rule` is None where only an SDK can tell, as with custom strategies and with host names; such
    a strategy never matches here.
    `undecided` tells whether it is up to the SDK: all that can be told here holds.
    """

    source: ToggleStrategy
    rule: Test | None
    rollout: Rollout | None
    constraints: Sequence[CompiledConstraint]
    segments: Sequence[CompiledSegment]
    picker: Picker | None
    matches: Test
    undecided: Test

    @property
    def cost(self) -> int:
        """The nanoseconds that all its tests take at most for each character of a value."""
        lists = [self.constraints, *(it.constraints for it in self.segments)]
        return sum(it.cost for constraints in lists for it in constraints)


def compile_strategy(
    strategy: ToggleStrategy, toggle_name: str, segments: Mapping[int, Segment]
) -> CompiledStrategy:
    """The strategy as functions; one that is disabled never matches, nor does one with a segment
    that is not there."""
    rollout = rollout_of(strategy, toggle_name)
    rule = compile_rollout(rollout) if rollout else _rule(strategy)
    constraints = _compiled(strategy.constraints or ())
    used = [_segment(number, segments.get(number)) for number in strategy.segments]
    tests = [never] if strategy.disabled else [it.holds for it in constraints]
    for segment in used:
        tests += [it.holds for it in segment.constraints] if segment.source else [never]
    return CompiledStrategy(
        strategy,
        rule,
        rollout,
        constraints,
        used,
        strategy_picker(strategy, toggle_name),
        matches=_all([*tests, never if rule is None else rule]),
        undecided=_all(tests) if rule is None else never,
    )


def _compiled(constraints: Sequence[Constraint]) -> list[CompiledConstraint]:
    return [CompiledConstraint(it, compile_constraint(it), search_cost(it)) for it in constraints]


def _segment(number: int, segment: Segment | None) -> CompiledSegment:
    if segment is None:
        return CompiledSegment(number, None)
    return CompiledSegment(number, segment, _compiled(segment.constraints))


def _all(tests: Sequence[Test]) -> Test:
    """The tests as one; it is `always` or `never` itself where no context matters."""
    if never in tests:
        return never
    tests = [it for it in tests if it is not always] or [always]
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda context: first(context) and second(context)

    def test(context: Context) -> bool:
        for part in tests:  # noqa: SIM110 (a generator would cost more than the tests)
            if not part(context):
                return False
        return True

    return test


_Rule: TypeAlias = Callable[[ToggleStrategy], Test]


def _with_ids(strategy: ToggleStrategy) -> Test:
    ids = frozenset(list_parameter(strategy, "userIds"))
    return lambda context: context.user_id in ids


def _with_addresses(strategy: ToggleStrategy) -> Test:
    return address_test("remoteAddress", list_parameter(strategy, "IPs"))


_RULES: Mapping[str, _Rule] = {
    "default": lambda _: always,
    "userWithId": _with_ids,
    "remoteAddress": _with_addresses,
}


def _rule(strategy: ToggleStrategy) -> Test | None:
    if is_rollout(strategy):
        return never  # its percentage cannot be read
    rule = _RULES.get(strategy.name)
    return rule(strategy) if rule else None
