"""The subscription to changes of toggles."""

from collections.abc import AsyncGenerator, Collection, Sequence

import strawberry
from msgspec import Struct

from graph.context import Context
from graph.engine.run.fields import derived, plain
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.events.event import Event
from graph.events.resuming import cursor_of, number_of_cursor, pages_after
from graph.filtering import string_set
from graph.ids import encode_id
from graph.node import shows
from graph.toggles.type import Toggle
from store import Snapshot, events, events_log, model
from store.changes import Commit
from store.event_matching import matches


class ChangedToggle(Struct, frozen=True):
    """A toggle after an event, and the cursor of the event.

    The toggle is None if it was deleted.
    """

    toggle: model.Toggle | None
    event: events.Event
    cursor: str


def _toggle_id(root: ChangedToggle) -> strawberry.ID:
    return encode_id("Toggle", root.event.toggle_id or "")


@strawberry.type(description="A toggle after a change.")
@shows(ChangedToggle)
class ToggleChange:
    toggle: Toggle | None = plain(
        "The toggle after the change, null if the toggle was deleted. For a change that was made "
        "before the subscription started, this is the toggle in its current state."
    )
    toggle_id: strawberry.ID = derived(
        _toggle_id, "The ID of the toggle, for example to remove a deleted toggle from a cache."
    )
    event: Event = plain("The event that reports the change.")
    cursor: str = plain("The cursor of the event. Send it as `after` to resume the subscription.")


async def publish_toggles(
    context: Context,
    *,
    names: Collection[str] | None,
    projects: Collection[str] | None,
    environments: Collection[str] | None,
    after: str | None,
) -> SourceEvents:
    """Publish each toggle that changes.

    If a cursor is given, past changes after the cursor are published first.

    Raises: GraphQLError: BAD_USER_INPUT, for example for a cursor of another installation.
    """
    chosen = string_set(environments, "environments")
    query = events_log.EventFilter(
        toggles=string_set(names, "names"),
        # A change that affects all environments has the environment None.
        environments=None if chosen is None else {None, *chosen},
    )
    project_names = string_set(projects, "projects")
    number = None if after is None else await number_of_cursor(context, after)
    return _toggles(context, query, project_names, number)


async def _toggles(
    context: Context,
    query: events_log.EventFilter,
    projects: Collection[str] | None,
    number: int | None,
) -> SourceEvents:
    if number is not None:
        # Most past changes are sent before the feed opens, because the feed can buffer only a
        # limited number of changes.
        async for snapshot, event in _past(
            context, query, projects, number, context.store.snapshot
        ):
            yield _source_event(context, event, snapshot)
            number = event.number
    async with context.store.changes.subscribe() as feed:
        if number is not None:
            async for snapshot, event in _past(context, query, projects, number, feed.snapshot):
                yield _source_event(context, event, snapshot)
        async for commit in feed:
            # The variables of the loops above are rebound here. Otherwise they would keep past
            # events in memory.
            snapshot = commit.after
            for event in commit.events:
                if (
                    event.toggle_id is not None
                    and matches(query, event)
                    and (projects is None or _is_in(projects, event, commit))
                ):
                    yield _source_event(context, event, snapshot)
    raise EndOfFeedError


async def _past(
    context: Context,
    query: events_log.EventFilter,
    projects: Collection[str] | None,
    number: int,
    snapshot: Snapshot,
) -> AsyncGenerator[tuple[Snapshot, events.Event], None]:
    """Yield the events of toggles after a number, up to the revision of a snapshot."""
    async for state, page in pages_after(context, query, number, snapshot):
        found = [event for event in page if event.toggle_id is not None]
        moved = () if projects is None else await _moved_out(context, projects, found)
        for event in found:
            if projects is None or event.project in projects or event.number in moved:
                yield state, event


async def _moved_out(
    context: Context, projects: Collection[str], page: Sequence[events.Event]
) -> Collection[int]:
    """Return the numbers of the events that moved toggles out of the projects."""
    elsewhere = [event.number for event in page if event.project not in projects]
    if not elsewhere:
        return ()
    async with context.store.read() as session:
        whole = await events_log.events_by_number(session, elsewhere)
    return {
        number
        for number, event in whole.items()
        if event.before is not None and event.before["project"] in projects
    }


def _source_event(context: Context, event: events.Event, snapshot: Snapshot) -> SourceEvent:
    toggle = snapshot.toggles_by_id.get(event.toggle_id or "")
    return SourceEvent(
        value=ChangedToggle(toggle, event, cursor_of(context, event)),
        state=snapshot,
        key=(event.number, snapshot.revision),
    )


def _is_in(projects: Collection[str], event: events.Event, commit: Commit) -> bool:
    """Whether the toggle of an event was in one of the projects before or after the event."""
    before = commit.before.toggles_by_id.get(event.toggle_id or "")
    return event.project in projects or (before is not None and before.project in projects)
