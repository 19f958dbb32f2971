"""Pages of unknown toggles."""

from graph.applications.list import hours_before
from graph.context import Context
from graph.paging import Connection, KeyText, KeyTime, Ordering, PageArguments, window_of
from store.metrics import unknown

_UNKNOWN = Ordering("unknown toggles", tuple[KeyTime, KeyText])


async def connect_unknown_toggles(
    context: Context,
    arguments: PageArguments,
    *,
    applications: frozenset[str] | None,
    seen_within_hours: int,
) -> Connection[unknown.UnknownToggle]:
    """A page of the names that applications asked for lately and no toggle has.

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
