"""Compute the inserts, updates and deletes of rows that turn one state of objects into another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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


class Kind(Enum):
    """The operation on the rows of a batch."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Batch(Struct):
    """Rows of one table for the same operation; `values` has one list per column in `columns`.

    The values are encoded for the driver. The columns of an update are the primary key, followed by
    the columns that change. The columns of a delete are the primary key.
    """

    kind: Kind
    table: sa.Table
    columns: tuple[str, ...]
    values: list[list[Any]]


def batch_of(
    dialect: Dialect,
    kind: Kind,
    table: sa.Table,
    columns: tuple[str, ...],
    records: Sequence[Record],
) -> Batch:
    """Build a batch from rows, with values encoded for the driver of a dialect."""
    values: list[list[Any]] = []
    for name in columns:
        encode = _encoder_of(dialect, table, name)
        if encode is None:
            values.append([record[name] for record in records])
        else:
            values.append([encode(record[name]) for record in records])
    return Batch(kind, table, columns, values)


def batches_between(
    dialect: Dialect, changes: Iterable[tuple[Any | None, Any | None]]
) -> list[Batch]:
    """Return the differences between pairs of objects, in an order that satisfies foreign keys.

    A row is inserted after the rows to which it refers, and deleted before them. If a reference in
    a row changes, the row is deleted and inserted again.
    """
    inserts: dict[sa.Table, list[Record]] = defaultdict(list)
    updates: dict[sa.Table, list[tuple[Record, Record]]] = defaultdict(list)
    deletes: dict[sa.Table, list[Record]] = defaultdict(list)
    for before, after in changes:
        old, new = rows_of(before), rows_of(after)
        for table in {*old, *new}:
            _compare(
                table,
                old.get(table, {}),
                new.get(table, {}),
                inserts[table],
                updates[table],
                deletes[table],
            )
    found: list[Batch] = []
    for table in reversed(_ORDER):
        if deletes[table]:
            key = _key_columns(table)
            found.append(batch_of(dialect, Kind.DELETE, table, key, deletes[table]))
    for table in _ORDER:
        if updates[table]:
            # A row may get the former name of another row.
            found += _updates(dialect, table, _freed_names(table, updates[table]))
            found += _updates(dialect, table, updates[table])
        if inserts[table]:
            columns = tuple(table.columns.keys())
            found.append(batch_of(dialect, Kind.INSERT, table, columns, inserts[table]))
    return found


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


def _compare(
    table: sa.Table,
    old: Mapping[tuple[Any, ...], Record],
    new: Mapping[tuple[Any, ...], Record],
    inserts: list[Record],
    updates: list[tuple[Record, Record]],
    deletes: list[Record],
) -> None:
    deletes.extend(record for key, record in old.items() if key not in new)
    for key, record in new.items():
        known = old.get(key)
        if known is None:
            inserts.append(record)
            continue
        difference = {
            name: value for name, value in record.items() if not _same(value, known[name])
        }
        if any(table.columns[name].foreign_keys for name in difference):
            deletes.append(known)
            inserts.append(record)
        elif difference:
            updates.append((record, difference))


def _same(left: Any, right: Any) -> bool:
    """Whether two values are equal; as in JSON, the values 1, True and 1.0 differ."""
    return left is right or (left == right and repr(left) == repr(right))


@lru_cache(maxsize=1_000)
def _encoder_of(dialect: Dialect, table: sa.Table, name: str) -> Callable[[Any], Any] | None:
    """Return the function that encodes a column's values for the driver; None without encoding."""
    return table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)


@cache
def _key_columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@cache
def _unique_columns(table: sa.Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.unique)
