"""Track the usage of an installation: take reports, count them, and limit their names."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from store.background import Periodic
from store.current_state import CurrentState
from store.database import Database
from store.model import Actor
from store.roles import Role
from store.token_use import TokenUse
from store.unit_of_work import UnitOfWork
from store.usage.aggregation import Aggregator
from store.usage.following import UsageFollower
from store.usage.journal import Journal
from store.usage.name_limits import NameLimits
from store.usage.outgoing import Outgoing
from store.usage.own_rows import OwnRows
from store.usage.retention import Retention
from store.usage.summary import UsageSummary
from store.usage.updates import MetricsUpdates

# The maximum delay until this process knows the usage that another process has written.
USAGE_INTERVAL_S = 0.5
TOKEN_USE_INTERVAL_S = 1.0


class UsageTracker:
    """Creates the parts that track usage, and runs their work in the background.

    The reports of a process whose role forwards them stay in the journal, until `outgoing` takes
    them from there. `version` returns a value that changes with each commit, or None if the value
    is unknown.
    """

    def __init__(
        self,
        database: Database,
        journal_database: Database,
        state: CurrentState,
        summary: UsageSummary,
        clock: Callable[[], datetime],
        *,
        role: Role,
        retention: Retention,
        write: Callable[[Actor], AbstractAsyncContextManager[UnitOfWork]],
        version: Callable[[], object | None],
    ) -> None:
        self.summary = summary
        self.token_use = TokenUse(database)
        self.limits = NameLimits(database, summary, clock, lambda: state.snapshot.toggles)
        self.outgoing = Outgoing(journal_database, clock)
        self.metrics_updates = MetricsUpdates(database.begin_read, clock)
        self._forwards = role.forwards
        own_rows = OwnRows()
        if role.forwards:
            # The server to which the reports are forwarded limits the names.
            self.journal = Journal(journal_database, clock)
        else:
            self.journal = Journal(database, clock, limits=self.limits, own_rows=own_rows)
        self.aggregator = Aggregator(
            database,
            summary,
            clock,
            limits=self.limits,
            retention=retention,
            snapshot=lambda: state.snapshot,
            write=write,
            version=version,
            own_rows=own_rows,
        )
        self.refresh = UsageFollower(database, summary, self.token_use, version).refresh
        self._tasks = [
            Periodic(
                "Loading the usage that other processes have written",
                USAGE_INTERVAL_S,
                self.refresh,
            ),
            Periodic("Writing the last use of tokens", TOKEN_USE_INTERVAL_S, self.token_use.flush),
        ]
        self._in_background = False

    @property
    def lag_s(self) -> float:
        """The maximum time by which usage counts lag behind the reports, in seconds.

        If reports are forwarded, this is the age of the oldest report that is not forwarded.
        """
        return self.outgoing.lag_s if self._forwards else self.aggregator.lag_s

    async def load(self, connection: AsyncConnection) -> None:
        """Load all usage from the database."""
        await self.summary.load(connection)
        await self.limits.load(connection)
        await self.token_use.load(connection)

    async def find_lag(self) -> None:
        """Read the age of the reports that wait for aggregation, before `start`.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        if not self._forwards:
            await self.aggregator.find_lag()

    async def start(self) -> None:
        """Accept reports, and start the work in the background."""
        self._in_background = True
        await self.journal.start()
        if not self._forwards:
            for task in self._tasks:
                task.start()
            self.aggregator.start()

    async def close(self) -> None:
        """Write all pending data, and stop the work. Closing again does nothing."""
        async with AsyncExitStack() as closing:
            # The stack calls the functions in reverse order, even if a function raises an
            # exception.
            if not self._forwards:
                closing.push_async_callback(self.token_use.close)
                if self._in_background:
                    closing.push_async_callback(self.aggregator.close)
            closing.push_async_callback(self.journal.close)
            for task in self._tasks:
                closing.push_async_callback(task.close)
