"""The migrations of the database schema. The server applies them at start."""

import logging
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.errors import StoreUnavailableError
from store.migrations.foreign import refuse_foreign_database

# All processes use this key for the advisory lock. The value is arbitrary.
_POSTGRESQL_LOCK = 0x464C4147
_log = logging.getLogger(__name__)


async def migrate(database: Database) -> str:
    """Upgrade the schema to the newest revision in one transaction; return the schema's revision.

    If several processes start together, SQLite's write lock or an advisory lock of PostgreSQL
    ensures that only one process migrates at a time.

    Raises: ForeignDatabaseError: the database has tables of another program; nothing was changed.
    """
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        newest = newest_migration()
        await connection.run_sync(refuse_foreign_database)
        current = await connection.run_sync(migration_in)
        if current == newest:
            return newest
        if current is not None and current not in known_migrations():
            # A newer release has upgraded the database. This release can use the database, because
            # newer schemas only add columns and tables or remove checks.
            _log.warning("The database has the schema %s of a newer release", current)
            return current
        # Import Alembic only if the schema must be upgraded, because the import takes longer than
        # the rest of a start.
        from store.migrations.scripts import upgrade

        await connection.run_sync(upgrade)
        return newest


async def require_migrated(database: Database) -> None:
    """Check that a database, which this process cannot migrate, has a schema it can read.

    Raises: StoreUnavailableError, ForeignDatabaseError.
    """
    current, newest = await current_migration(database), newest_migration()
    if current is None:
        raise StoreUnavailableError(
            "The standby has no tables of Flagstaff: start a server of this installation on the "
            "primary database first."
        )
    if current != newest and current in known_migrations():
        raise StoreUnavailableError(
            f"The standby has the schema {current} of an older release, but this release needs "
            f"{newest}: upgrade the servers on the primary database first."
        )


async def lock_schema(database: Database, connection: AsyncConnection) -> None:
    """Until the transaction ends, block other processes that migrate or seed.

    If another process is migrating or seeding, wait for that process.
    """
    if database.dialect == "postgresql":
        await connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))


async def current_migration(database: Database) -> str | None:
    """Return the schema's revision, or None for an empty database.

    Raises: ForeignDatabaseError.
    """
    async with database.begin_read() as connection:
        await connection.run_sync(refuse_foreign_database)
        return await connection.run_sync(migration_in)


@cache
def known_migrations() -> frozenset[str]:
    """Return the revisions of all migration scripts.

    The file name of each script begins with its revision.
    """
    scripts = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return frozenset(script.name.partition("_")[0] for script in scripts)


def newest_migration() -> str:
    """Return the revision of the newest migration script."""
    return max(known_migrations())


def migration_in(connection: sa.Connection) -> str | None:
    """Return the revision of the schema; None for a database without tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
