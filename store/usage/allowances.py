"""Limit the number of new names that a source, such as a token, can report per hour."""

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.rows import NameAllowanceRow
from store.usage.new_names import NewNames, TooManyNamesError

HOUR = timedelta(hours=1)
# If a table is full, errors have this Retry-After, in seconds. After this time, the server may be
# able to remove some names.
FULL_RETRY_AFTER_S = 600
# The caches contain at most this many sources and this many logged limits.
MAX_REMEMBERED = 10_000
# The row with this source counts the names of all sources. Processes lock this row before they
# check the limits.
ALL_SOURCES = ""

_ALLOWANCE = table_of(NameAllowanceRow)
_log = logging.getLogger(__name__)


class Used(Struct, frozen=True):
    """The numbers of new names that a source has reported in the hour from `hour`."""

    hour: datetime
    applications: int = 0
    unknown_names: int = 0
    usages: int = 0


class Allowances:
    """The table of allowances, with a cache of the rows that this process has read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used: dict[str, Used] = {}

    def used(self, source: str | None, now: datetime) -> Used:
        """Return the cached numbers for a source in this hour.

        If the numbers are not cached, return zeros.
        """
        used = self._used.get(source) if source is not None else None
        return used if used is not None and used.hour == hour_of(now) else Used(hour_of(now))

    async def lock(self, connection: AsyncConnection, source: str, now: datetime) -> None:
        """Read the row of a source in this hour, and lock the row for the transaction."""
        none = {"applications": 0, "unknown_names": 0, "usages": 0}
        insert = self._database.upsert(_ALLOWANCE).values(source=source, hour=hour_of(now), **none)
        statement = insert.on_conflict_do_update(
            index_elements=["source", "hour"],
            set_={"applications": _ALLOWANCE.c.applications},
        ).returning(*(_ALLOWANCE.c[name] for name in none))
        row = (await connection.execute(statement)).one()
        if len(self._used) >= MAX_REMEMBERED:
            self._used.clear()
        self._used[source] = Used(hour_of(now), *row)

    async def count(self, connection: AsyncConnection, new: NewNames, now: datetime) -> None:
        """Add the numbers of new names to the row of the source and to the row of all sources."""
        sources = [ALL_SOURCES] if new.source is None else [ALL_SOURCES, new.source]
        await connection.execute(
            sa.update(_ALLOWANCE)
            .where(_ALLOWANCE.c.source.in_(sources), _ALLOWANCE.c.hour == hour_of(now))
            .values(
                applications=_ALLOWANCE.c.applications + len(new.applications),
                unknown_names=_ALLOWANCE.c.unknown_names + len(new.names),
                usages=_ALLOWANCE.c.usages + len(new.usages),
            )
        )

    def forget(self) -> None:
        """Clear the cache, for example after a rollback."""
        self._used.clear()


class Refusals:
    """Creates errors for reports that exceed a limit, and logs each exceeded limit once an hour."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._logged: set[tuple[str, str]] = set()
        self._logging_hour: datetime | None = None

    def of_source(self, source: str | None, what: str) -> TooManyNamesError:
        """Create the error for a source that has exceeded a limit; `what` describes the limit."""
        now = self._clock()
        self._log_once(source or "of this server", what, now)
        left = math.ceil((hour_of(now) + HOUR - now).total_seconds())
        return TooManyNamesError(
            f"One token may not report {what} within an hour; nothing of this report was stored.",
            max(left, 1),
        )

    def of_full_table(self, what: str) -> TooManyNamesError:
        """Create the error for a full table; `what` describes the content of the table."""
        self._log_once("", what, self._clock())
        return TooManyNamesError(
            f"{what}; there is no room for more, so nothing of this report was stored.",
            FULL_RETRY_AFTER_S,
        )

    def _log_once(self, source: str, what: str, now: datetime) -> None:
        if self._logging_hour != hour_of(now):
            self._logging_hour = hour_of(now)
            self._logged.clear()
        if (source, what) in self._logged or len(self._logged) >= MAX_REMEMBERED:
            return
        self._logged.add((source, what))
        if source:
            _log.warning(
                "The token %s reported %s within an hour: its reports of new names are refused",
                source,
                what,
            )
        else:
            _log.warning("%s: reports with more are refused", what)


def hour_of(now: datetime) -> datetime:
    """Return the start of the hour that contains a time."""
    return now.replace(minute=0, second=0, microsecond=0)
