"""DataLoaders for what SQL holds: the same look-up for many objects becomes one statement."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from graph.engine.run.pacing import Pace, paced_loader
from graph.loading.batches import counts_below, pages_below
from graph.loading.history import (
    load_change_set_event_counts,
    load_change_set_event_pages,
    load_toggle_event_counts,
    load_toggle_event_pages,
    load_version_counts,
    load_version_pages,
)
from graph.loading.usage import load_askers, load_series_below
from store import Snapshot, Store, events_log
from store.aggregates import table_of
from store.change_sets import change_sets_by_id, events_of_change_sets, reverting_change_sets
from store.events import Event
from store.metrics.applications import (
    NO_FILTER,
    Application,
    ApplicationFilter,
    applications_by_name,
    environments_of,
    list_applications,
)
from store.metrics.instances import ApplicationInstance, instances_by_id, live_sdks
from store.metrics.issues import Asked, applications_with_issues, load_suspects
from store.metrics.toggle_usages import ToggleUsage
from store.paging import Page, Window
from store.rows import ApplicationInstanceRow, ApplicationRow, ToggleRow, ToggleUsageRow

S = TypeVar("S", bound=Struct)
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
W = TypeVar("W", bound=Hashable)

# Far below the 32,766 variables that SQLite takes in a statement.
MAX_BATCH_SIZE = 5_000
# How long after its last report an instance counts as running.
LIVE = timedelta(hours=24)
LIVE_HOURS = LIVE // timedelta(hours=1)
_ALL = Window(2**31 - 2)

_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)

NamesByStrategy: TypeAlias = Mapping[str, list[str]]


class Below(Struct, Generic[W], frozen=True):
    """Something of one parent; `which` says what, and is the same for all parents in a list."""

    parent: str
    which: W


class Usages(Struct, frozen=True):
    """Usages of a toggle or of an application, and which window of them; None for their number."""

    of: Literal["toggle_name", "app_name"]
    environment: str | None = None
    seen_since: datetime | None = None
    unknown: bool | None = None
    window: Window | None = None


class Instances(Struct, frozen=True):
    """Instances of an application, and which window of them; None for their number."""

    environment: str | None = None
    seen_since: datetime | None = None
    window: Window | None = None


class Events(Struct, frozen=True):
    """Events of a toggle, and which window of them; None for their number."""

    filter: events_log.EventFilter
    window: Window | None = None


class Loaders:
    """One set per request, made anew after each change."""

    def __init__(self, store: Store, pace: Pace, snapshot: Snapshot, now: datetime) -> None:
        self._store = store
        self._pace = pace
        live_since = now - LIVE
        self.applications = self._by_key(applications_by_name)
        self.instances = self._by_key(instances_by_id)
        self.events = self._by_key(_events_without_documents)
        self.event_documents = self._by_key(events_log.events_by_number)
        self.environments = self._by_key(environments_of)
        self.live_sdks = self._by_key(partial(_load_live_sdks, live_since))
        self.suspects = self._by_key(partial(_load_suspects, snapshot, live_since))
        self.troubled = self._by_key(partial(_load_troubled, snapshot))
        self.implementers = self._by_key(_load_implementers)
        self.series = self._below(load_series_below)
        self.askers = self._below(load_askers)
        self.usage_pages = self._below(_load_usage_pages)
        self.usage_counts = self._below(_load_usage_counts)
        self.instance_pages = self._below(_load_instance_pages)
        self.instance_counts = self._below(_load_instance_counts)
        self.change_sets = self._by_key(change_sets_by_id)
        self.reverting_change_sets = self._by_key(reverting_change_sets)
        self.change_set_events = self._by_key(events_of_change_sets)
        self.change_set_event_pages = self._below(load_change_set_event_pages)
        self.change_set_event_counts = self._below(load_change_set_event_counts)
        self.version_pages = self._below(load_version_pages)
        self.version_counts = self._below(load_version_counts)
        self.event_pages = self._below(_load_event_pages)
        self.event_counts = self._below(_load_event_counts)

    # The loaders must not refer to this object, which holds them: no memory of a request may wait
    # for a garbage collection.

    def _by_key(
        self, load: Callable[[AsyncSession, Collection[K]], Awaitable[Mapping[K, T]]]
    ) -> DataLoader[K, T | None]:
        """A loader of objects by key, None for those that are not there."""
        load_all = partial(_load_by_key, self._store, load)
        return paced_loader(self._pace, load_all, max_batch_size=MAX_BATCH_SIZE)

    def _below(
        self, load: Callable[[AsyncSession, W, Collection[str]], Awaitable[Mapping[str, T]]]
    ) -> DataLoader[Below[W], T]:
        """A loader of something below each parent: one load for all that ask for the same."""
        load_all = partial(_load_below, self._store, load)
        return paced_loader(self._pace, load_all, max_batch_size=MAX_BATCH_SIZE)


async def _load_by_key(
    store: Store,
    load: Callable[[AsyncSession, Collection[K]], Awaitable[Mapping[K, T]]],
    keys: list[K],
) -> list[T | None]:
    async with store.read() as session:
        found = await load(session, keys)
    return [found.get(key) for key in keys]


async def _load_below(
    store: Store,
    load: Callable[[AsyncSession, W, Collection[str]], Awaitable[Mapping[str, T]]],
    keys: list[Below[W]],
) -> list[T]:
    parents: defaultdict[W, list[str]] = defaultdict(list)
    for key in keys:
        parents[key.which].append(key.parent)
    async with store.read() as session:
        found = {which: await load(session, which, of) for which, of in parents.items()}
    return [found[key.which][key.parent] for key in keys]


async def _load_live_sdks(
    since: datetime, session: AsyncSession, names: Collection[str]
) -> Mapping[str, list[tuple[str, int]]]:
    return await live_sdks(session, names, since)


async def _load_suspects(
    snapshot: Snapshot,
    since: datetime,
    session: AsyncSession,
    applications: Collection[Application],
) -> Mapping[Application, list[Asked]]:
    """What each application asks for, as far as there can be an issue with it."""
    implemented = {it.name: it.strategies for it in applications}
    asked = await load_suspects(session, snapshot, implemented, since)
    return {it: asked.get(it.name, []) for it in applications}


async def _load_troubled(
    snapshot: Snapshot, session: AsyncSession, since: Collection[datetime]
) -> Mapping[datetime, frozenset[str]]:
    """The names of all applications with issues, by since when reports count."""
    return {it: await applications_with_issues(session, snapshot, it) for it in since}


async def _events_without_documents(
    session: AsyncSession, numbers: Collection[int]
) -> Mapping[int, Event]:
    return await events_log.events_by_number(session, numbers, documents=False)


async def _load_implementers(
    session: AsyncSession, filters: Collection[ApplicationFilter]
) -> Mapping[ApplicationFilter, NamesByStrategy]:
    """For each filter the sorted names of the applications that implement each strategy."""
    return {filter: await _implementers(session, filter) for filter in filters}


async def _implementers(session: AsyncSession, filter: ApplicationFilter) -> NamesByStrategy:
    names: defaultdict[str, list[str]] = defaultdict(list)
    if filter == NO_FILTER:
        columns = (_APPLICATION.c.name, _APPLICATION.c.strategies)
        rows = await session.execute(sa.select(*columns).order_by(_APPLICATION.c.name))
        pairs = [(row.name, row.strategies) for row in rows]
    else:
        page = await list_applications(session, filter, "name", False, _ALL)
        pairs = [(it.name, it.strategies) for it in page.items]
    for name, strategies in pairs:
        for strategy in set(strategies):
            names[strategy].append(name)
    return names


# ------------------------------------------------------------------ usages


async def _load_usage_pages(
    session: AsyncSession, which: Usages, parents: Collection[str]
) -> Mapping[str, Page[ToggleUsage]]:
    assert which.window is not None
    usage = _USAGE.c
    pages = await pages_below(
        session,
        _usages(which),
        usage[which.of],
        parents,
        # The order of `store.metrics.toggle_usages.usage_position`.
        [usage.last_seen_at, usage.toggle_name, usage.app_name, usage.environment],
        which.window,
    )
    return {parent: _page_of(ToggleUsage, page) for parent, page in pages.items()}


async def _load_usage_counts(
    session: AsyncSession, which: Usages, parents: Collection[str]
) -> Mapping[str, int]:
    return await counts_below(session, _usages(which), _USAGE.c[which.of], parents)


def _usages(which: Usages) -> sa.Select[Any]:
    usage = _USAGE.c
    statement = sa.select(_USAGE)
    if which.environment is not None:
        statement = statement.where(usage.environment == which.environment)
    if which.seen_since is not None:
        statement = statement.where(usage.last_seen_at >= which.seen_since)
    if which.unknown is not None:
        known = sa.exists().where(_TOGGLE.c.name == usage.toggle_name)
        statement = statement.where(~known if which.unknown else known)
    return statement


# ------------------------------------------------------------------ instances


async def _load_instance_pages(
    session: AsyncSession, which: Instances, parents: Collection[str]
) -> Mapping[str, Page[ApplicationInstance]]:
    assert which.window is not None
    pages = await pages_below(
        session,
        _instances(which),
        _INSTANCE.c.app_name,
        parents,
        # The order of `store.metrics.instances.instance_position`.
        [_INSTANCE.c.last_seen_at, _INSTANCE.c.id],
        which.window,
    )
    return {parent: _page_of(ApplicationInstance, page) for parent, page in pages.items()}


async def _load_instance_counts(
    session: AsyncSession, which: Instances, parents: Collection[str]
) -> Mapping[str, int]:
    return await counts_below(session, _instances(which), _INSTANCE.c.app_name, parents)


def _instances(which: Instances) -> sa.Select[Any]:
    statement = sa.select(_INSTANCE)
    if which.environment is not None:
        statement = statement.where(_INSTANCE.c.environment == which.environment)
    if which.seen_since is not None:
        statement = statement.where(_INSTANCE.c.last_seen_at >= which.seen_since)
    return statement


# ------------------------------------------------------------------ events


async def _load_event_pages(
    session: AsyncSession, which: Events, toggle_ids: Collection[str]
) -> Mapping[str, Page[Event]]:
    window = which.window
    assert window is not None
    if len(toggle_ids) == 1:
        # The index has these in their order, so that a page of a long log costs no more.
        (toggle_id,) = toggle_ids
        of_one = structs.replace(which.filter, toggle_ids=(toggle_id,))
        return {toggle_id: await events_log.list_events(session, of_one, window, documents=False)}
    if window == Window(window.limit):
        newest = await events_log.latest_events_of_toggles(
            session, toggle_ids, which.filter, window.limit + 1, documents=False
        )
        return {
            toggle_id: Page(events[: window.limit], len(events) > window.limit, False)
            for toggle_id, events in newest.items()
        }
    return await load_toggle_event_pages(session, which.filter, window, toggle_ids)


async def _load_event_counts(
    session: AsyncSession, which: Events, toggle_ids: Collection[str]
) -> Mapping[str, int]:
    return await load_toggle_event_counts(session, which.filter, toggle_ids)


def _page_of(kind: type[S], page: Page[sa.Row[Any]]) -> Page[S]:
    """The rows of a page as objects; the columns that `pages_below` added are left behind."""
    names = kind.__struct_fields__
    items = [kind(**{name: getattr(row, name) for name in names}) for row in page.items]
    return Page(items, page.has_next, page.has_previous)
