"""Write a backup while servers use the database."""

from pathlib import Path

import sqlalchemy as sa

from store.aggregates import table_of
from store.backup.format import BackupError, BackupWriter, Header, new_backup
from store.backup.tables import encoder_of, head_of, reflect_tables
from store.clock_skew import utc_now
from store.database import Database
from store.migrations import current_migration, newest_migration
from store.rows import ServerStateRow
from store.slices import rows_in_slices

_STATE = table_of(ServerStateRow)


async def write_backup(database: Database, path: Path, *, server: str) -> dict[str, int]:
    """Write all rows of all tables in one transaction; return the number of rows by table.

    `server` is the version of the server. All rows are of the same moment, and writers are not
    delayed.

    Raises:
        BackupError: the database has other tables than this version.
        FileExistsError, OSError: the file cannot be written.
        StoreUnavailableError: the database is unavailable.
    """
    current, newest = await current_migration(database), newest_migration()
    if current != newest:
        raise BackupError(
            f"The database is at migration {current}, but this version needs {newest}: use the "
            "version of the servers."
        )
    with new_backup(path) as file:
        async with database.begin_read() as connection:
            state = (await connection.execute(sa.select(_STATE))).first()
            if state is None:
                raise BackupError("The database is empty.")
            header = Header(
                server=server,
                migration=newest,
                installation_id=state.installation_id,
                revision=state.revision,
                created_at=utc_now(),
            )
            writer = BackupWriter(file, header)
            for table in await reflect_tables(connection):
                head = head_of(table)
                writer.begin_table(head)
                encode = encoder_of(head)
                rows = sa.select(table).order_by(*table.primary_key.columns)
                async for part in rows_in_slices(connection, rows):
                    writer.write_rows([encode(row) for row in part])
        return writer.end()
