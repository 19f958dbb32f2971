"""The subscription to changes of toggles."""

from collections.abc import Collection

import strawberry
from msgspec import Struct

from graph.context import Context
from graph.engine.run.fields import derived, plain
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.events.event import Event
from graph.filtering import string_set
from graph.ids import encode_id
from graph.node import shows
from graph.toggles.type import Toggle
from store import events, events_log, model
from store.changes import Commit
from store.event_matching import matches


class ChangedToggle(Struct, frozen=True):
    """A toggle after an event; the toggle is None if the event deleted it."""

    toggle: model.Toggle | None
    event: events.Event


def _toggle_id(root: ChangedToggle) -> strawberry.ID:
    return encode_id("Toggle", root.event.toggle_id or "")


@strawberry.type(description="A toggle after a change.")
@shows(ChangedToggle)
class ToggleChange:
    toggle: Toggle | None = plain("The toggle, null if it was deleted.")
    toggle_id: strawberry.ID = derived(
        _toggle_id, "The ID of the toggle, for example to remove a deleted toggle from a cache."
    )
    event: Event = plain("The event that reports the change.")


def publish_toggles(
    context: Context,
    *,
    names: Collection[str] | None,
    projects: Collection[str] | None,
    environments: Collection[str] | None,
) -> SourceEvents:
    """Publish each toggle that changes from now on, in its state after the change.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    chosen = string_set(environments, "environments")
    query = events_log.EventFilter(
        toggles=string_set(names, "names"),
        # A change to the toggle itself (None) concerns all environments.
        environments=None if chosen is None else {None, *chosen},
    )
    return _toggles(context, query, string_set(projects, "projects"))


async def _toggles(
    context: Context, query: events_log.EventFilter, projects: Collection[str] | None
) -> SourceEvents:
    async with context.store.changes.subscribe() as feed:
        async for commit in feed:
            for event in commit.events:
                if (
                    event.toggle_id is not None
                    and matches(query, event)
                    and (projects is None or _is_in(projects, event, commit))
                ):
                    toggle = commit.after.toggles_by_id.get(event.toggle_id)
                    yield SourceEvent(
                        value=ChangedToggle(toggle, event),
                        state=commit.after,
                        key=(event.number, commit.after.revision),
                    )
    raise EndOfFeedError


def _is_in(projects: Collection[str], event: events.Event, commit: Commit) -> bool:
    """Whether the toggle of an event is in one of the projects, or was before the event."""
    before = commit.before.toggles_by_id.get(event.toggle_id or "")
    return event.project in projects or (before is not None and before.project in projects)
