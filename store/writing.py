"""The write path: transactions that change the configuration."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
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

# The number of times to prepare a large change before it is refused.
MAX_PREPARATIONS = 5
# The number of times that a write refreshes the state without the lock, before it refreshes the
# state with the lock held.
MAX_CATCH_UPS = 3

T = TypeVar("T")

_LAST_CHANGE_AT = sa.select(table_of(ServerStateRow).c.last_change_at)


class Writer:
    """Opens units of work, and publishes their snapshots once they are committed."""

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

        Its first statement takes the next revision, and thereby the writer's lock. Revisions
        therefore have no gaps and follow the order of commits. A transaction without an event is
        rolled back with its revision. A `dry_run` is also rolled back; its events show the effect
        that the changes would have.

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
        """Like `write`; without `loads_many`, FarBehindError may be raised before the body runs."""
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
        """Make a large change by `actor`, all or nothing; return the result of `prepare`.

        Others can write while `prepare` runs and while the rows go into temporary tables. The
        writer's lock is held only while the database copies them from there. If other writers
        change many objects on which the change depends, `prepare` runs again on another unit of
        work, still without the lock. `prepare` must therefore change only its unit of work, and
        must not execute writing statements.

        Raises: the errors of `write` and of `prepare`; nothing was stored.
            StoreUnavailableError: also if others change too many of the objects meanwhile, each of
                MAX_PREPARATIONS times.
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
    async def assume(
        self, snapshot: Snapshot, actor: Actor, *, new_id: Callable[[], str]
    ) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work on a copy of a snapshot; its changes are never stored.

        `new_id` returns the keys of new objects. No lock is held.

        Raises:
            Refusal: from an operation in the body.
            StoreUnavailableError: the database is unavailable.
        """
        async with self._database.begin_read() as session:
            connection = await session.connection()
            revision, now = snapshot.revision + 1, self._clock()
            yield self._unit(
                connection, snapshot, revision, now, actor, new_id=new_id, assumed=True
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
        assumed: bool = False,
    ) -> UnitOfWork:
        return UnitOfWork(
            connection,
            origin,
            revision=revision,
            now=now,
            actor=actor,
            usage=self._usage,
            new_id=new_id,
            assumed=assumed,
        )

    @asynccontextmanager
    async def _prepare(self, actor: Actor) -> AsyncGenerator[PreparedWork]:
        """Open a unit of work on the newest commit, without the lock."""
        state = self._state
        await state.refresh()
        async with self._database.begin_read() as session:
            now = max(self._clock(), (await session.execute(_LAST_CHANGE_AT)).scalar_one())
            require_held(actor, state.snapshot, now=now)
            yield PreparedWork(
                await session.connection(),
                state.snapshot,
                revision=state.snapshot.revision + 1,
                now=now,
                actor=actor,
                usage=self._usage,
            )

    async def _commit(self, work: PreparedWork, rows: StagedRows) -> bool:
        """Commit a prepared change.

        Return False, with nothing stored, if other writers changed the objects on which it depends.
        """
        state = self._state
        revision: int | None = None

        async def stage(connection: AsyncConnection) -> None:
            await rows.stage(connection)
            # Commands notice the commits of others only here. With the lock held, they could not
            # load all commits of the time that preparing took.
            await state.refresh()

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
                    # Prepare again: the next preparation reports all errors of the change.
                    return False
                if not work.events:
                    return False
                await write.commit()
                # Publish before releasing the lock: waiting writers would load the whole change.
                state.publish_commit(snapshot, work.revision, work.now)
            work.committed()
        except FarBehindError:
            return False
        finally:
            if revision is not None:
                state.release_revision(revision)
        await work.refresh_documents()
        return True
