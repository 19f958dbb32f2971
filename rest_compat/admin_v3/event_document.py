"""An event as the 3.x admin API tells it, whichever part of the server made the change."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from rest_compat.admin_v3.feature_document import toggle_document, toggle_settings
from store.events import Event, EventType
from store.model import ANONYMOUS, ContextField, Project, Strategy, TagType, Toggle
from store.values import Tag
from store.wire_time import wire_time

NOBODY = "unknown"

# What 3.x knows of a toggle's configuration is one environment, and one type of event tells all
# that changes there.
CONFIGURATION_TYPES = frozenset(
    it.value
    for it in (
        EventType.TOGGLE_CONFIGURED,
        EventType.TOGGLE_ENABLED,
        EventType.TOGGLE_DISABLED,
        EventType.TOGGLE_STRATEGY_ADDED,
        EventType.TOGGLE_STRATEGY_UPDATED,
        EventType.TOGGLE_STRATEGY_REMOVED,
        EventType.TOGGLE_STRATEGIES_REORDERED,
        EventType.TOGGLE_VARIANTS_UPDATED,
    )
)
_TAGGING_TYPES = frozenset({EventType.TOGGLE_TAGGED.value, EventType.TOGGLE_UNTAGGED.value})
_TOGGLE_UPDATED = EventType.TOGGLE_UPDATED.value

# Types whose events carry the toggle's tags beside their data.
_WITH_TAGS = frozenset(
    {
        _TOGGLE_UPDATED,
        EventType.TOGGLE_ARCHIVED.value,
        EventType.TOGGLE_REVIVED.value,
        EventType.TOGGLE_STALE_ON.value,
        EventType.TOGGLE_STALE_OFF.value,
    }
)

# Types whose stored data may be a whole toggle, the times in it, and how those were written before
# they had three decimals.
_WITH_TIMES = frozenset({"feature-updated", "feature-stale-on", "feature-stale-off"})
_TIMES = frozenset({"createdAt", "lastSeenAt"})
_EARLIER_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)


class Told(NamedTuple):
    """What 3.x tells of an event."""

    type: str
    data: dict[str, Any]


class V3Event(Struct, rename="camel"):
    """An event of 3.x (contract/NOTES.md, "Events, 3.x"); `diffs` is None where no older event is
    there to compare with."""

    id: int
    type: str
    created_by: str
    created_at: str
    data: dict[str, Any]
    tags: list[Any]
    diffs: list[dict[str, Any]] | None = None

    @property
    def name(self) -> str | None:
        """The name by which 3.x finds an event, and groups it with others to compare with."""
        name: Any = self.data.get("name")
        return name if isinstance(name, str) else None


def event_document(event: Event) -> V3Event:
    """An event that has its documents."""
    type, data = _told(event)
    tags: list[Any] = event.after["tags"] if type in _WITH_TAGS and event.after else []
    created_by = NOBODY if event.actor == ANONYMOUS else event.actor.name
    return V3Event(event.number, type, created_by, wire_time(event.created_at), data, tags)


def _told(event: Event) -> Told:
    if event.wire_data is not None:
        return Told(event.wire_type, _with_wire_times(event.wire_type, event.wire_data))
    if event.wire_type in CONFIGURATION_TYPES:
        return Told(_TOGGLE_UPDATED, _toggle(event))
    if event.wire_type in _TAGGING_TYPES:
        return _tagging(event)
    return Told(event.wire_type, _FORMS.get(event.wire_type, _name)(event))


def _with_wire_times(type: str, data: Any) -> Any:
    """The stored document; toggles that earlier versions stored with other decimals get three."""
    if type not in _WITH_TIMES:
        return data
    return {
        key: f"{value[:19]}.{value[20:23] or '000'}Z"
        if key in _TIMES and isinstance(value, str) and _EARLIER_TIME.fullmatch(value)
        else value
        for key, value in data.items()
    }


def _toggle(event: Event) -> dict[str, Any]:
    # When it was last seen by then is not in the log.
    return toggle_document(msgspec.convert(event.after, Toggle), last_seen_at=None)


def _settings(event: Event) -> dict[str, Any]:
    return toggle_settings(msgspec.convert(event.after, Toggle))


def _tagging(event: Event) -> Told:
    """One tag put on or taken off; 3.x has no event of more, so that shows as a changed toggle."""
    before, after = (msgspec.convert(it["tags"], set[Tag]) for it in (event.before, event.after))
    if len(changed := before ^ after) != 1:
        return Told(_TOGGLE_UPDATED, _toggle(event))
    (tag,) = changed
    data = {"featureName": event.subject_name, "tag": msgspec.to_builtins(tag)}
    return Told(event.wire_type, data)


def _strategy(event: Event) -> dict[str, Any]:
    strategy = msgspec.convert(event.after, Strategy)
    return {
        "name": strategy.name,
        "description": strategy.description,
        "parameters": [msgspec.to_builtins(it) for it in strategy.parameters],
        "editable": not strategy.built_in,
        "deprecated": strategy.deprecated,
    }


def _context_field(event: Event) -> dict[str, Any]:
    field = msgspec.convert(event.after, ContextField)
    return {
        "name": field.name,
        "description": field.description,
        "legalValues": [it.value for it in field.legal_values],
        "stickiness": field.stickiness,
    }


def _tag_type(event: Event) -> dict[str, Any]:
    tag_type = msgspec.convert(event.after, TagType)
    return {"name": tag_type.name, "description": tag_type.description, "icon": tag_type.icon}


def _project(event: Event) -> dict[str, Any]:
    project = msgspec.convert(event.after or event.before, Project)
    return {"id": project.name, "name": project.title, "description": project.description}


def _tag(event: Event) -> Any:
    return event.after or event.before


def _name(event: Event) -> dict[str, Any]:
    return {"name": event.subject_name}


# What is told of changes that were not made through 3.x, whose own come with their data.
_FORMS: Mapping[str, Callable[[Event], Any]] = {
    EventType.TOGGLE_CREATED.value: _settings,
    EventType.TOGGLE_UPDATED.value: _toggle,
    EventType.TOGGLE_STALE_ON.value: _toggle,
    EventType.TOGGLE_STALE_OFF.value: _toggle,
    EventType.TOGGLE_ARCHIVED.value: _name,
    EventType.TOGGLE_REVIVED.value: _name,
    EventType.STRATEGY_CREATED.value: _strategy,
    EventType.STRATEGY_UPDATED.value: _strategy,
    EventType.STRATEGY_DEPRECATED.value: _name,
    EventType.STRATEGY_REACTIVATED.value: _name,
    EventType.STRATEGY_DELETED.value: _name,
    EventType.CONTEXT_FIELD_CREATED.value: _context_field,
    EventType.CONTEXT_FIELD_UPDATED.value: _context_field,
    EventType.CONTEXT_FIELD_DELETED.value: _name,
    EventType.PROJECT_CREATED.value: _project,
    EventType.PROJECT_UPDATED.value: _project,
    EventType.PROJECT_DELETED.value: _project,
    EventType.TAG_TYPE_CREATED.value: _tag_type,
    EventType.TAG_TYPE_UPDATED.value: _tag_type,
    EventType.TAG_TYPE_DELETED.value: _name,
    EventType.TAG_CREATED.value: _tag,
    EventType.TAG_DELETED.value: _tag,
}
