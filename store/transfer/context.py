"""What the parts of one import share: where it goes, how, and what is wrong with it so far."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from store.errors import Path, Problems, Refusal
from store.transfer.checking import MOST_ERRORS
from store.transfer.document import Document
from store.unit_of_work import UnitOfWork


class ImportMode(StrEnum):
    """What becomes of what is there already."""

    MERGE = "merge"
    KEEP_EXISTING = "keep-existing"
    REPLACE_ALL = "replace-all"


def no_progress() -> None:
    """What is called for each toggle when nobody watches."""


class Incoming(Struct, frozen=True):
    """A document on its way in.

    `project` takes every toggle, `environment` every configuration that names none; `path` is the
    way to the document, with which all errors begin. `on_toggle` is called for each of its toggles.
    """

    work: UnitOfWork
    document: Document
    mode: ImportMode
    project: str | None
    environment: str
    path: Path
    problems: Problems
    on_toggle: Callable[[], None] = no_progress

    def keeps(self, existing: Any) -> bool:
        """Whether an object of the document is left alone because there is one already.

        What only toggles have named so far does not count as being there.
        """
        there = existing is not None and getattr(existing, "declared", True)
        return there and self.mode is ImportMode.KEEP_EXISTING

    def note(self, refusal: Refusal, *steps: str) -> None:
        """Remember what is wrong with one object, which `steps` lead to."""
        for error in refusal.errors:
            self.problems.add(error.under(*self.path, *steps))

    @property
    def hopeless(self) -> bool:
        """Whether there are more errors than anybody reads."""
        return len(self.problems.errors) >= MOST_ERRORS
