"""Toggles as they change."""

from collections.abc import Collection

from graph.context import Context
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.filtering import texts
from graph.toggles.change import ChangedToggle
from store import events_log
from store.changes import Commit
from store.event_matching import matches
from store.events import Event


def push_toggles(
    context: Context,
    *,
    names: Collection[str] | None,
    projects: Collection[str] | None,
    environments: Collection[str] | None,
) -> SourceEvents:
    """The toggles that change from now on, as they are after each change.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    chosen = texts(environments, "environments")
    asked = events_log.EventFilter(
        toggles=texts(names, "names"),
        # Changes of a toggle itself concern all of its environments.
        environments=None if chosen is None else {None, *chosen},
    )
    return _toggles(context, asked, texts(projects, "projects"))


async def _toggles(
    context: Context, asked: events_log.EventFilter, projects: Collection[str] | None
) -> SourceEvents:
    async with context.store.changes.subscribe() as feed:
        async for commit in feed:
            for event in commit.events:
                if (
                    event.toggle_id is not None
                    and matches(asked, event)
                    and (projects is None or _is_in(projects, event, commit))
                ):
                    toggle = commit.after.toggles_by_id.get(event.toggle_id)
                    yield SourceEvent(
                        value=ChangedToggle(toggle, event),
                        state=commit.after,
                        key=(event.number, commit.after.revision),
                    )
    raise EndOfFeedError


def _is_in(projects: Collection[str], event: Event, commit: Commit) -> bool:
    """Whether a change concerns one of some projects: the toggle is in it or has just left it."""
    before = commit.before.toggles_by_id.get(event.toggle_id or "")
    return event.project in projects or (before is not None and before.project in projects)
