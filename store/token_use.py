"""Record when API tokens were last used: first in memory, then periodically in the database."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.errors import StoreUnavailableError
from store.rows import ApiTokenRow, ApiTokenUseRow
from store.usage_sequence import UsageState, next_sequence, usage_state

_TOKEN = table_of(ApiTokenRow)
_USE = table_of(ApiTokenUseRow)
_log = logging.getLogger(__name__)


# Record the use of a token at most once a minute, so that frequent use does not cause writes.
RESOLUTION = timedelta(minutes=1)
_NO_TIME = timedelta()


class TokenUse:
    """The last use of each token, to the minute. After a crash, unwritten uses are lost."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last_used: dict[str, datetime] = {}
        self._unwritten: dict[str, datetime] = {}
        self._sequence = -1

    def mark(self, token_id: str, now: datetime) -> timedelta:
        """Record that a token is used now; do nothing if the last use was within the last minute.

        Return the time after which another use will be recorded.
        """
        last = self._last_used.get(token_id)
        if last is not None and _NO_TIME <= (passed := now - last) < RESOLUTION:
            return RESOLUTION - passed
        self._last_used[token_id] = self._unwritten[token_id] = now
        return RESOLUTION

    def last_used_at(self, token_id: str) -> datetime | None:
        """Return when a token was last used, None if never."""
        return self._last_used.get(token_id)

    async def close(self) -> None:
        """Write the remaining uses, if the database is available."""
        try:
            await self.flush()
        except StoreUnavailableError as error:
            _log.warning("The times of the last token use could not be stored: %s", error)

    async def load(self, connection: AsyncConnection) -> None:
        """Reload all uses from the database; do not discard uses that are not written yet."""
        self._sequence = -1
        self._last_used = dict(self._unwritten)
        await self.refresh(connection, await usage_state(connection))

    async def refresh(self, connection: AsyncConnection, state: UsageState) -> None:
        """Read the uses that all processes wrote since the last call.

        `state` is the usage state of the connection's transaction.
        """
        if self._sequence == state.sequence:
            return
        known = self._sequence if self._sequence < state.sequence else -1
        written = sa.select(_USE.c.token_id, _USE.c.last_used_at).where(_USE.c.sequence > known)
        for token_id, at in await connection.execute(written):
            last = self._last_used.get(token_id)
            self._last_used[token_id] = at if last is None else max(at, last)
        self._sequence = state.sequence

    async def flush(self) -> None:
        """Write the uses since the last call; skip revoked tokens."""
        if not self._unwritten:
            return
        marked, self._unwritten = self._unwritten, {}
        try:
            async with self._database.begin_write() as connection:
                known = set(
                    await connection.scalars(sa.select(_TOKEN.c.id).where(_TOKEN.c.id.in_(marked)))
                )
                if known:
                    await self._write(
                        connection, {id: at for id, at in marked.items() if id in known}
                    )
        except BaseException:
            self._unwritten = marked | self._unwritten
            raise

    async def _write(self, connection: AsyncConnection, used: dict[str, datetime]) -> None:
        sequence = (await next_sequence(connection)).sequence
        insert = self._database.upsert(_USE)
        new = insert.excluded
        later = sa.case(
            (new.last_used_at > _USE.c.last_used_at, new.last_used_at), else_=_USE.c.last_used_at
        )
        await connection.execute(
            insert.on_conflict_do_update(
                index_elements=["token_id"],
                set_={"last_used_at": later, "sequence": new.sequence},
            ),
            [
                {"token_id": id, "last_used_at": used[id], "sequence": sequence}
                for id in sorted(used)
            ],
        )
