"""Which toggles each application asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.rows import ToggleUsageRow

_USAGE = table_of(ToggleUsageRow)


async def names_reported(
    session: AsyncSession, *, application: str | None = None
) -> Mapping[str, Sequence[str]]:
    """The names that applications asked for anywhere, by application, first reported first."""
    first_seen_at = sa.func.min(_USAGE.c.first_seen_at)
    statement = (
        sa.select(_USAGE.c.app_name, _USAGE.c.toggle_name)
        .group_by(_USAGE.c.app_name, _USAGE.c.toggle_name)
        .order_by(_USAGE.c.app_name, first_seen_at, _USAGE.c.toggle_name)
    )
    if application is not None:
        statement = statement.where(_USAGE.c.app_name == application)
    names: dict[str, list[str]] = defaultdict(list)
    for app_name, toggle_name in await session.execute(statement):
        names[app_name].append(toggle_name)
    return names
