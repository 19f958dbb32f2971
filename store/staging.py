"""Stage rows in a connection's temporary tables before the writer's lock is taken.

Encoding rows, sending them to the database and parsing them is slow, but needs no lock. With the
lock, only one statement for each table is executed. The statement copies the rows, and inserts the
revision and the time of the commit. Temporary tables are removed with their connection, so a killed
process leaves no tables behind.
"""

import asyncio
import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, compress
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.bulk import delete_rows, fill_table, require_rows, write_batches, write_statement
from store.columns import JsonOf, UtcDateTime
from store.free_memory import find_malloc_trim
from store.model import Toggle
from store.row_changes import Batch

# For each table without the ID of a toggle, the column with the ID of a strategy.
_STRATEGY_KEYS = {"toggle_strategy": "id", "toggle_strategy_segment": "strategy_id"}
# After staging more rows than this, unused memory is released to the operating system.
MANY_ROWS = 10_000
EVENT_TABLE, CHANGE_SET_TABLE = "event", "change_set"
_REVISIONS = frozenset({"revision", "served_revision"})
# The earliest placeholder time. No real stored time is as old as placeholders.
_FIRST_PLACEHOLDER = datetime(1, 1, 1, tzinfo=UTC)
_PLACEHOLDER_RANGE_S = 900 * 365 * 86_400


class Stamp(Struct, frozen=True):
    """The revision of a commit, and its time."""

    revision: int
    time: datetime


def placeholder() -> Stamp:
    """Return a random, unique stamp, which the stamp of the commit replaces later."""
    # The number is never 0, because the JSON form of a time omits zero microseconds.
    microseconds = 1 + secrets.randbelow(999_999)
    after = timedelta(seconds=secrets.randbelow(_PLACEHOLDER_RANGE_S), microseconds=microseconds)
    return Stamp(-(2**62) - secrets.randbelow(2**62), _FIRST_PLACEHOLDER + after)


class StagedRows:
    """Batches of rows that contain a placeholder for the stamp of the commit."""

    def __init__(self, dialect: Dialect, batches: Sequence[Batch], stamp: Stamp) -> None:
        """Prepare the rows. Call this in a thread, because it takes up to 10 µs for each row."""
        self._batches = batches
        self._stamp = stamp
        self._stamped = [_stamped_columns(dialect, batch, stamp) for batch in batches]
        self._is_staged = False
        # The indexes of batches that must not be written.
        self._withdrawn: set[int] = set()
        self._counts = [len(batch.values[0]) for batch in batches]

    async def stage(self, connection: AsyncConnection) -> None:
        """Fill temporary tables, without blocking other writers.

        The tables belong to the transaction on PostgreSQL, and to the connection on SQLite. If
        PostgreSQL does not permit temporary tables, `write` writes the rows directly.
        """
        dialect = connection.dialect
        if dialect.name == "postgresql" and not await _may_make_tables(connection):
            return
        quote = dialect.identifier_preparer.quote
        for position, batch in enumerate(self._batches):
            columns = ", ".join(map(quote, batch.columns))
            # SQLite stores values unchanged in columns without types.
            definition = f"({columns})"
            if dialect.name == "postgresql":
                table = quote(batch.table.name)
                definition = f"ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
            name = _name_of(position)
            await connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} {definition}")
            await fill_table(connection, name, batch)
            batch.values = []
        self._is_staged = True
        # Release unused memory to the operating system. The rows of a large change used hundreds of
        # megabytes.
        trim = find_malloc_trim() if sum(self._counts) > MANY_ROWS else None
        if trim is not None:
            await asyncio.to_thread(trim, 0)

    async def withdraw(self, connection: AsyncConnection, toggles: Collection[Toggle]) -> None:
        """Remove the rows of the given toggles, and the rows of events about these toggles."""
        ids, strategy_ids = ids_of(toggles)
        for position, batch in enumerate(self._batches):
            column = _owner_column(batch)
            if column is None:
                continue
            is_toggle = column == "toggle_id" or batch.table.name == "toggle"
            keys = ids if is_toggle else strategy_ids
            if self._is_staged:
                self._counts[position] -= await delete_rows(
                    connection, _name_of(position), column, keys
                )
            else:
                owners = batch.values[batch.columns.index(column)]
                left = [owner not in keys for owner in owners]
                batch.values = [[*compress(values, left)] for values in batch.values]

    async def withdraw_reference_data(self, connection: AsyncConnection) -> None:
        """Remove the rows of objects other than toggles, and of events about such objects."""
        for position, batch in enumerate(self._batches):
            if batch.table.name == EVENT_TABLE:
                if self._is_staged:
                    statement = f"DELETE FROM {_name_of(position)} WHERE toggle_id IS NULL"
                    await connection.exec_driver_sql(statement)
                else:
                    owners = batch.values[batch.columns.index("toggle_id")]
                    left = [owner is not None for owner in owners]
                    batch.values = [[*compress(values, left)] for values in batch.values]
            elif _owner_column(batch) is None and batch.table.name != CHANGE_SET_TABLE:
                self._withdrawn.add(position)

    async def write(self, connection: AsyncConnection, stamp: Stamp) -> None:
        """Write the rows, and replace the placeholder by the stamp of the commit.

        Raises: StoreUnavailableError: a row to change or delete does not exist.
        """
        dialect = connection.dialect
        if not self._is_staged:
            await asyncio.to_thread(self._exchange_stamps, dialect, stamp)
            left = [
                batch
                for position, batch in enumerate(self._batches)
                if position not in self._withdrawn
            ]
            await write_batches(connection, left)
            return
        quote = dialect.identifier_preparer.quote
        for position, batch in enumerate(self._batches):
            if position in self._withdrawn:
                continue
            names = [quote(name) for name in batch.columns]
            values = [
                f"{self._expression(dialect, position, name, stamp)} AS {quoted}"
                for name, quoted in zip(batch.columns, names, strict=True)
            ]
            source = f"SELECT {', '.join(values)} FROM {_name_of(position)}"
            statement = write_statement(dialect, batch, source, names)
            result = await connection.exec_driver_sql(statement)
            require_rows(batch, result.rowcount, self._counts[position])

    def _expression(self, dialect: Dialect, position: int, name: str, stamp: Stamp) -> str:
        """Return the SQL expression that reads a column and replaces the placeholder."""
        column = self._batches[position].table.columns[name]
        expression = dialect.identifier_preparer.quote(name)
        if name not in self._stamped[position]:
            return expression
        befores = _parts_of(dialect, column, self._stamp)
        afters = _parts_of(dialect, column, stamp)
        for old, new in zip(map(_literal_of, befores), map(_literal_of, afters), strict=True):
            if isinstance(column.type, JsonOf):
                expression = f"replace({expression}, {old}, {new})"
            elif self._stamped[position][name]:
                expression = new
            else:
                expression = f"CASE WHEN {expression} = {old} THEN {new} ELSE {expression} END"
        return expression

    def _exchange_stamps(self, dialect: Dialect, stamp: Stamp) -> None:
        """Replace the placeholder in the values of the batches."""
        for batch, stamped in zip(self._batches, self._stamped, strict=True):
            for name in stamped:
                column = batch.table.columns[name]
                position = batch.columns.index(name)
                befores = _parts_of(dialect, column, self._stamp)
                afters = _parts_of(dialect, column, stamp)
                for old, new in zip(befores, afters, strict=True):
                    values = batch.values[position]
                    if isinstance(column.type, JsonOf):
                        values = [value and value.replace(old, new) for value in values]
                    else:
                        values = [new if value == old else value for value in values]
                    batch.values[position] = values


