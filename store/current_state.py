"""Store the newest configuration in memory, and update it after each commit.

Other processes commit to the same database, so the snapshot is refreshed from the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import load_configuration, load_reference_data, load_toggles, table_of
from store.changes import Changes
from store.database import Database
from store.errors import StoreUnavailableError
from store.events import EventType
from store.following import News, follow, read_news
from store.history import Mark, begin_history, holds, newest_mark, state_of
from store.listening import CHANNEL
from store.recent_changes import ChangedObjects, Step, add_step
from store.rows import EventRow, ServerStateRow
from store.slices import rows_in_slices
from store.snapshot import Configuration, Snapshot

T = TypeVar("T")

_log = logging.getLogger(__name__)

_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)
# The maximum time that a writer waits for a refresh before it takes the lock.
CATCH_UP_S = 0.1
# How long `hear` waits for a writer of this process, because the writer may load the announced
# commit.
WRITER_HEAD_START_S = 0.02

# These statements are constants, because SQLAlchemy compiles each statement object only once.
_NOW = sa.bindparam("now_", type_=_STATE.c.last_change_at.type)
_LAST = _STATE.c.last_change_at
_TAKE_REVISION = (
    sa.update(_STATE)
    # The times in the log never decrease, even if the clock is set back.
    .values(
        revision=_STATE.c.revision + 1, last_change_at=sa.case((_LAST < _NOW, _NOW), else_=_LAST)
    )
    .returning(_STATE.c.revision, _LAST)
)
# PostgreSQL sends the notification when the transaction commits.
_NOTIFY = sa.func.pg_notify(CHANNEL, sa.cast(_STATE.c.revision, sa.Text()))
_TAKE_AND_ANNOUNCE_REVISION = _TAKE_REVISION.returning(_NOTIFY)


class FarBehindError(Exception):
    """Other processes have made more changes than a writer may load while having the lock."""


class CurrentState:
    """The snapshot of the newest revision, and the subscribers to `changes`.

    Commits of this process are published with `publish_commit`; `refresh` loads the commits of
    other processes. If the database has gone back to an older state, `reload` loads everything
    again with `load_anew`.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        reload: Callable[[], Awaitable[None]],
        is_read_only: bool = False,
    ) -> None:
        self._is_read_only = is_read_only
        self.snapshot = Snapshot(-1, Configuration())
        self.changes = Changes(database.begin_read, lambda: self.snapshot)
        # This function is called after each new snapshot.
        self.on_publish: Callable[[], None] = lambda: None
        # The unique ID of the installation, which the database stores.
        self.installation_id = ""
        # The time of the last comparison of the snapshot with the database, on the monotonic clock.
        self.checked_at = monotonic()
        self._database = database
        self._clock = clock
        self._reload = reload
        self._refreshing = asyncio.Lock()
        # The revision of the running transaction of this process. The transaction may be committed
        # at any time.
        self._writing: int | None = None
        # The newest event that this process knows. A database without this event has another
        # history.
        self._mark: Mark | None = None
        # The highest event number that this process has seen, in any history.
        self._newest_event = 0

    async def load(self) -> None:
        """Load everything for the first time."""
        async with self._database.begin_read() as connection:
            revision, self._newest_event = await state_of(connection)
            self.installation_id = await _installation_id(connection)
            self._mark = await newest_mark(connection)
            self.publish(Snapshot(revision, await load_configuration(connection)))
        self.checked_at = monotonic()

    async def load_anew(self, connection: AsyncConnection) -> Callable[[], None]:
        """Load the state of a database whose history differs from the history of the current state.

        Return a function that makes the loaded state current, without notifying subscribers.
        """
        revision, number = await state_of(connection)
        snapshot = Snapshot(revision, await load_configuration(connection))
        mark = await newest_mark(connection)

        def replace() -> None:
            self.snapshot, self._mark = snapshot, mark
            self._newest_event = max(self._newest_event, number)

        return replace

    @property
    def mark(self) -> Mark | None:
        """The newest event that this process knows."""
        return self._mark

    @property
    def newest_event(self) -> int:
        """The highest event number that this process has seen, in any history."""
        return self._newest_event

    def restore(
        self,
        snapshot: Snapshot,
        *,
        installation_id: str,
        mark: Mark | None,
        newest_event: int,
        checked_at: float,
    ) -> None:
        """Begin with a snapshot that was saved earlier, because the database is unavailable."""
        self.installation_id, self.checked_at = installation_id, checked_at
        self._mark, self._newest_event = mark, newest_event
        self.publish(snapshot)

    async def compare_history(self) -> None:
        """Compare a restored state with the database, before everything is loaded from there.

        If the database has lost revisions that clients know, it continues at unused revisions.
        """
        async with self._database.begin_read() as connection:
            revision, _ = await state_of(connection)
            installation_id = await _installation_id(connection)
            lost = revision < self.snapshot.revision or (
                self._mark is not None and not await holds(connection, self._mark, self._clock())
            )
        if installation_id != self.installation_id:
            _log.error("The database is of another installation than the snapshot file")
            self.installation_id = installation_id
        if lost:
            _log_older_state(revision, self.snapshot.revision)
            async with self._database.begin_write() as connection:
                await self.begin_history(connection)

    async def refresh(self) -> None:
        """Load the commits of other processes.

        A commit of this process is not loaded, because the committing transaction publishes its
        snapshot. Concurrent calls run one after another, so that a large change is loaded only
        once.
        """
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        loaded, known, mark = self._database.loaded, self.snapshot, self._mark
        async with self._database.begin_read() as connection:
            news = await _read_news(connection, known, mark)
            lost = news.revision < known.revision or not await self._holds(connection, news, mark)
            if not lost and loaded == self._database.loaded:
                self.checked_at = monotonic()
                self._newest_event = max(self._newest_event, news.newest_event)
                if news.revision not in (self.snapshot.revision, self._writing):
                    await self._load_news(connection, known, news, mark)
        if lost and loaded == self._database.loaded:
            await self._follow_older_state(news.revision)

    async def _load_news(
        self, connection: AsyncConnection, known: Snapshot, news: News, mark: Mark | None
    ) -> None:
        """Load commits of other processes, and publish them before the transaction ends."""
        loaded, newest = self._database.loaded, news.newest_mark
        snapshot = await follow(connection, known, news, up_to=news.revision)
        if snapshot is None:
            snapshot = await self._newer(connection, up_to=news.revision)
            newest = await newest_mark(connection)
        if snapshot is None or loaded != self._database.loaded:
            return
        if newest is not None and mark == self._mark:
            self._mark = newest
        self.publish(snapshot)

    def knows(self, revision: int) -> bool:
        """Whether a revision is loaded, or belongs to a running transaction of this process."""
        return revision <= self.snapshot.revision or revision == self._writing

    async def hear(self, revision: int | None) -> None:
        """Load a commit that another process announced; `revision` is None if unknown."""
        if revision is not None and not self.knows(revision) and self._database.has_writer:
            # After taking the lock, the writer loads the commit with one statement.
            await asyncio.sleep(WRITER_HEAD_START_S)
        if revision is None or not self.knows(revision):
            await self.refresh()

    async def catch_up(self) -> None:
        """Wait for a running refresh, so that the calling writer need not load the same commits."""
        if self._refreshing.locked():
            with suppress(TimeoutError):
                async with asyncio.timeout(CATCH_UP_S), self._refreshing:
                    pass

    async def take_revision(
        self, connection: AsyncConnection, *, loads_many: bool = False
    ) -> tuple[int, datetime]:
        """Take the next revision, and load all earlier commits; return the revision and its time.

        On PostgreSQL, the commit notifies the listeners of all processes. On SQLite, the listeners
        notice the commit in the file. The caller passes the revision to `release_revision` when the
        transaction has ended.

        Raises: FarBehindError: `loads_many` is false, and loading the other commits would take
            long. End the transaction, call `refresh`, and start a new transaction.
            StoreUnavailableError: the database has gone back to an older state.
        """
        announces = connection.dialect.name == "postgresql"
        statement = _TAKE_AND_ANNOUNCE_REVISION if announces else _TAKE_REVISION
        parameters = {_NOW.key: self._clock()}
        revision, now, *_ = (await connection.execute(statement, parameters)).one()
        if self.snapshot.revision >= revision:
            raise StoreUnavailableError("The database has gone back to an older state.")
        self._writing = revision
        if self.snapshot.revision != revision - 1:
            try:
                await self._load_before(connection, revision, loads_many=loads_many)
            except BaseException:
                self._writing = None
                raise
        return revision, now

    async def _load_before(
        self, connection: AsyncConnection, revision: int, *, loads_many: bool
    ) -> None:
        """Load the commits before a revision; the caller has the writer's lock.

        Raises: FarBehindError.
        """
        known = self.snapshot
        mark = self._mark
        news = await _read_news(connection, known, mark)
        if not loads_many and mark is not None and news.marked_at != mark[1]:
            # The database may have another history, which `refresh` checks.
            raise FarBehindError
        newer = await follow(connection, known, news, up_to=revision - 1)
        if newer is None:
            if not loads_many:
                raise FarBehindError
            newer = await self._newer(connection, up_to=revision - 1)
        if newer is not None:
            self.publish(newer)

    def release_revision(self, revision: int) -> None:
        """Note that the transaction with a revision has ended, committed or not."""
        if self._writing == revision:
            self._writing = None

    def publish_commit(self, snapshot: Snapshot, revision: int, now: datetime) -> None:
        """Publish the snapshot of a commit of this process, whose events have the revision."""
        self._mark = (revision, now)
        self.publish(snapshot)

    def publish(self, snapshot: Snapshot) -> None:
        """Make a snapshot the current snapshot, and notify subscribers; ignore older snapshots."""
        # A slow load must not replace the snapshot of a newer commit.
        if snapshot.revision > self.snapshot.revision:
            self.snapshot = snapshot
            self.changes.publish(snapshot)
            self.on_publish()

    async def begin_history(self, connection: AsyncConnection) -> None:
        """Make the database continue at revisions and event numbers that were never used."""
        await begin_history(connection, self.snapshot.revision, self._newest_event)

    async def _follow_older_state(self, revision: int) -> None:
        """Reload everything after the database has lost revisions that this process knows."""
        _log_older_state(revision, self.snapshot.revision)
        if not self._is_read_only:  # otherwise a server on the primary database does this
            async with self._database.begin_write() as connection:
                await self.begin_history(connection)
        await self._reload()

    async def _holds(self, connection: AsyncConnection, news: News, mark: Mark | None) -> bool:
        """Whether the database has the event of the mark that was passed when the news was read."""
        if mark is None or news.marked_at == mark[1]:
            return True
        return await holds(connection, mark, self._clock())

    async def _newer(self, connection: AsyncConnection, *, up_to: int) -> Snapshot | None:
        """Load the snapshot at a revision from the rows of objects.

        If the snapshot is not newer, return None. The function loads only changed toggles, but
        loads all objects of other kinds.
        """
        known = self.snapshot
        if up_to <= known.revision:
            return None
        configuration = await load_reference_data(connection)
        segments = _share_equal(known.segments, configuration.segments)
        toggles: set[str] = set()
        configuration.toggles = dict(known.toggles)
        configuration.toggles_by_id = dict(known.toggles_by_id)
        deleted = sa.select(_EVENT.c.toggle_id).where(
            _EVENT.c.revision > known.revision, _EVENT.c.type == EventType.TOGGLE_DELETED.name
        )
        async for part in rows_in_slices(connection, deleted):
            for (toggle_id,) in part:
                toggle = configuration.toggles_by_id.pop(toggle_id, None)
                if toggle is not None:
                    configuration.toggles.pop(toggle.name, None)
                    toggles.add(toggle.name)
        for toggle in await load_toggles(connection, changed_since=known.revision):
            configuration.toggles[toggle.name] = toggle
            configuration.toggles_by_id[toggle.id] = toggle
            toggles.add(toggle.name)
        step = Step(known.mark, ChangedObjects(toggles, segments))
        return Snapshot(up_to, configuration, add_step(known.steps, step))


def _share_equal(known: Mapping[T, object], loaded: dict[T, Any]) -> set[T]:
    """Replace loaded objects by equal known objects; return the keys of objects that differ."""
    equal = {key for key, value in known.items() if loaded.get(key) == value}
    for key in equal:
        loaded[key] = known[key]
    return (known.keys() | loaded.keys()) - equal


async def _installation_id(connection: AsyncConnection) -> str:
    return (await connection.execute(sa.select(_STATE.c.installation_id))).scalar_one()


def _log_older_state(revision: int, known: int) -> None:
    _log.error(
        "The database has gone back to an older state (revision %d; this process knew revision "
        "%d): everything is reloaded, and clients start over",
        revision,
        known,
    )


async def _read_news(connection: AsyncConnection, known: Snapshot, mark: Mark | None) -> News:
    return await read_news(connection, known.revision, None if mark is None else mark[0])
