"""Report the effect and the risks of each change."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TypeAlias

from msgspec import Struct

from store.events import Event
from store.operations.change_sets import AppliedChange, AppliedChanges
from store.unit_of_work import UnitOfWork
from store.usage.applications import applications_by_name
from store.warnings import ChangeWarning, applications_concerned, warnings_of

Assess: TypeAlias = Callable[[Event | None], Sequence[ChangeWarning]]


class ChangeReport(Struct, frozen=True, dict=True):
    """One change, and a function that finds its risks.

    If the change was applied earlier, `assess` is None.
    """

    made: AppliedChange
    assess: Assess | None = None

    @cached_property
    def warnings(self) -> Sequence[ChangeWarning]:
        """The risks of the change, computed on the first access."""
        return () if self.assess is None else self.assess(self.made.event)


async def report_changes(work: UnitOfWork, made: AppliedChanges) -> list[ChangeReport]:
    """Report the changes of a unit of work, which must still be open."""
    assess = await assess_by(work, made)
    return [ChangeReport(change, assess) for change in made.changes]


async def assess_by(work: UnitOfWork, made: AppliedChanges) -> Assess:
    """Return the function that finds the risks of changes. The unit of work must still be open."""
    events = [change.event for change in made.changes if change.event is not None]
    names = applications_concerned(events, work.usage)
    known = await applications_by_name(work.connection, names) if names else {}
    return partial(
        warnings_of,
        snapshot=made.trial or work.snapshot,
        usage=work.usage,
        now=work.now,
        implemented={name: application.strategies for name, application in known.items()},
    )
