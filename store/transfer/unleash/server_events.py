"""Convert events of Unleash servers to rows of the audit log."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from store.events import IMPORTED_REVISION, EventType, SubjectKind
from store.model import ActorKind, Toggle
from store.operations.strings import display
from store.snapshot import Snapshot
from store.transfer.unleash.server_connection import ServerDatabase
from store.transfer.unleash.server_rows import environment_named

_NOBODY = "unknown"
_TYPES: Mapping[str, EventType] = {
    **{type.value: type for type in EventType},
    "feature-metadata-updated": EventType.TOGGLE_UPDATED,
    "feature-project-change": EventType.TOGGLE_UPDATED,
    "feature-variants-updated": EventType.TOGGLE_VARIANTS_UPDATED,
    "feature-dependency-added": EventType.TOGGLE_DEPENDENCIES_UPDATED,
    "feature-dependency-removed": EventType.TOGGLE_DEPENDENCIES_UPDATED,
    "feature-dependencies-removed": EventType.TOGGLE_DEPENDENCIES_UPDATED,
    "features-imported": EventType.STATE_IMPORTED,
}
# The first matching prefix of an event's type determines what the event is about. The documents of
# tokens of other kinds are as confidential as those of API tokens.
_SUBJECTS = (
    ("feature-type-", SubjectKind.TOGGLE_TYPE),
    ("feature-", SubjectKind.TOGGLE),
    ("strategy-order-", SubjectKind.TOGGLE),
    ("strategy-", SubjectKind.STRATEGY),
    ("application-", SubjectKind.APPLICATION),
    ("environment-", SubjectKind.ENVIRONMENT),
    ("project-", SubjectKind.PROJECT),
    ("segment-", SubjectKind.SEGMENT),
    ("context-field-", SubjectKind.CONTEXT_FIELD),
    ("tag-type-", SubjectKind.TAG_TYPE),
    ("tag-", SubjectKind.TAG),
    ("api-token-", SubjectKind.API_TOKEN),
    ("addon-config-", SubjectKind.WEBHOOK),
    ("features-imported", SubjectKind.STATE),
)
# These keys of documents may contain secrets. Only documents of these kinds have such keys.
_SECRET_KEYS = frozenset({"secret", "alias", "parameters", "url", "token", "tokens"})
_WITH_SECRETS = frozenset({SubjectKind.API_TOKEN, SubjectKind.WEBHOOK, SubjectKind.OTHER})

# `{}` is the name of the object.
_SENTENCES = {
    EventType.TOGGLE_CREATED: "Created toggle {}",
    EventType.TOGGLE_UPDATED: "Changed toggle {}",
    EventType.TOGGLE_ENABLED: "Switched on toggle {}",
    EventType.TOGGLE_DISABLED: "Switched off toggle {}",
    EventType.TOGGLE_STRATEGY_ADDED: "Added a strategy to toggle {}",
    EventType.TOGGLE_STRATEGY_UPDATED: "Changed a strategy of toggle {}",
    EventType.TOGGLE_STRATEGY_REMOVED: "Removed a strategy from toggle {}",
    EventType.TOGGLE_STRATEGIES_REORDERED: "Changed the order of the strategies of toggle {}",
    EventType.TOGGLE_VARIANTS_UPDATED: "Changed the variants of toggle {}",
    EventType.TOGGLE_TAGGED: "Added a tag to toggle {}",
    EventType.TOGGLE_UNTAGGED: "Removed a tag from toggle {}",
    EventType.TOGGLE_STALE_ON: "Marked toggle {} as stale",
    EventType.TOGGLE_STALE_OFF: "Marked toggle {} as not stale",
    EventType.TOGGLE_DEPENDENCIES_UPDATED: "Changed the dependencies of toggle {}",
    EventType.TOGGLE_ARCHIVED: "Archived toggle {}",
    EventType.TOGGLE_REVIVED: "Revived toggle {}",
    EventType.TOGGLE_DELETED: "Deleted toggle {}",
}


def select_events(database: ServerDatabase) -> str:
    """Return the query for the events with IDs after $1 and up to $2, in order."""

    def optional(column: str, type: str = "text") -> str:
        known = database.has("events", column)
        return f"{column}::{type}" if known else f"NULL::{type}"

    before = optional("pre_data")
    name_before = "pre_data->>'name'" if database.has("events", "pre_data") else "NULL"
    return f"""
        SELECT id, created_at, type, created_by, data::text AS after, {before} AS before,
            coalesce({optional("feature_name")}, data->>'featureName') AS feature_name,
            {optional("project")} AS project, {optional("environment")} AS environment,
            coalesce(data->>'name', {name_before}) AS name, data->>'id' AS id_in_data,
            data->>'type' AS type_in_data, data->>'value' AS value_in_data
        FROM events WHERE id > $1 AND id <= $2 ORDER BY id
    """


def row_of_event(
    event: Mapping[str, Any], toggles: Mapping[str, Toggle], snapshot: Snapshot
) -> dict[str, Any]:
    """Return the row of an event that `select_events` has read.

    `before` and `after` are JSON texts. `toggles` are the toggles that now exist, by their names in
    events. If such a toggle has another name here, its events are found by this name.
    """
    type = event["type"]
    kind = _kind_of(type)
    name = _name_of(event, kind)
    toggle_name = event["feature_name"] or (name if kind is SubjectKind.TOGGLE else None)
    toggle = toggles.get(toggle_name) if toggle_name else None
    known = _TYPES.get(type, EventType.OTHER)
    environment = event["environment"]
    environment = None if environment is None else environment_named(environment)
    before, after = event["before"], event["after"]
    if kind in _WITH_SECRETS:
        before, after = _without_secrets(before), _without_secrets(after)
    return {
        "number": event["id"],
        "revision": IMPORTED_REVISION,
        "type": known.name,
        "wire_type": type,
        "wire_data": None,
        "summary": _summary(type, known, name, environment),
        "subject_kind": kind.value,
        "subject_key": toggle.id
        if toggle and kind is SubjectKind.TOGGLE
        else _key(kind, name, snapshot),
        "subject_name": name,
        "toggle_id": toggle.id if toggle else None,
        "toggle_name": toggle.name if toggle else toggle_name,
        "environment": environment,
        "project": event["project"] or (name if kind is SubjectKind.PROJECT else None),
        "actor_name": event["created_by"] or _NOBODY,
        "actor_kind": ActorKind.SYSTEM.value,
        "actor_token_id": None,
        "change_set_id": None,
        "before": before,
        "after": after,
        "created_at": aware(event["created_at"]),
    }


def aware(time: datetime) -> datetime:
    """Return a time with its offset. Times without a zone are in UTC."""
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _kind_of(type: str) -> SubjectKind:
    for prefix, kind in _SUBJECTS:
        if type.startswith(prefix):
            return kind
    return SubjectKind.OTHER


def _name_of(event: Mapping[str, Any], kind: SubjectKind) -> str:
    """Return the name of the object that an event is about, as events of this server name it."""
    match kind:
        case SubjectKind.TOGGLE:
            found = event["feature_name"] or event["name"]
        case SubjectKind.PROJECT:
            found = event["project"] or event["id_in_data"] or event["name"]
        case SubjectKind.ENVIRONMENT:
            found = event["environment"] or event["name"]
        case SubjectKind.TAG if event["value_in_data"]:
            found = f"{event['type_in_data']}:{event['value_in_data']}"
        case _:
            found = event["name"] or event["id_in_data"]
    return str(found or event["feature_name"] or event["project"] or event["environment"] or "")


def _key(kind: SubjectKind, name: str, snapshot: Snapshot) -> str:
    """Return the key of an object other than a toggle. Names identify objects that are gone."""
    if kind is SubjectKind.SEGMENT:
        for segment in snapshot.segments.values():
            if segment.name == name:
                return str(segment.id)
    return name


def _summary(type: str, known: EventType, name: str, environment: str | None) -> str:
    quoted = f"'{display(name)}'"
    sentence = _SENTENCES.get(known)
    if sentence is not None:
        text = sentence.format(quoted)
    else:
        # The types of Unleash are words that are separated by hyphens.
        words = display(type).replace("-", " ").capitalize()
        text = f"{words}: {quoted}" if name else words
    return f"{text} in {display(environment)}." if environment else f"{text}."


def _without_secrets(document: str | None) -> str | None:
    if document is None:
        return None
    decoded: Any = msgspec.json.decode(document)
    if not isinstance(decoded, dict):
        return document
    fields = cast(dict[str, Any], decoded)
    kept = {key: value for key, value in fields.items() if key not in _SECRET_KEYS}
    return msgspec.json.encode(kept).decode()
