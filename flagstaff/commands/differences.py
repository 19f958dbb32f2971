"""What changes do, or would do, in lines for people."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct, structs

from store.events import Event, FieldChange, SubjectKind, field_changes
from store.operations.text import display
from store.unit_of_work import UnitOfWork
from store.warnings import WarningCode, warnings_of

# How many fields of one object are told of; beyond that it is another object.
MOST_FIELDS = 20

# Keys that an installation gives out itself.
_OWN_KEYS = frozenset({"id", "toggleId", "sortOrder"})


class Fate(Enum):
    """What becomes of an object; the values are the signs of it."""

    CREATED = "+"
    CHANGED = "~"
    REMOVED = "-"


class Difference(Struct, frozen=True):
    """What becomes of one object, a line for each field that changes, and what to think about."""

    fate: Fate
    name: str
    fields: Sequence[str] = ()
    warnings: Sequence[str] = ()

    @property
    def line(self) -> str:
        """The sign and the object."""
        return f"{self.fate.value} {self.name}"


def differences(work: UnitOfWork, events: Iterable[Event]) -> Iterator[Difference]:
    """One difference for each object that the events of a unit change in the end."""
    spans: dict[tuple[SubjectKind, str], Event] = {}
    for event in events:
        key = (event.subject_kind, event.subject_key)
        first = spans.get(key, event)
        spans[key] = structs.replace(event, before=first.before)
    for event in spans.values():
        difference = _difference(event)
        if difference is not None:
            yield structs.replace(difference, warnings=_warnings(work, event))


def _difference(event: Event) -> Difference | None:
    name = f"{event.subject_kind.value.replace('-', ' ')} '{display(event.subject_name)}'"
    if event.before is None or event.after is None:
        if event.before is event.after:
            return None
        return Difference(Fate.CREATED if event.before is None else Fate.REMOVED, name)
    changes = [
        it
        for it in field_changes(event.before, event.after)
        if it.path.rpartition("/")[2] not in _OWN_KEYS
    ]
    if not changes:
        return None
    fields = [_words_for(it) for it in changes[:MOST_FIELDS]]
    if len(changes) > MOST_FIELDS:
        fields.append(f"and {len(changes) - MOST_FIELDS:,} more")
    return Difference(Fate.CHANGED, name, fields)


def _words_for(change: FieldChange) -> str:
    steps = change.path.removeprefix("/").split("/")
    place = ".".join(display(it.replace("~1", "/").replace("~0", "~")) for it in steps)
    match change.kind:
        case "ADDED":
            return f"{place}: {_value(change.after)}"
        case "REMOVED":
            return f"{place}: no longer {_value(change.before)}"
        case _:
            return f"{place}: {_value(change.before)} → {_value(change.after)}"


def _value(value: Any) -> str:
    return display(msgspec.json.encode(value).decode())


def _warnings(work: UnitOfWork, event: Event) -> list[str]:
    found = warnings_of(event, snapshot=work.snapshot, usage=work.usage, now=work.now)
    return [it.message for it in found if it.code is not WarningCode.NO_EFFECT]
