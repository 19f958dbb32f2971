"""Deciding about toggles, by functions that are made once for each state of one."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from store.evaluation.context import Context
from store.evaluation.strategies import CompiledStrategy, compile_strategy
from store.evaluation.variants import Picked, Picker, toggle_picker
from store.model import Segment, Toggle, ToggleEnvironment
from store.snapshot import Snapshot
from store.values import Dependency

_MEMO = "compiled"


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

    `picked` is None where the SDK hands out the built-in variant called disabled.
    """

    enabled: bool
    reason: Reason
    picked: Picked | None = None
    strategy: CompiledStrategy | None = None


class CompiledToggle(Struct, frozen=True, eq=False):
    """A toggle in one environment, as functions; `segments` are those they were made from.

    A decision that is the same for every context is in `fixed`.
    """

    configured: ToggleEnvironment
    strategies: Sequence[CompiledStrategy]
    picker: Picker | None
    segments: Sequence[Segment | None]
    segment_ids: Sequence[int]
    fixed: Decision | None

    def decide(self, context: Context) -> Decision:
        """The decision, whatever becomes of the toggles it depends on."""
        if self.fixed is not None:
            return self.fixed
        for strategy in self.strategies:
            if strategy.matches(context):
                pick = strategy.picker or self.picker
                picked = pick(context) if pick else None
                return Decision(True, Reason.STRATEGY_MATCHED, picked, strategy)
        if not self.configured.strategies:
            picked = self.picker(context) if self.picker else None
            return Decision(True, Reason.NO_STRATEGIES, picked)
        return _UNDECIDED if any(it.undecided(context) for it in self.strategies) else _NO_MATCH


_NO_MATCH = Decision(False, Reason.NO_STRATEGY_MATCHED)
_UNDECIDED = Decision(False, Reason.UNDECIDED)
_OFF = Decision(False, Reason.DISABLED)
_ARCHIVED = Decision(False, Reason.ARCHIVED)
_NOT_MET = Decision(False, Reason.DEPENDENCY_NOT_MET)


def evaluate(snapshot: Snapshot, toggle: Toggle, environment: str, context: Context) -> Decision:
    """What SDKs in the environment decide about a toggle."""
    compiled = compiled_toggle(snapshot, toggle, environment)
    if compiled.fixed is None and toggle.dependencies:
        for dependency in toggle.dependencies:
            if not meets(snapshot, dependency, environment, context):
                return _NOT_MET
    return compiled.decide(context)


def meets(snapshot: Snapshot, dependency: Dependency, environment: str, context: Context) -> bool:
    """Whether a toggle depended on is in the state that is asked for.

    SDKs take one that is not served, or that itself depends on others, for not met; one that hands
    out no variant at all meets a condition on its variants (yggdrasil-engine 2.0).
    """
    parent = snapshot.toggles.get(dependency.toggle)
    if parent is None or parent.archived or parent.dependencies:
        return False
    decision = compiled_toggle(snapshot, parent, environment).decide(context)
    if decision.enabled != dependency.enabled:
        return False
    if not dependency.enabled or not dependency.variants or decision.picked is None:
        return True
    return decision.picked.variant.name in dependency.variants


def compiled_toggle(snapshot: Snapshot, toggle: Toggle, environment: str) -> CompiledToggle:
    """The functions of a toggle, made when they are first asked for and kept in it.

    Objects are immutable, so they stay right while the toggle's segments are the same objects.
    """
    memo: dict[str, CompiledToggle] = vars(toggle).setdefault(_MEMO, {})
    compiled = memo.get(environment)
    if compiled is not None and (not compiled.segments or _current(compiled, snapshot)):
        return compiled
    compiled = _compile(snapshot, toggle, environment)
    memo[environment] = compiled
    return compiled


def _current(compiled: CompiledToggle, snapshot: Snapshot) -> bool:
    known = snapshot.segments
    pairs = zip(compiled.segment_ids, compiled.segments, strict=True)
    return all(known.get(number) is segment for number, segment in pairs)


def _compile(snapshot: Snapshot, toggle: Toggle, environment: str) -> CompiledToggle:
    configured = toggle.in_environment(environment)
    numbers = tuple({number for it in configured.strategies for number in it.segments})
    return CompiledToggle(
        configured,
        [compile_strategy(it, toggle.name, snapshot.segments) for it in configured.strategies],
        toggle_picker(configured.variants or (), toggle.name),
        tuple(snapshot.segments.get(number) for number in numbers),
        numbers,
        _fixed(toggle, configured),
    )


def _fixed(toggle: Toggle, configured: ToggleEnvironment) -> Decision | None:
    if toggle.archived:
        return _ARCHIVED
    if not configured.enabled:
        return _OFF
    # To SDKs it goes out as off.
    if configured.strategies and all(it.disabled for it in configured.strategies):
        return _NO_MATCH
    return None
