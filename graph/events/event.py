"""Events: entries of the audit log."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import strawberry
from strawberry.scalars import JSON

from graph.context import Context, Info
from graph.engine.run.fields import Loading, contextual, plain, resolved
from graph.enums import EventType, FieldChangeKind
from graph.environments.type import Environment
from graph.events.filter import type_of_kind
from graph.node import Node, id_field, shows
from graph.nodes import find_object
from graph.paging import CountedConnectionOf, EdgeOf
from graph.projects.type import Project
from graph.toggles.type import Toggle
from graph.tokens.actor import Actor
from store import events, model
from store.event_documents import EventDocuments
from store.events import SubjectKind

if TYPE_CHECKING:
    from graph.events.change_set import ChangeSet


def _subject(root: events.Event, info: Info) -> object | None | Awaitable[object | None]:
    type_name = type_of_kind(root.subject_kind)
    return None if type_name is None else find_object(info.context, type_name, root.subject_key)


def _toggle(root: events.Event, context: Context) -> model.Toggle | None:
    return context.snapshot.toggles_by_id.get(root.toggle_id or "")


def _environment(root: events.Event, context: Context) -> model.Environment | None:
    return context.snapshot.environments.get(root.environment or "")


def _project(root: events.Event, context: Context) -> model.Project | None:
    return context.snapshot.projects.get(root.project or "")


async def _change_set(root: events.Event, info: Info) -> events.ChangeSet | None:
    if root.change_set_id is None:
        return None
    return await info.context.loaders.change_sets.load(root.change_set_id)


async def _load_change_sets(roots: Sequence[events.Event], context: Context) -> None:
    ids = [root.change_set_id for root in roots if root.change_set_id is not None]
    found = await context.loaders.change_sets.load_many(ids)
    context.loaded_change_sets.update(zip(ids, found, strict=True))


def _loaded_change_set(root: events.Event, context: Context) -> events.ChangeSet | None:
    if root.change_set_id is None:
        return None
    return context.loaded_change_sets[root.change_set_id]


# Imported events of other kinds are, for example, about users.
_WITH_SECRETS = frozenset({SubjectKind.API_TOKEN, SubjectKind.WEBHOOK, SubjectKind.OTHER})


def shows_documents(event: events.Event, context: Context) -> bool:
    """Whether the caller may see the object before and after an event."""
    return event.subject_kind not in _WITH_SECRETS or context.sees_secrets


async def _load_documents(roots: Sequence[events.Event], context: Context) -> None:
    numbers = [root.number for root in roots if shows_documents(root, context)]
    found = await context.loaders.event_documents.load_many(numbers)
    context.loaded_documents.update(zip(numbers, found, strict=True))


def _before(documents: EventDocuments) -> orjson.Fragment | None:
    return None if documents.before is None else orjson.Fragment(documents.before)


def _after(documents: EventDocuments) -> orjson.Fragment | None:
    return None if documents.after is None else orjson.Fragment(documents.after)


def _changes(documents: EventDocuments) -> Sequence[events.FieldChange]:
    return documents.changes


def _documented(description: str, read: Callable[[EventDocuments], Any], absent: Any = None) -> Any:
    """Declare a field that is derived from the object before and after an event."""

    def read_loaded(root: events.Event, context: Context) -> Any:
        if not shows_documents(root, context):
            return absent
        documents = context.loaded_documents[root.number]
        return absent if documents is None else read(documents)

    async def resolve(root: events.Event, info: Info) -> Any:
        await _load_documents([root], info.context)
        return read_loaded(root, info.context)

    return resolved(resolve, description, loading=Loading(_load_documents, read_loaded))


@strawberry.type(description="One difference between two states of an object.")
@shows(events.FieldChange)
class FieldChange:
    path: str = plain("The path of the difference, as a JSON Pointer.")
    kind: FieldChangeKind = plain("The kind of difference.")
    before: JSON | None = plain("The old value, null if there was none.")
    after: JSON | None = plain("The new value, null if there is none.")


@strawberry.type(description="An entry of the audit log: one change to one object.")
@shows(events.Event)
class Event(Node):
    id: strawberry.ID = id_field("Event", "number", "The globally unique ID of this event.")
    number: int = plain(
        "The number of the event in the audit log. Later events have higher numbers, and no number "
        "is reused."
    )
    revision: int = plain(
        "The server's revision after the change. All events of a transaction have the "
        "same revision."
    )
    type: EventType = plain("The type of the event.")
    wire_type: str = plain("The name of the event type in the REST API, such as feature-created.")
    summary: str = plain("The event in one sentence.")
    subject: Node | None = resolved(
        _subject, "The object that changed, null if it no longer exists."
    )
    subject_name: str = plain("The name that the object had at the time of the event.")
    toggle: Toggle | None = contextual(
        _toggle,
        "The toggle that the event concerns. Null if the event does not concern a toggle, or if "
        "the toggle no longer exists.",
        reads=("toggles_by_id",),
    )
    environment: Environment | None = contextual(
        _environment,
        "The environment that the change concerns. Null if the change does not concern a single "
        "environment, or if the environment no longer exists.",
        reads=("environments",),
    )
    project: Project | None = contextual(
        _project,
        "The project that the event concerns. Null if the event does not concern a project, or if "
        "the project no longer exists.",
        reads=("projects",),
    )
    actor: Actor = plain("Who made the change.")
    change_set: Annotated["ChangeSet", strawberry.lazy("graph.events.change_set")] | None = (
        resolved(
            _change_set,
            "The change set that contains the change; null if the change was not made in a change "
            "set.",
            loading=Loading(_load_change_sets, _loaded_change_set),
        )
    )
    before: JSON | None = _documented(
        "The object before the change, null if it was created.", _before
    )
    after: JSON | None = _documented("The object after the change, null if it was deleted.", _after)
    changes: list[FieldChange] = _documented(
        "The differences between before and after.", _changes, absent=()
    )
    created_at: datetime = plain("When the change was made.")


@strawberry.type(description="An edge with one event and its cursor.")
class EventEdge(EdgeOf):
    node: Event = plain("The event at the end of the edge.")


@strawberry.type(description="A page of the list of events.")
class EventConnection(CountedConnectionOf[EventEdge, Event]):
    pass
