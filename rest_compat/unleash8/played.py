"""The answers of the playground: each toggle with the outcome of every part."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from msgspec import UNSET, Struct, UnsetType, structs

from rest_compat.unleash8.models import complete_variants
from store.evaluation.explaining import (
    ConstraintOutcome,
    Explanation,
    Outcome,
    SegmentOutcome,
    StrategyOutcome,
)
from store.evaluation.variants import Picked
from store.values import Constraint, Variant, VariantPayload

Known: TypeAlias = bool | Literal["unknown"]


class PlayedConstraintJson(Constraint, frozen=True, kw_only=True, rename="camel"):
    """A constraint and whether the context meets it."""

    result: bool


class PlayedSegmentJson(Struct, kw_only=True):
    """A segment and whether the context meets all its constraints."""

    id: int
    name: str
    result: bool
    constraints: Sequence[PlayedConstraintJson]


class PlayedVariantJson(Struct, kw_only=True):
    """A variant as SDKs return it. The variant `disabled` means that there is none."""

    name: str
    enabled: bool
    payload: VariantPayload | UnsetType = UNSET
    feature_enabled: bool | UnsetType = UNSET


class StrategyResultJson(Struct, kw_only=True, rename="camel"):
    """Whether the strategy matches.

    `unknown` means that the server cannot tell: the strategy is disabled (`unevaluated`), or only
    SDKs have it (`incomplete`).
    """

    enabled: Known
    evaluation_status: Literal["complete", "incomplete", "unevaluated"]
    variant: PlayedVariantJson | UnsetType = UNSET
    variants: Sequence[Variant] | UnsetType = UNSET


class LinksJson(Struct, kw_only=True):
    """The page of the console on which the strategy can be edited."""

    edit: str


class PlayedStrategyJson(Struct, kw_only=True):
    """A strategy, its result, and the results of its constraints and segments."""

    id: str
    name: str
    title: str | UnsetType = UNSET
    disabled: bool
    parameters: dict[str, Any]
    result: StrategyResultJson
    constraints: Sequence[PlayedConstraintJson]
    segments: Sequence[PlayedSegmentJson]
    links: LinksJson


class PlayedStrategiesJson(Struct, kw_only=True):
    """The results of all strategies, whether or not the toggle is on in the environment."""

    result: Known
    data: Sequence[PlayedStrategyJson]


class PlayedFeatureJson(Struct, kw_only=True, rename="camel"):
    """The decision about a toggle, with the outcome of every part.

    `isEnabled` is the decision of SDKs. `isEnabledInCurrentEnvironment` tells whether the toggle is
    on in the environment.
    """

    name: str
    project_id: str
    is_enabled: bool
    is_enabled_in_current_environment: bool
    has_unsatisfied_dependency: bool
    variant: PlayedVariantJson
    variants: Sequence[Variant]
    strategies: PlayedStrategiesJson


class PlayedEnvironmentFeatureJson(PlayedFeatureJson, kw_only=True, rename="camel"):
    """The decision about a toggle in one environment and for one context."""

    environment: str
    context: dict[str, str]


def played_fields(explanation: Explanation) -> dict[str, Any]:
    """Return the fields that the answers of both playgrounds have."""
    toggle = explanation.toggle
    configured = toggle.in_environment(explanation.environment)
    matched = explanation.matched_strategy
    return {
        "name": toggle.name,
        "project_id": toggle.project,
        "is_enabled": explanation.enabled,
        "is_enabled_in_current_environment": configured.enabled,
        "has_unsatisfied_dependency": any(
            dependency.outcome is not Outcome.MET for dependency in explanation.dependencies
        ),
        "variant": _variant(explanation.picked, feature_enabled=explanation.enabled),
        "variants": complete_variants((matched and matched.variants) or configured.variants),
        "strategies": PlayedStrategiesJson(
            result=_result(explanation),
            data=[_strategy(outcome, explanation) for outcome in explanation.strategies],
        ),
    }


def _result(explanation: Explanation) -> Known:
    outcomes = [strategy.outcome for strategy in explanation.strategies]
    if not outcomes:
        return explanation.toggle.in_environment(explanation.environment).enabled
    if Outcome.MET in outcomes:
        return True
    return "unknown" if Outcome.UNKNOWN in outcomes else False


def _strategy(outcome: StrategyOutcome, explanation: Explanation) -> PlayedStrategyJson:
    strategy = outcome.strategy
    place = quote(explanation.toggle.name, safe="")
    return PlayedStrategyJson(
        id=strategy.id,
        name=strategy.name,
        title=strategy.title or UNSET,
        disabled=strategy.disabled,
        parameters=strategy.parameters or {},
        result=_strategy_result(outcome, explanation),
        constraints=[*map(_constraint, outcome.constraints)],
        segments=[*map(_segment, outcome.segments)],
        links=LinksJson(edit=f"/console/toggles/{place}"),
    )


def _strategy_result(outcome: StrategyOutcome, explanation: Explanation) -> StrategyResultJson:
    strategy = outcome.strategy
    if strategy.disabled:
        return StrategyResultJson(enabled="unknown", evaluation_status="unevaluated")
    if outcome.is_custom:
        enabled = "unknown" if outcome.outcome is Outcome.UNKNOWN else False
        return StrategyResultJson(enabled=enabled, evaluation_status="incomplete")
    result = StrategyResultJson(
        enabled=outcome.outcome is Outcome.MET, evaluation_status="complete"
    )
    matched = explanation.matched_strategy
    if strategy.variants and matched is not None and matched.id == strategy.id:
        result.variant = _variant(explanation.picked)
        result.variants = complete_variants(strategy.variants)
    return result


def _constraint(outcome: ConstraintOutcome) -> PlayedConstraintJson:
    return PlayedConstraintJson(
        **structs.asdict(outcome.constraint), result=outcome.outcome is Outcome.MET
    )


def _segment(outcome: SegmentOutcome) -> PlayedSegmentJson:
    return PlayedSegmentJson(
        id=outcome.segment.id,
        name=outcome.segment.name,
        result=outcome.outcome is Outcome.MET,
        constraints=[*map(_constraint, outcome.constraints)],
    )


def _variant(
    picked: Picked | None, *, feature_enabled: bool | UnsetType = UNSET
) -> PlayedVariantJson:
    if picked is None:
        return PlayedVariantJson(name="disabled", enabled=False, feature_enabled=feature_enabled)
    return PlayedVariantJson(
        name=picked.variant.name,
        enabled=True,
        payload=picked.variant.payload or UNSET,
        feature_enabled=feature_enabled,
    )
