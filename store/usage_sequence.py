"""Number the writes of usage, so that processes find the writes of other processes.

A writer takes the next number and stores it in its rows. The row of the counter stays locked until
the transaction ends, so numbers follow the order of commits.
"""

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of
from store.rows import UsageStateRow

_STATE = table_of(UsageStateRow)
# These statements are constants, because SQLAlchemy reuses the compiled form of the same object.
_READ = sa.select(_STATE.c.sequence, _STATE.c.removed)
_FOLLOWING = _STATE.c.sequence + 1
_TAKE = sa.update(_STATE).values(sequence=_FOLLOWING).returning(*_READ.selected_columns)
_TAKE_TO_REMOVE = (
    sa.update(_STATE)
    .values(sequence=_FOLLOWING, removed=_FOLLOWING)
    .returning(*_READ.selected_columns)
)


class UsageState(Struct, frozen=True):
    """The last number, and the last number whose write deleted rows."""

    sequence: int
    removed: int


async def usage_state(session: AsyncSession) -> UsageState:
    """Read the state in the session's transaction."""
    return UsageState(*(await session.execute(_READ)).one())


async def next_sequence(connection: AsyncConnection, *, removes: bool = False) -> UsageState:
    """Take the next number for rows that this transaction writes or, with `removes`, deletes."""
    statement = _TAKE_TO_REMOVE if removes else _TAKE
    return UsageState(*(await connection.execute(statement)).one())
