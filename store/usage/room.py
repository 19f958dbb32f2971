"""Make room in the size-limited tables of applications, unknown names and usages.

The least recently seen rows are removed first. Rows that were seen within the last MIN_SILENCE
always remain. Therefore made-up names cannot displace names in use.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import ApplicationRow, ToggleRow, ToggleUsageRow, UnknownNameRow
from store.usage_sequence import next_sequence

# Only rows that were not seen for this time can be removed. SDKs report about once a minute.
MIN_SILENCE = timedelta(minutes=10)
# Each removal also frees a reserve of 1/SPARE_SHARE of the limit. Without the reserve, a full table
# would be searched for each new name.
SPARE_SHARE = 100
# One transaction removes at most this many usages, because other writers wait for the transaction.
MAX_REMOVED_USAGES = 20_000
# One SQL condition contains at most this many names.
CHUNK = 500

_APPLICATION = table_of(ApplicationRow)
_UNKNOWN = table_of(UnknownNameRow)
_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)
_USAGE_KEY = (_USAGE.c.toggle_name, _USAGE.c.environment, _USAGE.c.app_name)

# A usage key consists of a toggle, an environment and an application.
UsageKey: TypeAlias = tuple[str, str, str]


class Removed(Struct):
    """The keys of removed rows.

    `names` are pairs of an application and an unknown name.
    """

    applications: list[str] = field(default_factory=list[str])
    names: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    usages: list[UsageKey] = field(default_factory=list[UsageKey])

    def add(self, other: "Removed") -> None:
        """Add the keys of other removed rows."""
        self.applications += other.applications
        self.names += other.names
        self.usages += other.usages


async def make_room_for_applications(
    connection: AsyncConnection, limit: int, needed: int, now: datetime
) -> Removed | None:
    """If `needed` new applications do not fit, remove the least recently seen applications.

    If too few rows can be removed, remove nothing and return None.
    """
    count = await connection.scalar(sa.select(sa.func.count()).select_from(_APPLICATION)) or 0
    missing = count + needed - limit
    if missing <= 0:
        return Removed()
    silent = (
        sa.select(_APPLICATION.c.name)
        .where(_APPLICATION.c.last_seen_at < now - MIN_SILENCE)
        .order_by(_APPLICATION.c.last_seen_at, _APPLICATION.c.name)
        .limit(missing + limit // SPARE_SHARE)
    )
    names = list((await connection.scalars(silent)).all())
    if len(names) < missing:
        return None
    await next_sequence(connection, removes=True)
    for chunk in _chunks(names):
        # Deleting an application also deletes the application's instances, usages and unknown
        # names.
        await connection.execute(sa.delete(_APPLICATION).where(_APPLICATION.c.name.in_(chunk)))
    return Removed(applications=names)


async def make_room_for_names(
    connection: AsyncConnection,
    limit: int,
    needed: int,
    now: datetime,
    *,
    app_name: str | None = None,
) -> Removed | None:
    """If `needed` new names do not fit, remove the least recently seen unknown names.

    If `app_name` is given, count and remove only names of this application. If too few rows can be
    removed, remove nothing and return None.
    """
    of_application = [] if app_name is None else [_UNKNOWN.c.app_name == app_name]
    counting = sa.select(sa.func.count()).select_from(_UNKNOWN).where(*of_application)
    missing = (await connection.scalar(counting) or 0) + needed - limit
    if missing <= 0:
        return Removed()
    seen_at = sa.func.coalesce(sa.func.max(_USAGE.c.last_seen_at), _UNKNOWN.c.created_at)
    silent = (
        sa.select(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name)
        .select_from(_UNKNOWN.outerjoin(_USAGE, _same_name()))
        .where(*of_application)
        .group_by(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name, _UNKNOWN.c.created_at)
        .having(seen_at < sa.literal(now - MIN_SILENCE, _UNKNOWN.c.created_at.type))
        .order_by(seen_at, _UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name)
        .limit(missing + limit // SPARE_SHARE)
    )
    names = [(row.app_name, row.toggle_name) for row in await connection.execute(silent)]
    if len(names) < missing:
        return None
    return await _remove_names(connection, names)


async def make_room_for_usages(
    connection: AsyncConnection, missing: int, limit: int, now: datetime
) -> Removed | None:
    """Remove at least `missing` of the least recently seen usages.

    If too few rows can be removed, remove nothing and return None.
    """
    if missing > MAX_REMOVED_USAGES:
        return None
    if missing <= 0:
        return Removed()
    usages = await _silent_usages(connection, missing + limit // SPARE_SHARE, now)
    return None if len(usages) < missing else await _remove_usages(connection, usages)


async def remove_silent_usages(connection: AsyncConnection, extra: int, now: datetime) -> Removed:
    """Remove up to `extra` of the least recently seen usages.

    One call removes at most MAX_REMOVED_USAGES usages. Recently seen usages remain.
    """
    if extra <= 0:
        return Removed()
    usages = await _silent_usages(connection, extra, now)
    return await _remove_usages(connection, usages) if usages else Removed()


async def _silent_usages(connection: AsyncConnection, limit: int, now: datetime) -> list[UsageKey]:
    silent = (
        sa.select(*_USAGE_KEY)
        .where(_USAGE.c.last_seen_at < now - MIN_SILENCE)
        .order_by(_USAGE.c.last_seen_at, *_USAGE_KEY)
        .limit(min(limit, MAX_REMOVED_USAGES))
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(silent)]


async def _remove_usages(connection: AsyncConnection, usages: list[UsageKey]) -> Removed:
    await next_sequence(connection, removes=True)
    for chunk in _chunks(usages):
        await connection.execute(sa.delete(_USAGE).where(sa.tuple_(*_USAGE_KEY).in_(chunk)))
    return Removed(usages=usages)


async def _remove_names(connection: AsyncConnection, names: list[tuple[str, str]]) -> Removed:
    removed = Removed(names=names)
    await next_sequence(connection, removes=True)
    for chunk in _chunks(names):
        unknown = sa.tuple_(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name).in_(chunk)
        await connection.execute(sa.delete(_UNKNOWN).where(unknown))
        usages = (
            sa.delete(_USAGE)
            .where(
                sa.tuple_(_USAGE.c.app_name, _USAGE.c.toggle_name).in_(chunk),
                # Keep usages of names for which toggles now exist.
                ~sa.exists().where(_TOGGLE.c.name == _USAGE.c.toggle_name),
            )
            .returning(_USAGE.c.toggle_name, _USAGE.c.environment, _USAGE.c.app_name)
        )
        removed.usages += [(row[0], row[1], row[2]) for row in await connection.execute(usages)]
    return removed


def _same_name() -> sa.ColumnElement[bool]:
    return sa.and_(
        _USAGE.c.toggle_name == _UNKNOWN.c.toggle_name, _USAGE.c.app_name == _UNKNOWN.c.app_name
    )


def _chunks(names: list[Any]) -> Iterable[list[Any]]:
    return (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
