"""Find the references that prevent the deletion of an object."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from store.errors import BuiltInError, InUseError, Path, refuse
from store.model import Toggle, ToggleStrategy
from store.operations.messages import format_count
from store.snapshot import Snapshot
from store.unit_of_work import EntityT, UnitOfWork


def strategies_of(toggle: Toggle) -> Iterator[ToggleStrategy]:
    """Iterate over the activation strategies of a toggle in all environments."""
    for configured in toggle.environments.values():
        yield from configured.strategies


def dependents_of(snapshot: Snapshot, toggle: Toggle, *, archived: bool) -> list[Toggle]:
    """Return the live toggles that depend on a toggle, sorted by name.

    With `archived`, append the archived toggles that depend on the toggle.
    """
    return _in_order(
        other
        for other in snapshot.all_dependents.get(toggle.name, ())
        if archived or not other.archived
    )


def toggles_where(
    snapshot: Snapshot, condition: Callable[[Toggle], bool], *, archived: bool
) -> list[Toggle]:
    """Return the live toggles that meet a condition, sorted by name.

    With `archived`, append the archived toggles that meet the condition.
    """
    # Do not use a draft's sorted lists, because the draft sorts the lists again after each change.
    return _in_order(
        toggle
        for toggle in snapshot.toggles.values()
        if (archived or not toggle.archived) and condition(toggle)
    )


def users_since(
    work: UnitOfWork, users: Sequence[EntityT], revision: int | None
) -> Sequence[EntityT]:
    """Return the users that may have begun to use an object after a revision; None means all users.

    Toggles and segments may name strategies and context fields that do not exist. An object that
    has not changed since the creation of a strategy has used the name before. The changes of this
    unit do not count, because an undo only restores earlier states.
    """
    if revision is None:
        return users
    found = ((user, work.as_found(user)) for user in users)
    return [user for user, before in found if revision < before.revision < work.revision]


def refuse_if_built_in(what: str, *, built_in: bool) -> None:
    """Check that an object is not built in.

    Raises: Refusal: the object is built in and cannot be deleted.
    """
    if built_in:
        refuse(BuiltInError(f"{what} is built in and cannot be deleted.", path=("name",)))


def refuse_if_used(what: str, users: Mapping[str, Sequence[Any]], *, path: Path) -> None:
    """Check that no other object uses the object to delete.

    `users` maps the name of each kind to the objects of this kind that use the object.

    Raises: Refusal: other objects use the object.
    """
    used_by = [user for group in users.values() for user in group]
    if not used_by:
        return
    counts = [format_count(len(group), kind) for kind, group in users.items() if group]
    verb = "uses" if len(used_by) == 1 else "use"
    refuse(
        InUseError(
            f"{what} cannot be deleted: {' and '.join(counts)} {verb} it.",
            used_by=used_by,
            count=len(used_by),
            path=path,
        )
    )


def _in_order(toggles: Iterable[Toggle]) -> list[Toggle]:
    """Sort toggles by name, live toggles first."""
    by_name = sorted(toggles, key=attrgetter("name"))
    archived = [toggle for toggle in by_name if toggle.archived_at is not None]
    return [toggle for toggle in by_name if toggle.archived_at is None] + archived
