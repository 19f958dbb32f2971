"""When API tokens were last used: marked in memory, written now and then, never a change of the
token."""

import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from store.aggregates import table_of
from store.database import Database
from store.errors import StoreUnavailableError
from store.rows import ApiTokenRow, ApiTokenUseRow

_TOKEN = table_of(ApiTokenRow)
_USE = table_of(ApiTokenUseRow)
_log = logging.getLogger(__name__)


class TokenUse:
    """The last use of each token; a crash forgets at most what came since the last `flush`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._last_used: dict[str, datetime] = {}
        self._unwritten: dict[str, datetime] = {}

    def mark(self, token_id: str) -> None:
        """Note that a token was used just now."""
        self._last_used[token_id] = self._unwritten[token_id] = self._clock()

    def last_used_at(self, token_id: str) -> datetime | None:
        """When a token was last used, None when never."""
        return self._last_used.get(token_id)

    async def close(self) -> None:
        """Write what is still to be written, if the database takes it."""
        try:
            await self.flush()
        except StoreUnavailableError as error:
            _log.warning("When tokens were used last could not be stored: %s", error)

    def forget(self) -> None:
        """Know only what is not yet written, before another database is loaded."""
        self._last_used = dict(self._unwritten)

    async def load(self) -> None:
        """Read what earlier runs wrote."""
        async with self._database.begin_read() as session:
            for row in await session.execute(sa.select(_USE)):
                self._last_used.setdefault(row.token_id, row.last_used_at)

    async def flush(self) -> None:
        """Write what was marked since the last time; tokens revoked meanwhile are passed over."""
        if not self._unwritten:
            return
        marked, self._unwritten = self._unwritten, {}
        try:
            async with self._database.begin_write() as connection:
                known = set(
                    await connection.scalars(sa.select(_TOKEN.c.id).where(_TOKEN.c.id.in_(marked)))
                )
                rows = [
                    {"token_id": id, "last_used_at": at} for id, at in marked.items() if id in known
                ]
                if rows:
                    insert = self._database.upsert(_USE)
                    await connection.execute(
                        insert.on_conflict_do_update(
                            index_elements=["token_id"],
                            set_={"last_used_at": insert.excluded.last_used_at},
                        ),
                        rows,
                    )
        except BaseException:
            self._unwritten = marked | self._unwritten
            raise
