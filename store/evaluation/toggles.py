"""Compile toggles into functions. Each state of a toggle is compiled once."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, TypeAlias

from msgspec import Struct

from store.constraints.building import Test, always, never
from store.evaluation.context import MAX_VALUE_LENGTH, Context
from store.evaluation.hashing import rollout_bucket
from store.evaluation.rollouts import random_bucket
from store.evaluation.strategies import CompiledStrategy, compile_strategy
from store.evaluation.variants import Picker, toggle_picker
from store.model import Segment, Toggle, ToggleEnvironment
from store.threads import LIGHT_NS, require_thread
from store.values import Dependency, Variant

_MEMO = "compiled"
# If a toggle has more values than this, compiling the toggle is heavy work. A long parameter counts
# as several values.
_MAX_LIGHT_VALUES = 2_000
_CHARACTERS_OF_VALUE = 10


class Reason(StrEnum):
    """The reason for a decision."""

    STRATEGY_MATCHED = "strategy-matched"
    NO_STRATEGIES = "no-strategies"
    NO_STRATEGY_MATCHED = "no-strategy-matched"
    DISABLED = "disabled"
    DEPENDENCY_NOT_MET = "dependency-not-met"
    ARCHIVED = "archived"
    UNDECIDED = "undecided"


class Decision(Struct, frozen=True):
    """The decision of an SDK; `strategy` is the first strategy that matched.

    If the SDK returns the built-in variant `disabled`, `variant` is None.
    """

    enabled: bool
    reason: Reason
    variant: Variant | None = None
    strategy: CompiledStrategy | None = None


# A function that returns the index of the decision for a context.
DecideIndex: TypeAlias = Callable[[Context], int]
Index: TypeAlias = int | DecideIndex
# A strategy, and the index of the decision that the toggle gets if this strategy matches.
_Case: TypeAlias = tuple[CompiledStrategy, Index]
# A case is a tuple that selects a decision. Item 0 contains the tests of the first strategy. Items
# 1 to 4 are the prefix, stickiness, share and `or_by_chance` of the strategy's draw. Item 5 is the
# index of the decision if the strategy matches. Item 6 is the index of the decision if the strategy
# does not match. Without a draw, the prefix is None. The items of a tuple are close together in
# memory, but functions and their variables are not. Therefore a tuple decides thousands of toggles
# several times as fast as a function.
Case: TypeAlias = tuple[tuple[Test, ...], bytes | None, str, int, bool, Index, Index]

_NO_MATCH = Decision(False, Reason.NO_STRATEGY_MATCHED)
_UNDECIDED = Decision(False, Reason.UNDECIDED)
_OFF = Decision(False, Reason.DISABLED)
_ARCHIVED = Decision(False, Reason.ARCHIVED)
_NOT_MET = Decision(False, Reason.DEPENDENCY_NOT_MET)
# `_NOT_MET` has this index in the decisions of every toggle.
NOT_MET_INDEX = -1


class CompiledToggle(Struct, frozen=True, eq=False):
    """A compiled toggle in one environment.

    `decisions` are all possible decisions. `case` selects a decision without regard to the
    dependencies. If `case` selects the same decision for all contexts, `constant` is its index. If
    dependencies cannot change the decision, `dependencies` is empty. `segments` are pairs of the ID
    of a segment and the segment that was compiled. If a context has a value longer than
    `max_characters`, deciding for the context is heavy work.

    Other modules store values that they derive from the decisions in `cache`, under separate keys.
    """

    configured: ToggleEnvironment
    strategies: Sequence[CompiledStrategy]
    picker: Picker | None
    segments: Sequence[tuple[int, Segment | None]]
    dependencies: Sequence[Dependency]
    decisions: Sequence[Decision]
    case: Case
    constant: int | None
    max_characters: int
    cache: dict[Any, Any]

    def require_thread_for(self, context: Context) -> None:
        """If deciding for a context is heavy work, require a thread.

        Raises: HeavyWorkError, AbandonedError: see `require_thread`.
        """
        if context.max_value_length > self.max_characters:
            require_thread()


def case_of(index: Index) -> Case:
    """Return a case that selects the given index for all contexts.

    If `index` is a function, the case calls the function to get the index.
    """
    return (), None, "", 0, False, index, index


def decide_case(case: Case, context: Context) -> int:
    """Return the index of the decision for a context."""
    # Do not unpack the case. Unpacking would read all values from memory, even unused values.
    for test in case[0]:
        if not test(context):
            index = case[6]
            break
    else:
        index = case[5] if case[1] is None or _is_drawn(case, context) else case[6]
    return index if isinstance(index, int) else index(context)


def _is_drawn(case: Case, context: Context) -> bool:
    """Whether a context is in the rollout of a case."""
    _, prefix, stickiness, share, by_chance, _, _ = case
    value = context.draws[stickiness]
    if value is not None:
        return rollout_bucket(prefix or b"", value) <= share
    return by_chance and random_bucket(context) <= share


def compiled_toggle(
    toggle: Toggle, environment: str, segments: Mapping[int, Segment]
) -> CompiledToggle:
    """Return the compiled toggle.

    The first call compiles the toggle and caches the result in the toggle. Toggles and segments are
    immutable, so the cached result is valid while the toggle's segments are the same objects. If
    the toggle is not configured in the environment, the result is not cached. Deleting that
    environment would not change the toggle, so a cached result would never be removed.

    Raises: HeavyWorkError, AbandonedError: see `require_thread`; the toggle is too large.
    """
    if environment not in toggle.environments:
        return _compile(toggle, environment, segments)
    memo: dict[str, CompiledToggle] = vars(toggle).setdefault(_MEMO, {})
    compiled = memo.get(environment)
    if compiled is None or any(segments.get(id) is not used for id, used in compiled.segments):
        compiled = memo[environment] = _compile(toggle, environment, segments)
    return compiled


def _compile(toggle: Toggle, environment: str, segments: Mapping[int, Segment]) -> CompiledToggle:
    configured = toggle.in_environment(environment)
    if _values_in(configured, segments) > _MAX_LIGHT_VALUES:
        require_thread()
    strategies = [
        compile_strategy(strategy, toggle.name, segments) for strategy in configured.strategies
    ]
    picker = toggle_picker(configured.variants or (), toggle.name)
    ids = {id for strategy in configured.strategies for id in strategy.segments}
    decisions: list[Decision] = []
    fixed = _fixed_decision(toggle, configured)
    if fixed is None:
        cases, otherwise = _compile_strategies(strategies, picker, decisions)
    else:
        cases, otherwise = [], _add(fixed, decisions)
    decisions.append(_NOT_MET)
    case = _compile_first_case(cases, otherwise)
    cost = 0 if fixed else sum(strategy.cost for strategy in strategies)
    max_characters = LIGHT_NS // cost if cost else MAX_VALUE_LENGTH
    if max_characters < MAX_VALUE_LENGTH:
        case = case_of(_require_thread(case, max_characters))
    return CompiledToggle(
        configured,
        strategies,
        picker,
        tuple((id, segments.get(id)) for id in ids),
        () if fixed else toggle.dependencies,
        decisions,
        case,
        otherwise if not cases and isinstance(otherwise, int) else None,
        max_characters,
        {},
    )


def _values_in(configured: ToggleEnvironment, segments: Mapping[int, Segment]) -> int:
    """Count the values of a toggle's constraints, parameters and overrides."""
    variants = configured.variants or ()
    overrides = chain.from_iterable(variant.overrides or () for variant in variants)
    count = sum(len(override.values or ()) for override in overrides)
    for strategy in configured.strategies:
        lists = [strategy.constraints or ()]
        lists += [segment.constraints for id in strategy.segments if (segment := segments.get(id))]
        count += sum(len(each.values or ()) for constraints in lists for each in constraints)
        parameters = (strategy.parameters or {}).values()
        lengths = [len(value) for value in parameters if isinstance(value, str)]
        count += sum(lengths) // _CHARACTERS_OF_VALUE
    return count


