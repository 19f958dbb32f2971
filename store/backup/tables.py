"""The tables of a database as they are, and the conversion of their values to JSON."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.backup.format import BackupError, Row, TableHead

# A backup contains the migration in its header.
_OMITTED = "alembic_version"
_KINDS: Sequence[tuple[type[sa.types.TypeEngine[Any]], str]] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.DateTime, "time"),
    (sa.String, "text"),
)


async def reflect_tables(connection: AsyncConnection) -> list[sa.Table]:
    """Return all tables, referenced tables first.

    The types are those of the database, so texts with JSON are not decoded.
    """
    metadata = sa.MetaData()
    await connection.run_sync(metadata.reflect)
    return [table for table in metadata.sorted_tables if table.name != _OMITTED]


def head_of(table: sa.Table) -> TableHead:
    """Return the line that describes a table in a backup."""
    # SQLAlchemy's names are of a subclass of str, which msgspec does not encode.
    columns = {str(column.name): _kind_of(column) for column in table.columns}
    return TableHead(table=str(table.name), columns=columns)


def encoder_of(head: TableHead) -> Callable[[Row], Row]:
    """Return a function that converts a row to values of JSON."""
    times = _times_in(head)

    def encode(row: Row) -> Row:
        values = list(row)
        for index in times:
            if values[index] is not None:
                values[index] = _in_utc(values[index]).isoformat()
        return values

    return encode


def decoder_of(head: TableHead, dialect: str) -> Callable[[Row], dict[str, Any]]:
    """Return a function that converts a row of a backup to parameters of a statement."""
    names, times = list(head.columns), _times_in(head)

    def decode(row: Row) -> dict[str, Any]:
        values = list(row)
        for index in times:
            if values[index] is not None:
                time = datetime.fromisoformat(values[index])
                values[index] = time.replace(tzinfo=None) if dialect == "sqlite" else time
        return dict(zip(names, values, strict=True))

    return decode


def _kind_of(column: sa.Column[Any]) -> str:
    for kind, name in _KINDS:
        if isinstance(column.type, kind):
            return name
    raise BackupError(f"The column {column} has the unknown type {column.type}.")


def _times_in(head: TableHead) -> list[int]:
    return [index for index, kind in enumerate(head.columns.values()) if kind == "time"]


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
