"""Usage counts over time, of toggles and of applications."""

from collections.abc import Awaitable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from graph.context import Context, Info
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import contextual, plain, resolved
from graph.engine.run.reads import CLOCK
from graph.enums import MetricsDimension, MetricsInterval
from graph.environments.type import Environment, reported_environment
from graph.loaders import Below
from graph.node import shows
from graph.scalars import BigInt
from store import model
from store.usage import applications, series
from store.usage.series import (
    SeriesQuery,
    Span,
    empty_series,
    retained_hours,
    span_back,
)

if TYPE_CHECKING:
    from graph.applications.application import Application

HOURS_BACK = 24
HoursBack: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description=(
            "The number of hours to look back, rounded up to whole intervals. The last interval is "
            "the current one."
        )
    ),
]
BucketWidth: TypeAlias = Annotated[
    MetricsInterval, strawberry.argument(description="The length of time that each bucket covers.")
]

_BY_ENVIRONMENT = frozenset({MetricsDimension.ENVIRONMENT})


async def series_of_toggle(
    context: Context,
    toggle_name: str,
    span: Span,
    *,
    split_by: Iterable[MetricsDimension],
    environments: frozenset[str] | None,
    applications: frozenset[str] | None,
) -> Sequence[series.MetricsSeries]:
    """Return the series of a toggle, sorted by environment order and application name.

    Raises: GraphQLError: COST_LIMIT.
    """
    query = SeriesQuery(
        span=span,
        split_by=frozenset(split_by),
        environments=environments,
        applications=applications,
    )
    found = await context.loaders.series.load(Below(toggle_name, (query,)))
    if MetricsDimension.ENVIRONMENT not in query.split_by:
        return found
    return _in_order_of_environments(context, found)


async def series_of_application(
    context: Context, name: str, span: Span, *, environments: frozenset[str] | None
) -> Sequence[series.MetricsSeries]:
    """Return the series of an application in each environment, sorted by environment order.

    Raises: GraphQLError: COST_LIMIT.
    """
    query = SeriesQuery(span=span, split_by=_BY_ENVIRONMENT, environments=environments)
    found = await context.loaders.application_series.load(Below(name, (query,)))
    return _in_order_of_environments(context, found)


def _in_order_of_environments(
    context: Context, found: Sequence[series.MetricsSeries]
) -> Sequence[series.MetricsSeries]:
    environments_in_order = context.snapshot.environments_in_order
    positions = {
        environment.name: position for position, environment in enumerate(environments_in_order)
    }
    # The sort is stable, so series of the same environment remain sorted by application name.
    return sorted(found, key=lambda line: positions.get(line.environment or "", len(positions)))


async def series_of_environment(
    context: Context, toggle_name: str, environment: str, span: Span
) -> series.MetricsSeries:
    """Return the series of a toggle in one environment.

    The series of all environments are loaded with one statement, because most operations select all
    environments.

    Raises: GraphQLError: COST_LIMIT.
    """
    query = SeriesQuery(span=span, split_by=_BY_ENVIRONMENT)
    found = await context.loaders.series.load(Below(toggle_name, (query,)))
    for candidate in found:
        if candidate.environment == environment:
            return candidate
    return empty_series(span, environment=environment)


def span_of(context: Context, hours_back: int, interval: MetricsInterval) -> Span:
    """Return the span of time that the arguments of a field describe.

    Raises: GraphQLError: BAD_USER_INPUT: the span is empty or exceeds the retention period.
    """
    maximum = retained_hours(interval)
    if not 1 <= hours_back <= maximum:
        raise bad_user_input(
            f"The argument 'hoursBack' is {hours_back}; for the interval {interval.name} it must "
            f"be from 1 to {maximum:,}, because older counts are deleted."
        )
    return span_back(context.now, hours_back, interval)


def _environment(root: series.MetricsSeries, context: Context) -> model.Environment | None:
    if root.environment is None:
        return None
    return reported_environment(context, root.environment)


def _application(
    root: series.MetricsSeries, info: Info
) -> Awaitable[applications.Application | None] | None:
    if root.app_name is None:
        return None
    return info.context.loaders.applications.load(root.app_name)


@strawberry.type(description="The number of times that one variant was returned.")
@shows(series.VariantCount)
class VariantCount:
    name: str = plain("The name of the variant.")
    count: BigInt = plain("The number of times that the variant was returned.")


@strawberry.type(description="Usage counts of one interval.")
@shows(series.MetricsBucket)
class MetricsBucket:
    start: datetime = plain("When the interval begins.")
    end: datetime = plain("When the interval ends.")
    yes: BigInt = plain("The number of evaluations with the answer yes.")
    no: BigInt = plain("The number of evaluations with the answer no.")
    variants: list[VariantCount] = plain("The number of times that each variant was returned.")


@strawberry.type(description="Usage counts over time for one combination of the chosen dimensions.")
@shows(series.MetricsSeries)
class MetricsSeries:
    environment: Environment | None = contextual(
        _environment,
        "The environment, null unless the counts are split by environment.",
        reads=("environments", CLOCK),
    )
    application: (
        Annotated["Application", strawberry.lazy("graph.applications.application")] | None
    ) = resolved(_application, "The application, null unless the counts are split by application.")
    yes: BigInt = plain("The number of evaluations with the answer yes in the whole span.")
    no: BigInt = plain("The number of evaluations with the answer no in the whole span.")
    variants: list[VariantCount] = plain(
        "The number of times that each variant was returned in the whole span."
    )
    buckets: list[MetricsBucket] = plain(
        "The counts per interval, oldest first. Intervals without reports have the count zero."
    )
