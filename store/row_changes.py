"""Compute the inserts, updates and deletes of rows that turn one state of objects into another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from store.aggregates import Record, rows_of

_ORDER: Sequence[sa.Table] = SQLModel.metadata.sorted_tables
# The number of rows that are encoded at once.
_ROWS_AT_ONCE = 1_000


class Kind(Enum):
    """The operation on the rows of a batch."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class EncodedColumn(Sequence[Any]):
    """The values of a column, which are encoded each time they are read.

    Use it for columns with large values, so that only some encoded values are in memory.
    """

    def __init__(self, items: Sequence[Any], encode: Callable[[Any], Any]) -> None:
        self._items = items
        self._encode = encode

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return EncodedColumn(self._items[index], self._encode)
        return self._encode(self._items[index])

    def __iter__(self) -> Iterator[Any]:
        return map(self._encode, self._items)


class Batch(Struct):
    """Rows of one table for the same operation; `values` has one sequence per column in `columns`.

    The values are encoded for the driver. The columns of an update are the primary key, followed by
    the columns that change. The columns of a delete are the primary key.
    """

    kind: Kind
    table: sa.Table
    columns: tuple[str, ...]
    values: list[Sequence[Any]]


def batch_of(
    dialect: Dialect,
    kind: Kind,
    table: sa.Table,
    columns: tuple[str, ...],
    records: Iterable[Record],
) -> Batch:
    """Build a batch from rows, with values encoded for the driver of a dialect."""
    builder = _BatchBuilder(dialect, kind, table, columns)
    for record in records:
        builder.add(record)
    return builder.finish()


class _BatchBuilder:
    """Builds a batch from rows. The rows are encoded in groups, so that few rows are in memory."""

    def __init__(
        self, dialect: Dialect, kind: Kind, table: sa.Table, columns: tuple[str, ...]
    ) -> None:
        self._batch = Batch(kind, table, columns, [])
        self._values: list[list[Any]] = [[] for _ in columns]
        self._encoders = [encoder_of(dialect, table, name) for name in columns]
        self._records: list[Record] = []

    def add(self, record: Record) -> None:
        """Add a row."""
        self._records.append(record)
        if len(self._records) == _ROWS_AT_ONCE:
            self._encode()

    def finish(self) -> Batch:
        """Return the batch with all rows."""
        self._encode()
        self._batch.values = [*self._values]
        return self._batch

    def _encode(self) -> None:
        columns = zip(self._batch.columns, self._values, self._encoders, strict=True)
        for name, values, encode in columns:
            if encode is None:
                values.extend([record[name] for record in self._records])
            else:
                values.extend([encode(record[name]) for record in self._records])
        self._records.clear()


def batches_between(
    dialect: Dialect, changes: Iterable[tuple[Any | None, Any | None]]
) -> list[Batch]:
    """Return the differences between pairs of objects, in an order that satisfies foreign keys.

    A row is inserted after the rows to which it refers, and deleted before them. If a reference in
    a row changes, the row is deleted and inserted again.
    """
    rows = _RowChanges(dialect)
    for before, after in changes:
        old, new = rows_of(before), rows_of(after)
        for table in {*old, *new}:
            rows.compare(table, old.get(table, {}), new.get(table, {}))
    found = [rows.deletes[table].finish() for table in reversed(_ORDER) if table in rows.deletes]
    for table in _ORDER:
        if updates := rows.updates[table]:
            # A row may get the former name of another row.
            found += _updates(dialect, table, _freed_names(table, updates))
            found += _updates(dialect, table, updates)
        if table in rows.inserts:
            found.append(rows.inserts[table].finish())
    return found


class _RowChanges:
    """The inserts, updates and deletes of rows, by table."""

    def __init__(self, dialect: Dialect) -> None:
        self.inserts: dict[sa.Table, _BatchBuilder] = {}
        self.updates: dict[sa.Table, list[tuple[Record, Record]]] = defaultdict(list)
        self.deletes: dict[sa.Table, _BatchBuilder] = {}
        self._dialect = dialect

    def compare(
        self,
        table: sa.Table,
        old: Mapping[tuple[Any, ...], Record],
        new: Mapping[tuple[Any, ...], Record],
    ) -> None:
        """Add the changes that turn the old rows of a table into the new rows."""
        for key, record in old.items():
            if key not in new:
                self._delete(table, record)
        for key, record in new.items():
            known = old.get(key)
            if known is None:
                self._insert(table, record)
                continue
            difference = {
                name: value for name, value in record.items() if not _same(value, known[name])
            }
            if any(table.columns[name].foreign_keys for name in difference):
                self._delete(table, known)
                self._insert(table, record)
            elif difference:
                self.updates[table].append((record, difference))

    def _insert(self, table: sa.Table, record: Record) -> None:
        builder = self.inserts.get(table)
        if builder is None:
            columns = tuple(table.columns.keys())
            builder = _BatchBuilder(self._dialect, Kind.INSERT, table, columns)
            self.inserts[table] = builder
        builder.add(record)

    def _delete(self, table: sa.Table, record: Record) -> None:
        builder = self.deletes.get(table)
        if builder is None:
            builder = _BatchBuilder(self._dialect, Kind.DELETE, table, _key_columns(table))
            self.deletes[table] = builder
        builder.add(record)


def _freed_names(
    table: sa.Table, updates: Sequence[tuple[Record, Record]]
) -> list[tuple[Record, Record]]:
    """Return preliminary updates that free unique strings.

    Rows can then swap such strings.
    """
    unique = _unique_columns(table)
    changing = [(record, unique & difference.keys()) for record, difference in updates]
    if sum(bool(names) for _, names in changing) < 2:
        return []
    return [(record, {name: str(uuid4()) for name in names}) for record, names in changing if names]


def _updates(
    dialect: Dialect, table: sa.Table, updates: Iterable[tuple[Record, Record]]
) -> list[Batch]:
    """Build the updates, one batch for all rows in which the same columns change."""
    by_columns: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record, values in updates:
        by_columns[tuple(values)].append(record | values)
    key = _key_columns(table)
    return [
        batch_of(dialect, Kind.UPDATE, table, key + names, records)
        for names, records in by_columns.items()
    ]


def _same(left: Any, right: Any) -> bool:
    """Whether two values are equal; as in JSON, the values 1, True and 1.0 differ."""
    return left is right or (left == right and repr(left) == repr(right))


@lru_cache(maxsize=1_000)
def encoder_of(dialect: Dialect, table: sa.Table, name: str) -> Callable[[Any], Any] | None:
    """Return the function that encodes a column's values for the driver; None without encoding."""
    return table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)


@cache
def _key_columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@cache
def _unique_columns(table: sa.Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.unique)
