"""Record the database of an Unleash server, and create it again from the recording."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec

# The tables that an import reads or counts, if the version has them.
TABLES = (
    *("migrations", "settings", "features", "strategies", "projects", "tag_types", "tags"),
    *("feature_tag", "context_fields", "api_tokens", "api_token_project", "environments"),
    *("feature_environments", "feature_strategies", "segments", "feature_strategy_segment"),
    *("dependent_features", "events", "client_applications", "client_instances"),
    *("client_metrics_env", "client_metrics_env_variants", "client_metrics_env_daily"),
    *("client_metrics_env_variants_daily", "last_seen_at_metrics", "users", "roles"),
)
# Only these rows of large or private tables are recorded.
_ROWS = {
    "migrations": "ORDER BY name DESC LIMIT 1",
    "settings": "WHERE name = 'instanceInfo'",
    "events": "ORDER BY id LIMIT 200",
    "users": "LIMIT 0",
    "roles": "LIMIT 0",
}
_COLUMNS = """
    SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


async def insert_tokens(url: str, secrets: Mapping[str, str]) -> None:
    """Insert tokens into a database of 3.x, whose API cannot create tokens. The keys are types."""
    connection = await asyncpg.connect(url)
    await connection.executemany(
        "INSERT INTO api_tokens (secret, username, type) VALUES ($1, $2, $2)",
        [(secret, type) for type, secret in secrets.items()],
    )
    await connection.close()


async def has_usage(url: str) -> bool:
    """Whether the server has stored the reports of applications, which it does after a while."""
    connection = await asyncpg.connect(url)
    try:
        for table in ("client_applications", "client_instances", "client_metrics_env"):
            exists = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table)
            if exists and not await connection.fetchval(f"SELECT count(*) FROM {table}"):
                return False
    finally:
        await connection.close()
    return True


async def record_database(url: str) -> bytes:
    """Return a JSON document with the columns and the rows of all tables."""
    connection = await asyncpg.connect(url)
    tables: dict[str, Any] = {}
    for table in TABLES:
        columns = dict(await connection.fetch(_COLUMNS, table))
        if not columns:
            continue
        which = _ROWS.get(table, "")
        rows = await connection.fetch(
            f"SELECT to_jsonb(found)::text FROM (SELECT * FROM {table} {which}) AS found"
        )
        decoded = [msgspec.json.decode(row[0]) for row in rows]
        tables[table] = {"columns": columns, "rows": decoded}
    await connection.close()
    return msgspec.json.format(msgspec.json.encode(tables), indent=0).replace(b"\n", b"") + b"\n"


async def restore_database(url: str, recording: bytes) -> None:
    """Create the recorded tables in an empty database, without keys and constraints."""
    connection = await asyncpg.connect(url)
    for table, recorded in msgspec.json.decode(recording).items():
        columns = ", ".join(f'"{name}" {type}' for name, type in recorded["columns"].items())
        await connection.execute(f"CREATE TABLE {table} ({columns})")
        await connection.execute(
            f"INSERT INTO {table} SELECT * FROM json_populate_recordset(null::{table}, $1)",
            msgspec.json.encode(recorded["rows"]).decode(),
        )
    await connection.close()
