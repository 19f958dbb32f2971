"""The subscription to the audit log: events after a cursor, followed by new events."""

from collections.abc import AsyncGenerator, Sequence

from graphql import GraphQLError

from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.events.filter import EventFilter, log_query
from graph.events.list import event_key, order_of_log
from graph.paging import Edge, read_cursor, write_cursor
from store import Snapshot, events_log
from store.event_matching import matches
from store.events import Event

# Past events are read in batches of this size.
PAGE = 200


async def publish_events(
    context: Context, filter: EventFilter | None, after: str | None
) -> SourceEvents:
    """Publish the events that match a filter, after a cursor or from now on.

    Raises: GraphQLError: BAD_USER_INPUT, for a cursor of another installation.
    """
    query = log_query(filter)
    number = None if after is None else await _number_of(context, after)
    return _events(context, query, number)


async def _number_of(context: Context, cursor: str) -> int:
    refusal = bad_user_input(
        f"The cursor '{cursor[:100]}' does not belong to an event of this installation."
    )
    try:
        (number,) = read_cursor(order_of_log(context), cursor)
    except GraphQLError:
        raise refusal from None
    async with context.store.read() as session:
        known = await events_log.events_by_number(session, [number], documents=False)
    if number not in known:
        raise refusal
    return number


async def _events(
    context: Context, query: events_log.EventFilter, number: int | None
) -> SourceEvents:
    if number is not None:
        # Most past events are sent before the feed opens, because the feed's outbox is bounded.
        async for snapshot, events in _pages(context, query, number, context.store.snapshot):
            for event in events:
                yield _source_event(context, event, snapshot)
                number = event.number
    async with context.store.changes.subscribe() as feed:
        if number is not None:
            async for snapshot, events in _pages(context, query, number, feed.snapshot):
                for event in events:
                    yield _source_event(context, event, snapshot)
        async for commit in feed:
            # This rebinds the names from above, which would keep past events in memory.
            snapshot, events = commit.after, commit.events
            for event in events:
                if matches(query, event):
                    yield _source_event(context, event, snapshot)
    raise EndOfFeedError


async def _pages(
    context: Context, query: events_log.EventFilter, number: int, snapshot: Snapshot
) -> AsyncGenerator[tuple[Snapshot, Sequence[Event]], None]:
    """Yield the events after a number up to the revision of a snapshot, in pages."""
    while True:
        async with context.store.read() as session:
            events = await events_log.events_after(
                session, query, number, up_to=snapshot.revision, limit=PAGE
            )
        yield snapshot, events
        if len(events) < PAGE:
            return
        number = events[-1].number


def _source_event(context: Context, event: Event, snapshot: Snapshot) -> SourceEvent:
    edge = Edge(write_cursor(order_of_log(context), event_key(event)), event)
    return SourceEvent(value=edge, state=snapshot, key=(event.number, snapshot.revision))
