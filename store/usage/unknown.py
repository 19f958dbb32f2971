"""Read unknown toggles: names that applications request but no live or archived toggle has."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.paging import Key, Page, Window, page_of_rows
from store.rows import ToggleRow, ToggleUsageRow

_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)


class UnknownToggle(Struct, frozen=True):
    """A name that no toggle has, and the times of the first and the last request.

    To find the applications that requested the name, callers pass `seen_since` to `requesters_of`.
    """

    name: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen_since: datetime | None


class Requesters(Struct, frozen=True):
    """The sorted applications that requested a name, and the sorted environments of requests."""

    applications: tuple[str, ...]
    environments: tuple[str, ...]


async def list_unknown_toggles(
    connection: AsyncConnection,
    *,
    applications: Collection[str] | None = None,
    seen_since: datetime | None = None,
    window: Window,
) -> Page[UnknownToggle]:
    """Return a page of unknown toggles, newest report first.

    The keys in `window` are results of `unknown_position`. If `applications` is given, the page
    contains only names that one of the given applications requested. If `seen_since` is given, the
    page contains only names that were requested since that time. The times of a name always include
    the requests of all applications.
    """
    unknown = _unknown(applications, seen_since).subquery()
    columns = [unknown.c.last_seen_at, unknown.c.name]
    page = await page_of_rows(connection, sa.select(unknown), columns, window, descending=True)
    found = [
        UnknownToggle(row.name, row.first_seen_at, row.last_seen_at, seen_since)
        for row in page.items
    ]
    return Page(found, page.has_next, page.has_previous)


async def count_unknown_toggles(
    connection: AsyncConnection,
    *,
    applications: Collection[str] | None = None,
    seen_since: datetime | None = None,
) -> int:
    """Return the number of unknown toggles on all pages of `list_unknown_toggles`."""
    unknown = _unknown(applications, seen_since).subquery()
    statement = sa.select(sa.func.count()).select_from(unknown)
    return (await connection.execute(statement)).scalar_one()


def unknown_position(toggle: UnknownToggle) -> Key:
    """Return the key that marks the position of an unknown toggle in a list."""
    return (toggle.last_seen_at, toggle.name)


async def requesters_of(
    connection: AsyncConnection, names: Collection[str], seen_since: datetime | None
) -> Mapping[str, Requesters]:
    """Return the applications that requested each name since a time, and the environments."""
    statement = sa.select(_USAGE.c.toggle_name, _USAGE.c.app_name, _USAGE.c.environment).where(
        _USAGE.c.toggle_name.in_(names)
    )
    if seen_since is not None:
        statement = statement.where(_USAGE.c.last_seen_at >= seen_since)
    applications: defaultdict[str, set[str]] = defaultdict(set)
    environments: defaultdict[str, set[str]] = defaultdict(set)
    for name, app_name, environment in await connection.execute(statement):
        applications[name].add(app_name)
        environments[name].add(environment)
    return {
        name: Requesters(tuple(sorted(applications[name])), tuple(sorted(environments[name])))
        for name in names
    }


def _unknown(applications: Collection[str] | None, seen_since: datetime | None) -> sa.Select[Any]:
    requested = _USAGE.alias()
    conditions = [~sa.exists().where(_TOGGLE.c.name == requested.c.toggle_name)]
    if applications is not None:
        conditions.append(requested.c.app_name.in_(applications))
    if seen_since is not None:
        conditions.append(requested.c.last_seen_at >= seen_since)
    columns: list[sa.ColumnElement[Any]] = [
        _USAGE.c.toggle_name.label("name"),
        sa.func.min(_USAGE.c.first_seen_at).label("first_seen_at"),
        sa.func.max(_USAGE.c.last_seen_at).label("last_seen_at"),
    ]
    return (
        sa.select(*columns)
        .where(_USAGE.c.toggle_name.in_(sa.select(requested.c.toggle_name).where(*conditions)))
        .group_by(_USAGE.c.toggle_name)
    )
