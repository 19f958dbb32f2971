"""The configuration of toggles in environments."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.applications.series import (
    HOURS_BACK,
    BucketWidth,
    HoursBack,
    MetricsSeries,
    series_of_environment,
    span_of,
)
from graph.context import USAGE, Context, Info
from graph.engine.run.fields import REVISION, contextual, derived, plain, resolved
from graph.enums import MetricsInterval
from graph.environments.type import Environment
from graph.ids import toggle_environment_id
from graph.node import Node, shows
from graph.toggles.strategy import ToggleStrategy
from graph.toggles.variant import Variant, with_shares
from store import model, values
from store.usage import series
from store.usage.summary import Seen

if TYPE_CHECKING:
    from graph.toggles.type import Toggle


def _id(root: model.ToggleEnvironment) -> strawberry.ID:
    return toggle_environment_id(root.toggle_id, root.environment)


def _toggle(root: model.ToggleEnvironment, context: Context) -> model.Toggle:
    return context.toggle_of_id(root.toggle_id)


def _environment(root: model.ToggleEnvironment, context: Context) -> model.Environment:
    return context.snapshot.environments[root.environment]


def _variants(root: model.ToggleEnvironment) -> Sequence[values.Variant]:
    return with_shares(root.variants)


def _name(root: model.ToggleEnvironment, context: Context) -> str:
    return context.toggle_of_id(root.toggle_id).name


def _seen(root: model.ToggleEnvironment, context: Context) -> Seen | None:
    return context.store.usage.of(_name(root, context), root.environment)


def _last_seen_at(root: model.ToggleEnvironment, context: Context) -> datetime | None:
    seen = _seen(root, context)
    return seen.last_seen_at if seen is not None else None


def _last_yes_at(root: model.ToggleEnvironment, context: Context) -> datetime | None:
    seen = _seen(root, context)
    return seen.last_yes_at if seen is not None else None


def _last_no_at(root: model.ToggleEnvironment, context: Context) -> datetime | None:
    seen = _seen(root, context)
    return seen.last_no_at if seen is not None else None


def _metrics(
    root: model.ToggleEnvironment,
    info: Info,
    hours_back: HoursBack = HOURS_BACK,
    interval: BucketWidth = MetricsInterval.HOUR,
) -> Awaitable[series.MetricsSeries]:
    span = span_of(info.context, hours_back, interval)
    return series_of_environment(info.context, _name(root, info.context), root.environment, span)


@strawberry.type(description="How a toggle is configured in one environment.")
@shows(model.ToggleEnvironment, cached_by=("toggle_id", "environment"))
class ToggleEnvironment(Node):
    id: strawberry.ID = derived(_id, "The globally unique ID of this configuration.")
    toggle: Annotated["Toggle", strawberry.lazy("graph.toggles.type")] = contextual(
        _toggle, "The configured toggle.", reads=("toggles_by_id",)
    )
    environment: Environment = contextual(_environment, "The environment.", reads=("environments",))
    enabled: bool = plain("Whether the toggle is on in the environment.")
    strategies: list[ToggleStrategy] = plain("The activation strategies in evaluation order.")
    variants: list[Variant] = derived(
        _variants, "The variants shared by all strategies in the environment."
    )
    last_seen_at: datetime | None = contextual(
        _last_seen_at,
        "When an application last reported using the toggle in this environment, null if never.",
        reads=(USAGE,),
    )
    last_yes_at: datetime | None = contextual(
        _last_yes_at,
        "When an application last got the answer yes in this environment, null if never.",
        reads=(USAGE,),
    )
    last_no_at: datetime | None = contextual(
        _last_no_at,
        "When an application last got the answer no in this environment, null if never.",
        reads=(USAGE,),
    )
    metrics: MetricsSeries = resolved(_metrics, "Usage counts of this environment over time.")
    updated_at: datetime = plain("When this configuration last changed.")
    revision: int = plain(REVISION)