def _fixed_decision(toggle: Toggle, configured: ToggleEnvironment) -> Decision | None:
    """Return the decision about a toggle that is archived or disabled; otherwise return None."""
    if toggle.archived:
        return _ARCHIVED
    if not configured.enabled:
        return _OFF
    return None


def _require_thread(case: Case, max_characters: int) -> DecideIndex:
    """Return a function that decides a case.

    If the context has a value longer than `max_characters`, the function requires a thread.
    """

    def decide_in_thread(context: Context) -> int:
        if context.max_value_length > max_characters:
            require_thread()
        return decide_case(case, context)

    return decide_in_thread


def _function(index: Index) -> DecideIndex:
    """Return a function that returns the index for a context."""
    return (lambda _: index) if isinstance(index, int) else index


def _add(decision: Decision, decisions: list[Decision]) -> int:
    """Add a decision to a list and return its index."""
    decisions.append(decision)
    return len(decisions) - 1


def _compile_strategies(
    strategies: Sequence[CompiledStrategy], picker: Picker | None, decisions: list[Decision]
) -> tuple[list[_Case], Index]:
    """Compile the strategies of an enabled toggle; the first matching strategy decides.

    The first item of the result is a list of the strategies that may match, each with the index of
    its decision. The second item is the index of the decision if no strategy matches. If an index
    depends on the context, the index is a function. This function and the functions that it calls
    add the possible decisions to `decisions`.
    """
    if not strategies:
        return [], _compile_enabled(Reason.NO_STRATEGIES, picker, None, decisions)
    cases: list[_Case] = []
    for strategy in strategies:
        if strategy.matches is never:
            continue
        variants = strategy.picker or picker
        index = _compile_enabled(Reason.STRATEGY_MATCHED, variants, strategy, decisions)
        if strategy.matches is always:
            return cases, index
        cases.append((strategy, index))
    return cases, _compile_no_match(strategies, decisions)


