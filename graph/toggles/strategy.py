"""Activation strategies as configured on toggles."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, derived, plain
from graph.ids import toggle_strategy_id
from graph.node import Node, shows
from graph.segments.type import Segment
from graph.strategies.constraint import Constraint
from graph.toggles.summary import parameter_string, summarize
from graph.toggles.variant import Variant, with_shares
from store import model, values

if TYPE_CHECKING:
    from graph.strategies.type import Strategy
    from graph.toggles.environment import ToggleEnvironment


@strawberry.type(description="The value of one strategy parameter.")
class ParameterValue:
    name: str = plain("The name of the parameter.")
    value: str = plain("The value as SDKs get it; the items of a list are separated by commas.")


def _id(root: model.ToggleStrategy) -> strawberry.ID:
    return toggle_strategy_id(root.toggle_id, root.environment, root.id)


def _strategy(root: model.ToggleStrategy, context: Context) -> model.Strategy | None:
    return context.snapshot.strategies.get(root.name)


def parameters_of(root: model.ToggleStrategy) -> list[ParameterValue]:
    """Return the parameter values of an activation strategy, as strings."""
    parameters = root.parameters or {}
    return [
        ParameterValue(name=name, value=parameter_string(value))
        for name, value in parameters.items()
    ]


def constraints_of(root: model.ToggleStrategy) -> Sequence[values.Constraint]:
    """Return the constraints of an activation strategy."""
    return root.constraints or ()


def segments_of(root: model.ToggleStrategy, context: Context) -> Sequence[model.Segment]:
    """Return the segments of an activation strategy."""
    segments = map(context.segment_of_id, root.segments)
    return [segment for segment in segments if segment is not None]


def variants_of(root: model.ToggleStrategy) -> Sequence[values.Variant]:
    """Return the variants that belong to an activation strategy."""
    return with_shares(root.variants)


def _summary(root: model.ToggleStrategy, context: Context) -> str:
    return summarize(root, segments_of(root, context))


def _toggle_environment(root: model.ToggleStrategy, context: Context) -> model.ToggleEnvironment:
    return context.toggle_of_id(root.toggle_id).in_environment(root.environment)


@strawberry.type(description="An activation strategy as configured on a toggle in one environment.")
@shows(model.ToggleStrategy, cached_by=("toggle_id", "environment", "id"))
class ToggleStrategy(Node):
    id: strawberry.ID = derived(_id, "The globally unique ID of this strategy configuration.")
    name: str = plain("The name of the strategy, such as flexibleRollout.")
    strategy: Annotated["Strategy", strawberry.lazy("graph.strategies.type")] | None = contextual(
        _strategy,
        "The definition of the strategy, null if no definition has this name.",
        reads=("strategies",),
    )
    title: str = plain(
        "A label that distinguishes this strategy from the toggle's other strategies, empty if not "
        "given."
    )
    disabled: bool = plain("Whether the strategy is disabled. SDKs do not get disabled strategies.")
    sort_order: int = plain(
        "The position among the toggle's strategies in the environment, from zero."
    )
    parameters: list[ParameterValue] = derived(
        parameters_of, "The parameter values of the strategy."
    )
    constraints: list[Constraint] = derived(
        constraints_of, "The constraints, all of which must hold."
    )
    segments: list[Segment] = contextual(
        segments_of, "The segments, all of which must match.", reads=("segments",)
    )
    variants: list[Variant] = derived(
        variants_of,
        "The variants that replace the environment's variants if this strategy matches.",
    )
    summary: str = contextual(
        _summary,
        "A sentence that describes the users that the strategy matches.",
        reads=("segments",),
    )
    toggle_environment: Annotated[
        "ToggleEnvironment", strawberry.lazy("graph.toggles.environment")
    ] = contextual(
        _toggle_environment,
        "The configuration that contains the strategy.",
        reads=("toggles_by_id",),
    )
