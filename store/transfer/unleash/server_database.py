"""Read the configuration and the tokens of an Unleash server from its PostgreSQL database.

The tables are those that the migrations of Unleash 3.17.6, 4.19.5, 5.12.8, 6.10.1, 7.6.5 and 8.2.0
create. Everything is read in one read-only transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from store.transfer.unleash.server_connection import ServerDatabase, open_server_database
from store.transfer.unleash.server_rows import Row, state_of_tables

_BATCH = 2_000

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
# The tables that are read after the configuration, with the columns that they must have.
_COPIED_TABLES = {
    "events": "id created_at type created_by data",
    "client_applications": "app_name created_at updated_at seen_at strategies description",
    "client_instances": "app_name instance_id client_ip sdk_version last_seen created_at",
}
_OPTIONAL_TABLES = (
    "client_metrics_env",
    "client_metrics_env_variants",
    "client_metrics_env_daily",
    "client_metrics_env_variants_daily",
    "last_seen_at_metrics",
)
# What the import does not take, by the table whose rows are counted.
_NOT_TAKEN = {
    "users": "user",
    "roles": "role",
    "groups": "group of users",
    "personal_access_tokens": "personal access token",
    "change_requests": "change request",
    "release_plan_definitions": "release plan",
    "feature_link": "link of toggles",
    "addons": "integration",
    "signal_endpoints": "endpoint of signals",
    "banners": "banner",
}


class ServerContent(Struct, frozen=True):
    """The content of an Unleash database.

    `source` identifies the installation of Unleash. `state` is a state document. `tokens` are rows
    with the secrets of API tokens and their projects. `events` is the number of events, and
    `last_event` is the highest ID of an event, 0 without events. `not_taken` has the numbers of
    objects that cannot be imported, by their singular.
    """

    source: str
    newest_migration: str
    state: dict[str, Any]
    tokens: Sequence[Row]
    events: int
    last_event: int
    not_taken: Mapping[str, int]


async def read_server_database(url: str, *, schema: str | None = None) -> ServerContent:
    """Read the configuration and the tokens of the database at a PostgreSQL URL.

    Raises: the errors of `open_server_database`.
    """
    async with open_server_database(url, schema) as database:
        return await _read(database)


async def _read(database: ServerDatabase) -> ServerContent:
    expected = dict(_TABLES)
    if not database.has("features", "strategies"):
        expected |= _TABLES_PER_ENVIRONMENT
    for table, (columns, _) in expected.items():
        database.require(table, *columns)
    for table, names in _COPIED_TABLES.items():
        database.require(table, *names.split())
    for table in _OPTIONAL_TABLES:
        database.has(table)  # refuse the database at once if a table cannot be read
    orders = {table: order for table, (_, order) in expected.items()}
    orders |= {table: order for table, order in _LATER_TABLES.items() if database.has(table)}
    tables = {table: await _rows(database, table, order) for table, order in orders.items()}
    projects: dict[str, list[str]] = {}
    for row in tables.pop("api_token_project", ()):
        projects.setdefault(row["secret"], []).append(row["project"])
    tokens = [
        {**row, "projects": projects.get(row["secret"], [])} for row in tables.pop("api_tokens")
    ]
    counts = {
        what: int(await database.connection.fetchval(f"SELECT count(*) FROM {table}"))
        for table, what in _NOT_TAKEN.items()
        if database.has(table)
    }
    events, last_event = await database.connection.fetchrow(
        "SELECT count(*), coalesce(max(id), 0) FROM events"
    )
    return ServerContent(
        source=database.source,
        newest_migration=database.newest_migration,
        state=state_of_tables(tables),
        tokens=tokens,
        events=events,
        last_event=last_event,
        not_taken={what: count for what, count in counts.items() if count},
    )


async def _rows(database: ServerDatabase, table: str, order: str) -> list[Row]:
    cursor = database.connection.cursor(
        f"SELECT to_jsonb(found)::text FROM {table} AS found ORDER BY {order}", prefetch=_BATCH
    )
    return [msgspec.json.decode(row[0]) async for row in cursor]
