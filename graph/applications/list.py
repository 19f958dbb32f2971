"""Pages of applications, instances and usages."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from graph.applications.filter import ApplicationFilter, ApplicationOrder, store_query
from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.enums import ApplicationOrderField, OrderDirection
from graph.filtering import given
from graph.loaders import Below
from graph.paging import (
    Connection,
    KeyString,
    KeyTime,
    Ordering,
    PageArguments,
    cut_list,
    window_of,
)
from store.paging import Page
from store.usage import applications as apps
from store.usage.instances import ApplicationInstance, InstanceFilter, instance_position
from store.usage.toggle_usages import ToggleUsage, UsageFilter, UsageParent, usage_position

FromEnvironment: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Return only usage from this environment.")
]
SeenWithinHours: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="Return only usage that was reported within this number of hours."
    ),
]

_IMPLEMENTERS = Ordering("implementers", tuple[KeyString])
_INSTANCES = Ordering("instances", tuple[KeyTime, KeyString])
_USAGES = Ordering("usages", tuple[KeyTime, KeyString, KeyString, KeyString])


async def connect_applications(
    context: Context,
    arguments: PageArguments,
    *,
    filter: ApplicationFilter | None,
    order: ApplicationOrder | None,
) -> Connection[apps.Application]:
    """Return a page of the applications that match a filter.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    query, order = await store_query(context, filter), given(order)
    field = ApplicationOrderField.NAME if order is None else order.field
    direction = OrderDirection.ASC if order is None else order.direction
    key_type = (
        tuple[KeyString] if field is ApplicationOrderField.NAME else tuple[KeyTime, KeyString]
    )
    ordering = Ordering(f"applications {field.name} {direction.name}", key_type)
    window, descending = window_of(arguments, ordering), direction is OrderDirection.DESC
    async with context.store.read() as session:
        page = await apps.list_applications(
            session, query, _COLUMNS[field], descending, window=window
        )

    async def count() -> int:
        async with context.store.read() as session:
            return await apps.count_applications(session, query)

    return Connection(
        page, ordering, partial(apps.application_position, order=_COLUMNS[field]), count
    )


_COLUMNS: dict[ApplicationOrderField, apps.ApplicationOrder] = {
    ApplicationOrderField.NAME: "name",
    ApplicationOrderField.CREATED_AT: "created_at",
    ApplicationOrderField.LAST_SEEN_AT: "last_seen_at",
}


async def connect_implementers(
    context: Context, strategy: str, arguments: PageArguments, filter: ApplicationFilter | None
) -> Connection[apps.Application]:
    """Return a page of the applications that implement a strategy, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    loaders = context.loaders
    query = await store_query(context, filter)
    by_strategy = await loaders.implementers.load(query) or {}
    names = by_strategy.get(strategy, [])
    page = cut_list(names, arguments, _IMPLEMENTERS, lambda name: (name,))
    found = await loaders.applications.load_many(page.items)
    known = [application for application in found if application is not None]
    return Connection(
        Page(known, page.has_next, page.has_previous),
        _IMPLEMENTERS,
        apps.application_position,
        lambda: len(names),
    )


async def connect_instances(
    context: Context, app_name: str, arguments: PageArguments, filter: InstanceFilter
) -> Connection[ApplicationInstance]:
    """Return a page of an application's instances, starting with the newest report.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, _INSTANCES)
    page = await context.loaders.instance_pages.load(Below(app_name, (filter, window)))

    def count() -> Awaitable[int]:
        return context.loaders.instance_counts.load(Below(app_name, (filter,)))

    return Connection(page, _INSTANCES, instance_position, count)


async def connect_usages(
    context: Context,
    name: str,
    parent: UsageParent,
    arguments: PageArguments,
    filter: UsageFilter,
) -> Connection[ToggleUsage]:
    """Return a page of the usages of a toggle or an application, starting with the newest report.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(arguments, _USAGES)
    page = await context.loaders.usage_pages.load(Below(name, (parent, filter, window)))

    def count() -> Awaitable[int]:
        return context.loaders.usage_counts.load(Below(name, (parent, filter)))

    return Connection(page, _USAGES, usage_position, count)


def hours_before(now: datetime, hours: int | None) -> datetime | None:
    """Return the time `hours` hours before now; None if `hours` is None.

    Raises: GraphQLError: BAD_USER_INPUT: `hours` is less than one.
    """
    hours = given(hours)
    if hours is None:
        return None
    if hours < 1:
        raise bad_user_input(f"The argument 'seenWithinHours' is {hours}; it must be at least 1.")
    try:
        return now - timedelta(hours=hours)
    except OverflowError:  # the time would be before year 1
        return None
