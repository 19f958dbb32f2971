"""Compile toggles into functions, once for each state of a toggle."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import TypeAlias

from msgspec import Struct

from store.constraints.building import Test, always, never
from store.evaluation.context import MAX_VALUE_LENGTH, Context
from store.evaluation.strategies import CompiledStrategy, compile_strategy
from store.evaluation.variants import Picker, toggle_picker
from store.model import Segment, Toggle, ToggleEnvironment
from store.threads import LIGHT_NS, require_thread
from store.values import Dependency, Variant

_MEMO = "compiled"
# Compiling a toggle with more values than this is heavy work. A long parameter counts as several
# values.
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
    """The decision of an SDK; `strategy` is the first that matched.

    `variant` is None if the SDK returns the built-in variant `disabled`.
    """

    enabled: bool
    reason: Reason
    variant: Variant | None = None
    strategy: CompiledStrategy | None = None


Decide: TypeAlias = Callable[[Context], Decision]

_NO_MATCH = Decision(False, Reason.NO_STRATEGY_MATCHED)
_UNDECIDED = Decision(False, Reason.UNDECIDED)
_OFF = Decision(False, Reason.DISABLED)
_ARCHIVED = Decision(False, Reason.ARCHIVED)


class CompiledToggle(Struct, frozen=True, eq=False):
    """A toggle in one environment: the function that decides, and its parts for explanations.

    `decide` ignores the dependencies; `dependencies` is empty if they cannot change the decision.
    `segments` are the segments that were compiled, by id. Contexts with values longer than
    `max_characters` are heavy work.
    """

    configured: ToggleEnvironment
    strategies: Sequence[CompiledStrategy]
    picker: Picker | None
    segments: Sequence[tuple[int, Segment | None]]
    dependencies: Sequence[Dependency]
    decide: Decide
    max_characters: int

    def require_thread_for(self, context: Context) -> None:
        """Require a thread if deciding for a context is heavy work.

        Raises: HeavyWorkError, AbandonedError: see `require_thread`.
        """
        if context.max_value_length > self.max_characters:
            require_thread()


def compiled_toggle(
    toggle: Toggle, environment: str, segments: Mapping[int, Segment]
) -> CompiledToggle:
    """Return the compiled toggle, compiled on first use and cached in the toggle.

    Objects are immutable, so the cache is valid while the toggle's segments are the same objects.
    Environments in which the toggle is not configured are not cached: deleting such an environment
    does not change the toggle.

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
    fixed = _fixed_decision(toggle, configured)
    decide = _compile_constant(fixed) if fixed else _compile_strategies(strategies, picker)
    cost = 0 if fixed else sum(strategy.cost for strategy in strategies)
    max_characters = LIGHT_NS // cost if cost else MAX_VALUE_LENGTH
    return CompiledToggle(
        configured,
        strategies,
        picker,
        tuple((id, segments.get(id)) for id in ids),
        () if fixed else toggle.dependencies,
        decide if max_characters >= MAX_VALUE_LENGTH else _require_thread(decide, max_characters),
        max_characters,
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
    """Return the decision if it depends neither on the context nor on dependencies."""
    if toggle.archived:
        return _ARCHIVED
    if not configured.enabled:
        return _OFF
    return None


def _require_thread(decide: Decide, max_characters: int) -> Decide:
    """Wrap a decision function so that it requires a thread for long values."""

    def decide_in_thread(context: Context) -> Decision:
        if context.max_value_length > max_characters:
            require_thread()
        return decide(context)

    return decide_in_thread


def _compile_constant(decision: Decision) -> Decide:
    return lambda _: decision


def _compile_strategies(strategies: Sequence[CompiledStrategy], picker: Picker | None) -> Decide:
    """Compile the decision for a toggle that is on: the first strategy that matches."""
    if not strategies:
        return _compile_enabled(Reason.NO_STRATEGIES, picker, None)
    otherwise = _compile_no_match(strategies)
    cases: list[tuple[Test, Decide]] = []
    for strategy in strategies:
        variants = strategy.picker or picker
        decide = _compile_enabled(Reason.STRATEGY_MATCHED, variants, strategy)
        if strategy.matches is always:
            otherwise = decide
            break
        if strategy.matches is not never:
            cases.append((strategy.matches, decide))
    return _compile_cases(cases, otherwise)


def _compile_cases(cases: Sequence[tuple[Test, Decide]], otherwise: Decide) -> Decide:
    """Compile the decision by the first case whose test holds."""
    if not cases:
        return otherwise
    if len(cases) == 1:
        ((holds, decide),) = cases
        return lambda context: decide(context) if holds(context) else otherwise(context)

    def decide_first(context: Context) -> Decision:
        for holds, decide in cases:
            if holds(context):
                return decide(context)
        return otherwise(context)

    return decide_first


def _compile_enabled(
    reason: Reason, picker: Picker | None, strategy: CompiledStrategy | None
) -> Decide:
    without_variant = Decision(True, reason, None, strategy)
    if picker is None:
        return _compile_constant(without_variant)
    decisions = [Decision(True, reason, variant, strategy) for variant in picker.variants]
    choose = picker.choose

    def decide(context: Context) -> Decision:
        index = choose(context)
        return without_variant if index is None else decisions[index]

    return decide


def _compile_no_match(strategies: Sequence[CompiledStrategy]) -> Decide:
    tests = [strategy.undecided for strategy in strategies if strategy.undecided is not never]
    if not tests:
        return _compile_constant(_NO_MATCH)

    def decide(context: Context) -> Decision:
        for is_undecided in tests:
            if is_undecided(context):
                return _UNDECIDED
        return _NO_MATCH

    return decide
