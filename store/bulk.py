"""Write many rows in few statements, each with thousands of rows."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import StoreUnavailableError
from store.row_changes import Batch, Kind
from store.sqlite_driver import Statement, execute_insert, execute_together

# The maximum number of parameters of an SQLite statement; builds before 3.32 allow fewer.
MAX_PARAMETERS = 30_000
# The maximum number of rows of a PostgreSQL statement. Encoding blocks the event loop for 10 µs per
# row.
MAX_ROWS = 1_000
# Only the texts of statements with at most this many rows are cached.
MAX_CACHED_ROWS = 20


async def write_batches(connection: AsyncConnection, batches: Sequence[Batch]) -> None:
    """Write batches of rows in the given order.

    On SQLite each statement contains a table of values. `executemany` would be slower, because the
    driver waits for Python's global lock before each row. A busy event loop releases the global
    lock only every few milliseconds. All statements of a small change are executed in one call to
    the driver's thread. On PostgreSQL a statement has an array for each column, and a small change
    is one statement.

    Raises: StoreUnavailableError: a row to change or delete does not exist.
    """
    dialect = connection.dialect
    if dialect.name == "sqlite" and sum(map(_size, batches)) <= MAX_PARAMETERS:
        await _write_together(connection, batches)
        return
    if dialect.name == "postgresql" and _fit_one_statement(batches):
        await _write_with_one_statement(connection, batches)
        return
    for batch in batches:
        for values in _portions(dialect, batch):
            source, names = _source(dialect, batch, len(values[0]))
            statement = write_statement(dialect, batch, source, names)
            parameters = await asyncio.to_thread(_parameters, dialect, values)
            result = await connection.exec_driver_sql(statement, parameters)
            require_rows(batch, result.rowcount, len(values[0]))


async def insert_row(connection: AsyncConnection, batch: Batch, key: str) -> int:
    """Insert the only row of a batch; return its generated `key`."""
    statement = _statement_of(connection.dialect, batch)
    parameters = _parameters(connection.dialect, batch.values)
    if connection.dialect.name == "sqlite":
        return await execute_insert(connection, (statement, parameters))
    result = await connection.exec_driver_sql(f"{statement} RETURNING {key}", parameters)
    return result.scalar_one()


async def _write_together(connection: AsyncConnection, batches: Sequence[Batch]) -> None:
    """Write batches to SQLite in one call to the driver's thread, with one statement per batch."""
    dialect = connection.dialect
    statements: list[Statement] = [
        (_statement_of(dialect, batch), _parameters(dialect, batch.values)) for batch in batches
    ]
    if not statements:
        return
    counts = await execute_together(connection, statements)
    for batch, count in zip(batches, counts, strict=True):
        require_rows(batch, count, len(batch.values[0]))


def _fit_one_statement(batches: Sequence[Batch]) -> bool:
    """Whether one statement of PostgreSQL can write all batches.

    PostgreSQL checks foreign keys at the end of a statement, but unique keys after each row. The
    parts of a statement run in no particular order, and no part sees the changes of other parts.
    """
    return (
        len({batch.table for batch in batches}) == len(batches) > 1
        and all(batch.kind is not Kind.DELETE for batch in batches)
        and all(len(batch.values[0]) <= MAX_ROWS for batch in batches)
    )


async def _write_with_one_statement(connection: AsyncConnection, batches: Sequence[Batch]) -> None:
    """Write batches to PostgreSQL with one statement, so that the server answers only once."""
    dialect = connection.dialect
    parts: list[str] = []
    parameters: list[Any] = []
    for position, batch in enumerate(batches):
        statement = _statement_of(dialect, batch, first=len(parameters))
        parts.append(f"w{position} AS ({statement} RETURNING 1)")
        parameters += batch.values
    counts = ", ".join(f"(SELECT count(*) FROM w{position})" for position in range(len(parts)))
    statement = f"WITH {', '.join(parts)} SELECT {counts}"
    row = (await connection.exec_driver_sql(statement, tuple(parameters))).one()
    for batch, count in zip(batches, row, strict=True):
        require_rows(batch, count, len(batch.values[0]))


def _statement_of(dialect: Dialect, batch: Batch, *, first: int = 0) -> str:
    """Return the statement that writes all rows of a batch; for `first` see `_source`."""
    # The text for PostgreSQL is the same for any number of rows.
    count = len(batch.values[0]) if dialect.name == "sqlite" else 1
    build = _build_statement if count > MAX_CACHED_ROWS else _build_statement_once
    return build(dialect, batch.kind, batch.table, batch.columns, count, first)


