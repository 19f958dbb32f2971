"""Read the names of the toggles that each application has reported."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import ToggleUsageRow
from store.slices import rows_in_slices

_USAGE = table_of(ToggleUsageRow)


# One call reads at most this many names. Real installations have fewer names. MAX_NAMES names take
# a few megabytes.
MAX_NAMES = 100_000


async def names_reported(
    connection: AsyncConnection, *, application: str | None = None
) -> Mapping[str, Sequence[str]]:
    """Return the names that each application reported, in the order of the first report.

    The result contains names from all environments. In total, the function returns at most
    MAX_NAMES names. If there are more, the last applications in alphabetical order are incomplete
    or missing.
    """
    first_seen_at = sa.func.min(_USAGE.c.first_seen_at)
    statement = (
        sa.select(_USAGE.c.app_name, _USAGE.c.toggle_name)
        .group_by(_USAGE.c.app_name, _USAGE.c.toggle_name)
        .order_by(_USAGE.c.app_name, first_seen_at, _USAGE.c.toggle_name)
        .limit(MAX_NAMES)
    )
    if application is not None:
        statement = statement.where(_USAGE.c.app_name == application)
    names: dict[str, list[str]] = defaultdict(list)
    async for rows in rows_in_slices(connection, statement):
        for app_name, toggle_name in rows:
            names[app_name].append(toggle_name)
    return names
