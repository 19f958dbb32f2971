"""Work that a store does again and again beside answering."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class Periodic:
    """Calls `work` every `interval_s` seconds until closed; what fails is logged and tried
    again."""

    def __init__(self, name: str, interval_s: float, work: Callable[[], Awaitable[object]]) -> None:
        self._name = name
        self._interval_s = interval_s
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first call comes after one interval."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Stop, letting a call under way be cancelled. Closing again does nothing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(self._interval_s * min(2**failures, 30))
            try:
                await self._work()
                failures = 0
            except Exception:
                if not failures:
                    _log.exception("%s failed and will be tried again", self._name)
                failures = min(failures + 1, 5)
