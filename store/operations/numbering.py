"""Number new objects of kinds that are identified by numbers."""

from collections.abc import Iterable

import sqlalchemy as sa

from store.aggregates import table_of
from store.events import SubjectKind
from store.rows import EventRow
from store.unit_of_work import UnitOfWork

_EVENT = table_of(EventRow)


async def new_number(work: UnitOfWork, kind: SubjectKind, existing: Iterable[int]) -> int:
    """Return a number that no object of a kind has ever had.

    Numbers are never used again, because events and old versions of toggles refer to objects by
    number.
    """
    logged = await work.connection.scalar(
        sa.select(sa.func.max(sa.cast(_EVENT.c.subject_key, sa.Integer))).where(
            _EVENT.c.subject_kind == kind.value
        )
    )
    unlogged = [int(event.subject_key) for event in work.events if event.subject_kind is kind]
    return max([logged or 0, *unlogged, *existing]) + 1
