"""The kinds of objects in the configuration. Each kind is defined by one entry of `KINDS`.

To add a kind, add an entry here and a mapping to `Configuration` in `store/snapshot.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct
from sqlmodel import SQLModel

from store.events import SubjectKind
from store.model import (
    ApiToken,
    ApiTokenType,
    ContextField,
    Environment,
    EnvironmentType,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
    ToggleType,
    Webhook,
    WebhookFormat,
)
from store.rows import (
    ApiTokenRow,
    ContextFieldRow,
    EnvironmentRow,
    ProjectRow,
    SegmentRow,
    StrategyRow,
    TagRow,
    TagTypeRow,
    ToggleRow,
    ToggleTypeRow,
    WebhookRow,
)
from store.values import Tag

_by_id, _by_name = attrgetter("id"), attrgetter("name")


def _none(_: Any) -> None:
    return None


def _format_id(subject: Any) -> str:
    return str(subject.id)


def _type_and_value(tag: Tag) -> tuple[str, str]:
    return tag.type, tag.value


def _format_tag(tag: Tag) -> str:
    return f"{tag.type}:{tag.value}"


def _parse_tag(formatted: str) -> tuple[str, str]:
    # Names of tag types contain no colon.
    type, _, value = formatted.partition(":")
    return type, value


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of object: its class, and the class of the rows that store objects of this kind.

    `indexes` are pairs: the name of a snapshot's mapping with objects of this kind, and a function
    that returns an object's key in the mapping. Events identify an object by `event_key` and
    `event_name`. `parse_event_key` converts an event key to the key in the mapping `event_index`.
    `environment` and `project` return the environment and the project that an event about an object
    affects. `enumerations` maps each column with values of an enumeration to the class of the
    enumeration. If `named_by_toggles`, a toggle creates the objects of this kind that it names. If
    `undoable`, changes can be undone; `store/operations/deletion.py` undoes creations. If
    `has_secrets`, events contain only a part of each object.
    """

    subject: SubjectKind
    model: type[Struct]
    row: type[SQLModel]
    indexes: tuple[tuple[str, Callable[[Any], Any]], ...]
    event_key: Callable[[Any], str] = _by_name
    event_name: Callable[[Any], str] = _by_name
    parse_event_key: Callable[[str], Any] = str
    found_in: str | None = None
    environment: Callable[[Any], str | None] = _none
    project: Callable[[Any], str | None] = _none
    enumerations: Mapping[str, Any] = {}
    named_by_toggles: bool = False
    undoable: bool = True
    has_secrets: bool = False

    @property
    def event_index(self) -> str:
        """The name of the mapping that contains the object of an event."""
        return self.found_in or self.indexes[0][0]


KINDS: Sequence[Kind] = (
    Kind(
        subject=SubjectKind.TOGGLE,
        model=Toggle,
        row=ToggleRow,
        indexes=(("toggles", _by_name), ("toggles_by_id", _by_id)),
        found_in="toggles_by_id",
        event_key=_by_id,
        project=attrgetter("project"),
    ),
    Kind(
        subject=SubjectKind.STRATEGY,
        model=Strategy,
        row=StrategyRow,
        indexes=(("strategies", _by_name),),
    ),
    Kind(
        subject=SubjectKind.ENVIRONMENT,
        model=Environment,
        row=EnvironmentRow,
        indexes=(("environments", _by_name),),
        environment=_by_name,
        enumerations={"type": EnvironmentType},
    ),
    Kind(
        subject=SubjectKind.PROJECT,
        model=Project,
        row=ProjectRow,
        indexes=(("projects", _by_name),),
        project=_by_name,
        named_by_toggles=True,
    ),
    Kind(
        subject=SubjectKind.TOGGLE_TYPE,
        model=ToggleType,
        row=ToggleTypeRow,
        indexes=(("toggle_types", _by_name),),
        named_by_toggles=True,
    ),
    Kind(
        subject=SubjectKind.SEGMENT,
        model=Segment,
        row=SegmentRow,
        indexes=(("segments", _by_id),),
        event_key=_format_id,
        parse_event_key=int,
    ),
    Kind(
        subject=SubjectKind.CONTEXT_FIELD,
        model=ContextField,
        row=ContextFieldRow,
        indexes=(("context_fields", _by_name),),
    ),
    Kind(
        subject=SubjectKind.TAG_TYPE,
        model=TagType,
        row=TagTypeRow,
        indexes=(("tag_types", _by_name),),
    ),
    Kind(
        subject=SubjectKind.TAG,
        model=Tag,
        row=TagRow,
        indexes=(("tags", _type_and_value),),
        event_key=_format_tag,
        event_name=_format_tag,
        parse_event_key=_parse_tag,
        named_by_toggles=True,
    ),
    Kind(
        subject=SubjectKind.API_TOKEN,
        model=ApiToken,
        row=ApiTokenRow,
        indexes=(("tokens", _by_id), ("tokens_by_hash", attrgetter("secret_hash"))),
        event_key=_by_id,
        environment=attrgetter("environment"),
        enumerations={"type": ApiTokenType},
        undoable=False,
        has_secrets=True,
    ),
    Kind(
        subject=SubjectKind.WEBHOOK,
        model=Webhook,
        row=WebhookRow,
        indexes=(("webhooks", _by_id),),
        event_key=_format_id,
        parse_event_key=int,
        enumerations={"format": WebhookFormat},
        undoable=False,
        has_secrets=True,
    ),
)

_KINDS_BY_MODEL: Mapping[type, Kind] = {kind.model: kind for kind in KINDS}
KINDS_BY_SUBJECT: Mapping[SubjectKind, Kind] = {kind.subject: kind for kind in KINDS}


def kind_of(subject: object) -> Kind:
    """Return the kind of an object.

    Raises: TypeError: the object is not part of the configuration.
    """
    kind = _KINDS_BY_MODEL.get(type(subject))
    if kind is None:
        raise TypeError(f"{type(subject).__name__} is not part of the configuration")
    return kind


def indexes_of(subject: object) -> tuple[tuple[str, Any], ...]:
    """Return the names of the mappings that contain an object, each with the object's key."""
    return tuple([(name, key(subject)) for name, key in kind_of(subject).indexes])


def identity_of(subject: object) -> tuple[SubjectKind, str, str]:
    """Return the kind, key and name that identify an object in events."""
    kind = kind_of(subject)
    return kind.subject, kind.event_key(subject), kind.event_name(subject)
