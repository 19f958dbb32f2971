"""The resolvers of the root fields about the audit log."""

from collections.abc import Awaitable
from typing import Annotated

from strawberry import UNSET, argument

from graph.context import Info
from graph.events.actor_list import connect_actors
from graph.events.change_set_list import ChangeSetFilter, connect_change_sets
from graph.events.list import WhichEvents, connect_events
from graph.paging import After, Before, Connection, First, Last, page_arguments
from store import model
from store.events import ChangeSet, Event


def find_events(
    info: Info,
    filter: WhichEvents = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Awaitable[Connection[Event]]:
    """Return a page of the audit log, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    return connect_events(info.context, page_arguments(first, after, last, before), filter)


def find_actors(
    info: Info,
    search: Annotated[
        str | None,
        argument(description="Return only parties whose name contains this text, ignoring case."),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Awaitable[Connection[model.Actor]]:
    """Return a page of the parties that made changes, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    arguments = page_arguments(first, after, UNSET, UNSET)
    return connect_actors(info.context, arguments, search)


def find_change_sets(
    info: Info,
    filter: Annotated[
        ChangeSetFilter | None, argument(description="The change sets to return.")
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Awaitable[Connection[ChangeSet]]:
    """Return a page of the change sets, newest first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    return connect_change_sets(info.context, page_arguments(first, after, last, before), filter)
