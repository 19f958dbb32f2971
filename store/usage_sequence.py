"""Number the writes of usage, so that each process finds the new writes of other processes.

A writer takes the next number and stores it in its rows. The row of the counter is locked until the
transaction ends. Therefore the numbers are in the order of commits.
"""

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import UsageStateRow

_STATE = table_of(UsageStateRow)
# These statements are constants, because SQLAlchemy compiles each statement object only once.
_READ = sa.select(_STATE.c.sequence, _STATE.c.removed)
_FOLLOWING = _STATE.c.sequence + 1
_TAKE = sa.update(_STATE).values(sequence=_FOLLOWING).returning(*_READ.selected_columns)
_TAKE_TO_REMOVE = (
    sa.update(_STATE)
    .values(sequence=_FOLLOWING, removed=_FOLLOWING)
    .returning(*_READ.selected_columns)
)


class UsageState(Struct, frozen=True):
    """The number of the last write, and the number of the last write that deleted rows."""

    sequence: int
    removed: int


async def usage_state(connection: AsyncConnection) -> UsageState:
    """Read the state in the connection's transaction."""
    return UsageState(*(await connection.execute(_READ)).one())


async def next_sequence(connection: AsyncConnection, *, removes: bool = False) -> UsageState:
    """Take the next number for a transaction that writes rows or, with `removes`, deletes rows."""
    statement = _TAKE_TO_REMOVE if removes else _TAKE
    return UsageState(*(await connection.execute(statement)).one())
