"""Import the applications of an Unleash server, and their instances that are still known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.operations.limits import MAX_REPORTED_NAME_LENGTH
from store.rows import ApplicationInstanceRow, ApplicationRow
from store.transfer.unleash.server_events import aware
from store.transfer.unleash.server_parts import Copier, Part, ServerRow
from store.transfer.unleash.server_rows import environment_named
from store.usage.retention import DEFAULT_RETENTION
from store.usage.totals import instance_key

_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
# Longer names, and names with control characters, are refused in reports, too.
IS_NAME = f"length(app_name) <= {MAX_REPORTED_NAME_LENGTH} AND app_name !~ '[[:cntrl:]]'"


async def import_applications(copier: Copier) -> int:
    """Add the applications that do not exist here, with their instances; return their number."""
    store, database, import_id = copier.store, copier.database, copier.server_import.id
    insert = store.upsert(_APPLICATION).on_conflict_do_nothing()
    insert_instance = store.upsert(_INSTANCE).on_conflict_do_nothing()

    imported = 0

    async def write(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
        nonlocal imported
        names = [row["name"] for row in rows]
        known = sa.select(_APPLICATION.c.name).where(_APPLICATION.c.name.in_(names))
        existing = set(await connection.scalars(known))
        new = [row for row in rows if row["name"] not in existing]
        if new:
            await connection.execute(insert, new)
        imported += len(new)

    async def write_instances(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
        await connection.execute(insert_instance, rows)

    def prepare(rows: Sequence[ServerRow]) -> list[dict[str, Any]]:
        return [_application_of(row, import_id) for row in rows]

    def prepare_instances(rows: Sequence[ServerRow]) -> list[dict[str, Any]]:
        return [_instance_of(row, import_id) for row in rows]

    created_by = "created_by" if database.has("client_applications", "created_by") else "NULL"
    await copier.copy(
        Part(
            name="applications",
            query=(
                "SELECT app_name, created_at, updated_at, seen_at, strategies::text, description, "
                f"icon, url, color, {created_by} AS created_by FROM client_applications "
                f"WHERE {IS_NAME} ORDER BY app_name"
            ),
            arguments=(),
            prepare=prepare,
            write=write,
        )
    )
    copier.left_out.applications = await database.connection.fetchval(
        f"SELECT count(*) FROM client_applications WHERE NOT ({IS_NAME})"
    )
    has_environment = database.has("client_instances", "environment")
    environment = "i.environment" if has_environment else "'default'"
    since = store.clock() - DEFAULT_RETENTION.instances
    await copier.copy(
        Part(
            name="instances",
            query=(
                f"SELECT app_name, instance_id, {environment} AS environment, i.client_ip, "
                "i.sdk_version, i.created_at, i.last_seen FROM client_instances i "
                "JOIN client_applications USING (app_name) "
                f"WHERE last_seen::timestamptz > $1 AND instance_id IS NOT NULL AND {IS_NAME} "
                "ORDER BY app_name, instance_id"
            ),
            arguments=(since,),
            prepare=prepare_instances,
            write=write_instances,
        )
    )
    return imported


def new_application(name: str, at: datetime, import_id: str) -> dict[str, Any]:
    """Return the row of an application that has never registered."""
    return {
        "name": name,
        "registered_at": None,
        "description": "",
        "url": None,
        "icon": None,
        "color": None,
        "strategies": (),
        "created_by": None,
        "created_at": at,
        "updated_at": at,
        "last_seen_at": at,
        "metrics_count": 0,
        "import_id": import_id,
    }


def _application_of(row: ServerRow, import_id: str) -> dict[str, Any]:
    created_at = aware(row["created_at"] or row["updated_at"] or row["seen_at"])
    updated_at = aware(row["updated_at"] or created_at)
    seen_at = aware(row["seen_at"] or updated_at)
    listed: Any = msgspec.json.decode(row["strategies"] or "null")
    strategies = cast(list[Any], listed) if isinstance(listed, list) else []
    return new_application(row["app_name"], created_at, import_id) | {
        "registered_at": created_at,
        "description": row["description"] or "",
        "url": row["url"],
        "icon": row["icon"],
        "color": row["color"],
        "strategies": tuple(name for name in strategies if isinstance(name, str)),
        "created_by": row["created_by"],
        "updated_at": updated_at,
        "last_seen_at": seen_at,
    }


def _instance_of(row: ServerRow, import_id: str) -> dict[str, Any]:
    environment = environment_named(row["environment"])
    return {
        "id": instance_key(row["app_name"], environment, row["instance_id"]),
        "app_name": row["app_name"],
        "instance_id": row["instance_id"],
        "environment": environment,
        "sdk_version": row["sdk_version"],
        "client_ip": row["client_ip"],
        "started_at": None,
        "created_at": aware(row["created_at"] or row["last_seen"]),
        "last_seen_at": aware(row["last_seen"]),
        "import_id": import_id,
    }
