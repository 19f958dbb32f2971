"""Evaluations: the decisions of SDKs about toggles, with the outcome of every part."""

from collections.abc import Sequence
from datetime import datetime

import strawberry
from msgspec import structs

from graph.context import Context
from graph.engine.run.fields import contextual, derived, plain
from graph.enums import describe
from graph.environments.type import Environment
from graph.node import shows
from graph.segments.type import Segment
from graph.strategies.constraint import Constraint
from graph.toggles.strategy import ToggleStrategy
from graph.toggles.type import ResolvedDependency, Toggle, ToggleDependency
from graph.toggles.variant import VariantPayload
from store import evaluation, model, values
from store.evaluation import Explanation, Reason, explaining
from store.evaluation.explaining import Outcome
from store.evaluation.variants import Picked

describe(
    Reason,
    "The kinds of reasons for the decisions of an evaluation.",
    name="EvaluationReason",
    STRATEGY_MATCHED="A strategy matched.",
    NO_STRATEGIES="The toggle is on and has no strategies.",
    NO_STRATEGY_MATCHED="The toggle is on and none of its strategies matched.",
    DISABLED="The toggle is off in the environment.",
    DEPENDENCY_NOT_MET="Another toggle is not in the state that this toggle requires.",
    ARCHIVED="The toggle is archived.",
    UNDECIDED="The decision depends on a custom strategy that only the SDK can evaluate.",
)
describe(
    Outcome,
    "The possible outcomes of a test.",
    MET="The condition holds.",
    NOT_MET="The condition does not hold.",
    UNKNOWN="Only the SDK can determine the outcome, as for a custom strategy.",
)

# The variant that SDKs return if no variant applies.
_NOTHING = Picked(values.Variant("disabled", 0))


def _name(root: Picked) -> str:
    return root.variant.name


def _is_real(root: Picked) -> bool:
    return root is not _NOTHING


def _payload(root: Picked) -> values.VariantPayload | None:
    return root.variant.payload or None


def _variant(root: Explanation) -> Picked:
    return root.picked or _NOTHING


def _saved_toggle(toggle: model.Toggle, context: Context) -> model.Toggle:
    """Return the saved state of a toggle. If the toggle is not saved, return its assumed state."""
    return context.snapshot.toggles_by_id.get(toggle.id, toggle)


def _toggle(root: Explanation, context: Context) -> model.Toggle:
    return _saved_toggle(root.toggle, context)


def _environment(root: Explanation, context: Context) -> model.Environment:
    return context.snapshot.environments[root.environment]


def _dependencies(root: Explanation) -> Sequence[explaining.DependencyOutcome]:
    return [dependency for dependency in root.dependencies if dependency.toggle is not None]


def _dependency(root: explaining.DependencyOutcome, context: Context) -> ResolvedDependency:
    assert root.toggle is not None  # outcomes without a toggle are omitted
    fields = structs.asdict(root.dependency)
    return ResolvedDependency(**fields, resolved_toggle=_saved_toggle(root.toggle, context))


def _segment(root: explaining.SegmentOutcome, context: Context) -> model.Segment:
    return context.segment_of_id(root.segment.id) or root.segment


def _properties(root: evaluation.Context) -> Sequence["ContextProperty"]:
    return [ContextProperty(name=name, value=value) for name, value in root.properties.items()]


@strawberry.type(description="A field of the context beyond the standard fields.")
class ContextProperty:
    name: str = plain("The name of the field.")
    value: str = plain("The value of the field.")


@strawberry.type(description="The context of an evaluation.")
@shows(evaluation.Context)
class EvaluationContext:
    user_id: str | None = plain("The ID of the user, null if not given.")
    session_id: str | None = plain("The ID of the session, null if not given.")
    remote_address: str | None = plain("The IP address of the user, null if not given.")
    app_name: str | None = plain("The name of the application, null if not given.")
    current_time: datetime = plain("The time of the evaluation.")
    properties: list[ContextProperty] = derived(_properties, "All other fields of the context.")


@strawberry.type(description="A variant as an SDK would return it.")
@shows(Picked)
class EvaluatedVariant:
    name: str = derived(_name, "The name of the variant.")
    enabled: bool = derived(
        _is_real,
        "Whether this is a variant of the toggle. False for the built-in variant named `disabled`.",
    )
    payload: VariantPayload | None = derived(
        _payload, "The variant's data, null if the variant has none."
    )
    stickiness_value: str | None = plain(
        "The context value that determined the variant. Null if the variant was chosen at random "
        "or by an override."
    )


@strawberry.type(description="The outcome of one constraint.")
@shows(explaining.ConstraintOutcome)
class ConstraintEvaluation:
    constraint: Constraint = plain("The evaluated constraint.")
    context_value: str | None = plain("The value found in the context, null if there was none.")
    outcome: Outcome = plain("Whether the constraint held.")


@strawberry.type(description="The outcome of one segment.")
@shows(explaining.SegmentOutcome)
class SegmentEvaluation:
    segment: Segment = contextual(_segment, "The evaluated segment.", reads=("segments",))
    outcome: Outcome = plain("Whether the segment matched.")
    constraints: list[ConstraintEvaluation] = plain("The outcome of each constraint.")


@strawberry.type(description="The outcome of one strategy.")
@shows(explaining.StrategyOutcome)
class StrategyEvaluation:
    strategy: ToggleStrategy = plain("The evaluated strategy.")
    outcome: Outcome = plain("Whether the strategy matched.")
    explanation: str = plain("The outcome in one sentence.")
    constraints: list[ConstraintEvaluation] = plain("The outcome of each constraint.")
    segments: list[SegmentEvaluation] = plain(
        "The outcome of each segment that exists. The field `explanation` names missing segments."
    )
    bucket: int | None = plain(
        "The bucket, from 1 to 100, into which the strategy hashes the context. Null if the "
        "strategy does not hash."
    )
    rollout: int | None = plain(
        "The percentage with which the bucket was compared, null if the strategy does not hash."
    )
    stickiness_value: str | None = plain(
        "The context value that was hashed, null if the strategy does not hash."
    )


@strawberry.type(description="The outcome of one dependency.")
@shows(explaining.DependencyOutcome)
class DependencyEvaluation:
    dependency: ToggleDependency = contextual(
        _dependency, "The evaluated dependency.", reads=("toggles_by_id",)
    )
    outcome: Outcome = plain("Whether the dependency was met.")


@strawberry.type(
    description="The decision that an SDK would make about one toggle, with the reasons."
)
@shows(Explanation)
class Evaluation:
    toggle: Toggle = contextual(_toggle, "The evaluated toggle.", reads=("toggles_by_id",))
    environment: Environment = contextual(
        _environment, "The environment in which the toggle was evaluated.", reads=("environments",)
    )
    context: EvaluationContext = plain("The context of the evaluation.")
    enabled: bool = plain("Whether the toggle is on for the context.")
    reason: Reason = plain("The kind of reason for the decision.")
    explanation: str = plain("The reason in one sentence.")
    variant: EvaluatedVariant = derived(
        _variant,
        "The variant that the SDK would return. If the toggle is off for the context or has no "
        "variants, this is the built-in variant named `disabled`.",
    )
    matched_strategy: ToggleStrategy | None = plain(
        "The first strategy that matched, null if none did."
    )
    strategies: list[StrategyEvaluation] = plain(
        "The outcome of every strategy in evaluation order."
    )
    dependencies: list[DependencyEvaluation] = derived(
        _dependencies, "The outcome of every dependency whose required toggle exists."
    )
