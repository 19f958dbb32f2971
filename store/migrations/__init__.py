"""The migrations of the database schema, applied at start."""

import logging
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database

# The key of the advisory lock; arbitrary, but the same for all processes.
_POSTGRESQL_LOCK = 0x464C4147
_log = logging.getLogger(__name__)


async def migrate(database: Database) -> str:
    """Upgrade the schema to the newest revision in one transaction, and return that revision.

    If several processes start together, they migrate one after another: SQLite's write lock or
    PostgreSQL's advisory lock ensures this.
    """
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        newest = newest_migration()
        current = await connection.run_sync(_current)
        if current == newest:
            return newest
        if current is not None and current not in known_migrations():
            # A newer release has upgraded the database. This release can use it, because newer
            # schemas only add columns and tables, or have fewer checks.
            _log.warning("The database has the schema %s of a newer release", current)
            return current
        # Import Alembic only if needed: with a current database, this would take most of the time
        # of a start.
        from store.migrations.scripts import upgrade

        await connection.run_sync(upgrade)
        return newest


async def lock_schema(database: Database, connection: AsyncConnection) -> None:
    """Wait until no other process migrates or seeds; block them until the transaction ends."""
    if database.dialect == "postgresql":
        await connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))


async def current_migration(database: Database) -> str | None:
    """Return the schema's revision, None for an empty database."""
    async with database.begin_read() as connection:
        return await connection.run_sync(_current)


@cache
def known_migrations() -> frozenset[str]:
    """Return the revisions of all migration scripts, with which their file names begin."""
    scripts = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return frozenset(script.name.partition("_")[0] for script in scripts)


def newest_migration() -> str:
    """Return the revision of the newest migration script."""
    return max(known_migrations())


def _current(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
