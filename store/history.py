"""Detect whether a database still has the history that this process knows.

After a failover to a server that lags behind, or after a backup is restored, a database has an
older state. Another history begins from that state.
"""

from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.events import IMPORTED_REVISION, SubjectKind
from store.rows import EnvironmentRow, EventRow, ServerStateRow

_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)
_ENVIRONMENT = table_of(EnvironmentRow)

_READ_STATE = sa.select(
    _STATE.c.revision, sa.select(sa.func.max(_EVENT.c.number)).scalar_subquery()
)

# No setting removes events younger than this.
YOUNG = timedelta(days=1)

# After a history is lost, this many revisions and event numbers are skipped, because other
# processes may have seen them. The skipped numbers are enough for one second of commits. A large
# import can create hundreds of thousands of events in one second.
REVISION_GAP = 1_000
EVENT_GAP = 1_000_000

# The revision of the first change of a database.
FIRST_REVISION = 1

# The revision and the time of an event; the pair identifies a history.
Mark: TypeAlias = tuple[int, datetime]


async def newest_mark(connection: AsyncConnection) -> Mark | None:
    """Return the mark of the newest event of this server, None if there are no such events."""
    statement = (
        sa.select(_EVENT.c.revision, _EVENT.c.created_at)
        .where(_EVENT.c.revision > IMPORTED_REVISION)
        .order_by(_EVENT.c.revision.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else (row.revision, row.created_at)


async def holds(connection: AsyncConnection, mark: Mark, now: datetime) -> bool:
    """Whether the database has the event of a mark, or may have removed the event as expired."""
    revision, created_at = mark
    found = sa.select(_EVENT.c.created_at).where(_EVENT.c.revision == revision)
    times = (await connection.scalars(found.limit(1))).all()
    if times:
        return times[0] == created_at
    if created_at > now - YOUNG:
        return False
    later = sa.select(sa.exists().where(_EVENT.c.revision > revision))
    return bool(await connection.scalar(later))


async def state_of(connection: AsyncConnection) -> tuple[int, int]:
    """Return the revision and the number of the newest event; the number is 0 without events."""
    revision, number = (await connection.execute(_READ_STATE)).one()
    return revision, number or 0


async def never_had_toggles(connection: AsyncConnection) -> bool:
    """Return whether the events show that no toggle has ever existed.

    If the first events have been removed as expired, the result is False.
    """
    oldest = await connection.scalar(
        sa.select(_EVENT.c.revision).order_by(_EVENT.c.number).limit(1)
    )
    if oldest is None:
        return True
    about_toggle = sa.select(sa.exists().where(_EVENT.c.subject_kind == SubjectKind.TOGGLE.value))
    return oldest == FIRST_REVISION and not await connection.scalar(about_toggle)


async def begin_history(connection: AsyncConnection, revision: int, number: int) -> None:
    """Continue at a revision and an event number that were never used in any history.

    `revision` and `number` are the newest revision and event number that this process has seen.
    Clients compare revisions, and request events after a number. Therefore the revisions and event
    numbers of the lost history must not be reused. Other processes may have seen later revisions
    and numbers, so the function skips some.
    """
    newest = (await connection.execute(sa.select(_STATE.c.revision).with_for_update())).scalar_one()
    following = max(newest, revision) + REVISION_GAP
    await connection.execute(sa.update(_STATE).values(revision=following))
    await connection.execute(sa.update(_ENVIRONMENT).values(served_revision=following))
    await skip_event_numbers(connection, number + EVENT_GAP)


async def skip_event_numbers(connection: AsyncConnection, last: int) -> None:
    """Make the next event number greater than `last`; never lower it."""
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(_EVENT.name, _EVENT.c.number.name)
        following = sa.func.greatest(sa.func.nextval(sequence), sa.literal(last, sa.BigInteger))
        await connection.execute(sa.select(sa.func.setval(sequence, following)))
        return
    counter = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    counted = await connection.execute(
        sa.update(counter)
        .where(counter.c.name == _EVENT.name)
        .values(seq=sa.func.max(counter.c.seq, last))
    )
    if not counted.rowcount:  # the database has no events yet
        await connection.execute(sa.insert(counter).values(name=_EVENT.name, seq=last))