def _compile_first_case(cases: Sequence[_Case], otherwise: Index) -> Case:
    """Compile strategies to a `Case` that selects the decision of the first matching strategy."""
    if not cases:
        return case_of(otherwise)
    (first, index), *others = cases
    rest = _compile_cases(others, otherwise)
    if (draw := first.draw) is None:
        return first.tests, None, "", 0, False, index, rest
    return (first.tests, draw.prefix, draw.stickiness, draw.share, draw.or_by_chance, index, rest)


def _compile_cases(cases: Sequence[_Case], otherwise: Index) -> Index:
    """Compile strategies to a function that selects the decision of the first matching strategy."""
    if not cases:
        return otherwise
    functions = [(strategy.matches, _function(index)) for strategy, index in cases]
    decide_last = _function(otherwise)

    def decide_first(context: Context) -> int:
        for holds, decide in functions:
            if holds(context):
                return decide(context)
        return decide_last(context)

    return decide_first


def _compile_enabled(
    reason: Reason,
    picker: Picker | None,
    strategy: CompiledStrategy | None,
    decisions: list[Decision],
) -> Index:
    without_variant = _add(Decision(True, reason, None, strategy), decisions)
    if picker is None:
        return without_variant
    decisions += [Decision(True, reason, variant, strategy) for variant in picker.variants]
    choose, first = picker.choose, without_variant + 1

    def decide(context: Context) -> int:
        index = choose(context)
        return without_variant if index is None else first + index

    return decide


def _compile_no_match(strategies: Sequence[CompiledStrategy], decisions: list[Decision]) -> Index:
    no_match = _add(_NO_MATCH, decisions)
    tests = [strategy.undecided for strategy in strategies if strategy.undecided is not never]
    if not tests:
        return no_match
    undecided = _add(_UNDECIDED, decisions)
    if always in tests:
        return undecided

    def decide(context: Context) -> int:
        for is_undecided in tests:
            if is_undecided(context):
                return undecided
        return no_match

    return decide
