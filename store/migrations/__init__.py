"""The schema's history, applied at start."""

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

# Any number will do, as long as every Flagstaff takes the same one.
_POSTGRESQL_LOCK = 0x464C4147
_log = logging.getLogger(__name__)


async def migrate(database: Database) -> str:
    """Bring the schema to the newest revision in one transaction and return that revision.

    Processes that start at once take turns: SQLite's write lock, an advisory lock on PostgreSQL.
    """
    async with database.begin_write(endless=True) as connection:
        await lock_schema(database, connection)
        newest = newest_migration()
        current = await connection.run_sync(_current)
        if current == newest:
            return newest
        if current is not None and current not in known_migrations():
            # A newer release was here; its schema only adds to this one's.
            _log.warning("The database has the schema %s of a newer release", current)
            return current
        await connection.run_sync(_upgrade)
        return newest


async def lock_schema(database: Database, connection: AsyncConnection) -> None:
    """Wait until no other process migrates or seeds; held to the end of the transaction."""
    if database.dialect == "postgresql":
        await connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRESQL_LOCK)))


async def current_migration(database: Database) -> str | None:
    """The schema's revision, None for an empty database."""
    async with database.begin_read() as session:
        connection = await session.connection()
        return await connection.run_sync(_current)


async def missing_migrations(database: Database) -> list[Any]:
    """Where the tables of the code and those of the migrated database differ."""
    async with database.begin_read() as session:
        connection = await session.connection()
        return await connection.run_sync(_differences)


def known_migrations() -> set[str]:
    """All revisions there are scripts for."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return {script.revision for script in scripts}


@cache
def newest_migration() -> str:
    """The newest revision there is a script for."""
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
    """Whether a column's type differs; our own types are compared by what they are kept as."""
    if isinstance(declared, JsonOf | AutoString):
        return not isinstance(inspected, sa.Text)
    if isinstance(declared, UtcDateTime):
        return not isinstance(inspected, sa.DateTime)
    return None
