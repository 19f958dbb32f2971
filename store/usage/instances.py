"""The running instances of applications, and the SDKs of the instances."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.paging import Key, Page, Window, counts_by_parent, pages_by_parent
from store.rows import ApplicationInstanceRow
from store.usage.listing import count_rows, objects_of, pages_of, select_all

_INSTANCE = table_of(ApplicationInstanceRow)


class ApplicationInstance(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """A running instance of an application in an environment, according to the instance's reports.

    `sdk_version` is the reported string; see `store.usage.sdks.split_sdk`. `started_at` is a time
    on the clock of the instance.
    """

    id: str
    app_name: str
    instance_id: str
    environment: str
    sdk_version: str | None = None
    connection_id: str | None = None
    interval_ms: int | None = None
    platform_name: str | None = None
    platform_version: str | None = None
    yggdrasil_version: str | None = None
    spec_version: str | None = None
    client_ip: str | None = None
    started_at: datetime | None = None
    created_at: datetime
    last_seen_at: datetime


class InstanceFilter(Struct, frozen=True, kw_only=True):
    """Conditions on instances. All given fields must match."""

    environment: str | None = None
    seen_since: datetime | None = None


ALL_INSTANCES = InstanceFilter()


async def list_instances(
    connection: AsyncConnection, app_names: Collection[str], filter: InstanceFilter, window: Window
) -> dict[str, Page[ApplicationInstance]]:
    """Return a page of instances for each application, latest report first.

    The keys in `window` are results of `instance_position`. The function executes one statement for
    all pages.
    """
    pages = await pages_by_parent(
        connection,
        select_all(ApplicationInstance, _INSTANCE).where(*_conditions(filter)),
        _INSTANCE.c.app_name,
        app_names,
        [_INSTANCE.c.last_seen_at, _INSTANCE.c.id],
        window,
    )
    return pages_of(ApplicationInstance, pages)


def instance_position(instance: ApplicationInstance) -> Key:
    """Return the key that marks the position of an instance in a list."""
    return (instance.last_seen_at, instance.id)


async def count_instances(
    connection: AsyncConnection, app_names: Collection[str], filter: InstanceFilter
) -> dict[str, int]:
    """Return the number of instances of each application."""
    statement = sa.select(_INSTANCE).where(*_conditions(filter))
    return await counts_by_parent(connection, statement, _INSTANCE.c.app_name, app_names)


async def count_all_instances(connection: AsyncConnection, filter: InstanceFilter) -> int:
    """Return the number of instances of all applications."""
    return await count_rows(connection, _INSTANCE, _conditions(filter))


async def instances_by_id(
    connection: AsyncConnection, ids: Collection[str]
) -> dict[str, ApplicationInstance]:
    """Return a mapping of the given IDs to instances, without unknown IDs."""
    statement = select_all(ApplicationInstance, _INSTANCE).where(_INSTANCE.c.id.in_(ids))
    found = objects_of(ApplicationInstance, await connection.execute(statement))
    return {instance.id: instance for instance in found}


async def live_sdks(
    connection: AsyncConnection, app_names: Collection[str], since: datetime
) -> dict[str, list[tuple[str, int]]]:
    """Return a mapping of application names to SDKs and the number of instances with each SDK.

    The numbers include only instances that were seen since `since`.
    """
    count = sa.func.count()
    statement = (
        sa.select(_INSTANCE.c.app_name, _INSTANCE.c.sdk_version, count)
        .where(
            _INSTANCE.c.app_name.in_(app_names),
            _INSTANCE.c.last_seen_at >= since,
            _INSTANCE.c.sdk_version.is_not(None),
        )
        .group_by(_INSTANCE.c.app_name, _INSTANCE.c.sdk_version)
        .order_by(count.desc(), _INSTANCE.c.sdk_version)
    )
    sdks: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for app_name, sdk_version, instances in await connection.execute(statement):
        sdks[app_name].append((sdk_version, instances))
    return dict(sdks)


def _conditions(filter: InstanceFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filter.environment is not None:
        conditions.append(_INSTANCE.c.environment == filter.environment)
    if filter.seen_since is not None:
        conditions.append(_INSTANCE.c.last_seen_at >= filter.seen_since)
    return conditions
