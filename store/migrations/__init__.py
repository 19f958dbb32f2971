"""The migrations of the database schema, applied at start."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.sql.sqltypes import AutoString

from store.columns import JsonOf, UtcDateTime
from store.database import Database
from store.rows import metadata

# The key of the advisory lock; arbitrary, but the same for all processes.
_POSTGRESQL_LOCK = 0x464C4147
_log = logging.getLogger(__name__)


async def migrate(database: Database) -> str:
    """Upgrade the schema to the newest revision in one transaction, and return that revision.

    Processes that start together take turns, by SQLite's write lock or PostgreSQL's advisory lock.
    """
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        newest = newest_migration()
        current = await connection.run_sync(_current)
        if current == newest:
            return newest
        if current is not None and current not in known_migrations():
            # A newer release upgraded it; newer schemas only add to older ones.
            _log.warning("The database has the schema %s of a newer release", current)
            return current
        await connection.run_sync(_upgrade)
        return newest


async def lock_schema(database: Database, connection: AsyncConnection) -> None:
    """Wait until no other process migrates or seeds; others wait until the transaction ends."""
    if database.dialect == "postgresql":
        await connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))


async def current_migration(database: Database) -> str | None:
    """Return the schema's revision, None for an empty database."""
    async with database.begin_read() as session:
        connection = await session.connection()
        return await connection.run_sync(_current)


async def missing_migrations(database: Database) -> list[Any]:
    """Return the differences between the tables in the code and the migrated database."""
    async with database.begin_read() as session:
        connection = await session.connection()
        return await connection.run_sync(_differences)


def known_migrations() -> set[str]:
    """Return the revisions of all migration scripts."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return {script.revision for script in scripts}


@cache
def newest_migration() -> str:
    """Return the revision of the newest migration script."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: sa.Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _current(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: sa.Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": same_type})
    return list(compare_metadata(context, metadata))


def same_type(
    _context: Any, _inspected_column: Any, _column: Any, inspected: Any, declared: Any
) -> bool | None:
    """Whether a column's type differs; custom types are compared by the type that stores them."""
    if isinstance(declared, JsonOf | AutoString):
        return not isinstance(inspected, sa.Text)
    if isinstance(declared, UtcDateTime):
        return not isinstance(inspected, sa.DateTime)
    return None
