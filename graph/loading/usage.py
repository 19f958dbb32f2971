"""What DataLoaders load of usage below names: series, and who asks."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from graph.engine.refusals import too_costly
from store.metrics.series import (
    MAX_BUCKETS,
    MetricsSeries,
    SeriesQuery,
    TooManyBucketsError,
    load_series,
)
from store.metrics.unknown import Askers, askers_of

_NOBODY = Askers((), ())


async def load_series_below(
    session: AsyncSession, query: SeriesQuery, toggle_names: Collection[str]
) -> Mapping[str, tuple[MetricsSeries, ...]]:
    """The series of toggles.

    Raises: GraphQLError: COST_LIMIT, when they have too many buckets.
    """
    try:
        return await load_series(session, query, toggle_names)
    except TooManyBucketsError as error:
        raise too_costly(
            f"The series have {error.count:,} buckets or more, where {MAX_BUCKETS:,} is the most; "
            "ask for fewer toggles, fewer hours, a wider interval or fewer dimensions.",
            limit="metricsBuckets",
            actual=error.count,
            maximum=MAX_BUCKETS,
        ) from None


async def load_askers(
    session: AsyncSession, seen_since: datetime | None, names: Collection[str]
) -> Mapping[str, Askers]:
    """Who asks for names."""
    found = await askers_of(session, names, seen_since)
    return {name: found.get(name, _NOBODY) for name in names}
