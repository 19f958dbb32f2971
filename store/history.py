"""Whether a database still holds the history that this process knows.

A failover to a server that lags behind, or the restore of a backup, takes a database back to an
older state, from which it goes on otherwise.
"""

from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of
from store.rows import EnvironmentRow, EventRow, ServerStateRow

_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)
_ENVIRONMENT = table_of(EnvironmentRow)

# No event is removed sooner, whatever the settings say.
YOUNG = timedelta(days=1)

# The revision of an event and its time, which no two histories have in common.
Mark: TypeAlias = tuple[int, datetime]


async def newest_mark(session: AsyncSession) -> Mark | None:
    """The mark of the newest event, None without events."""
    statement = (
        sa.select(_EVENT.c.revision, _EVENT.c.created_at).order_by(_EVENT.c.number.desc()).limit(1)
    )
    row = (await session.execute(statement)).first()
    return None if row is None else (row.revision, row.created_at)


async def holds(session: AsyncSession, mark: Mark, now: datetime) -> bool:
    """Whether the database has the event of a mark, or may have removed it since it was old."""
    revision, created_at = mark
    found = sa.select(_EVENT.c.created_at).where(_EVENT.c.revision == revision)
    times = (await session.scalars(found.limit(1))).all()
    if times:
        return times[0] == created_at
    if created_at > now - YOUNG:
        return False
    later = sa.select(sa.exists().where(_EVENT.c.revision > revision))
    return bool(await session.scalar(later))


async def begin_history(connection: AsyncConnection, known: int) -> None:
    """Take a revision that nobody has seen before.

    Clients compare revisions, so those of a history that went on otherwise say nothing.
    """
    newest = (await connection.execute(sa.select(_STATE.c.revision).with_for_update())).scalar_one()
    revision = max(newest, known) + 1
    await connection.execute(sa.update(_STATE).values(revision=revision))
    await connection.execute(sa.update(_ENVIRONMENT).values(served_revision=revision))
