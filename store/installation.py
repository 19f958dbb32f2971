"""Prepare the database of an installation before it is loaded for the first time."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from store import defaults
from store.aggregates import table_of
from store.bulk import write_batches
from store.clock_skew import DatabaseClock
from store.database import Database
from store.migrations import lock_schema, migrate, require_migrated
from store.roles import Role
from store.row_changes import batches_between
from store.rows import ServerStateRow

_STATE = table_of(ServerStateRow)


async def prepare(
    database: Database, journal_database: Database, clock: Callable[[], datetime], role: Role
) -> None:
    """Migrate the databases, and write the built-in objects to an empty database.

    The hot standby of a standby reader is only checked, because nobody can write to it.

    Raises: StoreUnavailableError, ForeignDatabaseError.
    """
    await database.check()
    if isinstance(clock, DatabaseClock):
        await clock.compare()
    await migrate(journal_database)
    if role is Role.STANDBY_READER:
        await require_migrated(database)
    else:
        await _seed(database, clock, role)


async def join_installation(database: Database, installation_id: str) -> None:
    """Make the database of a reader a part of an installation.

    Raises: StoreUnavailableError.
    """
    async with database.begin_write() as connection:
        await connection.execute(sa.update(_STATE).values(installation_id=installation_id))


async def _seed(database: Database, clock: Callable[[], datetime], role: Role) -> None:
    """Write the state and the built-in objects to an empty database."""
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        if (await connection.execute(sa.select(_STATE.c.id))).first() is not None:
            return
        now = clock()
        await connection.execute(
            sa.insert(_STATE).values(
                id=1,
                # A reader belongs to the installation of its primary.
                installation_id="" if role is Role.READER else str(uuid4()),
                revision=0,
                last_change_at=now,
            )
        )
        changes = [(None, default) for default in defaults.everything(now)]
        await write_batches(connection, batches_between(connection.dialect, changes))
