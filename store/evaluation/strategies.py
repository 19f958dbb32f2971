"""Compile activation strategies, including constraints and segments, into functions."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from store.constraints.building import Test, always, compile_address_test, never
from store.constraints.evaluating import compile_constraint, search_cost
from store.evaluation.context import Context
from store.evaluation.parameters import list_parameter
from store.evaluation.rollouts import (
    Draw,
    Rollout,
    compile_rollout,
    draw_of,
    is_rollout,
    rollout_of,
)
from store.evaluation.variants import Picker, strategy_picker
from store.model import Segment, ToggleStrategy
from store.values import Constraint


class CompiledConstraint(Struct, frozen=True):
    """A constraint, the compiled test, and the result of `search_cost`."""

    source: Constraint
    holds: Test
    cost: int


class CompiledSegment(Struct, frozen=True):
    """The compiled constraints of a segment. If no segment has the ID, `source` is None."""

    id: int
    source: Segment | None
    constraints: Sequence[CompiledConstraint] = ()


class CompiledStrategy(Struct, frozen=True):
    """A compiled activation strategy.

    `matches` tests the rule, the constraints and the segments. Only an SDK can decide about custom
    strategies and host names. The `rule` of such a strategy is None, so the strategy never matches
    on this server. If its constraints and segments match, `undecided` returns True, because the
    SDK's rule determines the result. `matches` combines all tests in `tests` and the test that
    `draw` describes.
    """

    source: ToggleStrategy
    rule: Test | None
    rollout: Rollout | None
    constraints: Sequence[CompiledConstraint]
    segments: Sequence[CompiledSegment]
    picker: Picker | None
    matches: Test
    undecided: Test
    tests: tuple[Test, ...]
    draw: Draw | None

    @property
    def cost(self) -> int:
        """The maximum time of all tests, in nanoseconds per character of the longest field."""
        lists = [self.constraints, *(segment.constraints for segment in self.segments)]
        return sum(constraint.cost for constraints in lists for constraint in constraints)


def compile_strategy(
    strategy: ToggleStrategy, toggle_name: str, segments: Mapping[int, Segment]
) -> CompiledStrategy:
    """Compile a strategy.

    If the strategy is disabled or one of its segments is missing, it never matches.
    """
    rollout = rollout_of(strategy, toggle_name)
    rule = compile_rollout(rollout) if rollout else _rule(strategy)
    constraints = _compile_constraints(strategy.constraints or ())
    used = [_compile_segment(number, segments.get(number)) for number in strategy.segments]
    tests = [never] if strategy.disabled else [constraint.holds for constraint in constraints]
    for segment in used:
        tests += [each.holds for each in segment.constraints] if segment.source else [never]
    draw = draw_of(rollout) if rollout else None
    rule_tests = [] if draw else [never if rule is None else rule]
    return CompiledStrategy(
        strategy,
        rule,
        rollout,
        constraints,
        used,
        strategy_picker(strategy, toggle_name),
        matches=_all([*tests, never if rule is None else rule]),
        undecided=_all(tests) if rule is None else never,
        tests=tuple(test for test in (*tests, *rule_tests) if test is not always),
        draw=draw,
    )


def _compile_constraints(constraints: Sequence[Constraint]) -> list[CompiledConstraint]:
    return [
        CompiledConstraint(constraint, compile_constraint(constraint), search_cost(constraint))
        for constraint in constraints
    ]


def _compile_segment(number: int, segment: Segment | None) -> CompiledSegment:
    if segment is None:
        return CompiledSegment(number, None)
    return CompiledSegment(number, segment, _compile_constraints(segment.constraints))


def _all(tests: Sequence[Test]) -> Test:
    """Return a test that is met if all given tests are met.

    If the result is the same for all contexts, return `always` or `never`.
    """
    if never in tests:
        return never
    tests = [test for test in tests if test is not always] or [always]
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


def _compile_user_ids(strategy: ToggleStrategy) -> Test:
    ids = frozenset(list_parameter(strategy, "userIds"))
    return lambda context: context.user_id in ids


def _compile_addresses(strategy: ToggleStrategy) -> Test:
    return compile_address_test("remoteAddress", list_parameter(strategy, "IPs"))


_RULES: Mapping[str, _Rule] = {
    "default": lambda _: always,
    "userWithId": _compile_user_ids,
    "remoteAddress": _compile_addresses,
}


def _rule(strategy: ToggleStrategy) -> Test | None:
    if is_rollout(strategy):
        return never  # the rollout has invalid parameters
    rule = _RULES.get(strategy.name)
    return rule(strategy) if rule else None