def _build_statement(
    dialect: Dialect, kind: Kind, table: sa.Table, columns: tuple[str, ...], count: int, first: int
) -> str:
    batch = Batch(kind, table, columns, [])
    source, names = _source(dialect, batch, count, first=first)
    return write_statement(dialect, batch, source, names)


_build_statement_once = lru_cache(maxsize=500)(_build_statement)


def _size(batch: Batch) -> int:
    """Return the number of values of a batch."""
    return len(batch.columns) * len(batch.values[0])


async def fill_table(connection: AsyncConnection, table: str, batch: Batch) -> None:
    """Insert the values of a batch into a table that has the same columns in the same order."""
    dialect = connection.dialect
    for values in _portions(dialect, batch):
        source, _ = _source(dialect, batch, len(values[0]))
        parameters = await asyncio.to_thread(_parameters, dialect, values)
        await connection.exec_driver_sql(f"INSERT INTO {table} {source}", parameters)


async def delete_rows(
    connection: AsyncConnection, table: str, column: str, values: Collection[str]
) -> int:
    """Delete the rows whose `column` has one of the values; return the number of deleted rows."""
    deleted = 0
    listed = [*values]
    if connection.dialect.name == "postgresql":
        condition = f"{column} = ANY($1::VARCHAR[])"
        result = await connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE {condition}", (listed,)
        )
        return result.rowcount
    for start in range(0, len(listed), MAX_PARAMETERS):
        part = tuple(listed[start : start + MAX_PARAMETERS])
        condition = f"{column} IN ({', '.join('?' * len(part))})"
        result = await connection.exec_driver_sql(f"DELETE FROM {table} WHERE {condition}", part)
        deleted += result.rowcount
    return deleted


def write_statement(dialect: Dialect, batch: Batch, source: str, names: Sequence[str]) -> str:
    """Return the statement that writes a batch; `source` is a query with the columns `names`."""
    quote = dialect.identifier_preparer.quote
    table = quote(batch.table.name)
    columns = [quote(name) for name in batch.columns]
    if batch.kind is Kind.INSERT:
        return f"INSERT INTO {table} ({', '.join(columns)}) {source}"
    keys = len(batch.table.primary_key)
    if batch.kind is Kind.DELETE:
        return f"DELETE FROM {table} WHERE ({', '.join(columns)}) IN ({source})"
    sets = (
        f"{column} = v.{value}" for column, value in zip(columns[keys:], names[keys:], strict=True)
    )
    finds = (
        f"{table}.{column} = v.{value}"
        for column, value in zip(columns[:keys], names, strict=False)
    )
    return f"UPDATE {table} SET {', '.join(sets)} FROM ({source}) AS v WHERE {' AND '.join(finds)}"


def require_rows(batch: Batch, found: int, expected: int) -> None:
    """Check that a statement found all rows of a batch.

    Raises: StoreUnavailableError: a row to change or delete does not exist.
    """
    if batch.kind is not Kind.INSERT and found != expected:
        raise StoreUnavailableError(
            f"The table {batch.table.name} does not contain all rows to change."
        )


def _portions(dialect: Dialect, batch: Batch) -> Iterator[list[Sequence[Any]]]:
    size = MAX_ROWS
    if dialect.name == "sqlite":
        size = MAX_PARAMETERS // len(batch.columns)
    for start in range(0, len(batch.values[0]), size):
        yield [column[start : start + size] for column in batch.values]


def _parameters(dialect: Dialect, values: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    if dialect.name == "sqlite":
        return tuple(chain.from_iterable(zip(*values, strict=True)))
    return tuple(map(list, values))


def _source(dialect: Dialect, batch: Batch, count: int, *, first: int = 0) -> tuple[str, list[str]]:
    """Return a query for the rows of the parameters, and the names of its columns.

    `first` is the number of earlier parameters in the statement, because PostgreSQL numbers
    parameters.
    """
    width = len(batch.columns)
    if dialect.name == "sqlite":
        row = f"({', '.join('?' * width)})"
        return f"VALUES {', '.join([row] * count)}", [f"column{at + 1}" for at in range(width)]
    arrays = (
        f"${first + at + 1}::{_type_name(dialect, batch.table.columns[name])}[]"
        for at, name in enumerate(batch.columns)
    )
    names = [f"c{at + 1}" for at in range(width)]
    return f"SELECT * FROM unnest({', '.join(arrays)}) AS u ({', '.join(names)})", names


def _type_name(dialect: Dialect, column: sa.Column[Any]) -> str:
    name = column.type.dialect_impl(dialect).compile(dialect)
    return name.partition(" COLLATE ")[0]
