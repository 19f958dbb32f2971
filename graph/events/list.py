"""Pages of the audit log."""

from collections.abc import Awaitable
from typing import Annotated, TypeAlias

import strawberry

from graph.context import Context
from graph.events.filter import EventFilter, log_query
from graph.loaders import Below
from graph.paging import Connection, KeyNumber, Ordering, PageArguments, window_of
from store import events_log
from store.events import Event
from store.paging import Key

WhichEvents: TypeAlias = Annotated[
    EventFilter | None, strawberry.argument(description="The events to return.")
]


def order_of_log(context: Context) -> Ordering:
    """Return the order of the audit log. Cursors are valid only in this installation."""
    return Ordering(f"events of {context.store.installation_id[:8]}", tuple[KeyNumber])


async def connect_events(
    context: Context, arguments: PageArguments, filter: EventFilter | None
) -> Connection[Event]:
    """Return a page of the events that match a filter, newest first, without their documents.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    order = order_of_log(context)
    query, window = log_query(filter), window_of(arguments, order)
    async with context.store.read() as session:
        page = await events_log.list_events(session, query, window, documents=False)

    async def count() -> int:
        async with context.store.read() as session:
            return await events_log.count_events(session, query)

    return Connection(page, order, event_key, count)


async def connect_events_of_toggle(
    context: Context, toggle_id: str, arguments: PageArguments, filter: EventFilter | None
) -> Connection[Event]:
    """Return a page of a toggle's events, newest first, without their documents.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    return await connect_events_of(context, toggle_id, "toggle_id", log_query(filter), arguments)


async def connect_events_of(
    context: Context,
    id: str,
    parent: events_log.EventParent,
    filter: events_log.EventFilter,
    arguments: PageArguments,
) -> Connection[Event]:
    """Return a page of the events of a toggle or change set, newest first, without documents.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    order = order_of_log(context)
    window = window_of(arguments, order)
    page = await context.loaders.event_pages.load(Below(id, (parent, filter, window)))

    def count() -> Awaitable[int]:
        return context.loaders.event_counts.load(Below(id, (parent, filter)))

    return Connection(page, order, event_key, count)


def event_key(event: Event) -> Key:
    """Return the cursor key of an event."""
    return (event.number,)
