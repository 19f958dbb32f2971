"""Import the times at which an Unleash server last saw each toggle."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store.aggregates import table_of
from store.model import Toggle
from store.rows import ApplicationRow, ToggleUsageRow
from store.slices import slices_of
from store.transfer.unleash.server_applications import new_application
from store.transfer.unleash.server_events import aware
from store.transfer.unleash.server_parts import Copier
from store.transfer.unleash.server_rows import environment_named
from store.usage.upserts import upsert_usages
from store.usage_sequence import next_sequence

# Unleash stores these times without the application. This application stands for all of them.
APPLICATION = "imported-last-uses"
_DESCRIPTION = "Times of last use from an Unleash server, which stores them without applications."
_APPLICATION = table_of(ApplicationRow)
_USAGE = table_of(ToggleUsageRow)


class LastUses:
    """The time at which each toggle was last seen in an environment."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], datetime] = {}

    def add(self, toggle: str, environment: str, seen: datetime) -> None:
        """Add a time; the latest time counts."""
        key = (toggle, environment)
        self._times[key] = max(self._times.get(key, seen), seen)

    def within(self, toggle: str, environment: str, start: datetime, span: timedelta) -> datetime:
        """Return the time of the last use within a span, or `start` if it was not the last use."""
        seen = self._times.get((toggle, environment))
        return seen if seen is not None and start <= seen < start + span else start

    def listed(self) -> list[tuple[str, str, datetime]]:
        """Return all times with their toggles and environments, in order."""
        return sorted((*key, seen) for key, seen in self._times.items())


async def read_last_uses(copier: Copier) -> LastUses:
    """Read the times of the toggles that exist here, and count the other times.

    Early versions do not store the environment. Their times count for the environments in which the
    toggle is enabled, or for all environments.
    """
    database, found = copier.database, LastUses()
    for table, environment in (
        ("last_seen_at_metrics", "environment"),
        ("feature_environments", "environment"),
        ("features", "NULL"),
    ):
        if not database.has(table, "last_seen_at"):
            continue
        name = "name" if table == "features" else "feature_name"
        cursor = database.connection.cursor(
            f"SELECT {name} AS name, {environment} AS environment, last_seen_at FROM {table} "
            "WHERE last_seen_at IS NOT NULL"
        )
        async for row in cursor:
            toggle = copier.toggles.get(row["name"])
            if toggle is None:
                copier.left_out.last_uses += 1
                continue
            given = row["environment"]
            for at in _environments_of(toggle) if given is None else [environment_named(given)]:
                found.add(toggle.name, at, aware(row["last_seen_at"]))
    return found


async def import_last_uses(copier: Copier, last_uses: LastUses) -> int:
    """Add the times that are later than all uses that are known here; return their number."""
    imported = 0
    for part in slices_of(last_uses.listed()):
        rows = await _missing(copier, part)
        if rows:
            await copier.size.run(lambda rows=rows: _write(copier, rows))
            imported += len(rows)
    return imported


async def _missing(
    copier: Copier, times: Sequence[tuple[str, str, datetime]]
) -> list[dict[str, Any]]:
    statement = (
        sa.select(_USAGE.c.toggle_name, _USAGE.c.environment, sa.func.max(_USAGE.c.last_seen_at))
        .where(_USAGE.c.toggle_name.in_({toggle for toggle, _, _ in times}))
        .group_by(_USAGE.c.toggle_name, _USAGE.c.environment)
    )
    async with copier.store.read() as session:
        known = {(toggle, at): seen for toggle, at, seen in await session.execute(statement)}
    return [
        {
            "toggle_name": toggle,
            "app_name": APPLICATION,
            "environment": environment,
            "first_seen_at": seen,
            "last_seen_at": seen,
            "last_yes_at": None,
            "last_no_at": None,
            "yes": 0,
            "no": 0,
            "import_id": copier.server_import.id,
        }
        for toggle, environment, seen in times
        if (latest := known.get((toggle, environment))) is None or latest < seen
    ]


async def _write(copier: Copier, rows: Sequence[dict[str, Any]]) -> None:
    store, server_import = copier.store, copier.server_import
    application = new_application(APPLICATION, server_import.created_at, server_import.id)
    async with store.begin_write() as connection:
        sequence = (await next_sequence(connection)).sequence
        await connection.execute(
            store.upsert(_APPLICATION).on_conflict_do_nothing(),
            [application | {"description": _DESCRIPTION}],
        )
        await connection.execute(
            upsert_usages(store), [row | {"sequence": sequence} for row in rows]
        )


def _environments_of(toggle: Toggle) -> Sequence[str]:
    enabled = [name for name, found in toggle.environments.items() if found.enabled]
    return enabled or [*toggle.environments]
