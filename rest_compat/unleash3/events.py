"""The audit log over REST: all of it, newest first, in the forms of 3.x and of today."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.diffs import differences
from rest_compat.unleash3.event_document import V3Event, event_document
from store import Snapshot
from store.events import EventType, SubjectKind
from store.events_log import EventFilter, newest_events
from store.model import DEFAULT_ENVIRONMENT

MOST_EVENTS = 100

_DROP_FEATURES = "drop-features"
# Events are compared within these families of 3.17.6 and one name; every other type, such as
# `tag-type-updated` and `feature-tag-import`, is a family of its own (contract/rest-v3.yaml,
# "events-list").
_STRATEGIES = "strategies"
_FAMILIES: dict[str, Collection[str]] = {
    "toggles": (
        "feature-created",
        "feature-updated",
        "feature-stale-on",
        "feature-stale-off",
        "feature-archived",
        "feature-revived",
        "feature-import",
        "feature-tagged",
        "feature-untagged",
        _DROP_FEATURES,
    ),
    _STRATEGIES: (
        "strategy-created",
        "strategy-updated",
        "strategy-deleted",
        "strategy-deprecated",
        "strategy-reactivated",
        "strategy-import",
        "drop-strategies",
    ),
    "context fields": ("context-field-created", "context-field-updated", "context-field-deleted"),
    "projects": ("project-created", "project-updated", "project-deleted"),
    "tags": ("tag-created", "tag-deleted"),
    "tag types": ("tag-type-created", "tag-type-deleted"),
}
_FAMILY_OF = {type: family for family, types in _FAMILIES.items() for type in types}

# The names that stand in the data of events that tell of everything being dropped.
_DROPPED = {
    f"all-{dropped}": f"drop-{dropped}"
    for dropped in ("features", "strategies", "projects", "tags", "tag-types", "feature-tags")
}

# What says that changes were made together, which have events of their own; and the parts of an
# import of a 3.x document, which 3.x tells by other events.
_BOOKKEEPING = (EventType.STATE_IMPORTED.value, EventType.CHANGE_SET_APPLIED.value)
_ALL = (EventFilter(except_wire_types=_BOOKKEEPING),)
_DROPS = tuple(
    EventFilter(wire_types=(_DROP_FEATURES,), environments=(at,))
    for at in (None, DEFAULT_ENVIRONMENT)
)


async def _list(request: Request) -> Answer:
    async with request.store.read() as session:
        events = await newest_events(session, _ALL, MOST_EVENTS)
    return await _told({"version": 1}, map(event_document, events), request.snapshot)


async def _list_of_name(request: Request) -> Answer:
    name = request.parameters["name"]
    async with request.store.read() as session:
        drops = await newest_events(session, _DROPS, 1, documents=False)
        # Names have a history since then.
        since = drops[0].number if drops else 0
        filters = _filters_of(name, request.snapshot, since)
        events = await newest_events(session, filters, MOST_EVENTS)
    documents = (it for it in map(event_document, events) if it.is_of(name))
    return await _told({"toggleName": name}, documents, request.snapshot)


async def _told(about: dict[str, Any], events: Iterable[V3Event], snapshot: Snapshot) -> Answer:
    # A hundred events may hold a hundred bodies of the largest size; nobody else waits for that.
    def answer() -> Answer:
        return json_answer({**about, "events": _compared([*events], snapshot)})

    return await asyncio.to_thread(answer)


def _filters_of(name: str, snapshot: Snapshot, since: int) -> Iterable[EventFilter]:
    """Filters that let through all events in whose data the name can stand."""
    yield EventFilter(toggles=(name,), except_wire_types=_BOOKKEEPING, numbers_from=since)
    # What 3.x calls the name of a project is its title.
    projects = [it.name for it in snapshot.projects.values() if it.title == name]
    segments = [it.id for it in snapshot.segments.values() if it.name == name]
    subjects = [
        (SubjectKind.STRATEGY, name),
        (SubjectKind.CONTEXT_FIELD, name),
        (SubjectKind.TAG_TYPE, name),
        (SubjectKind.ENVIRONMENT, name),
        *((SubjectKind.PROJECT, it) for it in projects),
        *((SubjectKind.SEGMENT, str(it)) for it in segments),
    ]
    for subject in subjects:
        yield EventFilter(subjects=(subject,), except_wire_types=_BOOKKEEPING, numbers_from=since)
    if name in _DROPPED:
        for environment in (None, DEFAULT_ENVIRONMENT):
            yield EventFilter(
                wire_types=(_DROPPED[name],), environments=(environment,), numbers_from=since
            )


def _compared(events: Sequence[V3Event], snapshot: Snapshot) -> Sequence[V3Event]:
    """The events, newest first, each with what differs from the next older one of its group.

    What happened outside of `default` is compared with nothing: 3.x knows no other environment.
    """
    latest: dict[tuple[str, str | None], Any] = {}
    for event in reversed(events):
        if event.environment not in (None, DEFAULT_ENVIRONMENT):
            continue
        family = _FAMILY_OF.get(event.type, event.type)
        group = (family, event.name)
        older = latest.get(group, _built_in(family, event.name, snapshot))
        if older is not None:
            event.diffs = differences(older, event.data)
        latest[group] = event.data
    return events


def _built_in(family: str, name: str | None, snapshot: Snapshot) -> dict[str, Any] | None:
    """What 3.x servers tell of the making of a built-in strategy, which is not in the log here:
    the first event of one is compared with it (contract/rest-v3.yaml, "events-list")."""
    strategy = snapshot.strategies.get(name) if family == _STRATEGIES and name else None
    if strategy is None or not strategy.built_in:
        return None
    document: dict[str, Any] = {"name": strategy.name, "description": strategy.description}
    if strategy.parameters:
        document["parameters"] = msgspec.to_builtins(strategy.parameters)
    return document


ROUTES: Routes = {
    "/api/admin/events": {"GET": Route(_list)},
    "/api/admin/events/:name": {"GET": Route(_list_of_name)},
}
