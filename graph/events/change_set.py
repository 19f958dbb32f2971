"""Change sets: changes that are applied together."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from graph.context import Info
from graph.engine.run.fields import REVISION, plain, resolved
from graph.events.change import Change
from graph.events.change_report import ChangeReport
from graph.events.change_set_list import connect_events_of_change_set
from graph.events.event import EventConnection
from graph.node import Node, id_field, shows
from graph.paging import (
    After,
    Before,
    Connection,
    CountedConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.tokens.actor import Actor
from store import events
from store.operations.change_sets import changes_from_events


async def _changes(root: events.ChangeSet, info: Info) -> Sequence[ChangeReport]:
    made = changes_from_events(await info.context.loaders.change_set_events.load(root.id) or ())
    return [ChangeReport(applied) for applied in made]


async def _reverts(root: events.ChangeSet, info: Info) -> events.ChangeSet | None:
    if root.reverts_id is None:
        return None
    return await info.context.loaders.change_sets.load(root.reverts_id)


def _reverted_by(root: events.ChangeSet, info: Info) -> Awaitable[events.ChangeSet | None]:
    return info.context.loaders.reverting_change_sets.load(root.id)


def _events(
    root: events.ChangeSet,
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[events.Event]]:
    arguments = page_arguments(first, after, last, before)
    return connect_events_of_change_set(info.context, root.id, arguments)


@strawberry.type(description="A group of changes that are applied together or not at all.")
@shows(events.ChangeSet)
class ChangeSet(Node):
    id: strawberry.ID = id_field("ChangeSet", "id", "The globally unique ID of this change set.")
    comment: str = plain("The reason for the changes, empty if not given.")
    changes: list[Change] = resolved(_changes, "The changes in the order of application.")
    reverts: Annotated["ChangeSet", strawberry.lazy("graph.events.change_set")] | None = resolved(
        _reverts, "The change set that this one undoes, null if this is not an undo."
    )
    reverted_by: Annotated["ChangeSet", strawberry.lazy("graph.events.change_set")] | None = (
        resolved(_reverted_by, "The change set that undid this one, null if there is none.")
    )
    events: EventConnection = resolved(_events, "The events of the change set, newest first.")
    created_at: datetime = plain("When it was made.")
    created_by: Actor = plain("Who made it.")
    applied_at: datetime | None = plain("When it was applied, null until then.")
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one change set and its cursor.")
class ChangeSetEdge(EdgeOf):
    node: ChangeSet = plain("The change set at the end of the edge.")


@strawberry.type(description="A page of the list of change sets.")
class ChangeSetConnection(CountedConnectionOf[ChangeSetEdge, ChangeSet]):
    pass
