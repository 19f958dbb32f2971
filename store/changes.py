"""Notify subscribers of commits by any process.

    async with store.changes.subscribe() as feed:
        feed.snapshot  # the current configuration; later, the snapshot after the last commit
        async for commit in feed:
            commit.before, commit.after  # the first commit's `before` is the feed's snapshot
            commit.events  # the events of the commit, in the order of their numbers

Each commit begins where the previous one ended, so no event is missing or repeated. The iteration
ends when the store or the `Changes` object is closed. The iteration raises `SlowSubscriberError` if
more commits are queued than `outbox` allows.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import StoreUnavailableError, reason
from store.events import Event
from store.events_log import events_between
from store.snapshot import Snapshot

# The maximum number of commits that are queued for one subscriber.
OUTBOX = 100
# The maximum number of commits that are queued while the log cannot be read.
MAX_STEPS = 1_000
RETRY_S = 0.5
# The number of subscribers that are notified before yielding to the event loop.
AT_ONCE = 100

_log = logging.getLogger(__name__)


class SlowSubscriberError(Exception):
    """The subscriber's outbox is full, and the subscriber gets no more commits."""


class Commit(Struct, frozen=True, kw_only=True):
    """A change of the configuration: the snapshots before and after it, and its events.

    Each commit of this process is a separate `Commit`. Several commits of other processes may be
    combined into one `Commit`. The documents of the events are not loaded.
    """

    before: Snapshot
    after: Snapshot
    events: Sequence[Event]


class Feed:
    """The commits for one subscriber; an asynchronous iterator and context manager.

    A feed keeps only the snapshots that it still needs, because subscriptions are long-lived.
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
        """Wait for the next commit.

        Raises: SlowSubscriberError.
        """
        while True:
            if self._too_slow:
                raise SlowSubscriberError("The subscriber is too slow: its outbox is full.")
            if self._waiting:
                commit = self._waiting.popleft()
                self.snapshot = commit.after
                return commit
            if self._ended:
                raise StopAsyncIteration
            self._something.clear()
            await self._something.wait()

    def offer(self, commit: Commit) -> None:
        """Queue a commit, without events that the subscriber already has."""
        known = self.snapshot
        if commit.after.revision <= known.revision or self._too_slow:
            return
        if commit.before.revision < known.revision:
            new = tuple(event for event in commit.events if event.revision > known.revision)
            commit = Commit(before=known, after=commit.after, events=new)
        if len(self._waiting) >= self._outbox:
            self._too_slow = True
            self._waiting.clear()
            self._changes.unsubscribe(self)
        else:
            self._waiting.append(commit)
        self._something.set()

    def end(self) -> None:
        """End the iteration after the queued commits."""
        self._ended = True
        self._something.set()


class Changes:
    """Sends each commit to all subscribers; the audit log is read once for all subscribers.

    `read` opens a connection, `newest` returns the current snapshot.
    """

    def __init__(
        self,
        read: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
        newest: Callable[[], Snapshot],
    ) -> None:
        self._read = read
        self._newest = newest
        self._feeds: set[Feed] = set()
        self._published: Snapshot | None = None
        self._steps: deque[Snapshot] = deque()
        self._reader: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def subscribers(self) -> int:
        """The number of open feeds."""
        return len(self._feeds)

    def subscribe(self, *, outbox: int = OUTBOX) -> Feed:
        """Subscribe to all future commits; use the feed as a context manager.

        The feed fails if more than `outbox` commits are queued. After `close`, new feeds end at
        once.
        """
        feed = Feed(self, self._newest(), outbox)
        if self._closed:
            feed.end()
        else:
            self._feeds.add(feed)
        return feed

    def unsubscribe(self, feed: Feed) -> None:
        """Stop sending commits to a feed."""
        self._feeds.discard(feed)

    def publish(self, snapshot: Snapshot) -> None:
        """Publish a new snapshot."""
        if self._reader is None and (not self._feeds or self._published is None):
            self._published = snapshot
            return
        self._steps.append(snapshot)
        if len(self._steps) > MAX_STEPS:
            del self._steps[-2]  # combine the last two commits
        if self._reader is None:
            self._reader = asyncio.create_task(self._publish_all(), name="Publishing commits")

    def close(self) -> None:
        """End all feeds, including future ones. Closing again does nothing."""
        self._closed = True
        for feed in self._feeds:
            feed.end()
        self._feeds.clear()

    async def restart(self, snapshot: Snapshot) -> None:
        """End all feeds, and continue with a snapshot that has another history."""
        await self.stop_reading()
        self._steps.clear()
        self._published = snapshot
        for feed in self._feeds:
            feed.end()
        self._feeds.clear()

    async def stop_reading(self) -> None:
        """Stop reading the audit log until the next snapshot is published."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _publish_all(self) -> None:
        """Publish all queued snapshots, including those that arrive meanwhile."""
        failed = False
        while self._steps:
            steps = list(self._steps)
            try:
                events = await self._events_up_to(steps[-1])
            except Exception as error:
                if not failed:
                    _log.error(
                        "The audit log cannot be read, so subscribers are waiting: %s",
                        reason(error),
                        exc_info=not isinstance(error, StoreUnavailableError),
                    )
                failed = True
                await asyncio.sleep(RETRY_S)
                continue
            failed = False
            await self._send(steps, events)
            while self._steps and self._steps[0].revision <= steps[-1].revision:
                self._steps.popleft()
        self._reader = None

    async def _events_up_to(self, snapshot: Snapshot) -> Sequence[Event]:
        assert self._published is not None
        if not self._feeds:
            return ()
        async with self._read() as connection:
            return await events_between(connection, self._published.revision, snapshot.revision)

    async def _send(self, steps: Sequence[Snapshot], events: Sequence[Event]) -> None:
        remaining = deque(events)
        for after in steps:
            assert self._published is not None
            of_step: list[Event] = []
            while remaining and remaining[0].revision <= after.revision:
                of_step.append(remaining.popleft())
            commit = Commit(before=self._published, after=after, events=tuple(of_step))
            for number, feed in enumerate(tuple(self._feeds), 1):
                feed.offer(commit)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            self._published = after
