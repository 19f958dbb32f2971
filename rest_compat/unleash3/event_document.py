"""Convert events to bodies of the admin API. The events may come from changes in any API."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Struct

from rest_compat.http.models import Time
from rest_compat.unleash3.configuration_events import configuration_forms
from rest_compat.unleash3.event_forms import form_of
from rest_compat.unleash3.models import toggle_settings
from store.events import Event, EventType, SubjectKind
from store.http_times import format_time
from store.model import ANONYMOUS, DEFAULT_ENVIRONMENT, Toggle
from store.values import Tag

NOBODY = "unknown"

# 3.x has one event type for all changes of configurations.
CONFIGURATION_TYPES = frozenset(
    type.value
    for type in (
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
# As in 3.x, imported tags have the event type `feature-tag-import`.
_TAGGING_TYPES = frozenset(
    {EventType.TOGGLE_TAGGED.value, EventType.TOGGLE_UNTAGGED.value, "feature-tag-import"}
)
_DEPENDENCIES_UPDATED = EventType.TOGGLE_DEPENDENCIES_UPDATED.value
_SHOW_NAME_ONLY = frozenset(
    type.value
    for type in (
        EventType.TOGGLE_ARCHIVED,
        EventType.TOGGLE_REVIVED,
        EventType.STRATEGY_DEPRECATED,
        EventType.STRATEGY_REACTIVATED,
    )
)
# Deletion events of these kinds contain the last state. Deletion events of other kinds contain only
# the name.
_SHOW_LAST_STATE = (SubjectKind.PROJECT, SubjectKind.TAG)
_TOGGLE_UPDATED = EventType.TOGGLE_UPDATED.value

# Events of these types have the tags of the toggle in `tags`.
_WITH_TAGS = frozenset(
    {
        _TOGGLE_UPDATED,
        EventType.TOGGLE_ARCHIVED.value,
        EventType.TOGGLE_REVIVED.value,
        EventType.TOGGLE_STALE_ON.value,
        EventType.TOGGLE_STALE_OFF.value,
    }
)

# Earlier releases stored toggles in events of these types. The times of these toggles did not
# always have three decimals.
_WITH_TIMES = frozenset({"feature-updated", "feature-stale-on", "feature-stale-off"})
_TIMES = frozenset({"createdAt", "lastSeenAt"})
_EARLIER_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)


class DisplayedEvent(NamedTuple):
    """The type and the data of an event over REST.

    `pre_data` is the object before the change, and `data` is the object after the change.
    """

    type: str
    data: dict[str, Any]
    pre_data: Any


class EventFieldsJson(Struct, kw_only=True, rename="camel"):
    """The fields that events have in all lists."""

    id: int
    type: str
    created_by: str
    created_at: Time
    data: dict[str, Any]
    pre_data: Any
    tags: Sequence[Tag]
    project: str | None
    environment: str | None
    feature_name: str | None


class EventJson(EventFieldsJson, kw_only=True, rename="camel"):
    """A change.

    `project`, `environment`, `featureName` and `preData` are newer than 3.x (rest-contract.md,
    "Events, 3.x"). If there is no older event for the comparison, `diffs` is null.
    """

    diffs: list[dict[str, Any]] | None = None

    @property
    def name(self) -> str | None:
        """The name by which 3.x selects events and groups them for comparison."""
        name: Any = self.data.get("name")
        return name if isinstance(name, str) else None

    def is_of(self, name: str) -> bool:
        """Return whether the event belongs to the history of a name.

        An event outside of `default` also belongs to the history of its toggle.
        """
        if is_known_to_3x(self.environment):
            return self.name == name
        return name in (self.feature_name, self.name)


def is_known_to_3x(environment: str | None) -> bool:
    """Return whether 3.x supports the environment of an event. None means no environment."""
    return environment in (None, DEFAULT_ENVIRONMENT)


def event_document(event: Event) -> EventJson:
    """Return the body of an event. The event must have been loaded with its documents."""
    if event.is_imported:
        return EventJson(**_imported_fields(event))
    displayed = _display(event, is_known_to_3x)
    has_tags = event.toggle_name is not None and (
        displayed.type in _WITH_TAGS or not is_known_to_3x(event.environment)
    )
    return EventJson(
        **_fields(event, displayed), tags=event.after["tags"] if has_tags and event.after else []
    )


def today_fields(event: Event) -> dict[str, Any]:
    """Return the fields of an event in the form of 8.2, which is the same in all environments.

    The event must have been loaded with its documents.
    """
    if event.is_imported:
        return _imported_fields(event)
    displayed = _display(event, lambda _: False)._replace(type=event.wire_type)
    tags: Sequence[Any] = (
        event.after.get("tags", []) if event.toggle_name is not None and event.after else []
    )
    return _fields(event, displayed) | {"tags": tags}


def _imported_fields(event: Event) -> dict[str, Any]:
    """Return the fields of an imported event, whose documents have the form of Unleash."""
    document: Any = event.after
    data = cast(dict[str, Any], document) if isinstance(document, dict) else _name(event)
    displayed = DisplayedEvent(event.wire_type, data, event.before)
    return _fields(event, displayed) | {"tags": []}


def _fields(event: Event, displayed: DisplayedEvent) -> dict[str, Any]:
    return {
        "id": event.number,
        "type": displayed.type,
        "created_by": NOBODY if event.actor == ANONYMOUS else event.actor.name,
        "created_at": format_time(event.created_at),
        "data": displayed.data,
        "pre_data": displayed.pre_data,
        "project": event.project,
        "environment": event.environment,
        "feature_name": event.toggle_name,
    }


def _display(event: Event, is_combined: Callable[[str], bool]) -> DisplayedEvent:
    """Return the type and the data of an event.

    `is_combined` tells in which environments all changes of configurations have the form of 3.x.
    """
    before = form_of(event.subject_kind, event.before)
    if event.wire_type in CONFIGURATION_TYPES:
        if event.environment is not None and not is_combined(event.environment):
            older, newer = configuration_forms(event, event.environment)
            return DisplayedEvent(event.wire_type, newer or _name(event), older)
        return DisplayedEvent(_TOGGLE_UPDATED, _object(event), before)
    if event.wire_type in _TAGGING_TYPES:
        return _tagging(event, before)
    if event.wire_type == _DEPENDENCIES_UPDATED:
        return DisplayedEvent(
            event.wire_type, _dependencies(event.after), _dependencies(event.before)
        )
    if event.wire_data is not None:
        data = _with_three_decimals(event.wire_type, event.wire_data)
        return DisplayedEvent(event.wire_type, data, before)
    return DisplayedEvent(event.wire_type, _data(event, before), before)


def _with_three_decimals(type: str, data: Any) -> Any:
    """Return a stored document with three decimals in all times.

    Earlier releases stored other numbers of decimals.
    """
    if type not in _WITH_TIMES:
        return data
    return {
        key: f"{value[:19]}.{value[20:23] or '000'}Z"
        if key in _TIMES and isinstance(value, str) and _EARLIER_TIME.fullmatch(value)
        else value
        for key, value in data.items()
    }


def _data(event: Event, before: Any) -> dict[str, Any]:
    if event.wire_type == EventType.TOGGLE_CREATED.value:
        return toggle_settings(msgspec.convert(event.after, Toggle))
    if event.wire_type in _SHOW_NAME_ONLY:
        return _name(event)
    if event.after is None and event.subject_kind in _SHOW_LAST_STATE:
        return before
    return _object(event)


def _object(event: Event) -> dict[str, Any]:
    return form_of(event.subject_kind, event.after) or _name(event)


def _tagging(event: Event, before: Any) -> DisplayedEvent:
    """Return the event of a tag. A change of several tags becomes an update of the toggle."""
    if event.wire_data is not None:
        data: dict[str, Any] = event.wire_data
    else:
        older, newer = (
            msgspec.convert(document["tags"], set[Tag]) for document in (event.before, event.after)
        )
        if len(changed := older ^ newer) != 1:
            return DisplayedEvent(_TOGGLE_UPDATED, _object(event), before)
        (tag,) = changed
        data = {"featureName": event.subject_name, "tag": msgspec.to_builtins(tag)}
    untagged = event.wire_type == EventType.TOGGLE_UNTAGGED.value
    return DisplayedEvent(event.wire_type, data, data["tag"] if untagged else None)


def _dependencies(document: Any) -> Any:
    if document is None:
        return None
    toggle = msgspec.convert(document, Toggle)
    dependencies = [
        {
            "feature": dependency.toggle,
            "enabled": dependency.enabled,
            "variants": list(dependency.variants),
        }
        for dependency in toggle.dependencies
    ]
    return {"name": toggle.name, "dependencies": dependencies}


def _name(event: Event) -> dict[str, Any]:
    return {"name": event.subject_name}
