"""The audit log: events, change sets, and differences between documents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

import msgspec
from msgspec import Struct

from store.model import Actor


class EventType(StrEnum):
    """The type of an event; the values are the names in the REST API.

    OTHER is the type of imported events that Flagstaff itself does not record. Their names in the
    REST API are those of the server that recorded them.
    """

    TOGGLE_CREATED = "feature-created"
    TOGGLE_UPDATED = "feature-updated"
    TOGGLE_CONFIGURED = "feature-configured"
    TOGGLE_ENABLED = "feature-environment-enabled"
    TOGGLE_DISABLED = "feature-environment-disabled"
    TOGGLE_STRATEGY_ADDED = "feature-strategy-add"
    TOGGLE_STRATEGY_UPDATED = "feature-strategy-update"
    TOGGLE_STRATEGY_REMOVED = "feature-strategy-remove"
    TOGGLE_STRATEGIES_REORDERED = "strategy-order-changed"
    TOGGLE_VARIANTS_UPDATED = "feature-environment-variants-updated"
    TOGGLE_TAGGED = "feature-tagged"
    TOGGLE_UNTAGGED = "feature-untagged"
    TOGGLE_STALE_ON = "feature-stale-on"
    TOGGLE_STALE_OFF = "feature-stale-off"
    TOGGLE_POTENTIALLY_STALE_ON = "feature-potentially-stale-on"
    TOGGLE_DEPENDENCIES_UPDATED = "feature-dependencies-updated"
    TOGGLE_ARCHIVED = "feature-archived"
    TOGGLE_REVIVED = "feature-revived"
    TOGGLE_DELETED = "feature-deleted"
    TOGGLE_TYPE_UPDATED = "feature-type-updated"
    STRATEGY_CREATED = "strategy-created"
    STRATEGY_UPDATED = "strategy-updated"
    STRATEGY_DEPRECATED = "strategy-deprecated"
    STRATEGY_REACTIVATED = "strategy-reactivated"
    STRATEGY_DELETED = "strategy-deleted"
    APPLICATION_CREATED = "application-created"
    APPLICATION_UPDATED = "application-updated"
    APPLICATION_DELETED = "application-deleted"
    ENVIRONMENT_CREATED = "environment-created"
    ENVIRONMENT_UPDATED = "environment-updated"
    ENVIRONMENT_DELETED = "environment-deleted"
    PROJECT_CREATED = "project-created"
    PROJECT_UPDATED = "project-updated"
    PROJECT_DELETED = "project-deleted"
    SEGMENT_CREATED = "segment-created"
    SEGMENT_UPDATED = "segment-updated"
    SEGMENT_DELETED = "segment-deleted"
    CONTEXT_FIELD_CREATED = "context-field-created"
    CONTEXT_FIELD_UPDATED = "context-field-updated"
    CONTEXT_FIELD_DELETED = "context-field-deleted"
    TAG_TYPE_CREATED = "tag-type-created"
    TAG_TYPE_UPDATED = "tag-type-updated"
    TAG_TYPE_DELETED = "tag-type-deleted"
    TAG_CREATED = "tag-created"
    TAG_DELETED = "tag-deleted"
    API_TOKEN_CREATED = "api-token-created"
    API_TOKEN_UPDATED = "api-token-updated"
    API_TOKEN_REVOKED = "api-token-deleted"
    WEBHOOK_CREATED = "addon-config-created"
    WEBHOOK_UPDATED = "addon-config-updated"
    WEBHOOK_DELETED = "addon-config-deleted"
    WEBHOOK_TESTED = "webhook-tested"
    CHANGE_SET_SCHEDULED = "change-set-scheduled"
    CHANGE_SET_APPLIED = "change-set-applied"
    CHANGE_SET_STEP_APPLIED = "change-set-step-applied"
    CHANGE_SET_PAUSED = "change-set-paused"
    CHANGE_SET_RESUMED = "change-set-resumed"
    CHANGE_SET_CANCELLED = "change-set-cancelled"
    CHANGE_SET_REFUSED = "change-set-refused"
    STATE_IMPORTED = "state-imported"
    OTHER = "other"


class SubjectKind(StrEnum):
    """The kinds of objects that events are about."""

    TOGGLE = "toggle"
    TOGGLE_TYPE = "toggle-type"
    STRATEGY = "strategy"
    APPLICATION = "application"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    SEGMENT = "segment"
    CONTEXT_FIELD = "context-field"
    TAG_TYPE = "tag-type"
    TAG = "tag"
    API_TOKEN = "api-token"
    WEBHOOK = "webhook"
    CHANGE_SET = "change-set"
    STATE = "state"
    OTHER = "other"


# The events of another server, which an import has added before all own events, have this revision.
# Their documents have the form of that server. Own events have higher revisions.
IMPORTED_REVISION = 0


class ChangeSetState(StrEnum):
    """The state of a change set, or of a step of a rollout."""

    SCHEDULED = "scheduled"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class RefusalCode(StrEnum):
    """The kinds of reasons for which a scheduled change set is not applied.

    UNAUTHENTICATED, FORBIDDEN and FAULT are used only here. All other codes are codes of
    `DomainError`.
    """

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    REVISION_CONFLICT = "REVISION_CONFLICT"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    IN_USE = "IN_USE"
    BUILT_IN = "BUILT_IN"
    WRONG_STATE = "WRONG_STATE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INVALID = "INVALID"
    FAULT = "FAULT"


class Event(Struct, frozen=True, kw_only=True, dict=True):
    """One entry of the audit log.

    `state_before` and `state_after` are the whole object before and after the event. They are
    objects of the model in the unit of work that recorded the event, and JSON documents if the
    event was read from the log. If the object did not exist before the event, `state_before` is
    None. If the object no longer exists, `state_after` is None. If the query did not load
    documents, both are None. `subject_key` is the key of the object within its kind. `toggle_id` is
    the id of the affected toggle.
    """

    number: int
    revision: int
    type: EventType
    wire_type: str
    wire_data: Any = None
    summary: str
    subject_kind: SubjectKind
    subject_key: str
    subject_name: str
    toggle_id: str | None = None
    toggle_name: str | None = None
    environment: str | None = None
    project: str | None = None
    actor: Actor
    change_set_id: str | None = None
    state_before: Any = None
    state_after: Any = None
    created_at: datetime

    @property
    def is_imported(self) -> bool:
        """Whether another server recorded the event. Its documents have the form of that server."""
        return self.revision == IMPORTED_REVISION

    @property
    def before(self) -> Any:
        """The JSON document of the object before the event; see `state_before`."""
        return document_of(self.state_before)

    @property
    def after(self) -> Any:
        """The JSON document of the object after the event; see `state_after`.

        A toggle's document includes all environments.
        """
        return document_of(self.state_after)


class ChangeSet(Struct, frozen=True, kw_only=True, dict=True):
    """Changes that are made together; an undo has the id of the undone change set in `reverts_id`.

    `apply_at` is None for change sets that are applied at once. For a rollout, `apply_at` is the
    time of the next step. If the rollout has ended, `apply_at` is the time of the last step.
    `refusal_code` and `refusal_message` explain the state REFUSED.
    """

    id: str
    comment: str = ""
    created_at: datetime
    created_by: Actor
    applied_at: datetime | None = None
    reverts_id: str | None = None
    idempotency_key: str | None = None
    revision: int
    state: ChangeSetState = ChangeSetState.APPLIED
    apply_at: datetime | None = None
    refusal_code: RefusalCode | None = None
    refusal_message: str | None = None


class FieldChange(Struct, frozen=True):
    """A difference between two documents.

    `path` is a JSON Pointer; `kind` is ADDED, REMOVED or CHANGED.
    """

    path: str
    kind: str
    before: Any = None
    after: Any = None


# Documents never contain secrets, not even hashed. The URLs of webhooks often contain a secret.
# Differences omit bookkeeping fields, which change with every event.
_HIDDEN = frozenset({"secretHash", "signingSecret", "receiverUrl"})
_BOOKKEEPING = frozenset({"revision", "updatedAt", "servedRevision"})
# The maximum number of items or changes to compare, because pages display many events. Longer lists
# are compared as a whole. Objects or lists with more changes are reported as one change.
MAX_COMPARED = 200
# The paths of the objects that have bookkeeping fields: the document itself and a toggle's
# configurations. In other objects, keys with these names may be chosen by users.
_ENTITY = re.compile(r"(/environments/[^/]+)?")


def document_of(subject: Any) -> Any:
    """Return the JSON document of an object; return documents and None unchanged."""
    if not isinstance(subject, Struct):
        return subject
    document = msgspec.to_builtins(subject)
    return {key: value for key, value in document.items() if key not in _HIDDEN}


def field_changes(before: Any, after: Any) -> list[FieldChange]:
    """Return the differences between two documents, without the bookkeeping fields.

    Objects are compared key by key and lists item by item. A missing document counts as an empty
    object. If a value has very many items or changes, the whole value is reported as one change.
    """
    changes: list[FieldChange] = []
    _compare(before if before is not None else {}, after if after is not None else {}, "", changes)
    return changes


def _compare(before: Any, after: Any, path: str, changes: list[FieldChange]) -> None:
    if before == after and msgspec.json.encode(before) == msgspec.json.encode(after):
        return  # a fast path for equal values; the encoding distinguishes true from 1
    old, new = _items(before), _items(after)
    if old is not None and new is not None and isinstance(before, dict) == isinstance(after, dict):
        start = len(changes)
        for _ in _compare_items(old, new, path, changes):
            if path and len(changes) - start > MAX_COMPARED:
                changes[start:] = [FieldChange(path, "CHANGED", before, after)]
                break
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        changes.append(FieldChange(path, "CHANGED", before, after))


def _items(value: Any) -> Mapping[str, Any] | None:
    """Return the members of an object or list by key or index.

    Return None for long lists and other values.
    """
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    # Accept tuples, because documents that were not read from the log contain them.
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        if len(items) <= MAX_COMPARED:
            return {str(index): item for index, item in enumerate(items)}
    return None


def _compare_items(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str, changes: list[FieldChange]
) -> Iterator[None]:
    """Compare the members of two values; the caller can stop after each yielded member."""
    for key in [*before, *(key for key in after if key not in before)]:
        if key in _BOOKKEEPING and _ENTITY.fullmatch(path):
            continue
        member_path = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in after:
            changes.append(FieldChange(member_path, "REMOVED", before=before[key]))
        elif key not in before:
            changes.append(FieldChange(member_path, "ADDED", after=after[key]))
        else:
            _compare(before[key], after[key], member_path, changes)
        yield
