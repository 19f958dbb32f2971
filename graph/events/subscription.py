"""The subscription to the audit log: events after a cursor, followed by new events."""

from graph.context import Context
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.events.filter import EventFilter, log_query
from graph.events.list import event_key, order_of_log
from graph.events.resuming import number_of_cursor, pages_after
from graph.paging import Edge
from store import Snapshot, events_log
from store.event_matching import matches
from store.events import Event


async def publish_events(
    context: Context, filter: EventFilter | None, after: str | None
) -> SourceEvents:
    """Publish the events that match a filter.

    If a cursor is given, past events after the cursor are published first.

    Raises: GraphQLError: BAD_USER_INPUT, for a cursor of another installation.
    """
    query = log_query(filter)
    number = None if after is None else await number_of_cursor(context, after)
    return _events(context, query, number)


async def _events(
    context: Context, query: events_log.EventFilter, number: int | None
) -> SourceEvents:
    if number is not None:
        # Most past events are sent before the feed opens, because the feed can buffer only a
        # limited number of events.
        async for snapshot, events in pages_after(context, query, number, context.store.snapshot):
            for event in events:
                yield _source_event(context, event, snapshot)
                number = event.number
    async with context.store.changes.subscribe() as feed:
        if number is not None:
            async for snapshot, events in pages_after(context, query, number, feed.snapshot):
                for event in events:
                    yield _source_event(context, event, snapshot)
        async for commit in feed:
            # The variables of the loops above are rebound here. Otherwise they would keep past
            # events in memory.
            snapshot, events = commit.after, commit.events
            for event in events:
                if matches(query, event):
                    yield _source_event(context, event, snapshot)
    raise EndOfFeedError


def _source_event(context: Context, event: Event, snapshot: Snapshot) -> SourceEvent:
    edge = Edge(event, order_of_log(context), event_key)
    return SourceEvent(value=edge, state=snapshot, key=(event.number, snapshot.revision))
