"""The changes that a change set is asked to make, each by what its single mutation does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from strawberry.utils.str_converters import to_camel_case

from graph.changes import configuration, segment, strategy, toggle
from graph.events.change_input import ChangeInput
from graph.ids import parse_id, split_key
from graph.nodes import segment_of_key
from store import Snapshot
from store.events import EventType, SubjectKind
from store.operations.change_sets import WantedChange
from store.unit_of_work import UnitOfWork


class _Subject(Struct, frozen=True):
    """What a change is about, as far as its input says."""

    kind: SubjectKind
    name: str
    environment: str | None = None


class _Member(Struct, frozen=True):
    """How a member of ChangeInput is carried out, and the event it leaves."""

    make: Callable[[UnitOfWork, Any], Awaitable[object]]
    type: EventType
    subject: Callable[[Snapshot, Any], _Subject]


def wanted_changes(inputs: Sequence[ChangeInput], snapshot: Snapshot) -> list[WantedChange]:
    """The changes, in their order; `snapshot` knows the names behind IDs."""
    return [_wanted(input, index, snapshot) for index, input in enumerate(inputs)]


def _wanted(change: ChangeInput, index: int, snapshot: Snapshot) -> WantedChange:
    # @oneOf sees to it that there is exactly one.
    ((field, input),) = [(name, value) for name, value in vars(change).items() if value]
    member = _MEMBERS[field]
    subject = member.subject(snapshot, input)
    return WantedChange(
        make=partial(_make, member, input),
        path=("changes", str(index), to_camel_case(field)),
        type=_type_of(field, member, input),
        subject_kind=subject.kind,
        subject_name=subject.name,
        environment=subject.environment,
    )


def _make(member: _Member, input: Any, work: UnitOfWork) -> Awaitable[object]:
    return member.make(work, input)


def _type_of(field: str, member: _Member, input: Any) -> EventType:
    if field == "toggle_set_enabled" and not input.enabled:
        return EventType.TOGGLE_DISABLED
    if field == "toggle_tags" and input.remove and not input.add:
        return EventType.TOGGLE_UNTAGGED
    return member.type


def _toggle(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.TOGGLE, input.name)


def _configured_toggle(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.TOGGLE, input.name, input.environment)


def _copied_to(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.TOGGLE, input.to_toggle or input.name, input.to)


def _toggle_of_new_strategy(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.TOGGLE, input.toggle, input.environment)


def _toggle_of_strategy(snapshot: Snapshot, input: Any) -> _Subject:
    _, key = parse_id(input.id) or ("", "")
    toggle_id, environment, _ = split_key(key, 3) or ("", "", "")
    found = snapshot.toggles_by_id.get(toggle_id)
    return _Subject(SubjectKind.TOGGLE, found.name if found else input.id, environment or None)


def _strategy(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.STRATEGY, input.name)


def _new_segment(_snapshot: Snapshot, input: Any) -> _Subject:
    return _Subject(SubjectKind.SEGMENT, input.name)


def _segment(snapshot: Snapshot, input: Any) -> _Subject:
    _, key = parse_id(input.id) or ("", "")
    found = segment_of_key(snapshot, key)
    return _Subject(SubjectKind.SEGMENT, found.name if found else input.id)


# By the names of ChangeInput's fields in Python.
_MEMBERS: Mapping[str, _Member] = {
    "toggle_create": _Member(toggle.create_toggle, EventType.TOGGLE_CREATED, _toggle),
    "toggle_update": _Member(toggle.update_toggle, EventType.TOGGLE_UPDATED, _toggle),
    "toggle_set_enabled": _Member(
        configuration.set_enabled, EventType.TOGGLE_ENABLED, _configured_toggle
    ),
    "toggle_configure": _Member(
        configuration.configure_toggle, EventType.TOGGLE_CONFIGURED, _configured_toggle
    ),
    "toggle_copy_configuration": _Member(
        configuration.copy_configuration, EventType.TOGGLE_CONFIGURED, _copied_to
    ),
    "toggle_strategy_add": _Member(
        configuration.add_strategy, EventType.TOGGLE_STRATEGY_ADDED, _toggle_of_new_strategy
    ),
    "toggle_strategy_update": _Member(
        configuration.update_strategy, EventType.TOGGLE_STRATEGY_UPDATED, _toggle_of_strategy
    ),
    "toggle_strategy_remove": _Member(
        configuration.remove_strategy, EventType.TOGGLE_STRATEGY_REMOVED, _toggle_of_strategy
    ),
    "toggle_tags": _Member(toggle.change_tags, EventType.TOGGLE_TAGGED, _toggle),
    "toggle_set_dependencies": _Member(
        toggle.set_dependencies, EventType.TOGGLE_DEPENDENCIES_UPDATED, _toggle
    ),
    "toggle_archive": _Member(toggle.archive_toggle, EventType.TOGGLE_ARCHIVED, _toggle),
    "toggle_revive": _Member(toggle.revive_toggle, EventType.TOGGLE_REVIVED, _toggle),
    "toggle_delete": _Member(toggle.delete_toggle, EventType.TOGGLE_DELETED, _toggle),
    "strategy_create": _Member(strategy.create_strategy, EventType.STRATEGY_CREATED, _strategy),
    "strategy_update": _Member(strategy.update_strategy, EventType.STRATEGY_UPDATED, _strategy),
    "strategy_delete": _Member(strategy.delete_strategy, EventType.STRATEGY_DELETED, _strategy),
    "segment_create": _Member(segment.create_segment, EventType.SEGMENT_CREATED, _new_segment),
    "segment_update": _Member(segment.update_segment, EventType.SEGMENT_UPDATED, _segment),
    "segment_delete": _Member(segment.delete_segment, EventType.SEGMENT_DELETED, _segment),
}
