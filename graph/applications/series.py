"""Usage over time, of toggles as a whole and in one environment."""

from collections.abc import Iterable, Sequence

from graph.context import Context
from graph.engine.refusals import bad_user_input
from graph.enums import MetricsDimension, MetricsInterval
from graph.loaders import Below
from store.metrics.series import (
    MetricsSeries,
    SeriesQuery,
    Span,
    empty_series,
    hours_kept,
    span_back,
)

_BY_ENVIRONMENT = frozenset({MetricsDimension.ENVIRONMENT})


async def series_of_toggle(
    context: Context,
    toggle_name: str,
    span: Span,
    *,
    split_by: Iterable[MetricsDimension],
    environments: frozenset[str] | None,
    applications: frozenset[str] | None,
) -> Sequence[MetricsSeries]:
    """The series of a toggle, environments in their order and applications by name.

    Raises: GraphQLError: COST_LIMIT.
    """
    query = SeriesQuery(
        span=span,
        split_by=frozenset(split_by),
        environments=environments,
        applications=applications,
    )
    found = await context.loaders.series.load(Below(toggle_name, query))
    if MetricsDimension.ENVIRONMENT not in query.split_by:
        return found
    places = {it.name: place for place, it in enumerate(context.snapshot.environments_in_order)}
    # A stable sort, so names go on breaking ties.
    return sorted(found, key=lambda it: places.get(it.environment or "", len(places)))


async def series_of_environment(
    context: Context, toggle_name: str, environment: str, span: Span
) -> MetricsSeries:
    """The series of a toggle in one environment.

    All environments are loaded at once, since whoever asks for one mostly asks for the others.

    Raises: GraphQLError: COST_LIMIT.
    """
    query = SeriesQuery(span=span, split_by=_BY_ENVIRONMENT)
    found = await context.loaders.series.load(Below(toggle_name, query))
    for series in found:
        if series.environment == environment:
            return series
    return empty_series(span, environment=environment)


def span_of(context: Context, hours_back: int, interval: MetricsInterval) -> Span:
    """The span that the arguments of a field ask for.

    Raises: GraphQLError: BAD_USER_INPUT, when it is empty or reaches further than what is kept.
    """
    most = hours_kept(interval)
    if not 1 <= hours_back <= most:
        raise bad_user_input(
            f"The argument hoursBack is {hours_back}; for the interval {interval.name} it has to "
            f"be from 1 to {most:,}, since counts are kept no longer."
        )
    return span_back(context.now, hours_back, interval)
