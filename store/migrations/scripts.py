"""Run the migration scripts with Alembic.

Import this module only if needed, because importing Alembic is slow.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel.sql.sqltypes import AutoString

from store.columns import JsonOf, UtcDateTime
from store.database import Database
from store.rows import metadata

# Migrations have changed or dropped these foreign keys on PostgreSQL only.
_OLDER_ON_SQLITE = frozenset(
    "fk_event_change_set_id fk_toggle_dependency_toggle_id fk_toggle_dependency_depends_on".split()
)


def upgrade(connection: sa.Connection, migration: str = "head") -> None:
    """Run the pending migration scripts, up to `migration`, in the connection's transaction."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, migration)


async def find_differences(database: Database) -> list[Any]:
    """Return the differences between the tables in the code and the migrated database."""
    async with database.begin_read() as connection:
        return await connection.run_sync(_differences)


def alembic_config() -> Config:
    """Return a configuration of Alembic that names the folder of the scripts."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _differences(connection: sa.Connection) -> list[Any]:
    options: dict[str, Any] = {"compare_type": same_type}
    if connection.dialect.name == "sqlite":
        options["include_object"] = _is_compared_on_sqlite
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def _is_compared_on_sqlite(
    _object: Any, name: str | None, kind: str, _reflected: bool, _other: Any
) -> bool:
    """Whether a part of an SQLite schema must equal its declaration in the code."""
    return kind != "foreign_key_constraint" or name not in _OLDER_ON_SQLITE


def same_type(
    _context: Any, _inspected_column: Any, _column: Any, inspected: Any, declared: Any
) -> bool | None:
    """Whether a column's type differs from its declaration.

    Custom types are compared by their underlying SQL types.
    """
    if isinstance(declared, JsonOf | AutoString):
        return not isinstance(inspected, sa.Text)
    if isinstance(declared, UtcDateTime):
        return not isinstance(inspected, sa.DateTime)
    return None
