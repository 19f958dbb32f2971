"""Pages of change sets, and pages of the events of a change set."""

import strawberry

from graph.context import Context
from graph.enums import ChangeSetState
from graph.events.list import connect_events_of
from graph.filtering import DateTimeRangeInput, entries, given, optional, searched, string_set
from graph.paging import Connection, KeyNumber, KeyString, Ordering, PageArguments, window_of
from store import change_sets
from store.events import ChangeSet, Event
from store.events_log import ALL_EVENTS
from store.paging import Key

_CHANGE_SETS = Ordering("change sets", tuple[KeyNumber, KeyString])


@strawberry.input(
    description=(
        "Selects the change sets that match all given fields. A field with a list matches if one "
        "of the list's entries matches."
    )
)
class ChangeSetFilter:
    states: list[ChangeSetState] | None = optional("Only change sets in one of these states.")
    applied: bool | None = optional(
        "Only change sets that have been applied (true), or that have not been applied (false)."
    )
    toggles: list[str] | None = optional(
        "Only change sets that affect at least one of these toggles."
    )
    environments: list[str] | None = optional(
        "Only change sets that affect at least one of these environments."
    )
    actors: list[str] | None = optional(
        "Only change sets that were created by one of these parties, given by name."
    )
    created_at: DateTimeRangeInput | None = optional(
        "Only change sets that were created in this span."
    )
    search: str | None = optional(
        "Only change sets whose comment contains this text, ignoring case."
    )


async def connect_change_sets(
    context: Context, arguments: PageArguments, filter: ChangeSetFilter | None
) -> Connection[ChangeSet]:
    """Return a page of the change sets that match a filter, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    query, window = _store_filter(filter), window_of(arguments, _CHANGE_SETS)
    async with context.store.read() as session:
        page = await change_sets.list_change_sets(session, query, window)

    async def count() -> int:
        async with context.store.read() as session:
            return await change_sets.count_change_sets(session, query)

    return Connection(page, _CHANGE_SETS, _key, count)


async def connect_events_of_change_set(
    context: Context, change_set_id: str, arguments: PageArguments
) -> Connection[Event]:
    """Return a page of all events of a change set, newest first, without their documents.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    return await connect_events_of(context, change_set_id, "change_set_id", ALL_EVENTS, arguments)


def _store_filter(filter: ChangeSetFilter | None) -> change_sets.ChangeSetFilter:
    filter = given(filter)
    if filter is None:
        return change_sets.ChangeSetFilter()
    states, created = entries(filter.states, "states"), given(filter.created_at)
    return change_sets.ChangeSetFilter(
        states=None if states is None else frozenset(states),
        applied=given(filter.applied),
        toggles=string_set(filter.toggles, "toggles"),
        environments=string_set(filter.environments, "environments"),
        actors=string_set(filter.actors, "actors"),
        created_from=None if created is None else created.earliest,
        created_to=None if created is None else created.end,
        search=searched(filter.search),
    )


def _key(change_set: ChangeSet) -> Key:
    return (change_set.revision, change_set.id)
