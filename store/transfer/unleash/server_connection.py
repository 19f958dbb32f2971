"""Open the PostgreSQL database of an Unleash server for reading, and find its version."""

import re
from collections.abc import AsyncGenerator, Mapping, Set
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Never

import sqlalchemy as sa
from msgspec import Struct, structs

from store.database_url import async_url
from store.errors import InvalidError, StoreUnavailableError, refuse
from store.postgresql import Connector

# The newest migrations of Unleash 3.17.6 and 8.2.0. The names of migrations begin with their time.
_OLDEST = "20210421135405"
_NEWEST = "20260902120000"
_MIGRATION = re.compile(r"/?(?P<time>\d{14})")

# Use only the given schema, or the one of the table `features` in the search path. The first schema
# of the search path may be another one, for example the schema with the name of the user.
_USE_SCHEMA = """
    SELECT set_config('search_path', quote_ident(coalesce($1::text, (
        SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = 'features' AND c.relkind = 'r' AND pg_table_is_visible(c.oid)
    ), current_schema())), true)
"""
# Unlike information_schema, the catalogue shows tables that the user may not read.
_COLUMNS = """
    SELECT c.relname::text, a.attname::text, has_table_privilege(c.oid, 'SELECT')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attnum > 0
        AND NOT a.attisdropped
"""
# Servers store the unique id of their installation. A copy of the database has the same id.
_INSTALLATION = "SELECT content->>'id' FROM settings WHERE name = 'instanceInfo'"


class ServerDatabase(Struct, frozen=True):
    """An open database: a connection of asyncpg, and the names of the columns by table.

    `unreadable` are the tables that the user may not read. `source` identifies the installation of
    Unleash.
    """

    connection: Any
    columns: Mapping[str, set[str]]
    unreadable: Set[str]
    newest_migration: str
    source: str

    def has(self, table: str, *columns: str) -> bool:
        """Whether the database has a table with these columns.

        Raises: Refusal: the user may not read the table.
        """
        if table not in self.columns:
            return False
        if table in self.unreadable:
            refuse_database(
                f"The user of the URL may not read the table '{table}' of the Unleash database. "
                "As its owner, run GRANT SELECT ON ALL TABLES IN SCHEMA … TO … first."
            )
        return self.columns[table].issuperset(columns)

    def require(self, table: str, *columns: str) -> None:
        """Check that the database has a table with these columns.

        Raises: Refusal: a column is missing, or the user may not read the table.
        """
        if self.has(table, *columns):
            return
        missing = sorted({*columns} - self.columns.get(table, set()))
        what = (
            f"its table '{table}' has no column '{missing[0]}'"
            if table in self.columns
            else f"it has no table '{table}'"
        )
        refuse_database(
            f"The Unleash database with the newest migration {self.newest_migration} cannot be "
            f"read: {what}. Start the Unleash server once, so that it completes its migrations."
        )


@asynccontextmanager
async def open_server_database(url: str, schema: str | None) -> AsyncGenerator[ServerDatabase]:
    """Open the database at a PostgreSQL URL in one read-only transaction.

    `schema` is the value of Unleash's DATABASE_SCHEMA.

    Raises:
        StoreUnavailableError: the database cannot be reached, or a table cannot be read.
        Refusal: the database is not that of a supported version of Unleash, or the driver of
            PostgreSQL is not installed.
    """
    parsed = sa.make_url(async_url(url))
    if parsed.get_backend_name() != "postgresql":
        refuse_database(
            "Unleash servers store their data in PostgreSQL, so the URL must be postgresql://."
        )
    if find_spec("asyncpg") is None:
        refuse_database("PostgreSQL needs the extra: pip install 'flagstaff[postgres]'")
    connection: Any = await Connector(parsed).connect()
    errors: Any = import_module("asyncpg")  # asyncpg is untyped
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL timezone = 'UTC'")
            await connection.execute("SET LOCAL statement_timeout = 0")
            await connection.execute(_USE_SCHEMA, schema)
            yield await _inspect(connection, f"{parsed.host}:{parsed.port}/{parsed.database}")
    except errors.InsufficientPrivilegeError as error:
        raise StoreUnavailableError(
            "The user of the URL may not read the Unleash database."
        ) from error
    except (errors.PostgresError, errors.InterfaceError, OSError) as error:
        raise StoreUnavailableError("Reading the Unleash database failed.") from error
    finally:
        connection.terminate()


def refuse_database(message: str) -> Never:
    """Refuse to import a database.

    Raises: Refusal.
    """
    refuse(InvalidError(message, rule="unleash-database", path=()))


async def _inspect(connection: Any, address: str) -> ServerDatabase:
    columns: dict[str, set[str]] = {}
    unreadable: set[str] = set()
    for table, column, readable in await connection.fetch(_COLUMNS):
        columns.setdefault(table, set()).add(column)
        if not readable:
            unreadable.add(table)
    if "features" not in columns or "name" not in columns.get("migrations", ()):
        refuse_database(
            "The database is not that of an Unleash server: its schema has no tables 'migrations' "
            "and 'features'. If the server has DATABASE_SCHEMA, name it with --schema."
        )
    database = ServerDatabase(connection, columns, unreadable, "", address)
    database.has("migrations")
    newest = str(await connection.fetchval("SELECT max(ltrim(name, '/')) FROM migrations"))
    _check_version(newest)
    source = None
    if database.has("settings", "name", "content"):
        source = await connection.fetchval(_INSTALLATION)
    return structs.replace(database, newest_migration=newest, source=source or address)


def _check_version(newest: str) -> None:
    """Check that the newest migration belongs to a supported version of Unleash.

    Raises: Refusal.
    """
    found = _MIGRATION.match(newest)
    if found is None:
        refuse_database(f"The newest migration '{newest}' of the database is not one of Unleash's.")
    if found["time"] < _OLDEST:
        refuse_database(
            f"The newest migration of the database is {newest}, which is older than Unleash 3.17. "
            "Upgrade the Unleash server to 3.17 first, or import its state export."
        )
    if found["time"] > _NEWEST:
        refuse_database(
            f"The newest migration of the database is {newest}, which is newer than Unleash 8.2, "
            "the newest version that this release of Flagstaff knows. Import its batch exports."
        )
