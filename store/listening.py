"""Detect the commits of other processes; on PostgreSQL, with LISTEN and NOTIFY."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias

from store.database import Database
from store.postgresql import Connector, Driver, answers
from store.sqlite_listening import SqliteListener

RECONNECT_INTERVAL_S = 0.5
# The time without notifications after which the connection is checked.
HEARTBEAT_S = 1.0
# The polling interval behind a pooler. With a shorter interval, polling would occupy connections of
# the server too often.
POOLED_INTERVAL_S = 0.5
CHANNEL = "flagstaff_revision"

_log = logging.getLogger(__name__)

# A function to call with the committed revision, or with None if the revision is unknown.
Hear: TypeAlias = Callable[[int | None], Awaitable[object]]


class Listener(Protocol):
    """Calls a function when any process has committed a revision."""

    def start(self) -> None:
        """Start listening in the background."""
        ...

    async def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        ...

    def reconnect(self) -> None:
        """Reconnect to the database at the same address."""
        ...

    def version(self) -> object | None:
        """Return a value that changes with each commit of any process, or None if unknown."""
        ...


def listener_for(
    database: Database, *, knows: Callable[[int], bool], hear: Hear, polls: bool = False
) -> Listener:
    """Return the listener for a database.

    The store also polls, because the listener may miss commits. `knows` returns whether this
    process has loaded a revision, or is committing it. With `polls`, the listener does not use
    notifications of PostgreSQL.
    """
    if database.connector is None:
        return SqliteListener(database.url.database or "", knows=knows, hear=hear)
    return PostgresqlListener(database.connector, hear, polls=polls)


class PostgresqlListener:
    """Listens on a separate connection; replaces a lost or unresponsive connection.

    Behind a pooler, the listener polls instead, because poolers do not support LISTEN. With
    `polls`, it always polls.
    """

    def __init__(self, connector: Connector, hear: Hear, *, polls: bool = False) -> None:
        self._polls = polls
        self._connector = connector
        self._hear = hear
        self._news = asyncio.Event()
        self._lost = False
        self._closing = False
        self._revision: int | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start listening in the background."""
        if self._connector.pooled and not self._polls:
            _log.warning(
                "PostgreSQL is reached through a pooler, which does not forward notifications: "
                "commits of other processes are polled every %g seconds.",
                POOLED_INTERVAL_S,
            )
        work = self._poll() if self._connector.pooled or self._polls else self._run()
        self._task = asyncio.create_task(work, name="Listening for commits")

    async def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        # The driver sometimes swallows a cancellation, so these flags end the task as well.
        self._closing = self._lost = True
        self._news.set()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def reconnect(self) -> None:
        """Do nothing: the listener always replaces lost connections."""

    def version(self) -> None:
        """Return None, because finding this value would require a query."""

    async def _run(self) -> None:
        while not self._closing:
            # Try again after any error of the driver. The store's slow poll logs if the database is
            # unavailable.
            try:
                driver = await self._connector.connect()
                try:
                    await self._listen(driver)
                finally:
                    driver.terminate()
            except Exception:
                _log.debug("Cannot listen for commits at the moment", exc_info=True)
            await asyncio.sleep(RECONNECT_INTERVAL_S)

    async def _poll(self) -> None:
        while not self._closing:
            await asyncio.sleep(POOLED_INTERVAL_S)
            await self._notify(None)

    async def _listen(self, driver: Driver) -> None:
        """Process notifications until the connection is lost or no longer responds."""
        self._lost = self._closing
        driver.add_termination_listener(self._on_lost)
        async with asyncio.timeout(HEARTBEAT_S):
            await driver.add_listener(CHANNEL, self._on_announced)
        # There may have been commits before this connection began to listen.
        self._revision = None
        self._news.set()
        while not self._lost:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._news.wait()
            except TimeoutError:
                if not await answers(driver):
                    return
                continue
            self._news.clear()
            await self._notify(self._revision)

    async def _notify(self, revision: int | None) -> None:
        try:
            await self._hear(revision)
        except Exception:
            _log.debug("A commit was announced but could not be read", exc_info=True)

    def _on_announced(self, _driver: Any, _pid: int, _channel: str, payload: str) -> None:
        self._revision = int(payload) if payload.isdecimal() else None
        self._news.set()

    def _on_lost(self, _driver: Any) -> None:
        self._lost = True
        self._news.set()
