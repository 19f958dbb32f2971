"""Unknown toggles: names that applications report although no toggle has the name."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.applications.application import Application
from graph.applications.list import hours_before
from graph.context import Context, Info
from graph.engine.run.fields import plain, resolved
from graph.environments.type import Environment, reported_environments
from graph.inner_lists import AfterName, FirstItems, LoadedInnerList, cut_by_name
from graph.loaders import Below
from graph.node import shows
from graph.paging import (
    DEFAULT_PAGE_SIZE,
    Connection,
    CountedConnectionOf,
    EdgeOf,
    KeyString,
    KeyTime,
    Ordering,
    PageArguments,
    window_of,
)
from store import model
from store.usage import applications, unknown

_UNKNOWN = Ordering("unknown toggles", tuple[KeyTime, KeyString])


async def connect_unknown_toggles(
    context: Context,
    arguments: PageArguments,
    *,
    applications: frozenset[str] | None,
    seen_within_hours: int,
) -> Connection[unknown.UnknownToggle]:
    """Return a page of recently reported names for which no toggle exists.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, _UNKNOWN)
    seen_since = hours_before(context.now, seen_within_hours)
    async with context.store.read() as session:
        page = await unknown.list_unknown_toggles(
            session, applications=applications, seen_since=seen_since, window=window
        )

    async def count() -> int:
        async with context.store.read() as session:
            return await unknown.count_unknown_toggles(
                session, applications=applications, seen_since=seen_since
            )

    return Connection(page, _UNKNOWN, unknown.unknown_position, count)


async def _requesting_names(root: unknown.UnknownToggle, info: Info) -> Sequence[str]:
    requesters = await info.context.loaders.requesters.load(Below(root.name, (root.seen_since,)))
    return requesters.applications


async def _applications(
    root: unknown.UnknownToggle,
    info: Info,
    first: FirstItems = DEFAULT_PAGE_SIZE,
    after: AfterName = strawberry.UNSET,
) -> Sequence[applications.Application]:
    names = cut_by_name(await _requesting_names(root, info), str, first, after)
    found = await info.context.loaders.applications.load_many(names)
    return [application for application in found if application is not None]


async def _environments(root: unknown.UnknownToggle, info: Info) -> Sequence[model.Environment]:
    requesters = await info.context.loaders.requesters.load(Below(root.name, (root.seen_since,)))
    return reported_environments(info.context, requesters.environments)


_APPLICATIONS = LoadedInnerList("applications", _requesting_names, str)
_ENVIRONMENTS = LoadedInnerList(
    "environments", _environments, lambda environment: environment.name, by_name=False
)


@strawberry.type(description="A name that applications request although no toggle has this name.")
@shows(unknown.UnknownToggle)
class UnknownToggle:
    name: str = plain("The requested name.")
    applications: list[Application] = resolved(
        _applications, "The applications that request the name, sorted by name."
    )
    application_count: int = _APPLICATIONS.count()
    has_more_applications: bool = _APPLICATIONS.has_more()
    environments: list[Environment] = _ENVIRONMENTS.page(
        "The environments from which applications request the name, in their sort order. Disabled "
        "and deleted environments come last."
    )
    environment_count: int = _ENVIRONMENTS.count()
    has_more_environments: bool = _ENVIRONMENTS.has_more()
    first_seen_at: datetime = plain("The time of the first report.")
    last_seen_at: datetime = plain("The time of the last report.")


@strawberry.type(description="An edge with one unknown toggle and its cursor.")
class UnknownToggleEdge(EdgeOf):
    node: UnknownToggle = plain("The unknown toggle at the end of the edge.")


@strawberry.type(description="A page of the list of unknown toggles.")
class UnknownToggleConnection(CountedConnectionOf[UnknownToggleEdge, UnknownToggle]):
    pass
