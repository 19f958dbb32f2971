"""Watch a hot standby of PostgreSQL: how far it lags behind, and whether the primary answers."""

import asyncio
import logging
from contextlib import suppress

import sqlalchemy as sa

from flagstaff.reader.primary import FollowedPrimary
from flagstaff.reader.state import ReaderState
from flagstaff.reader.tokens import scope_of
from flagstaff.reader.upstream import Upstream, UpstreamError
from store import Store
from store.errors import StoreUnavailableError

WATCHING_INTERVAL_S = 5.0
# A standby that lags behind for longer than this is logged.
MAX_LAG_S = 30.0

# Without changes at the primary, the last replayed transaction is old, although nothing is missing.
# A standby that receives nothing at the moment cannot know whether something is missing.
_LAG = sa.text(
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 "
    "WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() "
    "AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0 "
    "ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END"
)
_log = logging.getLogger(__name__)


class Standby:
    """Keeps `standby_lag_s` of the primary and the state of the reader up to date."""

    def __init__(
        self, store: Store, upstream: Upstream, state: ReaderState, primary: FollowedPrimary
    ) -> None:
        self._store = store
        self._upstream = upstream
        self._state = state
        self._primary = primary
        self._is_late = False

    async def run(self) -> None:
        """Watch until the task is cancelled."""
        while True:
            await self._ask_primary()
            with suppress(StoreUnavailableError):  # the store logs this itself
                await self._measure()
            await asyncio.sleep(WATCHING_INTERVAL_S)

    async def _ask_primary(self) -> None:
        for own in self._state.tokens:
            token = self._store.snapshot.tokens_by_hash.get(own.key)
            own.scope = None if token is None else scope_of(token)
        try:
            await self._upstream.validate(*(own.secret for own in self._state.tokens))
            self._state.hear()
        except UpstreamError as error:
            self._state.fail(str(error))

    async def _measure(self) -> None:
        async with self._store.read() as connection:
            lag_s = float((await connection.execute(_LAG)).scalar_one())
        self._primary.standby_lag_s = lag_s
        if lag_s > MAX_LAG_S and not self._is_late:
            _log.warning("The standby lags %.0f seconds behind its primary", lag_s)
        self._is_late = lag_s > MAX_LAG_S
