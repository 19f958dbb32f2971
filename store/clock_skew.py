"""Follow the clock of the database server, so that all processes use the same time."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.background import Periodic
from store.database import Database

COMPARE_INTERVAL_S = 10.0
WARNING_INTERVAL_S = 3_600.0
MAX_SKEW_S = 5.0

_NOW = sa.select(sa.func.clock_timestamp())
_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time of the system's clock."""
    return datetime.now(UTC)


async def read_clock(clock: Callable[[], datetime], connection: AsyncConnection) -> datetime:
    """Return the time of a clock. If the clock follows the database's clock, read the latter."""
    return await clock.read(connection) if isinstance(clock, DatabaseClock) else clock()


class DatabaseClock:
    """Returns the time of the database server, or the time of this machine on SQLite.

    The clock adds an offset to this machine's time. The offset is measured at start and every ten
    seconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._offset = timedelta()
        self._warned_at: float | None = None
        self._task = Periodic("Comparing clocks", COMPARE_INTERVAL_S, self.compare)

    def __call__(self) -> datetime:
        """Return the current time, in UTC."""
        return utc_now() + self._offset

    async def read(self, connection: AsyncConnection) -> datetime:
        """Read the current time of the database server, independently of this machine's clock."""
        if self._database.dialect != "postgresql":
            return utc_now()
        return (await connection.execute(_NOW)).scalar_one()

    def start(self) -> None:
        """Start measuring in the background."""
        if self._database.dialect == "postgresql":
            self._task.start()

    async def close(self) -> None:
        """Stop measuring. Closing again does nothing."""
        await self._task.close()

    async def compare(self) -> None:
        """Measure the offset.

        While the offset exceeds `MAX_SKEW_S` seconds, a warning is logged once an hour.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        if self._database.dialect != "postgresql":
            return
        async with self._database.begin_read() as connection:
            before = utc_now()
            theirs = (await connection.execute(_NOW)).scalar_one()
            after = utc_now()
        self._offset = nearest_offset(self._offset, before, theirs, after)
        self._warn(self._offset.total_seconds())

    def _warn(self, offset_s: float) -> None:
        if abs(offset_s) <= MAX_SKEW_S:
            self._warned_at = None
        elif self._warned_at is None or monotonic() - self._warned_at >= WARNING_INTERVAL_S:
            self._warned_at = monotonic()
            _log.warning(
                "The clock of this machine is %.0f seconds %s the database server's clock, which "
                "Flagstaff uses: synchronize both with NTP",
                abs(offset_s),
                "behind" if offset_s > 0 else "ahead of",
            )


def nearest_offset(
    offset: timedelta, before: datetime, theirs: datetime, after: datetime
) -> timedelta:
    """Return the possible offset of another clock that is closest to `offset`.

    The other clock showed `theirs` when this clock was between `before` and `after`.
    """
    return min(max(offset, theirs - after), theirs - before)
