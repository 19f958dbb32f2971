"""Explain a decision by the outcomes of all strategies, constraints, segments and dependencies."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from store.evaluation import sentences
from store.evaluation.context import Context
from store.evaluation.deciding import compile_dependency
from store.evaluation.rollouts import RolloutPosition
from store.evaluation.strategies import CompiledConstraint, CompiledSegment, CompiledStrategy
from store.evaluation.toggles import CompiledToggle, Reason, compiled_toggle
from store.evaluation.variants import Picked
from store.model import Segment, Toggle, ToggleStrategy
from store.operations.strategy_titles import quote_title
from store.operations.strings import display
from store.snapshot import Snapshot
from store.values import Constraint, Dependency


class Outcome(StrEnum):
    """The outcome of a test. If only an SDK can decide, the outcome is UNKNOWN."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


class ConstraintOutcome(Struct, frozen=True):
    """A constraint, the context's value, and whether the value meets the constraint."""

    constraint: Constraint
    context_value: str | None
    outcome: Outcome


class SegmentOutcome(Struct, frozen=True):
    """A segment and whether the context meets all constraints of the segment."""

    segment: Segment
    outcome: Outcome
    constraints: tuple[ConstraintOutcome, ...]


class StrategyOutcome(Struct, frozen=True):
    """A strategy of a toggle, its outcome, and the outcomes of its constraints and segments.

    For a rollout, `bucket` is the bucket of the context, and `rollout` is the percentage. If only
    an SDK can evaluate the strategy, `is_custom` is true.
    """

    strategy: ToggleStrategy
    outcome: Outcome
    explanation: str
    is_custom: bool
    constraints: tuple[ConstraintOutcome, ...]
    segments: tuple[SegmentOutcome, ...]
    bucket: int | None = None
    rollout: int | None = None
    stickiness_value: str | None = None


class DependencyOutcome(Struct, frozen=True):
    """A dependency and whether the dependency is met.

    If the required toggle does not exist, `toggle` is None.
    """

    dependency: Dependency
    toggle: Toggle | None
    outcome: Outcome


class Explanation(Struct, frozen=True):
    """The decision of an SDK, the reason, and the outcomes of all strategies and dependencies.

    `explanation` is a sentence about the reason.
    """

    toggle: Toggle
    environment: str
    context: Context
    enabled: bool
    reason: Reason
    explanation: str
    picked: Picked | None
    matched_strategy: ToggleStrategy | None
    strategies: tuple[StrategyOutcome, ...]
    dependencies: tuple[DependencyOutcome, ...]


def explain(snapshot: Snapshot, toggle: Toggle, environment: str, context: Context) -> Explanation:
    """Explain what SDKs in the environment decide about a toggle.

    The function runs all tests of the toggle, while `evaluate` stops as soon as the decision is
    known. Each random bucket is drawn only once. Therefore the outcomes agree with the decision.

    Raises: HeavyWorkError, AbandonedError: see `require_thread`.
    """
    compiled = compiled_toggle(toggle, environment, snapshot.segments)
    compiled.require_thread_for(context)
    dependencies = tuple(
        _explain_dependency(dependency, snapshot, environment, context)
        for dependency in toggle.dependencies
    )
    strategies = tuple(_explain_strategy(strategy, context) for strategy in compiled.strategies)
    reason, sentence, matched = _find_reason(snapshot, toggle, compiled, strategies, dependencies)
    enabled = reason in (Reason.STRATEGY_MATCHED, Reason.NO_STRATEGIES)
    picker = (matched.picker if matched else None) or compiled.picker
    return Explanation(
        toggle,
        environment,
        context,
        enabled,
        reason,
        sentence,
        picker.pick(context) if enabled and picker else None,
        matched.source if matched else None,
        strategies,
        dependencies,
    )


def _explain_dependency(
    dependency: Dependency, snapshot: Snapshot, environment: str, context: Context
) -> DependencyOutcome:
    is_met = compile_dependency(dependency, snapshot.toggles, environment, snapshot.segments)
    toggle = snapshot.toggles.get(dependency.toggle)
    return DependencyOutcome(dependency, toggle, _outcome(is_met(context)))


