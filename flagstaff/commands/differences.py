"""Format the changes of an import as lines to print."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct, structs

from store.events import Event, FieldChange, SubjectKind, field_changes
from store.operations.strings import display
from store.unit_of_work import UnitOfWork
from store.warnings import WarningCode, warnings_of

# At most this many changed fields are listed per object.
MAX_FIELDS = 20

# The values of these keys are not compared, because each installation assigns its own values.
_OWN_KEYS = frozenset({"id", "toggleId", "sortOrder"})


class Fate(Enum):
    """The effect of an import on an object.

    The value is the first character of the printed line.
    """

    CREATED = "+"
    CHANGED = "~"
    REMOVED = "-"


class Difference(Struct, frozen=True):
    """The change of one object: a line for each changed field, and warnings."""

    fate: Fate
    name: str
    fields: Sequence[str] = ()
    warnings: Sequence[str] = ()

    @property
    def line(self) -> str:
        """The line to print: the character of the fate, and the name of the object."""
        return f"{self.fate.value} {self.name}"


def find_differences(
    work: UnitOfWork, events: Iterable[Event], *, with_warnings: bool
) -> Iterator[Difference]:
    """Yield the differences between the objects before and after a unit of work.

    Finding warnings takes more time than finding differences.
    """
    spans: dict[tuple[SubjectKind, str], Event] = {}
    for event in events:
        key = (event.subject_kind, event.subject_key)
        first = spans.get(key, event)
        spans[key] = structs.replace(event, state_before=first.state_before)
    for event in spans.values():
        difference = _difference(event)
        if difference is not None and with_warnings:
            difference = structs.replace(difference, warnings=_warnings(work, event))
        if difference is not None:
            yield difference


def _difference(event: Event) -> Difference | None:
    name = f"{event.subject_kind.value.replace('-', ' ')} '{display(event.subject_name)}'"
    if event.state_before is None or event.state_after is None:
        if event.state_before is event.state_after:
            return None
        return Difference(Fate.CREATED if event.state_before is None else Fate.REMOVED, name)
    changes = [
        change
        for change in field_changes(event.before, event.after)
        if change.path.rpartition("/")[2] not in _OWN_KEYS
    ]
    if not changes:
        return None
    fields = [_format_change(change) for change in changes[:MAX_FIELDS]]
    if len(changes) > MAX_FIELDS:
        fields.append(f"and {len(changes) - MAX_FIELDS:,} more")
    return Difference(Fate.CHANGED, name, fields)


def _format_change(change: FieldChange) -> str:
    steps = change.path.removeprefix("/").split("/")
    path = ".".join(display(step.replace("~1", "/").replace("~0", "~")) for step in steps)
    match change.kind:
        case "ADDED":
            return f"{path}: {_format_value(change.after)}"
        case "REMOVED":
            return f"{path}: no longer {_format_value(change.before)}"
        case _:
            return f"{path}: {_format_value(change.before)} → {_format_value(change.after)}"


def _format_value(value: Any) -> str:
    return display(msgspec.json.encode(value).decode())


def _warnings(work: UnitOfWork, event: Event) -> list[str]:
    found = warnings_of(event, snapshot=work.snapshot, usage=work.usage, now=work.now)
    return [warning.message for warning in found if warning.code is not WarningCode.NO_EFFECT]
