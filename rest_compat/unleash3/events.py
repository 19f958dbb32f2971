"""The audit log over REST for clients of Unleash 3.x and newer versions."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from rest_compat.http.operation import path_parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.diffs import differences
from rest_compat.unleash3.event_document import EventJson, event_document
from store import Snapshot
from store.events import Event, EventType, SubjectKind
from store.events_log import EventFilter, newest_events
from store.model import DEFAULT_ENVIRONMENT

routes = RouteTable("admin: events")

_NAME = path_parameter("name", "The name of a toggle or of another object.", "checkout-one-page")
MAX_EVENTS = 100

_DROP_FEATURES = "drop-features"
# As in 3.17.6, an event is compared only with events of the same name and the same family. Types
# that are not listed, such as `tag-type-updated` or `feature-tag-import`, are compared only with
# the same type (contract/rest-v3.yaml, "events-list").
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

# Events of these types record the deletion of all objects of a kind. The keys are the names in the
# data of the events.
_DROPPED = {
    f"all-{dropped}": f"drop-{dropped}"
    for dropped in ("features", "strategies", "projects", "tags", "tag-types", "feature-tags")
}

# Lists omit events of these types, because each change in the group also has an event.
BOOKKEEPING = (
    EventType.STATE_IMPORTED.value,
    EventType.CHANGE_SET_APPLIED.value,
    EventType.CHANGE_SET_STEP_APPLIED.value,
)
_ALL = (EventFilter(except_wire_types=BOOKKEEPING),)
_DROPS = tuple(
    EventFilter(wire_types=(_DROP_FEATURES,), environments=(at,))
    for at in (None, DEFAULT_ENVIRONMENT)
)


class EventsJson(Struct, kw_only=True, rename="camel"):
    """The changes."""

    version: int = 1
    events: Sequence[EventJson]


class EventsOfNameJson(Struct, kw_only=True, rename="camel"):
    """The changes of all objects with the requested name."""

    toggle_name: str
    events: Sequence[EventJson]


@routes.route(
    "GET",
    "/api/admin/events",
    id="getEvents",
    answers={200: EventsJson},
    errors=(UnavailableError,),
)
async def list_events(request: Request) -> Response:
    """List the newest hundred changes in all environments, newest first.

    `data` contains the object after the change, and `preData` contains the object before the
    change. `diffs` lists the differences from the previous event with the same name.
    """
    async with request.store.read() as session:
        events = await newest_events(session, _ALL, MAX_EVENTS)
    # A thread converts the events, because each event may contain a body of maximum size.
    return await asyncio.to_thread(_events, events, request.snapshot)


def _events(events: Iterable[Event], snapshot: Snapshot) -> Response:
    compared = _compared([*map(event_document, events)], snapshot)
    return json_response(EventsJson(events=compared))


@routes.route(
    "GET",
    "/api/admin/events/:name",
    id="getEventsForToggle",
    parameters=(_NAME,),
    answers={200: EventsOfNameJson},
    errors=(UnavailableError,),
)
async def list_events_of_name(request: Request) -> Response:
    """List the newest hundred changes of the objects with a name, newest first.

    The name may belong to a toggle, a strategy, a context field, a tag type, a project, an
    environment or a segment.
    """
    name = request.parameters["name"]
    async with request.store.read() as session:
        drops = await newest_events(session, _DROPS, 1, documents=False)
        # The history of a name begins with the last event that deleted all toggles.
        since = drops[0].number if drops else 0
        filters = _filters_of(name, request.snapshot, since)
        events = await newest_events(session, filters, MAX_EVENTS)
    return await asyncio.to_thread(_events_of_name, name, events, request.snapshot)


def _events_of_name(name: str, events: Iterable[Event], snapshot: Snapshot) -> Response:
    compared = _compared(
        [event for event in map(event_document, events) if event.is_of(name)], snapshot
    )
    return json_response(EventsOfNameJson(toggle_name=name, events=compared))


def _filters_of(name: str, snapshot: Snapshot, since: int) -> Iterable[EventFilter]:
    """Return filters for all events that may belong to the history of a name."""
    yield EventFilter(toggles=(name,), except_wire_types=BOOKKEEPING, numbers_from=since)
    # The name of a project in 3.x is the title of the project in the store.
    projects = [project.name for project in snapshot.projects.values() if project.title == name]
    segments = [segment.id for segment in snapshot.segments.values() if segment.name == name]
    subjects = [
        (SubjectKind.STRATEGY, name),
        (SubjectKind.CONTEXT_FIELD, name),
        (SubjectKind.TAG_TYPE, name),
        (SubjectKind.ENVIRONMENT, name),
        *((SubjectKind.PROJECT, project) for project in projects),
        *((SubjectKind.SEGMENT, str(segment)) for segment in segments),
    ]
    for subject in subjects:
        yield EventFilter(subjects=(subject,), except_wire_types=BOOKKEEPING, numbers_from=since)
    if name in _DROPPED:
        for environment in (None, DEFAULT_ENVIRONMENT):
            yield EventFilter(
                wire_types=(_DROPPED[name],), environments=(environment,), numbers_from=since
            )


def _compared(events: Sequence[EventJson], snapshot: Snapshot) -> Sequence[EventJson]:
    """Compare each event with the next older event of the same name and family, and set `diffs`.

    Events outside of `default` are not compared, because 3.x has no other environment.
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
    """Return the data that 3.x records when it creates a built-in strategy.

    Flagstaff records no creation events for built-in strategies. Therefore the first event of a
    built-in strategy is compared with this data (contract/rest-v3.yaml, "events-list").
    """
    strategy = snapshot.strategies.get(name) if family == _STRATEGIES and name else None
    if strategy is None or not strategy.built_in:
        return None
    document: dict[str, Any] = {"name": strategy.name, "description": strategy.description}
    if strategy.parameters:
        document["parameters"] = msgspec.to_builtins(strategy.parameters)
    return document
