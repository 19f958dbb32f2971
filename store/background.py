"""Work that a store does again and again beside answering."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from store.errors import StoreUnavailableError, reason

# Once the database is back, nothing stays behind for longer.
_LONGEST_PAUSE_S = 1.0
_log = logging.getLogger(__name__)


class Periodic:
    """Calls `work` every `interval_s` seconds until closed, and once before that if `at_once`.

    What fails is logged once and tried again, later and later, until it works.
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
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._closing.clear()
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Stop once a call under way has ended. Closing again does nothing."""
        self._closing.set()
        task, self._task = self._task, None
        if task is not None:
            await task

    async def _run(self) -> None:
        failures = 0
        if not self._at_once:
            await self._pause(self._interval_s)
        while not self._closing.is_set():
            try:
                await self._work()
                failures = 0
            except StoreUnavailableError as error:
                # No fault of the program: a line is enough.
                if not failures:
                    _log.error("%s failed and will be tried again: %s", self._name, reason(error))
                failures = min(failures + 1, 10)
            except Exception:
                if not failures:
                    _log.exception("%s failed and will be tried again", self._name)
                failures = min(failures + 1, 10)
            retry_s = min(self._interval_s * 2**failures, _LONGEST_PAUSE_S)
            await self._pause(max(retry_s, self._interval_s))

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
