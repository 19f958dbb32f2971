"""Read the configuration and the tokens of an Unleash server from its PostgreSQL database.

The tables are those that the migrations of Unleash 3.17.6, 4.19.5, 5.12.8, 6.10.1, 7.6.5 and 8.2.0
create. Everything is read in one read-only transaction.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Never

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from store.database_url import async_url
from store.errors import InvalidError, StoreUnavailableError, refuse
from store.postgresql import Connector
from store.transfer.unleash.server_rows import Row, state_of_tables

# The newest migrations of Unleash 3.17.6 and 8.2.0. The names of migrations begin with their time.
_OLDEST = "20210421135405"
_NEWEST = "20260902120000"
_MIGRATION = re.compile(r"/?(?P<time>\d{14})")
_BATCH = 2_000

# Use only the given schema, or the one of the table `features` in the search path. The first schema
# of the search path may be another one, for example the schema with the name of the user.
_USE_SCHEMA = """
    SELECT set_config('search_path', quote_ident(coalesce($1::text, (
        SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = 'features' AND c.relkind = 'r' AND pg_table_is_visible(c.oid)
    ), current_schema())), true)
"""

# The columns that a table must have, and the order in which its rows are read.
_TABLES: Mapping[str, tuple[frozenset[str], str]] = {
    table: (frozenset(columns.split()), order)
    for table, columns, order in (
        ("features", "name type project stale created_at", "name"),
        ("strategies", "name parameters built_in", "name"),
        ("projects", "id name", "id"),
        ("tag_types", "name", "name"),
        ("tags", "type value", "type, value"),
        ("feature_tag", "feature_name tag_type tag_value", "feature_name, tag_type, tag_value"),
        ("context_fields", "name legal_values", "sort_order, name"),
        ("api_tokens", "secret username type", "created_at, secret"),
    )
}
# The tables that Unleash 4 adds.
_TABLES_PER_ENVIRONMENT: Mapping[str, tuple[frozenset[str], str]] = {
    table: (frozenset(columns.split()), order)
    for table, columns, order in (
        ("environments", "name type enabled sort_order", "sort_order, name"),
        (
            "feature_environments",
            "feature_name environment enabled",
            "feature_name, environment",
        ),
        (
            "feature_strategies",
            "id feature_name environment strategy_name parameters constraints sort_order",
            "feature_name, environment, sort_order, created_at, id",
        ),
    )
}
# The tables that later versions add, with the order of their rows.
_LATER_TABLES = {
    "segments": "id",
    "feature_strategy_segment": "feature_strategy_id, created_at, segment_id",
    "dependent_features": "child, parent",
    "api_token_project": "secret, project",
}
# What the import does not take, by the table whose rows are counted.
_NOT_TAKEN = {
    "users": "users",
    "change_requests": "change requests",
    "events": "events of the history",
    "client_applications": "applications",
    "client_metrics_env": "hourly counts",
    "feature_link": "links of toggles",
    "addons": "integrations",
}


class ServerContent(Struct, frozen=True):
    """The content of an Unleash database.

    `state` is a state document. `tokens` are rows with the secrets of API tokens and their
    projects. `not_taken` has the numbers of objects that cannot be imported, by their plural.
    """

    newest_migration: str
    state: dict[str, Any]
    tokens: Sequence[Row]
    not_taken: Mapping[str, int]


async def read_server_database(url: str, *, schema: str | None = None) -> ServerContent:
    """Read the database at a PostgreSQL URL. `schema` is the value of Unleash's DATABASE_SCHEMA.

    Raises:
        StoreUnavailableError: the database cannot be reached, or a table cannot be read.
        Refusal: the database is not that of a supported version of Unleash.
    """
    parsed = sa.make_url(async_url(url))
    if parsed.get_backend_name() != "postgresql":
        _refuse("Unleash servers store their data in PostgreSQL, so the URL must be postgresql://.")
    connection: Any = await Connector(parsed).connect()
    # asyncpg is untyped, and is installed only with the extra `postgres`.
    errors: Any = import_module("asyncpg")
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL timezone = 'UTC'")
            await connection.execute(_USE_SCHEMA, schema)
            return await _read(connection)
    except errors.InsufficientPrivilegeError as error:
        raise StoreUnavailableError(
            "The user of the URL may not read the Unleash database."
        ) from error
    except (errors.PostgresError, errors.InterfaceError, OSError) as error:
        raise StoreUnavailableError("Reading the Unleash database failed.") from error
    finally:
        connection.terminate()


async def _read(connection: Any) -> ServerContent:
    columns = await _columns(connection)
    newest = await _newest_migration(connection, columns)
    expected = dict(_TABLES)
    if "strategies" not in columns["features"]:
        expected |= _TABLES_PER_ENVIRONMENT
    _check_columns(columns, expected, newest)
    orders = {table: order for table, (_, order) in expected.items()}
    orders |= {table: order for table, order in _LATER_TABLES.items() if table in columns}
    tables = {table: await _rows(connection, table, order) for table, order in orders.items()}
    projects: dict[str, list[str]] = {}
    for row in tables.pop("api_token_project", ()):
        projects.setdefault(row["secret"], []).append(row["project"])
    tokens = [
        {**row, "projects": projects.get(row["secret"], [])} for row in tables.pop("api_tokens")
    ]
    counts = {
        what: int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
        for table, what in _NOT_TAKEN.items()
        if table in columns
    }
    not_taken = {what: count for what, count in counts.items() if count}
    return ServerContent(newest, state_of_tables(tables), tokens, not_taken)


async def _columns(connection: Any) -> dict[str, set[str]]:
    """Return the names of the columns of all tables in the current schema."""
    found: dict[str, set[str]] = {}
    for table, column in await connection.fetch(
        "SELECT table_name::text, column_name::text FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    ):
        found.setdefault(table, set()).add(column)
    return found


async def _newest_migration(connection: Any, columns: Mapping[str, set[str]]) -> str:
    """Return the name of the newest migration.

    Raises: Refusal: the database is not Unleash's, or its version is not supported.
    """
    if "features" not in columns or "name" not in columns.get("migrations", ()):
        _refuse(
            "The database is not that of an Unleash server: its schema has no tables 'migrations' "
            "and 'features' that this user can see. If the server has DATABASE_SCHEMA, name it "
            "with --schema."
        )
    newest = str(await connection.fetchval("SELECT max(ltrim(name, '/')) FROM migrations"))
    found = _MIGRATION.match(newest)
    if found is None:
        _refuse(f"The newest migration '{newest}' of the database is not one of Unleash's.")
    if found["time"] < _OLDEST:
        _refuse(
            f"The newest migration of the database is {newest}, which is older than Unleash 3.17. "
            "Upgrade the Unleash server to 3.17 first, or import its state export."
        )
    if found["time"] > _NEWEST:
        _refuse(
            f"The newest migration of the database is {newest}, which is newer than Unleash 8.2, "
            "the newest version that this release of Flagstaff knows. Import its batch exports."
        )
    return newest


def _check_columns(
    columns: Mapping[str, set[str]],
    expected: Mapping[str, tuple[frozenset[str], str]],
    newest: str,
) -> None:
    for table, (needed, _) in expected.items():
        missing = sorted(needed - columns.get(table, set()))
        if missing:
            what = (
                f"its table '{table}' has no column '{missing[0]}'"
                if table in columns
                else f"it has no table '{table}' that this user can see"
            )
            _refuse(
                f"The Unleash database with the newest migration {newest} cannot be read: {what}. "
                "Start the Unleash server once, so that it completes its migrations."
            )


async def _rows(connection: Any, table: str, order: str) -> list[Row]:
    cursor = connection.cursor(
        f"SELECT to_jsonb(found)::text FROM {table} AS found ORDER BY {order}", prefetch=_BATCH
    )
    return [msgspec.json.decode(row[0]) async for row in cursor]


def _refuse(message: str) -> Never:
    refuse(InvalidError(message, rule="unleash-database", path=()))
