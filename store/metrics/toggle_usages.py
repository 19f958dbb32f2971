"""Which application uses which toggle in which environment, and since when."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.metrics.listing import count_rows, equal_to, page_of, select_all
from store.paging import Key, Page, Window, page_of_rows
from store.rows import ToggleRow, ToggleUsageRow

_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)


class ToggleUsage(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """That an application asked for a name in an environment; the counts are of a lifetime."""

    toggle_name: str
    app_name: str
    environment: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None = None
    last_no_at: datetime | None = None
    yes: int = 0
    no: int = 0


async def list_usages(
    session: AsyncSession,
    *,
    application: str | None = None,
    toggle: str | None = None,
    environment: str | None = None,
    seen_since: datetime | None = None,
    unknown: bool | None = None,
    only_names: Collection[str] | None = None,
    except_names: Collection[str] | None = None,
    window: Window,
) -> Page[ToggleUsage]:
    """A page of usages, newest report first; the window is of `usage_position`s.

    `unknown` asks for names that no toggle has, live or archived, or for those that one has;
    `only_names` and `except_names` are for small sets of names.
    """
    conditions = _usage_conditions(
        application, toggle, environment, seen_since, unknown, only_names, except_names
    )
    columns = [
        _USAGE.c.last_seen_at,
        _USAGE.c.toggle_name,
        _USAGE.c.app_name,
        _USAGE.c.environment,
    ]
    statement = select_all(ToggleUsage, _USAGE).where(*conditions)
    page = await page_of_rows(session, statement, columns, window, descending=True)
    return page_of(ToggleUsage, page)


def usage_position(usage: ToggleUsage) -> Key:
    """The place of a usage in the list."""
    return (usage.last_seen_at, usage.toggle_name, usage.app_name, usage.environment)


async def count_usages(
    session: AsyncSession,
    *,
    application: str | None = None,
    toggle: str | None = None,
    environment: str | None = None,
    seen_since: datetime | None = None,
    unknown: bool | None = None,
    only_names: Collection[str] | None = None,
    except_names: Collection[str] | None = None,
) -> int:
    """How many usages `list_usages` would list."""
    conditions = _usage_conditions(
        application, toggle, environment, seen_since, unknown, only_names, except_names
    )
    return await count_rows(session, _USAGE, conditions)


def _usage_conditions(
    application: str | None,
    toggle: str | None,
    environment: str | None,
    seen_since: datetime | None,
    unknown: bool | None,
    only_names: Collection[str] | None,
    except_names: Collection[str] | None,
) -> list[sa.ColumnElement[bool]]:
    name = _USAGE.c.toggle_name
    conditions = equal_to(
        {_USAGE.c.app_name: application, name: toggle, _USAGE.c.environment: environment}
    )
    if seen_since is not None:
        conditions.append(_USAGE.c.last_seen_at >= seen_since)
    if unknown is not None:
        has_toggle = sa.exists().where(_TOGGLE.c.name == name)
        conditions.append(~has_toggle if unknown else has_toggle)
    if only_names is not None:
        conditions.append(name.in_(only_names))
    if except_names is not None:
        conditions.append(name.not_in(except_names))
    return conditions
