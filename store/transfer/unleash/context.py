"""The context of an Unleash import: its target, its mode, and its errors and warnings so far."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Struct

from store.errors import Path, Problems, Refusal
from store.events import EventType, SubjectKind
from store.transfer.checking import MAX_ERRORS
from store.transfer.context import no_progress
from store.transfer.unleash.document import UnleashDocument, UnleashState
from store.unit_of_work import UnitOfWork


class TransferWarning(Struct, frozen=True):
    """A warning about the item at `path`; the import omits the item if `left_out`."""

    message: str
    path: Path
    left_out: bool = True


class UnleashImport(Struct, frozen=True):
    """An import of a document.

    With `drop`, existing objects of the document's sections are deleted first. With `keep`,
    existing objects are unchanged. All paths begin with `path`.
    """

    work: UnitOfWork
    document: UnleashDocument
    drop: bool
    keep: bool
    path: Path
    problems: Problems
    warnings: list[TransferWarning]
    on_toggle: Callable[[], None] = no_progress

    @property
    def state(self) -> UnleashState:
        """The validated document."""
        return self.document.state

    def sent(self, section: str, at: int) -> Any:
        """Return an item as it was sent."""
        return self.document.source[section][at]

    def note(self, refusal: Refusal, *steps: str) -> None:
        """Report the errors of the item at `steps`."""
        for error in refusal.errors:
            self.problems.add(error.under(*self.path, *steps))

    def leave_out(self, message: str, *steps: str) -> None:
        """Warn that the item at `steps` is not imported."""
        self.warnings.append(TransferWarning(message, (*self.path, *steps)))

    def warn(self, message: str, *steps: str) -> None:
        """Warn that the item at `steps` is not imported exactly as it was sent."""
        self.warnings.append(TransferWarning(message, (*self.path, *steps), left_out=False))

    @property
    def has_too_many_errors(self) -> bool:
        """Whether the limit of errors is reached."""
        return len(self.problems.errors) >= MAX_ERRORS

    def begin_drop(self, part: str) -> None:
        """Record that a whole section is dropped; the REST API reports this as one event."""
        change_set = self.work.change_set
        assert change_set is not None
        words = part.replace("-", " ")
        self.work.record(
            EventType.STATE_IMPORTED,
            subject_kind=SubjectKind.STATE,
            subject_key=change_set.id,
            subject_name=change_set.id,
            summary=f"Dropped all {words} to import others in their place.",
        )
        self.work.show_as(f"drop-{part}", {"name": f"all-{part}"})

    def show_as_part(self) -> None:
        """Hide the last event in the REST API, because 3.x reports only the import."""
        self.work.show_as(EventType.STATE_IMPORTED.value, None)


def items_of(part: Sequence[Any] | Any) -> Sequence[Any]:
    """Return the items of a section; empty if the document does not have it."""
    return () if part is UNSET else part
