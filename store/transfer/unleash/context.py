"""What the parts of one import share: what comes, how, what is wrong and what was left out."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, Struct

from store.errors import Path, Problems, Refusal
from store.events import EventType, SubjectKind
from store.transfer.checking import MOST_ERRORS
from store.transfer.context import no_progress
from store.transfer.unleash.document import V3Document, V3State
from store.unit_of_work import UnitOfWork


class LooseEnd(Struct, frozen=True):
    """What is worth a warning, and its place; mostly an item that was left out, since what it
    belongs to is nowhere."""

    message: str
    path: Path
    left_out: bool = True


class V3Incoming(Struct, frozen=True):
    """A document on its way in.

    `drop` takes out everything of the parts that the document has, `keep` leaves alone what there
    is. `path` is the way to the document, with which all places begin.
    """

    work: UnitOfWork
    document: V3Document
    drop: bool
    keep: bool
    path: Path
    problems: Problems
    loose_ends: list[LooseEnd]
    on_toggle: Callable[[], None] = no_progress

    @property
    def state(self) -> V3State:
        """The document, checked."""
        return self.document.state

    def sent(self, section: str, at: int) -> Any:
        """An item as it was sent."""
        return self.document.source[section][at]

    def note(self, refusal: Refusal, *steps: str) -> None:
        """Remember what is wrong with one item, which `steps` lead to."""
        for error in refusal.errors:
            self.problems.add(error.under(*self.path, *steps))

    def leave_out(self, message: str, *steps: str) -> None:
        """Remember that an item, which `steps` lead to, is not taken in."""
        self.loose_ends.append(LooseEnd(message, (*self.path, *steps)))

    def warn(self, message: str, *steps: str) -> None:
        """Remember that an item, which `steps` lead to, is not imported quite as it was sent."""
        self.loose_ends.append(LooseEnd(message, (*self.path, *steps), left_out=False))

    @property
    def hopeless(self) -> bool:
        """Whether there are more errors than anybody reads."""
        return len(self.problems.errors) >= MOST_ERRORS

    def begin_drop(self, part: str) -> None:
        """Record that all of a part goes; over REST this is one event, however much goes."""
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
        """Let the event recorded last be none of its own over REST, where 3.x tells of the import
        alone."""
        self.work.show_as(EventType.STATE_IMPORTED.value, None)


def items_of(part: Sequence[Any] | Any) -> Sequence[Any]:
    """The items of a part, none where the document does not have it."""
    return () if part is UNSET else part
