"""Find the objects that an operation refers to."""

from collections.abc import Mapping
from typing import Any, TypeVar

from store.errors import (
    AlreadyExistsError,
    NotFoundError,
    Path,
    Problems,
    RevisionConflictError,
    WrongStateError,
    refuse,
)
from store.model import Entity, Toggle
from store.operations.strings import display
from store.unit_of_work import UnitOfWork

T = TypeVar("T")


def not_found(kind: str, name: object, *, path: Path) -> NotFoundError:
    """Return the error for a name that no object of the `kind` has."""
    return NotFoundError(kind, display(str(name)), path=path)


def find(among: Mapping[str, T], name: str, *, kind: str, path: Path = ("name",)) -> T:
    """Return the object with a name.

    Raises: Refusal: no object has the name.
    """
    found = among.get(name)
    if found is None:
        refuse(not_found(kind, name, path=path))
    return found


def check_known(
    among: Mapping[Any, object], name: object, *, kind: str, path: Path, problems: Problems
) -> bool:
    """Check that the input refers to an existing object; return whether the object exists."""
    if name in among:
        return True
    problems.add(not_found(kind, name, path=path))
    return False


def check_free(among: Mapping[str, object], name: str, *, kind: str, problems: Problems) -> None:
    """Check that no existing object of the `kind` has the name of a new object."""
    existing = among.get(name)
    if existing is not None:
        article = "An" if kind[0] in "aeiou" else "A"
        problems.add(
            AlreadyExistsError(
                f"{article} {kind} named '{display(name)}' already exists.",
                existing=existing,
                path=("name",),
            )
        )


def find_live_toggle(work: UnitOfWork, name: str, *, path: Path = ("name",)) -> Toggle:
    """Return the toggle with a name.

    Raises: Refusal: no toggle has the name, or the toggle is archived.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle", path=path)
    require_live(toggle, path=path)
    return toggle


def require_live(toggle: Toggle, *, path: Path) -> None:
    """Check that a toggle is not archived.

    Raises: Refusal: the toggle is archived.
    """
    if toggle.archived:
        refuse(
            WrongStateError(
                f"Toggle '{toggle.name}' is archived; only live toggles can be changed.", path=path
            )
        )


def check_revision(
    work: UnitOfWork, current: Entity, expected: int | None, *, problems: Problems
) -> None:
    """Check that the object still has the revision that the caller expects.

    Changes by this unit of work are ignored. A caller that sends several changes at once cannot
    know the revisions that the earlier changes set.
    """
    known = work.as_found(current)
    if expected is not None and expected != known.revision:
        problems.add(RevisionConflictError(expected=expected, actual=known.revision, current=known))
