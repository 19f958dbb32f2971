"""The context of an Unleash import: the target, the options, and the errors and warnings so far."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Raw, Struct

from store.errors import Path, Problems, Refusal
from store.events import EventType, SubjectKind
from store.transfer.checking import MAX_ERRORS
from store.transfer.context import no_progress
from store.transfer.unleash.document import UnleashDocument, UnleashState
from store.unit_of_work import UnitOfWork


class TransferWarning(Struct, frozen=True):
    """A warning about the item at `path`.

    If `left_out` is true, the import omits the item.
    """

    message: str
    path: Path
    left_out: bool = True


class UnleashImport(Struct, frozen=True):
    """An import of a document.

    With `drop`, the import first deletes existing objects of the document's sections. With `keep`,
    the import leaves existing objects unchanged. All paths of errors and warnings begin with
    `path`.
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

    def sent(self, section: str, at: int) -> Raw:
        """Return the JSON of an item exactly as sent."""
        return Raw(self.document.items[section][at])

    def note(self, refusal: Refusal, *steps: str) -> None:
        """Report the errors of the item at `steps`."""
        for error in refusal.errors:
            self.problems.add(error.under(*self.path, *steps))

    def leave_out(self, message: str, *steps: str) -> None:
        """Warn that the item at `steps` is not imported."""
        self.warnings.append(TransferWarning(message, (*self.path, *steps)))

    def warn(self, message: str, *steps: str) -> None:
        """Warn that the import changes the item at `steps`."""
        self.warnings.append(TransferWarning(message, (*self.path, *steps), left_out=False))

    @property
    def has_too_many_errors(self) -> bool:
        """Whether the limit of errors is reached."""
        return len(self.problems.errors) >= MAX_ERRORS

    def begin_drop(self, part: str) -> None:
        """Record that a whole section is dropped; the REST API shows one event for the drop."""
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
    """Return the items of a section; a missing section has no items."""
    return () if part is UNSET else part
