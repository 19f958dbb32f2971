"""Run periodic work in the background."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from store.errors import StoreUnavailableError, reason

# The maximum delay between retries, so that work resumes soon after the database is back.
_MAX_RETRY_S = 1.0
_log = logging.getLogger(__name__)


class Periodic:
    """Calls `work` every `interval_s` seconds until `close` is called.

    With `at_once`, the first call is immediate.

    If a call fails, the failure is logged once. The call is repeated with growing delays until it
    succeeds.
    """

    def __init__(
        self,
        name: str,
        interval_s: float,
        work: Callable[[], Awaitable[object]],
        *,
        at_once: bool = False,
    ) -> None:
        self._name = name
        self._at_once = at_once
        self._interval_s = interval_s
        self._work = work
        self._closing = False
        # Setting a result ends the current pause.
        self._pausing: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the calls in the background."""
        self._closing = False
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Stop after the current call. Closing again does nothing."""
        self._closing = True
        if self._pausing is not None:
            _end(self._pausing)
        task, self._task = self._task, None
        if task is not None:
            await task

    async def _run(self) -> None:
        failures = 0
        if not self._at_once:
            await self._pause(self._interval_s)
        while not self._closing:
            try:
                await self._work()
                failures = 0
            except StoreUnavailableError as error:
                # An unavailable database is not a bug, so do not log a traceback.
                if not failures:
                    _log.error("%s failed and will be tried again: %s", self._name, reason(error))
                failures = min(failures + 1, 10)
            except Exception:
                if not failures:
                    _log.exception("%s failed and will be tried again", self._name)
                failures = min(failures + 1, 10)
            retry_s = min(self._interval_s * 2**failures, _MAX_RETRY_S)
            await self._pause(max(retry_s, self._interval_s))

    async def _pause(self, seconds: float) -> None:
        if self._closing:
            return
        # Do not use `asyncio.wait_for`, because it needs another task and five iterations of the
        # event loop.
        loop = asyncio.get_running_loop()
        self._pausing = loop.create_future()
        timer = loop.call_later(seconds, _end, self._pausing)
        try:
            await self._pausing
        finally:
            timer.cancel()
            self._pausing = None


def _end(pause: asyncio.Future[None]) -> None:
    if not pause.done():
        pause.set_result(None)
