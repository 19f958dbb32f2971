"""Read past events for subscriptions that resume after a cursor."""

from collections.abc import AsyncGenerator, Sequence

from graphql import GraphQLError

from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.events.list import event_key, order_of_log
from graph.paging import read_cursor, write_cursor
from store import Snapshot, events_log
from store.events import Event

# Past events are read in pages of this size.
PAGE = 200


def cursor_of(context: Context, event: Event) -> str:
    """Return the cursor of an event."""
    return write_cursor(order_of_log(context), event_key(event))


async def number_of_cursor(context: Context, cursor: str) -> int:
    """Return the number of the event with a cursor.

    Raises: GraphQLError: BAD_USER_INPUT, for a cursor of another installation.
    """
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


async def pages_after(
    context: Context, query: events_log.EventFilter, number: int, snapshot: Snapshot
) -> AsyncGenerator[tuple[Snapshot, Sequence[Event]], None]:
    """Yield pages of the events after a number, up to the revision of a snapshot."""
    while True:
        async with context.store.read() as session:
            events = await events_log.events_after(
                session, query, number, up_to=snapshot.revision, limit=PAGE
            )
        yield snapshot, events
        if len(events) < PAGE:
            return
        number = events[-1].number
