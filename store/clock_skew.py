"""Comparing the clock of this machine with that of the database's server."""

import logging
from datetime import datetime

import sqlalchemy as sa

from store.background import Periodic
from store.database import Database, utc_now

CHECK_INTERVAL_S = 3_600.0
MAX_SKEW_S = 5.0

_log = logging.getLogger(__name__)


class ClockWatch:
    """Compares the clocks at start and every hour; on SQLite, which has none, it does nothing.

    Times of changes and usage are those of the process that stores them, so processes whose clocks
    differ store them out of order.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task = Periodic("Comparing clocks", CHECK_INTERVAL_S, self.compare)

    async def start(self) -> None:
        """Compare once, and go on in the background.

        Raises: StoreUnavailableError: the database is away.
        """
        if self._database.dialect == "postgresql":
            await self.compare()
            self._task.start()

    async def close(self) -> None:
        """Stop. Closing again does nothing."""
        await self._task.close()

    async def compare(self) -> None:
        """Warn if the clocks are certainly more than `MAX_SKEW_S` seconds apart.

        Raises: StoreUnavailableError: the database is away.
        """
        async with self._database.begin_read() as session:
            before = utc_now()
            (theirs,) = (await session.execute(sa.select(sa.func.clock_timestamp()))).one()
            skew_s = certain_skew_s(before, theirs, utc_now())
        if abs(skew_s) > MAX_SKEW_S:
            _log.warning(
                "The clock of this machine is %.0f seconds %s that of the database's server: "
                "set both by NTP, or times of changes and usage are wrong",
                abs(skew_s),
                "ahead of" if skew_s > 0 else "behind",
            )


def certain_skew_s(before: datetime, theirs: datetime, after: datetime) -> float:
    """How far a clock is ahead of another one, in seconds; negative if it is behind.

    The other one was read between `before` and `after`, so less than that may be the time that the
    answer took; of the skews that are possible this is the smallest.
    """
    if theirs < before:
        return (before - theirs).total_seconds()
    return min((after - theirs).total_seconds(), 0.0)
