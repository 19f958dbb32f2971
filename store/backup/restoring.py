"""Restore a backup into an empty database."""

from collections.abc import Iterator, Mapping
from contextlib import aclosing
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.backup.format import BackupError, Header, Row, TableHead, check_backup, read_tables
from store.backup.tables import decoder_of, encoder_of, reflect_tables
from store.database import Database
from store.history import begin_history, state_of
from store.migrations import known_migrations, lock_schema, migration_in
from store.migrations.foreign import refuse_foreign_database
from store.rows import ServerStateRow
from store.slices import SLICE, rows_in_slices

_STATE = table_of(ServerStateRow)
_MODULUS = 2**256


async def restore_backup(database: Database, path: Path, *, verify: bool) -> dict[str, int]:
    """Write all rows of a backup into an empty database; return the number of rows by table.

    The whole file is checked first. All rows are written in one transaction, with revisions and
    event numbers that follow a gap. Clients that knew a newer state therefore load everything
    again. With `verify`, the rows are read again and compared with the file before the commit.

    Raises:
        BackupError: the file is damaged, or was written by a newer version; the database is not
            empty; or the restored rows differ from the file.
        OSError: the file cannot be read.
        StoreUnavailableError: the database is unavailable.
    """
    header, trailer = check_backup(path)
    if header.migration not in known_migrations():
        raise BackupError(
            f"The backup was written by the newer version {header.server} "
            f"(migration {header.migration})."
        )
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        await _create_tables(connection, header)
        tables = {table.name: table for table in await reflect_tables(connection)}
        for table in reversed(tables.values()):
            # Migrations have written built-in rows.
            await connection.execute(sa.delete(table))
        for head, rows in _tables_in(path):
            await _write_table(connection, tables, head, rows)
        if verify:
            await _verify(connection, tables, path)
        await _set_counters(connection, tables)
        await _migrate(connection)
        await begin_history(connection, *await state_of(connection))
    return trailer.rows


async def _create_tables(connection: AsyncConnection, header: Header) -> None:
    """Create the tables of a backup.

    Raises: BackupError: the database is not empty.
    """
    await connection.run_sync(refuse_foreign_database)
    current = await connection.run_sync(migration_in)
    if current is not None:
        if (await connection.execute(sa.select(_STATE.c.id))).first() is not None:
            raise BackupError(
                "The database is not empty. Stop its servers, and restore into a new database."
            )
        if current != header.migration:
            raise BackupError(
                f"The database is at migration {current}, but the backup is at "
                f"{header.migration}: restore into a database without tables."
            )
        return
    await _migrate(connection, header.migration)


async def _migrate(connection: AsyncConnection, migration: str = "head") -> None:
    # Importing Alembic takes longer than most restores.
    from store.migrations.scripts import upgrade

    await connection.run_sync(upgrade, migration)


def _tables_in(path: Path) -> Iterator[tuple[TableHead, Iterator[Row]]]:
    """Yield the tables of a backup, each with its rows."""
    head: TableHead | None = None
    for is_head, items in groupby(read_tables(path), lambda item: isinstance(item, TableHead)):
        if is_head:
            for item in items:
                if head is not None:
                    yield head, iter(())
                assert isinstance(item, TableHead)
                head = item
        elif head is not None:
            yield head, (item for item in items if not isinstance(item, TableHead))
            head = None
    if head is not None:
        yield head, iter(())


async def _write_table(
    connection: AsyncConnection,
    tables: Mapping[str, sa.Table],
    head: TableHead,
    rows: Iterator[Row],
) -> None:
    table = tables.get(head.table)
    if table is None or not head.columns.keys() <= set(table.columns.keys()):
        raise BackupError(f"The backup has a table '{head.table}' that this version cannot read.")
    decode = decoder_of(head, connection.dialect.name)
    # Rows may refer to later rows of the same table, so these references are written last.
    references = [
        column.name
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is table
    ]
    later: list[dict[str, Any]] = []
    insert = sa.insert(table)
    while part := [decode(row) for row in islice(rows, SLICE)]:
        for name in references:
            later += [_postponed(table, row, name) for row in part if row[name] is not None]
        await connection.execute(insert, part)
    for values in later:
        await connection.execute(_update(table, values))


def _postponed(table: sa.Table, row: dict[str, Any], name: str) -> dict[str, Any]:
    """Remove a reference from a row; return it with the primary key."""
    values = {column.name: row[column.name] for column in table.primary_key.columns}
    values[name], row[name] = row[name], None
    return values


def _update(table: sa.Table, values: dict[str, Any]) -> sa.Update:
    key = table.primary_key.columns
    update = sa.update(table).where(*(column == values[column.name] for column in key))
    return update.values({name: value for name, value in values.items() if name not in key})


async def _set_counters(connection: AsyncConnection, tables: Mapping[str, sa.Table]) -> None:
    """Let PostgreSQL continue its sequences after the restored rows; SQLite does this itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            name = sa.func.pg_get_serial_sequence(table.name, column.name)
            sequence = await connection.scalar(sa.select(name))
            if sequence is not None:
                newest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                await connection.execute(sa.select(sa.func.setval(sequence, newest, False)))


async def _verify(connection: AsyncConnection, tables: Mapping[str, sa.Table], path: Path) -> None:
    """Compare the rows in the database with the file.

    Raises: BackupError.
    """
    for head, rows in _tables_in(path):
        table = tables[head.table]
        expected = _Sum()
        for row in rows:
            expected.add(row)
        columns = [table.columns[name] for name in head.columns]
        statement = sa.select(*columns)
        found = _Sum()
        encode = encoder_of(head)
        async with aclosing(rows_in_slices(connection, statement)) as parts:
            async for part in parts:
                for row in part:
                    found.add(encode(row))
        if found.total != expected.total:
            raise BackupError(f"The restored table '{head.table}' differs from the backup.")


class _Sum:
    """The sum of the hashes of rows. Databases sort texts differently, so the order is ignored."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, row: Row) -> None:
        digest = sha256(msgspec.json.encode(list(row))).digest()
        self.total = (self.total + int.from_bytes(digest)) % _MODULUS
