"""Finding what an operation is about, or refusing."""

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
from store.operations.text import display
from store.unit_of_work import UnitOfWork

T = TypeVar("T")


def not_found(kind: str, name: object, *, path: Path) -> NotFoundError:
    """That no `kind` is named so, with the name as it can be shown."""
    return NotFoundError(kind, display(str(name)), path=path)


def find(among: Mapping[str, T], name: str, *, kind: str, path: Path = ("name",)) -> T:
    """The object of a name.

    Raises: Refusal: if there is none.
    """
    found = among.get(name)
    if found is None:
        refuse(not_found(kind, name, path=path))
    return found


def check_known(
    among: Mapping[Any, object], name: object, *, kind: str, path: Path, problems: Problems
) -> bool:
    """Note that an object that the input refers to does not exist."""
    if name in among:
        return True
    problems.add(not_found(kind, name, path=path))
    return False


def check_free(among: Mapping[str, object], name: str, *, kind: str, problems: Problems) -> None:
    """Note that a `kind` has the name that a new one is to get."""
    existing = among.get(name)
    if existing is not None:
        article = "An" if kind[0] in "aeiou" else "A"
        problems.add(
            AlreadyExistsError(
                f"{article} {kind} is named '{display(name)}' already.",
                existing=existing,
                path=("name",),
            )
        )


def find_live_toggle(work: UnitOfWork, name: str, *, path: Path = ("name",)) -> Toggle:
    """The toggle of a name, as long as it may be changed.

    Raises: Refusal: if there is none, or it is archived.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle", path=path)
    require_live(toggle, path=path)
    return toggle


def require_live(toggle: Toggle, *, path: Path) -> None:
    """Raises: Refusal: if the toggle is archived."""
    if toggle.archived:
        refuse(
            WrongStateError(
                f"Toggle '{toggle.name}' is archived; only live toggles can be changed.", path=path
            )
        )


def check_revision(
    work: UnitOfWork, current: Entity, expected: int | None, *, problems: Problems
) -> None:
    """Note that the object is no longer the one the caller knows.

    What this unit has changed itself counts as it was before: whoever sends several changes at once
    cannot know anything later.
    """
    known = work.as_found(current)
    if expected is not None and expected != known.revision:
        problems.add(RevisionConflictError(expected=expected, actual=known.revision, current=known))
