"""Apply scheduled change sets at their time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock_skew import read_clock
from store.database import Database
from store.errors import Refusal, StoreUnavailableError, reason
from store.events import RefusalCode
from store.identity import AUTH_OFF, ForbiddenError, UnauthenticatedError, holder_of, require
from store.model import SYSTEM, Actor, ActorKind, ApiTokenType
from store.operations.change_sets import RequestedChange
from store.operations.rollouts import apply_step
from store.operations.scheduling import apply_schedule, refuse_schedule
from store.schedules import Schedule, next_schedule
from store.snapshot import Snapshot
from store.unit_of_work import UnitOfWork

# The interval at which this process looks for change sets that other processes have scheduled.
# Change sets are scheduled at least a minute ahead, so every process finds new change sets in time.
LOOK_INTERVAL_S = 15.0
# After a failure, the scheduler waits for this time.
RETRY_S = 0.5
# The delay after another process has applied the change set. During the delay, the other process
# can continue without competing for the writer's lock.
OVERDUE_PAUSE_S = 0.2

_FAULT = "A fault of the server prevented it; the server's log has the details."
_TOKEN_GONE = "The token of its creator no longer exists or has expired."
_MAY_NOT_WRITE = "Its creator may no longer make changes."

# A function of this type reads the requested changes from the document that was stored with a
# scheduled change set. The function raises Refusal.
ReadChanges: TypeAlias = Callable[[Any, Snapshot], Sequence[RequestedChange]]

_log = logging.getLogger(__name__)


class Write(Protocol):
    """Opens a unit of work; see `Writer.write`."""

    def __call__(self, actor: Actor) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work on behalf of an actor."""
        ...


class Scheduler:
    """Applies scheduled change sets in the order of their times, each in its own transaction.

    Every process of an installation runs a scheduler. A transaction first takes the writer's lock
    and then reads the next change set. It stores the changes together with the new state of the
    change set. Therefore no change set is applied twice or in part, even if several processes try
    to apply it at the same time or are killed.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        write: Write,
    ) -> None:
        self._database = database
        self._clock = clock
        self._write = write
        self._read_changes: ReadChanges | None = None
        self._auth = ""
        self._awake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def use(self, read_changes: ReadChanges, *, auth: str = "") -> None:
        """Set the function that reads the changes to apply.

        Without this function, nothing is applied. If `auth` is `none`, creators without a token may
        make changes, as in `identify`.
        """
        self._read_changes = read_changes
        self._auth = auth
        self._awake.set()

    def start(self) -> None:
        """Start applying change sets in the background."""
        self._task = asyncio.create_task(self._run(), name="Applying scheduled change sets")

    async def close(self) -> None:
        """Stop after the current change set. Closing again does nothing."""
        self._closing = True
        self._awake.set()
        task, self._task = self._task, None
        if task is not None:
            await task

    def wake(self) -> None:
        """Look for due change sets at once."""
        self._awake.set()

    async def apply_next(self) -> bool:
        """Apply or refuse the next change set that is due; return whether this process did so.

        Return False if no change set is due, or if another process has applied the change set.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        if self._read_changes is None:
            return False
        async with self._database.begin_read() as connection:
            due = await self._due_in(connection)
        if due is None:
            return False
        return await self._apply(due, self._read_changes)

    async def _run(self) -> None:
        failed = False
        while not self._closing:
            self._awake.clear()
            try:
                while not self._closing and await self.apply_next():
                    pass
                pause_s = await self._until_next()
                failed = False
            except Exception as error:
                if not failed:
                    is_expected = isinstance(error, StoreUnavailableError)
                    _log.error(
                        "Applying scheduled change sets failed and will be tried again: %s",
                        reason(error),
                        exc_info=not is_expected,
                    )
                failed, pause_s = True, RETRY_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), pause_s)

    async def _until_next(self) -> float:
        """Return the time until the next change set is due, at most LOOK_INTERVAL_S seconds."""
        if self._read_changes is None:
            return LOOK_INTERVAL_S
        async with self._database.begin_read() as connection:
            following = await next_schedule(connection)
        if following is None:
            return LOOK_INTERVAL_S
        left = (_time_of(following) - self._clock()).total_seconds()
        return min(left, LOOK_INTERVAL_S) if left > 0 else OVERDUE_PAUSE_S

    async def _due_in(self, connection: AsyncConnection) -> Schedule | None:
        """Return the first change set that is due according to the database's clock."""
        following = await next_schedule(connection)
        if following is None:
            return None
        now = await read_clock(self._clock, connection)
        return following if _time_of(following) <= now else None

    async def _apply(self, due: Schedule, read_changes: ReadChanges) -> bool:
        """Apply a due change set on behalf of its creator, or refuse it.

        If another process has applied the change set, do nothing and return False.
        """
        try:
            async with self._write(due.change_set.created_by) as work:
                if not await self._is_still_due(work, due):
                    return False
                self._require_may_write(work)
                if due.rollout is not None:
                    await apply_step(work, due)
                else:
                    requested = read_changes(due.changes, work.snapshot)
                    await apply_schedule(work, due, requested)
            return True
        except StoreUnavailableError:
            raise
        except UnauthenticatedError:
            return await self._refuse(due, RefusalCode.UNAUTHENTICATED, _TOKEN_GONE)
        except ForbiddenError:
            return await self._refuse(due, RefusalCode.FORBIDDEN, _MAY_NOT_WRITE)
        except Refusal as refusal:
            error = refusal.errors[0]
            return await self._refuse(due, RefusalCode(error.code), error.message)
        except Exception:
            # If this change set were not refused, no later change set would ever be applied.
            _log.exception("The scheduled change set %s cannot be applied", due.change_set.id)
            return await self._refuse(due, RefusalCode.FAULT, _FAULT)

    async def _refuse(self, due: Schedule, code: RefusalCode, message: str) -> bool:
        async with self._write(SYSTEM) as work:
            if not await self._is_still_due(work, due):
                return False
            await refuse_schedule(work, due, code, message)
        return True

    async def _is_still_due(self, work: UnitOfWork, due: Schedule) -> bool:
        """Whether a change set is still the first due change set.

        The caller must have the writer's lock.
        """
        return await self._due_in(work.connection) == due

    def _require_may_write(self, work: UnitOfWork) -> None:
        """Check that the actor may still make changes.

        Raises: ForbiddenError, UnauthenticatedError.
        """
        actor = work.actor
        if actor.token_id is not None:
            token = work.snapshot.tokens.get(actor.token_id)
            require(holder_of(token, work.snapshot, now=work.now), ApiTokenType.ADMIN)
        elif actor.kind is ActorKind.ANONYMOUS and self._auth != AUTH_OFF:
            raise ForbiddenError("Changes require a token.")


def _time_of(schedule: Schedule) -> datetime:
    apply_at = schedule.change_set.apply_at
    assert apply_at is not None
    return apply_at
