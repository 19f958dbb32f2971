"""Restore parts of objects to an earlier state."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, Struct, structs

from store.errors import (
    AlreadyExistsError,
    NotFoundError,
    Path,
    RevisionConflictError,
    WrongStateError,
    refuse,
)
from store.events import EventType, SubjectKind
from store.kinds import KINDS_BY_SUBJECT, identity_of
from store.model import Environment, Toggle
from store.operations.applications import undo_application_update
from store.operations.deletion import delete_unused
from store.operations.references import check_references
from store.operations.toggle_fields import declare_references
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork
from store.usage.applications import Application
from store.values import Tag

# A part is a field of an object, `(field,)`, or a field of a toggle's configuration in one
# environment, `(environment, field)`.
Part: TypeAlias = tuple[str, ...]

# Every change updates these fields, so they are neither compared nor restored.
_BOOKKEEPING = frozenset({"id", "revision", "updated_at", "served_revision", "environments"})
# The fields of a toggle's configuration in an environment, with their defaults.
_CONFIGURED: Mapping[str, Any] = {"enabled": False, "strategies": (), "variants": UNSET}

# The summary of an event names at most this number of environments.
_MAX_SWITCHES = 3


class PastChange(Struct, frozen=True):
    """The effect of one change on one object: the object's documents before and after the change.

    If the change created the object, `before` is None. If the change deleted the object, `after` is
    None.
    """

    kind: SubjectKind
    key: str
    name: str
    before: Any
    after: Any
    revision: int


async def undo(work: UnitOfWork, past: PastChange, *, force: bool, path: Path) -> None:
    """Undo one change of an object.

    Only the parts of the object that the change touched are restored.

    Raises: Refusal: for example, if `force` is false and the touched parts have changed since.
    """
    if past.kind is SubjectKind.APPLICATION and past.before and past.after:
        await undo_application_update(
            work,
            msgspec.convert(past.before, Application),
            msgspec.convert(past.after, Application),
            revision=past.revision,
            force=force,
            path=path,
        )
        return
    kind = KINDS_BY_SUBJECT.get(past.kind)
    if kind is None or not kind.undoable:
        refuse(
            WrongStateError(
                f"Changes of the {describe_kind(past.kind)} '{past.name}' cannot be undone.",
                path=path,
            )
        )
    before = None if past.before is None else msgspec.convert(past.before, kind.model)
    after = None if past.after is None else msgspec.convert(past.after, kind.model)
    index: Mapping[Any, Any] = getattr(work.snapshot, kind.event_index)
    current = index.get(kind.parse_event_key(past.key))
    if after is None and before is None:
        return
    if after is None:
        _recreate(work, past, before, current, path)
        return
    if current is None:
        if before is not None:
            refuse(NotFoundError(describe_kind(past.kind), past.name, path=path))
        return
    touched = differing_parts(before, after) if before is not None else set(_parts(current))
    if not force:
        _check_untouched(past, before, after, current, touched, path)
    if before is None:
        await delete_unused(work, current, created_at=past.revision)
    else:
        restore_parts(work, current, before, touched, path=path)


def restore_parts(
    work: UnitOfWork, current: Any, past: Any, parts: Iterable[Part], *, path: Path
) -> Any:
    """Restore parts of an object from `past`, and return the restored object.

    If no part differs, return `current`. Configurations in deleted environments are not restored.

    Raises: Refusal: an object to which the parts refer no longer exists.
    """
    then = _parts(past)
    changed = {
        part: then.get(part, _default(part))
        for part in differing_parts(past, current).intersection(parts)
        if len(part) == 1 or part[0] in work.snapshot.environments
    }
    if not changed:
        return current
    restored = structs.replace(
        current,
        **{part[0]: value for part, value in changed.items() if len(part) == 1},
        revision=work.revision,
    )
    if isinstance(restored, Toggle):
        restored = _with_configuration(work, restored, then, changed)
        declare_references(work, restored)
    check_references(work, restored, path=path)
    work.put(restored)
    event_type, environment = _describe_event(current, restored, changed)
    kind, _, name = identity_of(restored)
    work.record(
        event_type,
        subject=restored,
        before=current,
        after=restored,
        environment=environment,
        summary=f"Restored {describe_kind(kind)} '{name}'{_describe_switches(restored, changed)}.",
    )
    return restored


def differing_parts(one: Any, other: Any) -> set[Part]:
    """Return the parts in which two states of an object differ."""
    left, right = _parts(one), _parts(other)
    return {
        part
        for part in {*left, *right}
        if left.get(part, _default(part)) != right.get(part, _default(part))
    }


def describe_kind(kind: SubjectKind) -> str:
    """Return a kind of object in words, such as "context field"."""
    return kind.value.replace("-", " ")


def _parts(subject: Any) -> dict[Part, Any]:
    parts: dict[Part, Any] = {
        (name,): getattr(subject, name)
        for name in subject.__struct_fields__
        if name not in _BOOKKEEPING
    }
    if isinstance(subject, Toggle):
        for environment, configured in subject.environments.items():
            for field in _CONFIGURED:
                parts[environment, field] = getattr(configured, field)
    return parts


def _default(part: Part) -> Any:
    return _CONFIGURED[part[1]] if len(part) == 2 else None


def _check_untouched(
    past: PastChange, before: Any, after: Any, current: Any, touched: set[Part], path: Path
) -> None:
    since = touched & differing_parts(after, current)
    if before is not None:
        # A part that already has its old value does not conflict.
        since &= differing_parts(before, current)
    if since:
        where = ", ".join(sorted(" of ".join(reversed(part)) for part in since))
        changed = _changed_since(current, since)
        error = RevisionConflictError(
            expected=past.revision, actual=changed.revision, current=changed, path=path
        )
        error.message = (
            f"The {describe_kind(past.kind)} '{past.name}' has changed in the parts to restore: "
            f"{where}."
        )
        refuse(error)


def _changed_since(current: Any, parts: set[Part]) -> Any:
    """Return the object or the toggle's configuration that contains the last changed part.

    A toggle's configuration in an environment has its own revision.
    """
    if any(len(part) == 1 for part in parts):
        return current
    configured = [current.in_environment(part[0]) for part in parts]
    return max(configured, key=lambda configuration: configuration.revision)


def _with_configuration(
    work: UnitOfWork, toggle: Toggle, then: Mapping[Part, Any], changed: Mapping[Part, Any]
) -> Toggle:
    environments = dict(toggle.environments)
    for name in {part[0] for part in changed if len(part) == 2}:
        configured = structs.replace(
            toggle.in_environment(name),
            **{part[1]: value for part, value in changed.items() if part[0] == name},
            revision=work.revision,
            updated_at=work.now,
        )
        environments[name] = configured
        is_blank = all(getattr(configured, key) == value for key, value in _CONFIGURED.items())
        if is_blank and (name, "enabled") not in then:
            # The toggle had no configuration in this environment.
            del environments[name]
    return structs.replace(toggle, environments=environments, updated_at=work.now)


def _describe_switches(restored: Any, changed: Iterable[Part]) -> str:
    """Return where restored parts switch a toggle, such as " (on in production)"; or nothing."""
    switched = sorted(part[0] for part in changed if len(part) == 2 and part[1] == "enabled")
    states = [
        f"{'on' if restored.in_environment(name).enabled else 'off'} in {name}"
        for name in switched[:_MAX_SWITCHES]
    ]
    if len(switched) > _MAX_SWITCHES:
        states.append(f"and {len(switched) - _MAX_SWITCHES} more")
    return f" ({', '.join(states)})" if states else ""


def _recreate(work: UnitOfWork, past: PastChange, before: Any, current: Any, path: Path) -> None:
    """Recreate an object that a change deleted."""
    if isinstance(before, Tag):
        # Adding a tag to a toggle also creates the tag.
        if current is None:
            _store_recreated(work, past, before, path)
        return
    namesake = current or _find_namesake(work.snapshot, past.kind, before)
    if namesake is not None:
        refuse(
            AlreadyExistsError(
                f"The {describe_kind(past.kind)} '{past.name}' cannot be restored: "
                "its name is in use now.",
                existing=namesake,
                archived=bool(getattr(namesake, "archived", False)),
                path=path,
            )
        )
    restored = structs.replace(before, revision=work.revision)
    if isinstance(restored, Toggle):
        environments = {
            name: structs.replace(configured, revision=work.revision, updated_at=work.now)
            for name, configured in restored.environments.items()
            if name in work.snapshot.environments
        }
        restored = structs.replace(restored, environments=environments, updated_at=work.now)
        declare_references(work, restored)
    if isinstance(restored, Environment):
        restored = structs.replace(restored, served_revision=work.revision)
    _store_recreated(work, past, restored, path)


def _store_recreated(work: UnitOfWork, past: PastChange, restored: Any, path: Path) -> None:
    check_references(work, restored, path=path)
    work.put(restored)
    work.record(
        EventType[f"{past.kind.name}_CREATED"],
        subject=restored,
        after=restored,
        summary=f"Restored {describe_kind(past.kind)} '{past.name}'.",
    )


def _find_namesake(snapshot: Snapshot, kind: SubjectKind, subject: Any) -> Any:
    if kind is SubjectKind.TOGGLE:
        return snapshot.toggles.get(subject.name)
    if kind is SubjectKind.SEGMENT:
        return snapshot.segments_by_name.get(subject.name)
    return None


def _describe_event(
    before: Any, after: Any, changed: Iterable[Part]
) -> tuple[EventType, str | None]:
    """Return the type and the environment of the event for restored parts."""
    fields = {part[-1] for part in changed}
    environments = {part[0] for part in changed if len(part) == 2}
    kind = identity_of(after)[0]
    if kind is SubjectKind.STRATEGY and fields == {"deprecated"}:
        deprecated = after.deprecated
        return (
            EventType.STRATEGY_DEPRECATED if deprecated else EventType.STRATEGY_REACTIVATED
        ), None
    if not isinstance(after, Toggle):
        return EventType[f"{kind.name}_UPDATED"], None
    if before.archived != after.archived:
        return (EventType.TOGGLE_ARCHIVED if after.archived else EventType.TOGGLE_REVIVED), None
    if len(environments) == 1 and fields <= _CONFIGURED.keys():
        (environment,) = environments
        if fields == {"enabled"}:
            enabled = after.in_environment(environment).enabled
            return (EventType.TOGGLE_ENABLED if enabled else EventType.TOGGLE_DISABLED), environment
        return EventType.TOGGLE_CONFIGURED, environment
    if fields == {"stale_at"}:
        return (EventType.TOGGLE_STALE_ON if after.stale else EventType.TOGGLE_STALE_OFF), None
    if fields == {"tags"}:
        more = len(after.tags) >= len(before.tags)
        return (EventType.TOGGLE_TAGGED if more else EventType.TOGGLE_UNTAGGED), None
    if fields == {"dependencies"}:
        return EventType.TOGGLE_DEPENDENCIES_UPDATED, None
    return EventType.TOGGLE_UPDATED, None
