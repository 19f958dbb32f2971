"""The context of an import: the target, the mode, and the errors so far."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from store.errors import Path, Problems, Refusal
from store.transfer.checking import MAX_ERRORS
from store.transfer.document import Document
from store.unit_of_work import UnitOfWork


class ImportMode(StrEnum):
    """How an import treats existing objects."""

    MERGE = "merge"
    KEEP_EXISTING = "keep-existing"
    REPLACE_ALL = "replace-all"


def no_progress() -> None:
    """Ignore the progress of an import."""


class ImportContext(Struct, frozen=True):
    """An import of a document.

    `project` is the project of all toggles. If a configuration does not name an environment, it
    applies to `environment`. The paths of all errors begin with `path`. `on_toggle` is called for
    each toggle.
    """

    work: UnitOfWork
    document: Document
    mode: ImportMode
    project: str | None
    environment: str
    path: Path
    problems: Problems
    on_toggle: Callable[[], None] = no_progress

    def preserves(self, existing: Any) -> bool:
        """Whether the import leaves an existing object unchanged.

        An undeclared object exists only because a toggle names the object, so the import declares
        the object.
        """
        exists = existing is not None and getattr(existing, "declared", True)
        return exists and self.mode is ImportMode.KEEP_EXISTING

    def note(self, refusal: Refusal, *steps: str) -> None:
        """Report the errors of the object at `steps`."""
        for error in refusal.errors:
            self.problems.add(error.under(*self.path, *steps))

    @property
    def has_too_many_errors(self) -> bool:
        """Whether the limit of errors is reached."""
        return len(self.problems.errors) >= MAX_ERRORS
