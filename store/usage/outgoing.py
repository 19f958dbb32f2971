"""Read the reports in the journal of a reader, and remove them when they have been forwarded."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from store.aggregates import table_of
from store.database import Database
from store.json_checks import LARGE_JSON_BYTES
from store.rows import MetricsJournalRow
from store.usage.reports import (
    AnyReport,
    decode_reports,
    encode_reports,
    join_reports,
)

MAX_ROWS = 200

_JOURNAL = table_of(MetricsJournalRow)
_log = logging.getLogger(__name__)


class Outgoing:
    """The rows of the journal that wait to be forwarded, oldest first."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        # The greatest ID of a row whose unreadable reports have been logged.
        self._unreadable_up_to = 0
        self._since: datetime | None = None
        # The number of rows when `count` was last called.
        self.rows = 0

    @property
    def lag_s(self) -> float:
        """The age of the oldest row in seconds, 0 without rows."""
        return 0.0 if self._since is None else (self._clock() - self._since).total_seconds()

    async def read(
        self, *, max_characters: int, after: int = 0, without: Collection[int] = ()
    ) -> tuple[dict[int, list[AnyReport]], int | None]:
        """Read the oldest rows whose IDs are greater than `after` and not in `without`.

        Return the reports of each row by its ID, and the ID of the last row that was read; None if
        there is no such row. A row that cannot be decoded stays in the journal, because a newer
        release may have written the row and may be able to decode it.

        Raises: StoreUnavailableError.
        """
        statement = (
            sa.select(_JOURNAL.c.id, _JOURNAL.c.reports)
            .where(_JOURNAL.c.id > after, _JOURNAL.c.id.not_in(without))
            .order_by(_JOURNAL.c.id)
            .limit(MAX_ROWS)
        )
        reports: dict[int, list[AnyReport]] = {}
        size, last = 0, None
        async with self._database.begin_read() as connection:
            rows = (await connection.execute(statement)).all()
        for row_id, json in rows:
            if size and size + len(json) > max_characters:
                break
            size, last = size + len(json), row_id
            try:
                large = len(json) > LARGE_JSON_BYTES
                reports[row_id] = (
                    await asyncio.to_thread(decode_reports, json) if large else decode_reports(json)
                )
            except msgspec.DecodeError:
                self._log_unreadable(row_id)
        return reports, last

    async def settle(self, rows: Mapping[int, Sequence[AnyReport]]) -> None:
        """Keep only the given reports of rows, and remove rows without any.

        Raises: StoreUnavailableError.
        """
        removed = [row_id for row_id, reports in rows.items() if not reports]
        async with self._database.begin_journal_write() as connection:
            await connection.execute(sa.delete(_JOURNAL).where(_JOURNAL.c.id.in_(removed)))
            for row_id, reports in rows.items():
                if reports:
                    joined = join_reports([encode_reports(reports)])
                    await connection.execute(
                        sa.update(_JOURNAL).where(_JOURNAL.c.id == row_id).values(reports=joined)
                    )

    def _log_unreadable(self, row_id: int) -> None:
        if row_id > self._unreadable_up_to:
            self._unreadable_up_to = row_id
            _log.error("Row %d of the journal cannot be read and is not forwarded", row_id)

    async def count(self) -> None:
        """Count the rows, and find the oldest one.

        Raises: StoreUnavailableError.
        """
        statement = sa.select(sa.func.count(), sa.func.min(_JOURNAL.c.received_at))
        async with self._database.begin_read() as connection:
            self.rows, self._since = (await connection.execute(statement)).one()
