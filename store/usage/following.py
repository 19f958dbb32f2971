"""Follow the usage that other processes write."""

from collections.abc import Callable

from store.database import Database
from store.token_use import TokenUse
from store.usage.summary import UsageSummary
from store.usage_sequence import usage_state


class UsageFollower:
    """Keeps the usage summary and the last use of tokens up to date with the database.

    `version` returns a value that changes with each commit, or None if the value is unknown.
    """

    def __init__(
        self,
        database: Database,
        usage: UsageSummary,
        token_use: TokenUse,
        version: Callable[[], object | None],
    ) -> None:
        self._database = database
        self._usage = usage
        self._token_use = token_use
        self._version = version
        # The version of the database at the last refresh.
        self._known: object | None = None

    async def refresh(self) -> None:
        """Load what other processes have written since the last refresh.

        Raises: StoreUnavailableError.
        """
        version = self._version()
        if version is not None and version == self._known:
            return
        loaded = self._database.loaded
        async with self._database.begin_read() as connection:
            state = await usage_state(connection)
            if loaded == self._database.loaded:
                await self._usage.refresh(connection, state)
                await self._token_use.refresh(connection, state)
                self._known = version
