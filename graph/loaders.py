"""DataLoaders, which look up many objects in the database with one statement."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar, TypeVarTuple

from msgspec import Struct
from strawberry.dataloader import DataLoader

from graph.engine.errors import too_costly
from graph.engine.run.pacing import Pace, paced_loader
from store import (
    Session,
    Snapshot,
    Store,
    change_sets,
    events_log,
    schedules,
    toggle_versions,
)
from store.event_documents import EventDocuments
from store.events import Event
from store.usage import applications, instances, issues, toggle_usages
from store.usage.series import (
    MAX_BUCKETS,
    MetricsSeries,
    SeriesParent,
    SeriesQuery,
    TooManyBucketsError,
    load_series,
)
from store.usage.unknown import requesters_of
from store.webhooks import deliveries

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Which = TypeVarTuple("Which")

# One statement has at most this many keys. SQLite accepts up to 32,766 variables.
MAX_BATCH_SIZE = 5_000
# An instance is considered to be running for this time after its last report.
LIVE = timedelta(hours=24)
LIVE_HOURS = LIVE // timedelta(hours=1)


class Below(Struct, Generic[*Which], frozen=True):
    """The key of a value that belongs to a parent object.

    `which` contains the other arguments of the loading function. These arguments are equal for all
    parents in a list.
    """

    parent: str
    which: tuple[*Which]


class Loaders:
    """The DataLoaders of one request for one snapshot. A change replaces the DataLoaders."""

    def __init__(self, store: Store, pace: Pace, snapshot: Snapshot, now: datetime) -> None:
        self._store = store
        self._pace = pace
        live_since = now - LIVE
        self.applications = self._by_key(applications.applications_by_name)
        self.instances = self._by_key(instances.instances_by_id)
        self.events = self._by_key(_load_events_without_documents)
        self.event_documents: DataLoader[int, EventDocuments | None] = paced_loader(
            pace, partial(_load_event_documents, store), max_batch_size=MAX_BATCH_SIZE
        )
        self.environments = self._by_key(applications.environments_of)
        self.live_sdks = self._by_key(partial(_load_live_sdks, live_since))
        self.suspects = self._by_key(partial(_load_suspects, snapshot, live_since))
        self.troubled = self._by_key(partial(_load_troubled, snapshot))
        self.implementers = self._by_key(_load_implementers)
        self.change_sets = self._by_key(change_sets.change_sets_by_id)
        self.reverting_change_sets = self._by_key(change_sets.reverting_change_sets)
        self.changes = self._below(change_sets.list_changes)
        self.change_counts = self._by_key(change_sets.count_changes)
        self.rollouts = self._by_key(schedules.rollouts_of)
        self.planned_changes = self._by_key(schedules.planned_changes)
        self.series = self._below(partial(_load_series, "toggle_name"))
        self.application_series = self._below(partial(_load_series, "app_name"))
        self.requesters = self._below(requesters_of)
        self.usage_pages = self._below(toggle_usages.list_usages)
        self.usage_counts = self._below(toggle_usages.count_usages)
        self.instance_pages = self._below(instances.list_instances)
        self.instance_counts = self._below(instances.count_instances)
        self.version_pages = self._below(toggle_versions.list_versions)
        self.version_counts = self._below(toggle_versions.count_versions)
        self.versions_at = self._below(_load_versions_at)
        self.event_pages = self._below(events_log.list_events_of)
        self.event_counts = self._below(events_log.count_events_of)
        self.deliveries = self._by_key(deliveries.deliveries_by_id)
        self.delivery_pages = self._below(deliveries.list_deliveries_of)
        self.delivery_counts = self._below(deliveries.count_deliveries_of)

    # The loaders must not refer to the `Loaders` object. Otherwise a reference cycle would stay in
    # memory until the garbage collector runs.

    def _by_key(
        self, load: Callable[[Session, Collection[K]], Awaitable[Mapping[K, T]]]
    ) -> DataLoader[K, T | None]:
        """Create a loader that finds objects by key. For unknown keys, the loader returns None."""
        load_all = partial(_load_by_key, self._store, load)
        return paced_loader(self._pace, load_all, max_batch_size=MAX_BATCH_SIZE)

    def _below(
        self,
        load: Callable[[Session, Collection[str], *Which], Awaitable[Mapping[str, T]]],
    ) -> DataLoader[Below[*Which], T]:
        """Create a loader of values that belong to parents.

        Keys with equal `which` are loaded together.
        """
        load_all = partial(_load_below, self._store, load)
        return paced_loader(self._pace, load_all, max_batch_size=MAX_BATCH_SIZE)


async def _load_by_key(
    store: Store,
    load: Callable[[Session, Collection[K]], Awaitable[Mapping[K, T]]],
    keys: list[K],
) -> list[T | None]:
    async with store.read() as session:
        found = await load(session, keys)
    return [found.get(key) for key in keys]


async def _load_below(
    store: Store,
    load: Callable[[Session, Collection[str], *Which], Awaitable[Mapping[str, T]]],
    keys: list[Below[*Which]],
) -> list[T]:
    parents: defaultdict[tuple[*Which], list[str]] = defaultdict(list)
    for key in keys:
        parents[key.which].append(key.parent)
    async with store.read() as session:
        found = {which: await load(session, of, *which) for which, of in parents.items()}
    return [found[key.which][key.parent] for key in keys]


async def _load_event_documents(store: Store, numbers: list[int]) -> list[EventDocuments | None]:
    found = await store.event_documents.load(numbers)
    return [found.get(number) for number in numbers]


async def _load_events_without_documents(
    session: Session, numbers: Collection[int]
) -> Mapping[int, Event]:
    return await events_log.events_by_number(session, numbers, documents=False)


async def _load_versions_at(
    session: Session, toggle_ids: Collection[str], time: datetime
) -> Mapping[str, toggle_versions.ToggleVersion | None]:
    """Return the version of each toggle at a time.

    If the toggle was created later, the version is None.
    """
    found = await toggle_versions.versions_at(session, toggle_ids, time)
    return {toggle_id: found.get(toggle_id) for toggle_id in toggle_ids}


async def _load_live_sdks(
    since: datetime, session: Session, names: Collection[str]
) -> Mapping[str, list[tuple[str, int]]]:
    return await instances.live_sdks(session, names, since)


async def _load_suspects(
    snapshot: Snapshot,
    since: datetime,
    session: Session,
    applications: Collection[applications.Application],
) -> Mapping[applications.Application, list[issues.RequestedToggle]]:
    """Return, for each application, the requested toggle names that may be issues."""
    implemented = {application.name: application.strategies for application in applications}
    suspects = await issues.load_suspects(session, snapshot, implemented, since)
    return {application: suspects.get(application.name, []) for application in applications}


async def _load_troubled(
    snapshot: Snapshot, session: Session, times: Collection[datetime]
) -> Mapping[datetime, frozenset[str]]:
    """Return, for each time, the names of the applications with issues in later reports."""
    return {
        since: await issues.applications_with_issues(session, snapshot, since) for since in times
    }


async def _load_implementers(
    session: Session, filters: Collection[applications.ApplicationFilter]
) -> Mapping[applications.ApplicationFilter, Mapping[str, list[str]]]:
    """Return, for each filter, the names of the applications that implement each strategy."""
    return {filter: await applications.implementers(session, filter) for filter in filters}


async def _load_series(
    parent: SeriesParent, session: Session, names: Collection[str], query: SeriesQuery
) -> Mapping[str, tuple[MetricsSeries, ...]]:
    """Return the series of toggles or applications.

    Raises: GraphQLError: COST_LIMIT, if the series have too many buckets.
    """
    try:
        return await load_series(session, names, query, parent)
    except TooManyBucketsError as error:
        raise too_costly(
            f"The series have {error.count:,} buckets or more; the maximum is {MAX_BUCKETS:,}: "
            "request fewer toggles or applications, fewer hours, a wider interval or fewer "
            "dimensions.",
            limit="metricsBuckets",
            actual=error.count,
            maximum=MAX_BUCKETS,
        ) from None
