"""The store: one database with the snapshot of its configuration."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store import defaults
from store.aggregates import (
    load_configuration,
    load_reference_data,
    load_toggles,
    table_of,
)
from store.background import Periodic
from store.bulk import write_batches
from store.changes import Changes
from store.clock_skew import DatabaseClock
from store.database import Database
from store.errors import StoreUnavailableError
from store.events import EventType
from store.file_watch import FileWatch
from store.history import Mark, begin_history, holds, newest_mark, state_of
from store.identity import require_held
from store.listening import announce, listener_for
from store.migrations import current_migration, lock_schema, migrate
from store.model import Actor
from store.pacing import Turns
from store.row_changes import batches_between
from store.rows import EventRow, ServerStateRow
from store.snapshot import Configuration, Snapshot
from store.sqlite_space import give_space_back_later
from store.staging import StagedRows, Stamp
from store.token_use import TokenUse
from store.unit_of_work import UnitOfWork
from store.unknown_tokens import UnknownTokens
from store.usage.aggregation import Aggregator
from store.usage.journal import Journal
from store.usage.name_limits import NameLimits
from store.usage.retention import DEFAULT_RETENTION, Retention, first_retained_revision
from store.usage.scoping import ReportScope
from store.usage.summary import UsageSummary
from store.usage.updates import MetricsUpdates
from store.usage_sequence import usage_state

# The maximum delay until this process notices a commit that its listener missed.
REFRESH_INTERVAL_S = 1.0
# Usage that one process has written is known to the others so much later, at most.
USAGE_INTERVAL_S = 0.5
TOKEN_USE_INTERVAL_S = 1.0
HISTORY_INTERVAL_S = 60.0
# How often a large change is prepared before it is made with the writer's lock held.
MAX_PREPARATIONS = 3
# How long closing waits for the database before all waits for it fail.
CLOSE_BUDGET_S = 4.0

T = TypeVar("T")
_log = logging.getLogger(__name__)

_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)

# Constants, because SQLAlchemy caches compiled statements by object.
_NOW = sa.bindparam("now_", type_=_STATE.c.last_change_at.type)
_LAST = _STATE.c.last_change_at
_TAKE_REVISION = (
    sa.update(_STATE)
    # The times in the log never decrease, even if the clock does.
    .values(
        revision=_STATE.c.revision + 1, last_change_at=sa.case((_LAST < _NOW, _NOW), else_=_LAST)
    )
    .returning(_STATE.c.revision, _LAST)
)


class Store:
    """The interface of the edges: `snapshot` to read configuration, `write` to change it, `read`
    for data that is only in SQL, `changes` to subscribe to commits."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], retention: Retention
    ) -> None:
        self.clock = clock
        self.token_use = TokenUse(database, clock)
        self.unknown_tokens = UnknownTokens()
        self.turns = Turns()
        self.usage = UsageSummary()
        self._database = database
        self._snapshot = Snapshot(-1, Configuration())
        self.report_scope = ReportScope()
        self._limits = NameLimits(database, self.usage, clock, lambda: self._snapshot.toggles)
        self.journal = Journal(database, clock, limits=self._limits)
        self.changes = Changes(database.begin_read, lambda: self._snapshot)
        self.metrics_updates = MetricsUpdates(database.begin_read, clock)
        self._listener = listener_for(database, self._hear)
        # The revision that a transaction of this process holds and may commit at any moment.
        self._writing: int | None = None
        self._installation_id = ""
        self._tasks = [
            Periodic("Looking for changes of other processes", REFRESH_INTERVAL_S, self.refresh),
            Periodic(
                "Looking for usage that others have written", USAGE_INTERVAL_S, self._refresh_usage
            ),
            Periodic("Writing when tokens were used", TOKEN_USE_INTERVAL_S, self.token_use.flush),
        ]
        self._aggregator = Aggregator(
            database,
            self.usage,
            clock,
            limits=self._limits,
            retention=retention,
            snapshot=lambda: self._snapshot,
            write=self.write,
        )
        self._file_watch = FileWatch(
            database,
            installation=lambda: self._installation_id,
            begin_history=self._begin_history,
            load=self._load_anew,
        )
        # Clients may know earlier revisions from a history that the database lost.
        self.first_revision = 0
        self._retention = retention
        self._tasks.append(
            Periodic("Looking for the oldest event", HISTORY_INTERVAL_S, self._find_first_revision)
        )
        self._in_background = False
        self._open = False
        # The newest event that this process knows; a database without it has another history.
        self._mark: Mark | None = None
        # The highest number that any event had when this process looked, in any history.
        self._newest_event = 0
        self._draining = False
        self._checked_at = monotonic()

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] | None = None,
        retention: Retention = DEFAULT_RETENTION,
        background: bool = True,
    ) -> "Store":
        """Migrate and seed the database at `url`, load the snapshot, and start the work in the
        background.

        Without a `clock` that of the database's server decides, so that all processes have the same
        time. Without `background` nothing is done but what is called: no reports are taken or
        counted, and nothing is heard of other processes.

        Raises: StoreUnavailableError: the database cannot be reached.
        """
        database = Database(url)
        try:
            await database.check()
            if clock is None:
                clock = DatabaseClock(database)
                await clock.compare()
            store = cls(database, clock, retention)
            await migrate(database)
            await store._seed()
            await store._load()
            async with database.begin_read() as session:
                await store.usage.load(session)
                await store._limits.load(session)
                await store.token_use.load(session)
            if background:
                await store._start()
        except BaseException:
            await database.close()
            raise
        store._open = True
        return store

    async def _start(self) -> None:
        self._in_background = True
        await give_space_back_later(self._database)
        await self._find_first_revision()
        if isinstance(self.clock, DatabaseClock):
            self.clock.start()
        await self.journal.start()
        await self._aggregator.find_lag()
        self._aggregator.start()
        for task in self._tasks:
            task.start()
        self._file_watch.start()
        self._listener.start()

    async def close(self) -> None:
        """Write pending data and close the database. Closing again does nothing.

        Waits at most a few seconds for a database that does not answer; the journal keeps its data
        for the next start.
        """
        if not self._open:
            return
        self._open = False
        late = asyncio.get_running_loop().call_later(CLOSE_BUDGET_S, self._database.give_up)
        async with AsyncExitStack() as closing:
            closing.callback(late.cancel)
            # Called in reverse order, even if one of them raises.
            closing.push_async_callback(self._database.close)
            closing.push_async_callback(self.token_use.close)
            if self._in_background:
                closing.push_async_callback(self._aggregator.close)
            closing.push_async_callback(self.journal.close)
            for task in self._tasks:
                closing.push_async_callback(task.close)
            closing.push_async_callback(self._file_watch.close)
            if isinstance(self.clock, DatabaseClock):
                closing.push_async_callback(self.clock.close)
            closing.push_async_callback(self._listener.close)
            closing.push_async_callback(self.changes.stop)
            closing.callback(self.end_feeds)

    def end_feeds(self) -> None:
        """End all subscriptions to commits and usage, before the store is closed."""
        self.changes.close()
        self.metrics_updates.close()

    @property
    def snapshot(self) -> Snapshot:
        """The newest configuration this process knows; never older than its own last write."""
        return self._snapshot

    @property
    def installation_id(self) -> str:
        """The unique id of this installation, shared by all of its processes."""
        return self._installation_id

    @property
    def ready(self) -> bool:
        """Whether there is a snapshot to serve, and the process is not about to stop."""
        return self._open and not self._draining and self._snapshot.revision >= 0

    @property
    def draining(self) -> bool:
        """Whether the process is about to stop."""
        return self._draining

    def drain(self) -> None:
        """Report not ready from now on; everything keeps working until the store is closed."""
        self._draining = True

    @property
    def database_available(self) -> bool:
        """Whether the last read of the database succeeded; there is one at least every second."""
        return self._database.available

    @property
    def age_s(self) -> float:
        """How long ago the snapshot was compared with the database, in seconds."""
        return monotonic() - self._checked_at

    @property
    def database_problem(self) -> str | None:
        """The problem with the database file that prevents changes; None if there is none."""
        return self._file_watch.problem

    @property
    def journal_lag_s(self) -> float:
        """How far the counts of usage may lag behind the reports, in seconds."""
        return self._aggregator.lag_s

    @property
    def dialect(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._database.dialect

    async def database_version(self) -> str:
        """The version of the database."""
        return await self._database.version()

    async def migration(self) -> str:
        """The last migration that was run."""
        return await current_migration(self._database) or ""

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a read-only session, for data that grows: events, applications, usage.

        Raises: StoreUnavailableError: the database is away.
        """
        return self._database.begin_read()

    @asynccontextmanager
    async def write(
        self, actor: Actor, *, dry_run: bool = False, bulk: bool = False
    ) -> AsyncGenerator[UnitOfWork]:
        """Open a transaction for changes by `actor`.

        Its first statement takes the next revision and with it the writer's lock, so revisions have
        no gaps and follow the order of commits. Without an event it is rolled back, and the
        revision with it; so is a `dry_run`, whose events say what would happen. A `bulk` change of
        thousands of rows may take longer than the two seconds that others wait for the database, so
        reports of metrics wait for it and are not refused.

        Raises:
            Refusal: from an operation in the body; nothing was stored.
            UnauthenticatedError: the actor's token was revoked or has expired; nothing was stored.
            StoreUnavailableError: the database is away, full, read-only or too slow; nothing was
                stored, or the error is an OutcomeUnknownError.
        """
        snapshot: Snapshot | None = None
        work: UnitOfWork | None = None
        try:
            begin = self._database.begin_bulk_write if bulk else self._database.begin_write
            async with begin() as connection:
                work = await self._begin(connection, actor)
                require_held(actor, work.snapshot, now=self.clock())
                yield work
                if work.events and not dry_run:
                    snapshot = await work.flush(connection)
                    await announce(connection, snapshot.revision)
                else:
                    await connection.rollback()
            if snapshot is not None:
                self._mark = (work.revision, work.now)
                self._publish(snapshot)
                work.committed()
        finally:
            if work is not None and self._writing == work.revision:
                self._writing = None

    async def write_prepared(
        self,
        actor: Actor,
        prepare: Callable[[UnitOfWork], Awaitable[T]],
        *,
        dry_run: bool = False,
    ) -> T:
        """Make a large change by `actor`, all or nothing; return the result of `prepare`.

        Others write while `prepare` runs and while the rows go into temporary tables. The writer's
        lock is held only while the database copies them from there. If others change the objects
        that the change depends on, `prepare` runs again on another unit of work, the last time with
        the lock held. So it must change nothing but its unit, and execute no writing statement.

        Raises: as `write`, and what `prepare` raises; nothing was stored.
        """
        for _ in range(MAX_PREPARATIONS):
            async with self._prepare(actor) as work:
                result = await prepare(work)
                if dry_run or not work.events:
                    return result
                rows = await work.encode(work.connection.dialect)
            if await self._commit(work, rows):
                return result
        _log.warning(
            "Others changed what a large change is about each of the %d times that it was "
            "prepared: it is prepared once more while they wait",
            MAX_PREPARATIONS,
        )
        async with self.write(actor, bulk=True) as work:
            return await prepare(work)

    @asynccontextmanager
    async def assume(
        self, snapshot: Snapshot, actor: Actor, *, new_id: Callable[[], str]
    ) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work on a copy of a snapshot; its changes are never stored.

        `new_id` returns the keys of new objects. No lock is held.

        Raises:
            Refusal: from an operation in the body.
            StoreUnavailableError: the database is away.
        """
        async with self._database.begin_read() as session:
            yield UnitOfWork(
                await session.connection(),
                snapshot,
                revision=snapshot.revision + 1,
                now=self.clock(),
                actor=actor,
                usage=self.usage,
                new_id=new_id,
            )

    async def aggregate_now(self) -> None:
        """Aggregate the journal into the tables and the usage summary now, not within a second."""
        await self._aggregator.run_once()

    async def refresh(self) -> None:
        """Load the commits of other processes.

        A commit of this process is not loaded, since its transaction publishes the snapshot.
        """
        loaded, known, mark = self._database.loaded, self._snapshot.revision, self._mark
        async with self._database.begin_read() as session:
            revision, number = await state_of(session)
            lost = revision < known or (
                mark is not None and not await holds(session, mark, self.clock())
            )
            skipped = lost or revision == self._writing
            snapshot = None if skipped else await self._newer(session, up_to=revision)
            newest = await newest_mark(session) if snapshot is not None else None
        if lost and loaded == self._database.loaded:
            await self._follow_older_state(revision)
            return
        self._checked_at = monotonic()
        self._newest_event = max(self._newest_event, number)
        if newest is not None and mark == self._mark:
            self._mark = newest
        if snapshot is not None and loaded == self._database.loaded:
            self._publish(snapshot)

    async def _follow_older_state(self, revision: int) -> None:
        """Reload everything after the database lost revisions that this process knows."""
        _log.error(
            "The database has gone back to an older state (revision %d, known was %d): everything "
            "is loaded anew, and clients start over",
            revision,
            self._snapshot.revision,
        )
        async with self._database.begin_write() as connection:
            await self._begin_history(connection)
        await self._load_anew()

    async def _begin_history(self, connection: AsyncConnection) -> None:
        await begin_history(connection, self._snapshot.revision, self._newest_event)

    async def _find_first_revision(self) -> None:
        """Find the first revision since which all events are retained."""
        if self._retention.events is not None:
            async with self._database.begin_read() as session:
                since = self.clock() - self._retention.events
                first = await first_retained_revision(session, since)
            self.first_revision = max(self.first_revision, first)

    async def _refresh_usage(self) -> None:
        loaded = self._database.loaded
        async with self._database.begin_read() as session:
            state = await usage_state(session)
            if loaded == self._database.loaded:
                await self.usage.refresh(session, state)
                await self.token_use.refresh(session, state)

    async def _begin(self, connection: AsyncConnection, actor: Actor) -> UnitOfWork:
        revision, now = await self._take_revision(connection)
        return UnitOfWork(
            connection,
            self._snapshot,
            revision=revision,
            now=now,
            actor=actor,
            usage=self.usage,
        )

    async def _take_revision(self, connection: AsyncConnection) -> tuple[int, datetime]:
        """Take the next revision, and load all commits before it; return it and its time."""
        parameters = {_NOW.key: self.clock()}
        revision, now = (await connection.execute(_TAKE_REVISION, parameters)).one()
        if self._snapshot.revision >= revision:
            raise StoreUnavailableError("The database has gone back to an older state.")
        self._writing = revision
        if self._snapshot.revision != revision - 1:
            newer = await self._newer(AsyncSession(connection), up_to=revision - 1)
            if newer is not None:
                self._publish(newer)
        return revision, now

    @asynccontextmanager
    async def _prepare(self, actor: Actor) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work on the newest commit, without the lock."""
        await self.refresh()
        async with self._database.begin_read() as session:
            last = (await session.execute(sa.select(_STATE.c.last_change_at))).scalar_one()
            now = max(self.clock(), last)
            require_held(actor, self._snapshot, now=now)
            yield UnitOfWork(
                await session.connection(),
                self._snapshot,
                revision=self._snapshot.revision + 1,
                now=now,
                actor=actor,
                usage=self.usage,
            )

    async def _commit(self, work: UnitOfWork, rows: StagedRows) -> bool:
        """Commit a prepared change.

        Returns False, with nothing stored, if others changed the objects that it depends on.
        """
        revision: int | None = None
        try:
            async with self._database.begin_staged_write(rows.stage) as connection:
                revision, now = await self._take_revision(connection)
                newest = self._snapshot
                require_held(work.actor, newest, now=self.clock())
                if newest is not work.origin and not await asyncio.to_thread(work.can_move, newest):
                    await connection.rollback()
                    return False
                snapshot = await work.write_staged(connection, rows, newest, Stamp(revision, now))
                await announce(connection, snapshot.revision)
            self._mark = (work.revision, work.now)
            self._publish(snapshot)
            work.committed()
        finally:
            if self._writing == revision:
                self._writing = None
        await work.refresh_documents()
        return True

    def _publish(self, snapshot: Snapshot) -> None:
        # A slow load must not replace the snapshot of a newer commit.
        if snapshot.revision > self._snapshot.revision:
            self._snapshot = snapshot
            self.changes.publish(snapshot)

    async def _hear(self, revision: int | None) -> None:
        """Load a commit of another process."""
        if revision is None or (revision > self._snapshot.revision and revision != self._writing):
            await self.refresh()

    async def _newer(self, session: AsyncSession, *, up_to: int) -> Snapshot | None:
        """Load the snapshot of a newer revision; None if there is none.

        Only toggles with a newer revision are loaded, and all other objects.
        """
        known = self._snapshot
        if up_to <= known.revision:
            return None
        configuration = await load_reference_data(session)
        configuration.toggles = dict(known.toggles)
        configuration.toggles_by_id = dict(known.toggles_by_id)
        deleted = sa.select(_EVENT.c.toggle_id).where(
            _EVENT.c.revision > known.revision, _EVENT.c.type == EventType.TOGGLE_DELETED.name
        )
        for toggle_id in (await session.scalars(deleted)).all():
            toggle = configuration.toggles_by_id.pop(toggle_id, None)
            if toggle is not None:
                configuration.toggles.pop(toggle.name, None)
        for toggle in await load_toggles(session, changed_since=known.revision):
            configuration.toggles[toggle.name] = toggle
            configuration.toggles_by_id[toggle.id] = toggle
        return Snapshot(up_to, configuration)

    async def _load(self) -> None:
        async with self._database.begin_read() as session:
            revision, self._newest_event = await state_of(session)
            self._installation_id = (
                await session.execute(sa.select(_STATE.c.installation_id))
            ).scalar_one()
            self._mark = await newest_mark(session)
            self._publish(Snapshot(revision, await load_configuration(session)))
        self._checked_at = monotonic()

    async def _load_anew(self) -> None:
        """Load another state of the database, which no events connect with the current one."""
        async with self._database.begin_read() as session:
            revision, number = await state_of(session)
            snapshot = Snapshot(revision, await load_configuration(session))
            mark = await newest_mark(session)
            await self.usage.load(session)
            await self.token_use.load(session)
            await self._limits.load(session)
            await self.metrics_updates.restart(session)
        self._snapshot, self._mark = snapshot, mark
        self._newest_event = max(self._newest_event, number)
        self.first_revision = revision
        self._listener.reconnect()
        await self.changes.restart(snapshot)

    async def _seed(self) -> None:
        """Write the state and the built-in objects to an empty database."""
        async with self._database.begin_write(endless=True) as connection:
            await lock_schema(self._database, connection)
            if (await connection.execute(sa.select(_STATE.c.id))).first() is not None:
                return
            now = self.clock()
            await connection.execute(
                sa.insert(_STATE).values(
                    id=1, installation_id=str(uuid4()), revision=0, last_change_at=now
                )
            )
            changes = [(None, default) for default in defaults.everything(now)]
            await write_batches(connection, batches_between(connection.dialect, changes))