def _find_reason(
    snapshot: Snapshot,
    toggle: Toggle,
    compiled: CompiledToggle,
    strategies: Sequence[StrategyOutcome],
    dependencies: Sequence[DependencyOutcome],
) -> tuple[Reason, str, CompiledStrategy | None]:
    """Return the reason for the decision, a sentence about the reason, and the matched strategy."""
    where = f"in '{display(compiled.configured.environment)}'"
    if toggle.archived:
        return Reason.ARCHIVED, "The toggle is archived, so SDKs do not get it.", None
    if not compiled.configured.enabled:
        return Reason.DISABLED, f"The toggle is off {where}.", None
    for dependency in dependencies:
        if dependency.outcome is not Outcome.MET:
            sentence = sentences.explain_dependency(dependency.dependency, dependency.toggle)
            return Reason.DEPENDENCY_NOT_MET, sentence, None
    for strategy, source in zip(strategies, compiled.strategies, strict=True):
        if strategy.outcome is Outcome.MET:
            name = quote_title(snapshot, strategy.strategy)
            sentence = f"The strategy {name} matches. {strategy.explanation}"
            return Reason.STRATEGY_MATCHED, sentence, source
    if not strategies:
        sentence = f"The toggle is on {where} and has no strategies, so it is on for everybody."
        return Reason.NO_STRATEGIES, sentence, None
    for strategy in strategies:
        if strategy.outcome is Outcome.UNKNOWN:
            name = quote_title(snapshot, strategy.strategy)
            return Reason.UNDECIDED, f"It depends on {name}. {strategy.explanation}", None
    sentence = sentences.explain_no_match([strategy.explanation for strategy in strategies])
    return Reason.NO_STRATEGY_MATCHED, sentence, None


def _explain_strategy(compiled: CompiledStrategy, context: Context) -> StrategyOutcome:
    constraints = tuple(_explain_constraint(each, context) for each in compiled.constraints)
    segments = tuple(
        _explain_segment(segment.source, segment, context)
        for segment in compiled.segments
        if segment.source is not None
    )
    rollout = compiled.rollout
    position = rollout.position(context) if rollout else None
    outcome, explanation = _strategy_outcome(compiled, context, constraints, segments, position)
    return StrategyOutcome(
        compiled.source,
        outcome,
        explanation,
        compiled.rule is None,
        constraints,
        segments,
        position.bucket if position else None,
        rollout.percentage if rollout else None,
        position.value if position else None,
    )


def _strategy_outcome(
    compiled: CompiledStrategy,
    context: Context,
    constraints: Sequence[ConstraintOutcome],
    segments: Sequence[SegmentOutcome],
    position: RolloutPosition | None,
) -> tuple[Outcome, str]:
    """Return the outcome of a strategy and a sentence that explains the outcome."""
    if compiled.source.disabled:
        return Outcome.NOT_MET, "The strategy is disabled, so SDKs do not get it."
    for constraint in constraints:
        if constraint.outcome is Outcome.NOT_MET:
            sentence = sentences.explain_constraint(constraint.constraint, constraint.context_value)
            return Outcome.NOT_MET, sentence
    for missing in compiled.segments:
        if missing.source is None:
            sentence = f"Its segment {missing.id} does not exist, so it matches nobody."
            return Outcome.NOT_MET, sentence
    for segment in segments:
        for constraint in segment.constraints:
            if constraint.outcome is Outcome.NOT_MET:
                sentence = sentences.explain_constraint(
                    constraint.constraint, constraint.context_value
                )
                name = display(segment.segment.name)
                return Outcome.NOT_MET, f"The segment '{name}' does not match. {sentence}"
    if compiled.rule is None:
        name = display(compiled.source.name)
        return Outcome.UNKNOWN, f"Only an SDK can evaluate '{name}'."
    if compiled.rollout is not None:
        met = position is not None and position.bucket <= compiled.rollout.percentage
        return _outcome(met), sentences.explain_rollout(compiled.rollout, position)
    met = compiled.rule(context)
    return _outcome(met), sentences.explain_rule(compiled, context, holds=met)


def _explain_constraint(compiled: CompiledConstraint, context: Context) -> ConstraintOutcome:
    return ConstraintOutcome(
        compiled.source,
        context.values[compiled.source.context_name],
        _outcome(compiled.holds(context)),
    )


def _explain_segment(
    segment: Segment, compiled: CompiledSegment, context: Context
) -> SegmentOutcome:
    constraints = tuple(_explain_constraint(each, context) for each in compiled.constraints)
    met = all(constraint.outcome is Outcome.MET for constraint in constraints)
    return SegmentOutcome(segment, _outcome(met), constraints)


def _outcome(met: bool) -> Outcome:
    return Outcome.MET if met else Outcome.NOT_MET
