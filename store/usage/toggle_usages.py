"""Usages: which application uses which toggle in which environment."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.paging import Key, Page, Window, counts_by_parent, pages_by_parent
from store.rows import ToggleRow, ToggleUsageRow
from store.usage.listing import pages_of, select_all

_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)


class ToggleUsage(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An application's use of a name in an environment. The counts begin with the first use."""

    toggle_name: str
    app_name: str
    environment: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None = None
    last_no_at: datetime | None = None
    yes: int = 0
    no: int = 0


# This column contains the name of the toggle or application that has the usages.
UsageParent: TypeAlias = Literal["toggle_name", "app_name"]


class UsageFilter(Struct, frozen=True, kw_only=True):
    """Conditions on usages. All given fields must match.

    If `unknown` is true, a usage matches if no live or archived toggle has its name. If `unknown`
    is false, a usage matches if a toggle has its name.
    """

    environment: str | None = None
    seen_since: datetime | None = None
    unknown: bool | None = None


async def list_usages(
    connection: AsyncConnection,
    names: Collection[str],
    parent: UsageParent,
    filter: UsageFilter,
    window: Window,
) -> dict[str, Page[ToggleUsage]]:
    """Return a page of usages for each toggle or application, latest report first.

    The keys in `window` are results of `usage_position`. The function executes one statement for
    all pages.
    """
    usage = _USAGE.c
    pages = await pages_by_parent(
        connection,
        select_all(ToggleUsage, _USAGE).where(*_conditions(filter)),
        usage[parent],
        names,
        [usage.last_seen_at, usage.toggle_name, usage.app_name, usage.environment],
        window,
    )
    return pages_of(ToggleUsage, pages)


def usage_position(usage: ToggleUsage) -> Key:
    """Return the key that marks the position of a usage in a list."""
    return (usage.last_seen_at, usage.toggle_name, usage.app_name, usage.environment)


async def count_usages(
    connection: AsyncConnection, names: Collection[str], parent: UsageParent, filter: UsageFilter
) -> dict[str, int]:
    """Return the number of usages of each toggle or application."""
    statement = sa.select(_USAGE).where(*_conditions(filter))
    return await counts_by_parent(connection, statement, _USAGE.c[parent], names)


def _conditions(filter: UsageFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filter.environment is not None:
        conditions.append(_USAGE.c.environment == filter.environment)
    if filter.seen_since is not None:
        conditions.append(_USAGE.c.last_seen_at >= filter.seen_since)
    if filter.unknown is not None:
        has_toggle = sa.exists().where(_TOGGLE.c.name == _USAGE.c.toggle_name)
        conditions.append(~has_toggle if filter.unknown else has_toggle)
    return conditions
