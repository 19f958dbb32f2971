"""Process many rows in slices, so that the event loop is not blocked."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

# The number of rows or objects in a slice: a few milliseconds of work.
SLICE = 1_000


def slices_of(items: Sequence[T]) -> Generator[Sequence[T]]:
    """Yield the items in slices, in order."""
    for start in range(0, len(items), SLICE):
        yield items[start : start + SLICE]


async def execute_in_slices(
    connection: AsyncConnection, statement: Any, rows: list[dict[str, Any]]
) -> None:
    """Execute a statement for many rows, one slice at a time.

    The function empties the list step by step, because freeing all rows at once would also block
    the event loop.
    """
    while rows:
        part = rows[:SLICE]
        del rows[:SLICE]
        await connection.execute(statement, part)


async def rows_in_slices(
    connection: AsyncConnection, statement: sa.Executable
) -> AsyncGenerator[Sequence[Any]]:
    """Read the rows of a statement from the database, one slice at a time."""
    result = await connection.stream(statement)
    try:
        async for part in result.partitions(SLICE):
            yield part
            # Yield to the event loop, because reading rows that are already in memory does not.
            await asyncio.sleep(0)
    finally:
        await result.close()
