"""The store: a database, and the snapshot of its configuration."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from pathlib import Path
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncConnection

from store.background import Periodic
from store.clock_skew import DatabaseClock
from store.current_state import CurrentState
from store.database import Database
from store.errors import StoreUnavailableError
from store.event_documents import EventDocumentsCache
from store.file_monitor import FileMonitor
from store.installation import join_installation, prepare
from store.listening import listener_for
from store.migrations import current_migration
from store.pacing import Turns
from store.random_ids import random_id
from store.roles import Role
from store.scheduler import Scheduler
from store.snapshot import Snapshot
from store.snapshot_file.cold_start import ColdStart
from store.snapshot_file.keeping import SnapshotFile
from store.sqlite_space import give_space_back_later
from store.unknown_tokens import UnknownTokens
from store.usage.retention import (
    DEFAULT_RETENTION,
    Retention,
    count_expired,
    first_retained_revision,
)
from store.usage.scoping import ReportScope
from store.usage.summary import UsageSummary
from store.usage.tracker import UsageTracker
from store.webhooks.background import Webhooks
from store.writing import Writer

# The type that `Store.read` returns. Edges only pass sessions to functions of this package. Edges
# do not use the word "connection" for sessions, because in GraphQL a connection is a list.
Session = AsyncConnection

# The maximum delay until this process notices a commit that its listener missed.
REFRESH_INTERVAL_S = 1.0
HISTORY_INTERVAL_S = 60.0
# The maximum time for which closing waits for the database. After that, all waits for the database
# fail.
CLOSE_BUDGET_S = 4.0


class Store:
    """The interface of the store for the edges.

    `snapshot` reads configuration, and `write` changes it. `read` reads data that is only in SQL.
    `changes` subscribes to commits.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        retention: Retention,
        snapshot_file: Path | None = None,
        *,
        role: Role = Role.SERVER,
        journal_database: Database | None = None,
    ) -> None:
        self.clock = clock
        self.role = role
        # Servers whose revisions have the same history have the same name here. A reader counts its
        # own revisions, and no other process knows them.
        self.history = random_id() if role is Role.READER else ""
        self.unknown_tokens = UnknownTokens()
        self.turns = Turns()
        self.usage = UsageSummary()
        self.report_scope = ReportScope()
        # Earlier revisions that clients know may be from a history that the database has lost.
        self.first_revision = 0
        self._database = database
        self._retention = retention
        self._journal_database = journal_database or database
        self._state = state = CurrentState(
            database,
            clock,
            reload=self._load_anew,
            is_read_only=role is Role.STANDBY_READER,
        )
        self.refresh = state.refresh
        self.changes = state.changes
        writer = Writer(database, state, self.usage, clock)
        self.write = writer.write
        self.write_prepared = writer.write_prepared
        self.open_what_if = writer.open_what_if
        # These are for rows that are not part of the configuration.
        self.begin_write = database.begin_write
        self.upsert = database.upsert
        self.scheduler = Scheduler(database, clock, writer.write)
        self.webhooks = Webhooks(database, clock, lambda: state.snapshot)
        state.on_publish = self.webhooks.wake
        self.event_documents = EventDocumentsCache(database.begin_read)
        self._listener = listener_for(
            database,
            knows=state.knows,
            hear=state.hear,
            # PostgreSQL does not support LISTEN on a standby.
            polls=role is Role.STANDBY_READER,
        )
        self.usage_tracker = tracker = UsageTracker(
            database,
            self._journal_database,
            state,
            self.usage,
            clock,
            role=role,
            retention=retention,
            write=writer.write,
            version=self._listener.version,
        )
        self.token_use = tracker.token_use
        self.journal = tracker.journal
        self.outgoing = tracker.outgoing
        self.metrics_updates = tracker.metrics_updates
        self._file_monitor = FileMonitor(
            database,
            installation=lambda: state.installation_id,
            begin_history=state.begin_history,
            load=self._load_anew,
        )
        self._tasks = [
            Periodic("Looking for changes of other processes", REFRESH_INTERVAL_S, state.refresh),
            Periodic("Looking for the oldest event", HISTORY_INTERVAL_S, self._find_first_revision),
        ]
        self._file: SnapshotFile | None = None
        if snapshot_file is not None:
            url = database.url.render_as_string(hide_password=False)
            self._file = SnapshotFile(snapshot_file, url, state, clock)
        self._cold_start = ColdStart(self._file, database, state, clock, self._connect_late)
        self._open = False
        self._draining = False

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] | None = None,
        retention: Retention = DEFAULT_RETENTION,
        background: bool = True,
        snapshot_file: Path | None = None,
        role: Role = Role.SERVER,
        journal_url: str | None = None,
    ) -> "Store":
        """Open the database at `url`, and start the work in the background.

        The database is migrated and seeded, and the snapshot is loaded.

        Without a `clock`, the store uses the clock of the database server, so that all processes
        have the same time. Without `background`, the store does only what is called explicitly. For
        example, the store then ignores reports, and does not notice commits of other processes.

        The configuration is saved to `snapshot_file`. If the database is unavailable and the file
        can be used, the store begins with the configuration in the file; see `connected`.

        `role` is what the process does with the database. A standby reader does not migrate or
        seed, and has its journal in another database, at `journal_url`.

        Raises: StoreUnavailableError: a database cannot be reached, or a standby has no schema.
        """
        database = Database(url)
        journal_database = Database(journal_url) if journal_url is not None else database
        try:
            store = cls(
                database,
                clock or DatabaseClock(database),
                retention,
                snapshot_file,
                role=role,
                journal_database=journal_database,
            )
            try:
                await store._load()
                if background:
                    await store._start()
            except StoreUnavailableError as error:
                # Without background work, nothing would wait for the database.
                if not background or not store._cold_start.begin(error):
                    raise
                store.first_revision = store.snapshot.revision
            else:
                store._cold_start.connected.set()
        except BaseException:
            await database.close()
            if journal_database is not database:
                await journal_database.close()
            raise
        store._open = True
        return store

    async def _load(self) -> None:
        """Prepare the database, and load everything for the first time."""
        await self._prepare()
        await self._state.load()
        async with self._database.begin_read() as connection:
            await self.usage_tracker.load(connection)

    async def _prepare(self) -> None:
        await prepare(self._database, self._journal_database, self.clock, self.role)

    async def _connect_late(self) -> None:
        """Load everything from a database that was unavailable at the start.

        Raises: StoreUnavailableError: the database is still unavailable.
        """
        if self._database.file is not None:
            # The file may have been replaced meanwhile.
            async with self._database.reconnect():
                pass
        await self._prepare()
        await self._state.compare_history()
        await self._load_anew()
        await self._start()

    async def _start(self) -> None:
        await give_space_back_later(self._journal_database)
        await self._find_first_revision()
        await self.usage_tracker.find_lag()
        self._database.release()
        if isinstance(self.clock, DatabaseClock):
            self.clock.start()
        await self.usage_tracker.start()
        for task in self._tasks:
            task.start()
        self._file_monitor.start()
        self._listener.start()
        if self._file is not None:
            self._file.start()
        if not self.role.forwards:
            self.scheduler.start()
            self.webhooks.start()

    async def close(self) -> None:
        """Write pending data and close the database. Closing again does nothing.

        If the database does not answer, closing waits at most a few seconds. The reports in the
        journal are then aggregated after the next start.
        """
        if not self._open:
            return
        self._open = False
        late = asyncio.get_running_loop().call_later(CLOSE_BUDGET_S, self._database.give_up)
        async with AsyncExitStack() as closing:
            closing.callback(late.cancel)
            # The stack calls the functions in reverse order, even if a function raises an
            # exception.
            closing.push_async_callback(self._database.close)
            if self._journal_database is not self._database:
                closing.push_async_callback(self._journal_database.close)
            closing.push_async_callback(self.usage_tracker.close)
            for task in self._tasks:
                closing.push_async_callback(task.close)
            if self._file is not None:
                closing.push_async_callback(self._file.close)
            closing.push_async_callback(self._file_monitor.close)
            closing.push_async_callback(self.scheduler.close)
            closing.push_async_callback(self.webhooks.close)
            if isinstance(self.clock, DatabaseClock):
                closing.push_async_callback(self.clock.close)
            closing.push_async_callback(self._listener.close)
            closing.push_async_callback(self.changes.stop_reading)
            closing.callback(self.end_feeds)
            closing.push_async_callback(self._cold_start.close)

    def end_feeds(self) -> None:
        """End all subscriptions to commits and usage, before the store is closed."""
        self.changes.close()
        self.metrics_updates.close()

    @property
    def snapshot(self) -> Snapshot:
        """The newest configuration that this process knows, with all writes of this process."""
        return self._state.snapshot

    @property
    def installation_id(self) -> str:
        """The unique id of this installation, shared by all of its processes."""
        return self._state.installation_id

    @property
    def ready(self) -> bool:
        """Whether there is a snapshot to serve, and the process is not about to stop."""
        return self._open and not self._draining and self._state.snapshot.revision >= 0

    @property
    def draining(self) -> bool:
        """Whether the process is about to stop."""
        return self._draining

    def drain(self) -> None:
        """Make `ready` false from now on; the store works normally until it is closed."""
        self._draining = True

    @property
    def database_available(self) -> bool:
        """Whether the last read of the database succeeded.

        The store reads the database at least every second.
        """
        return self._database.available

    @property
    def connected(self) -> asyncio.Event:
        """Is set when the database has been reached for the first time."""
        return self._cold_start.connected

    @property
    def age_s(self) -> float:
        """The time since the snapshot was last compared with the database, in seconds."""
        return monotonic() - self._state.checked_at

    @property
    def database_problem(self) -> str | None:
        """The problem with the database that prevents changes; None if there is none.

        It is a problem of the file, or the database has not been reached since the start.
        """
        return self._cold_start.problem or self._file_monitor.problem

    @property
    def journal_lag_s(self) -> float:
        """The maximum time by which usage counts lag behind the reports, in seconds.

        On a reader, this is the age of the oldest report that is not forwarded.
        """
        return self.usage_tracker.lag_s

    @property
    def dialect(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._database.dialect

    async def database_version(self) -> str:
        """Return the version of the database."""
        return await self._database.version()

    async def migration(self) -> str:
        """Return the last migration that was run."""
        return await current_migration(self._database) or ""

    async def join_installation(self, installation_id: str) -> None:
        """Store the ID of the installation to which this reader belongs.

        Raises: StoreUnavailableError.
        """
        await join_installation(self._database, installation_id)
        self._state.installation_id = installation_id

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a read-only connection for data that is only in SQL: events, applications, usage.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        return self._database.begin_read()

    async def aggregate_now(self) -> None:
        """Aggregate the journal into the tables and the usage summary at once."""
        await self.usage_tracker.aggregator.run_once()

    async def count_expired(self) -> dict[str, int]:
        """Return the number of rows whose retention time has passed, by kind."""
        return await count_expired(self._database, self.clock(), self._retention)

    async def remove_expired(self) -> None:
        """Remove the rows whose retention time has passed, as running servers do every minute."""
        await self.usage_tracker.aggregator.clean()

    async def _find_first_revision(self) -> None:
        """Find the first revision since which all events are retained."""
        if self._retention.events is not None:
            async with self._database.begin_read() as connection:
                since = self.clock() - self._retention.events
                first = await first_retained_revision(connection, since)
            self.first_revision = max(self.first_revision, first)

    async def _load_anew(self) -> None:
        """Load the state of a database whose history differs from the history of the snapshot."""
        async with self._database.begin_read() as connection:
            replace = await self._state.load_anew(connection)
            await self.usage_tracker.load(connection)
            await self.metrics_updates.restart(connection)
        replace()
        self.event_documents.clear()
        self.first_revision = self.snapshot.revision
        self._listener.reconnect()
        self.webhooks.wake()
        await self.changes.restart(self.snapshot)
