"""Toggles made into functions, each once for each state of it."""

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
# How many values take so long to read that compiling a toggle with more of them is heavy work, and
# how many characters of a parameter count as a value.
_MAX_LIGHT_VALUES = 2_000
_CHARACTERS_OF_VALUE = 10


class Reason(StrEnum):
    """What settled a decision."""

    STRATEGY_MATCHED = "strategy-matched"
    NO_STRATEGIES = "no-strategies"
    NO_STRATEGY_MATCHED = "no-strategy-matched"
    DISABLED = "disabled"
    DEPENDENCY_NOT_MET = "dependency-not-met"
    ARCHIVED = "archived"
    UNDECIDED = "undecided"


class Decision(Struct, frozen=True):
    """What an SDK would decide; `strategy` is the first that matched.

    `variant` is None where the SDK hands out the built-in one called disabled.
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
    """A toggle in one environment: its decision as a function, and the parts to explain it by.

    `decide` leaves out the dependencies, of which there are none where they change nothing.
    `segments` are those by their ids that all this was made from. Contexts with values longer than
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
        """Announce deciding for a context if that is heavy work.

        Raises: HeavyWorkError, AbandonedError: as `require_thread` says.
        """
        if context.max_value_length > self.max_characters:
            require_thread()


def compiled_toggle(
    toggle: Toggle, environment: str, segments: Mapping[int, Segment]
) -> CompiledToggle:
    """The functions of a toggle, made when they are first asked for and kept in it.

    Objects are immutable, so they stay right while the toggle's segments are the same objects.
    Where it is not configured nothing is kept: an environment may go without the toggle changing.

    Raises: HeavyWorkError, AbandonedError: as `require_thread` says, if there is much to compile.
    """
    if environment not in toggle.environments:
        return _compile(toggle, environment, segments)
    memo: dict[str, CompiledToggle] = vars(toggle).setdefault(_MEMO, {})
    compiled = memo.get(environment)
    if compiled is None or any(segments.get(id) is not it for id, it in compiled.segments):
        compiled = memo[environment] = _compile(toggle, environment, segments)
    return compiled


def _compile(toggle: Toggle, environment: str, segments: Mapping[int, Segment]) -> CompiledToggle:
    configured = toggle.in_environment(environment)
    if _values_in(configured, segments) > _MAX_LIGHT_VALUES:
        require_thread()
    strategies = [compile_strategy(it, toggle.name, segments) for it in configured.strategies]
    picker = toggle_picker(configured.variants or (), toggle.name)
    ids = {id for it in configured.strategies for id in it.segments}
    fixed = _fixed(toggle, configured)
    decide = _constant(fixed) if fixed else _deciding(strategies, picker)
    cost = 0 if fixed else sum(it.cost for it in strategies)
    max_characters = LIGHT_NS // cost if cost else MAX_VALUE_LENGTH
    return CompiledToggle(
        configured,
        strategies,
        picker,
        tuple((id, segments.get(id)) for id in ids),
        () if fixed else toggle.dependencies,
        decide if max_characters >= MAX_VALUE_LENGTH else _announcing(decide, max_characters),
        max_characters,
    )


def _values_in(configured: ToggleEnvironment, segments: Mapping[int, Segment]) -> int:
    """How many values the constraints, parameters and overrides of a toggle have."""
    overrides = chain.from_iterable(it.overrides or () for it in configured.variants or ())
    count = sum(len(it.values or ()) for it in overrides)
    for strategy in configured.strategies:
        lists = [strategy.constraints or ()]
        lists += [it.constraints for id in strategy.segments if (it := segments.get(id))]
        count += sum(len(it.values or ()) for constraints in lists for it in constraints)
        texts = [it for it in (strategy.parameters or {}).values() if isinstance(it, str)]
        count += sum(map(len, texts)) // _CHARACTERS_OF_VALUE
    return count


def _fixed(toggle: Toggle, configured: ToggleEnvironment) -> Decision | None:
    """A decision that is the same for every context, whatever the toggle depends on."""
    if toggle.archived:
        return _ARCHIVED
    if not configured.enabled:
        return _OFF
    return None


def _announcing(decide: Decide, max_characters: int) -> Decide:
    """What decides as before, and announces that as heavy work where values are too long."""

    def decide_in_thread(context: Context) -> Decision:
        if context.max_value_length > max_characters:
            require_thread()
        return decide(context)

    return decide_in_thread


def _constant(decision: Decision) -> Decide:
    return lambda _: decision


def _deciding(strategies: Sequence[CompiledStrategy], picker: Picker | None) -> Decide:
    """What decides about a toggle that is on: the first strategy that matches."""
    if not strategies:
        return _enabling(Reason.NO_STRATEGIES, picker, None)
    otherwise = _without_match(strategies)
    cases: list[tuple[Test, Decide]] = []
    for strategy in strategies:
        enabling = _enabling(Reason.STRATEGY_MATCHED, strategy.picker or picker, strategy)
        if strategy.matches is always:
            otherwise = enabling
            break
        if strategy.matches is not never:
            cases.append((strategy.matches, enabling))
    return _first(cases, otherwise)


def _first(cases: Sequence[tuple[Test, Decide]], otherwise: Decide) -> Decide:
    """What decides by the first case whose test holds."""
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


def _enabling(reason: Reason, picker: Picker | None, strategy: CompiledStrategy | None) -> Decide:
    plain = Decision(True, reason, None, strategy)
    if picker is None:
        return _constant(plain)
    decisions = [Decision(True, reason, it, strategy) for it in picker.variants]
    choose = picker.choose

    def decide(context: Context) -> Decision:
        at = choose(context)
        return plain if at is None else decisions[at]

    return decide


def _without_match(strategies: Sequence[CompiledStrategy]) -> Decide:
    doubts = [it.undecided for it in strategies if it.undecided is not never]
    if not doubts:
        return _constant(_NO_MATCH)

    def decide(context: Context) -> Decision:
        for doubt in doubts:
            if doubt(context):
                return _UNDECIDED
        return _NO_MATCH

    return decide