def _owner_column(batch: Batch) -> str | None:
    """Return the column with the ID of a toggle or strategy; None if a table has no such column."""
    if batch.table.name == "toggle":
        return "id"
    if "toggle_id" in batch.columns:
        return "toggle_id"
    return _STRATEGY_KEYS.get(batch.table.name)


def _stamped_columns(dialect: Dialect, batch: Batch, stamp: Stamp) -> dict[str, bool]:
    """Return the columns whose values contain the stamp.

    For each column, the result is true if all values equal the revision or the time of the stamp.
    """
    found: dict[str, bool] = {}
    for name, values in zip(batch.columns, batch.values, strict=True):
        column = batch.table.columns[name]
        parts = _parts_of(dialect, column, stamp)
        if isinstance(column.type, JsonOf):
            if any(part in value for value in values if value for part in parts):
                found[name] = False
        elif parts and (count := values.count(parts[0])):
            found[name] = count == len(values)
    return found


def _parts_of(dialect: Dialect, column: sa.Column[Any], stamp: Stamp) -> Sequence[Any]:
    """Return the parts of a stamp that a column can contain, encoded for the driver."""
    if isinstance(column.type, JsonOf):
        # Include the quotes, which a string in the document contains only in escaped form.
        return [str(stamp.revision), msgspec.json.encode(stamp.time).decode()]
    if isinstance(column.type, UtcDateTime):
        encode = column.type.dialect_impl(dialect).bind_processor(dialect)
        return [encode(stamp.time) if encode is not None else stamp.time]
    return [stamp.revision] if column.name in _REVISIONS else []


def ids_of(toggles: Collection[Toggle]) -> tuple[set[str], set[str]]:
    """Return the IDs of toggles, and the IDs of their strategies."""
    configured = chain(*(toggle.environments.values() for toggle in toggles))
    strategies = chain(*(configuration.strategies for configuration in configured))
    return {toggle.id for toggle in toggles}, {strategy.id for strategy in strategies}


async def _may_make_tables(connection: AsyncConnection) -> bool:
    """Whether the role may create temporary tables; the owner of a database can forbid this."""
    allowed = sa.func.has_database_privilege(sa.func.current_database(), "TEMPORARY")
    return bool(await connection.scalar(sa.select(allowed)))


def _name_of(position: int) -> str:
    return f"staged_{position}"


def _literal_of(value: Any) -> str:
    """Return a part of a stamp as SQL."""
    if isinstance(value, int):
        return str(value)
    return f"'{value}'" if isinstance(value, str) else f"timestamptz '{value.isoformat()}'"
