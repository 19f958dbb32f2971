"""Who hears of a commit, whether this process made it or another one.

    async with store.changes.subscribe() as feed:
        feed.snapshot  # the configuration to begin with, later the newest that was handed out
        async for commit in feed:
            commit.before, commit.after  # the first commit's `before` is the feed's snapshot
            commit.events  # what led from one to the other, by number

Each commit begins where the one before it ended, so nothing is missed and nothing comes twice. The
iteration ends when the store, or `Changes`, is closed; it raises `SlowSubscriberError` when more
commits wait for the subscriber than its outbox holds.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from store.errors import StoreUnavailableError, reason
from store.events import Event
from store.events_log import events_between
from store.snapshot import Snapshot

# How many commits may wait for one subscriber.
OUTBOX = 100
# Of how many commits this process remembers the snapshots while the log cannot be read.
MAX_STEPS = 1_000
RETRY_S = 0.5
# How many subscribers hear of a commit before anything else has its turn on the event loop.
AT_ONCE = 100

_log = logging.getLogger(__name__)


class SlowSubscriberError(Exception):
    """More commits wait for a subscriber than its outbox holds; it gets no more of them."""


class Commit(Struct, frozen=True, kw_only=True):
    """One step of the configuration: what it was, what it is, and the events in between.

    Of this process's own commits each is a step; what others committed meanwhile may be one step of
    several revisions. The events are without their documents.
    """

    before: Snapshot
    after: Snapshot
    events: Sequence[Event]


class Feed:
    """One subscriber's commits; an asynchronous iterator, open inside its context.

    It holds on to no snapshot longer than it must: subscribers stay for long.
    """

    def __init__(self, changes: "Changes", snapshot: Snapshot, outbox: int) -> None:
        self.snapshot = snapshot
        self._changes = changes
        self._outbox = outbox
        self._waiting: deque[Commit] = deque()
        self._something = asyncio.Event()
        self._ended = False
        self._too_slow = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._changes.unsubscribe(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Commit:
        """The next commit, once there is one.

        Raises: SlowSubscriberError.
        """
        while True:
            if self._too_slow:
                raise SlowSubscriberError("More commits are waiting than the subscriber may have.")
            if self._waiting:
                commit = self._waiting.popleft()
                self.snapshot = commit.after
                return commit
            if self._ended:
                raise StopAsyncIteration
            self._something.clear()
            await self._something.wait()

    def offer(self, commit: Commit) -> None:
        """Take a commit in, as far as it is news."""
        known = self.snapshot
        if commit.after.revision <= known.revision or self._too_slow:
            return
        if commit.before.revision < known.revision:
            news = tuple(it for it in commit.events if it.revision > known.revision)
            commit = Commit(before=known, after=commit.after, events=news)
        if len(self._waiting) >= self._outbox:
            self._too_slow = True
            self._waiting.clear()
            self._changes.unsubscribe(self)
        else:
            self._waiting.append(commit)
        self._something.set()

    def end(self) -> None:
        """Let the iteration end after what is waiting."""
        self._ended = True
        self._something.set()


class Changes:
    """Hands each commit to all subscribers; the audit log is read once for all of them.

    `read` opens a session, `newest` is the snapshot of now.
    """

    def __init__(
        self,
        read: Callable[[], AbstractAsyncContextManager[AsyncSession]],
        newest: Callable[[], Snapshot],
    ) -> None:
        self._read = read
        self._newest = newest
        self._feeds: set[Feed] = set()
        self._told: Snapshot | None = None
        self._steps: deque[Snapshot] = deque()
        self._reader: asyncio.Task[None] | None = None
        self._closed = False

    def subscribe(self, *, outbox: int = OUTBOX) -> Feed:
        """All commits from now on; to be used as a context. Beyond `outbox` waiting ones it fails.

        After `close` the feed ends at once.
        """
        feed = Feed(self, self._newest(), outbox)
        if self._closed:
            feed.end()
        else:
            self._feeds.add(feed)
        return feed

    def unsubscribe(self, feed: Feed) -> None:
        """Give a feed no more commits."""
        self._feeds.discard(feed)

    def publish(self, snapshot: Snapshot) -> None:
        """Note that the configuration moved on to a snapshot."""
        if self._reader is None and (not self._feeds or self._told is None):
            self._told = snapshot
            return
        self._steps.append(snapshot)
        if len(self._steps) > MAX_STEPS:
            del self._steps[-2]  # the two last commits become one step
        if self._reader is None:
            self._reader = asyncio.create_task(self._tell_all(), name="Telling of commits")

    def close(self) -> None:
        """End all feeds, now and later. Closing again does nothing."""
        self._closed = True
        for feed in self._feeds:
            feed.end()
        self._feeds.clear()

    async def stop(self) -> None:
        """Close, and read nothing any more."""
        self.close()
        await self._stop_reading()

    async def restart(self, snapshot: Snapshot) -> None:
        """End all feeds, since no events lead from their snapshots to this one; later ones begin
        with it."""
        await self._stop_reading()
        self._steps.clear()
        self._told = snapshot
        for feed in self._feeds:
            feed.end()
        self._feeds.clear()

    async def _stop_reading(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _tell_all(self) -> None:
        """Tell of all steps that are there, and of those that come meanwhile."""
        failed = False
        while self._steps:
            steps = list(self._steps)
            try:
                events = await self._events_up_to(steps[-1])
            except Exception as error:
                if not failed:
                    _log.error(
                        "The audit log could not be read; subscribers wait for it: %s",
                        reason(error),
                        exc_info=not isinstance(error, StoreUnavailableError),
                    )
                failed = True
                await asyncio.sleep(RETRY_S)
                continue
            failed = False
            await self._tell(steps, events)
            while self._steps and self._steps[0].revision <= steps[-1].revision:
                self._steps.popleft()
        self._reader = None

    async def _events_up_to(self, snapshot: Snapshot) -> Sequence[Event]:
        assert self._told is not None
        if not self._feeds:
            return ()
        async with self._read() as session:
            return await events_between(session, self._told.revision, snapshot.revision)

    async def _tell(self, steps: Sequence[Snapshot], events: Sequence[Event]) -> None:
        remaining = deque(events)
        for after in steps:
            assert self._told is not None
            told: list[Event] = []
            while remaining and remaining[0].revision <= after.revision:
                told.append(remaining.popleft())
            commit = Commit(before=self._told, after=after, events=tuple(told))
            for number, feed in enumerate(tuple(self._feeds), 1):
                feed.offer(commit)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            self._told = after
