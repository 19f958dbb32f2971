"""Open transactions that change the configuration."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.commit_log import log_commit
from store.current_state import CurrentState, FarBehindError
from store.database import Database
from store.errors import Refusal, StoreUnavailableError
from store.identity import require_held
from store.model import Actor
from store.prepared_work import PreparedWork, TooManyConflictsError
from store.rebasing import NO_CONFLICT
from store.rows import ServerStateRow
from store.snapshot import Snapshot
from store.staging import StagedRows, Stamp
from store.unit_of_work import UnitOfWork
from store.usage.summary import UsageSummary

# After this many preparations, a large change is refused.
MAX_PREPARATIONS = 5
# The number of times that a write refreshes the state without the lock, before it refreshes with
# the lock.
MAX_CATCH_UPS = 3

T = TypeVar("T")

_LAST_CHANGE_AT = sa.select(table_of(ServerStateRow).c.last_change_at)


class Writer:
    """Opens units of work, and publishes their snapshots after the commit."""

    def __init__(
        self,
        database: Database,
        state: CurrentState,
        usage: UsageSummary,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._state = state
        self._usage = usage
        self._clock = clock

    @asynccontextmanager
    async def write(self, actor: Actor, *, dry_run: bool = False) -> AsyncGenerator[UnitOfWork]:
        """Open a transaction for changes by `actor`.

        The first statement of the transaction takes the next revision, and thereby the writer's
        lock. Therefore revisions have no gaps and are in the order of commits. A transaction
        without an event is rolled back, together with its revision. With `dry_run`, the transaction
        is always rolled back; the events show what the changes would do.

        Raises:
            Refusal: from an operation in the body; nothing was stored.
            UnauthenticatedError: the actor's token was revoked or has expired; nothing was stored.
            StoreUnavailableError: the database is unavailable, full, read-only or too slow; nothing
                was stored, or the error is an OutcomeUnknownError.
        """
        await self._state.catch_up()
        for _ in range(MAX_CATCH_UPS):
            try:
                async with self._write(actor, dry_run=dry_run) as work:
                    yield work
            except FarBehindError:
                await self._state.refresh()
            else:
                return
        async with self._write(actor, dry_run=dry_run, loads_many=True) as work:
            yield work

    @asynccontextmanager
    async def _write(
        self, actor: Actor, *, dry_run: bool, loads_many: bool = False
    ) -> AsyncGenerator[UnitOfWork]:
        """Open a transaction like `write`.

        Without `loads_many`, FarBehindError may be raised before the body runs.
        """
        state = self._state
        snapshot: Snapshot | None = None
        work: UnitOfWork | None = None
        try:
            async with self._database.begin_write() as connection:
                revision, now = await state.take_revision(connection, loads_many=loads_many)
                work = self._unit(connection, state.snapshot, revision, now, actor)
                require_held(actor, work.snapshot, now=self._clock())
                yield work
                if work.events and not dry_run:
                    snapshot = await work.flush(connection)
                else:
                    await connection.rollback()
            if snapshot is not None:
                state.publish_commit(snapshot, work.revision, work.now)
                work.committed()
                log_commit(work)
        finally:
            if work is not None:
                state.release_revision(work.revision)
                work.end()

    async def write_prepared(
        self,
        actor: Actor,
        prepare: Callable[[UnitOfWork], Awaitable[T]],
        *,
        dry_run: bool = False,
    ) -> T:
        """Make a large change by `actor`, all or nothing, and return the result of `prepare`.

        Others can write while `prepare` runs and while rows are written to temporary tables. The
        writer's lock is held only while the database copies the rows to the real tables. If other
        writers change many objects on which the change depends, `prepare` runs again with another
        unit of work, still without the lock. Therefore `prepare` must change only its unit of work,
        and must not execute statements that write.

        Raises: the errors of `write` and of `prepare`; nothing was stored.
            StoreUnavailableError: see `write`, or others have changed too many of the objects in
                each of MAX_PREPARATIONS preparations.
        """
        for _ in range(MAX_PREPARATIONS):
            work: PreparedWork | None = None
            try:
                async with self._prepare(actor) as work:
                    result = await prepare(work)
                    if dry_run or not work.events:
                        return result
                    rows = await work.encode(work.connection.dialect)
                if await self._commit(work, rows):
                    return result
            finally:
                if work is not None:
                    work.end()
        raise StoreUnavailableError(
            f"Others changed the same objects each of the {MAX_PREPARATIONS} times that this large "
            "change was prepared."
        )

    @asynccontextmanager
    async def open_what_if(
        self, snapshot: Snapshot, actor: Actor, *, new_id: Callable[[], str]
    ) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work on a copy of a snapshot; the changes are never stored.

        `new_id` returns a key for a new object. The unit takes no lock.

        Raises:
            Refusal: from an operation in the body.
            StoreUnavailableError: the database is unavailable.
        """
        async with self._database.begin_read() as connection:
            revision, now = snapshot.revision + 1, self._clock()
            yield self._unit(
                connection, snapshot, revision, now, actor, new_id=new_id, what_if=True
            )

    def _unit(
        self,
        connection: AsyncConnection,
        origin: Snapshot,
        revision: int,
        now: datetime,
        actor: Actor,
        *,
        new_id: Callable[[], str] | None = None,
        what_if: bool = False,
    ) -> UnitOfWork:
        return UnitOfWork(
            connection,
            origin,
            revision=revision,
            now=now,
            actor=actor,
            usage=self._usage,
            new_id=new_id,
            what_if=what_if,
        )

    @asynccontextmanager
    async def _prepare(self, actor: Actor) -> AsyncGenerator[PreparedWork]:
        """Open a unit of work on the newest snapshot, without the lock."""
        state = self._state
        await state.refresh()
        async with self._database.begin_read() as connection:
            now = max(self._clock(), (await connection.execute(_LAST_CHANGE_AT)).scalar_one())
            require_held(actor, state.snapshot, now=now)
            yield PreparedWork(
                connection,
                state.snapshot,
                revision=state.snapshot.revision + 1,
                now=now,
                actor=actor,
                usage=self._usage,
            )

    async def _commit(self, work: PreparedWork, rows: StagedRows) -> bool:
        """Commit a prepared change.

        Store nothing and return False if other writers changed objects on which the change depends.
        """
        state = self._state
        revision: int | None = None
        staged_at = 0.0

        async def stage(connection: AsyncConnection) -> None:
            nonlocal staged_at
            await rows.stage(connection)
            # Refresh here, because commands do not notice commits of others in the background. With
            # the lock, a command could not load all commits that were made during the preparation.
            await state.refresh()
            staged_at = monotonic()

        try:
            async with self._database.begin_staged_write(stage) as write:
                connection = write.connection
                revision, now = await state.take_revision(connection)
                newest = state.snapshot
                require_held(work.actor, newest, now=self._clock())
                try:
                    conflict = NO_CONFLICT
                    if newest is not work.origin:
                        conflict = await asyncio.to_thread(work.find_conflict, newest)
                    snapshot = await work.write_staged(
                        connection, rows, newest, Stamp(revision, now), conflict
                    )
                except (Refusal, TooManyConflictsError):
                    # Prepare again, because the next preparation reports all errors of the change.
                    return False
                if not work.events:
                    return False
                await write.commit()
                # Publish before releasing the lock, because otherwise waiting writers would load
                # the whole change.
                state.publish_commit(snapshot, work.revision, work.now)
            work.locked_s = monotonic() - staged_at
            work.committed()
            log_commit(work)
        except FarBehindError:
            return False
        finally:
            if revision is not None:
                state.release_revision(revision)
        return True
