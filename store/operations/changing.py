"""Create, update and delete an object in the unit of work, and record the event."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import UNSET, Struct, structs

from store.events import EventType
from store.model import Entity
from store.unit_of_work import UnitOfWork

EntityT = TypeVar("EntityT", bound=Entity)


def changed_fields(
    subject: Struct, given: Mapping[str, Any], *, exact: bool = False
) -> dict[str, Any]:
    """Return the given fields that are not UNSET and differ from the fields of the object.

    By default, None equals the empty string, as in GraphQL. With `exact`, None differs from the
    empty string, as in REST.
    """
    return {
        field: value
        for field, value in given.items()
        if value is not UNSET and not _same(getattr(subject, field), value, exact=exact)
    }


def create_object(work: UnitOfWork, subject: EntityT, type: EventType, *, summary: str) -> EntityT:
    """Store a new object."""
    work.put(subject)
    work.record(type, subject=subject, after=subject, summary=summary)
    return subject


def update_object(
    work: UnitOfWork,
    subject: EntityT,
    changed: Mapping[str, Any],
    type: EventType,
    *,
    summary: str,
    record_always: bool = False,
) -> EntityT:
    """Store the object with the changed fields.

    If no field changes, nothing is stored. An event is then recorded only with `record_always`.
    """
    after = subject
    if changed:
        after = structs.replace(subject, **changed, revision=work.revision)
        work.put(after)
    elif not record_always:
        return subject
    work.record(type, subject=after, before=subject, after=after, summary=summary)
    return after


def delete_object(work: UnitOfWork, subject: EntityT, type: EventType, *, summary: str) -> EntityT:
    """Delete an object."""
    work.remove(subject)
    work.record(type, subject=subject, before=subject, summary=summary)
    return subject


def _same(old: Any, new: Any, *, exact: bool) -> bool:
    return old == new or (not exact and old in (None, "") and new in (None, ""))
