"""Kill workers that run no longer, although their processes exist."""

import asyncio
import logging
from collections.abc import Collection

from flagstaff.workers.process import Worker

# A worker whose event loop has not run for this many seconds is killed.
HUNG_AFTER_S = 30.0
WATCH_INTERVAL_S = 5.0
# If a round takes this many seconds, the supervisor did not run either.
SUSPENDED_AFTER_S = 2 * WATCH_INTERVAL_S

_log = logging.getLogger(__name__)


async def kill_hung_workers(running: Collection[Worker]) -> None:
    """Kill each running worker whose event loop has not run for `HUNG_AFTER_S` seconds, forever.

    The supervisor replaces a killed worker as it replaces all workers that end.
    """
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await _sleep(WATCH_INTERVAL_S)
        now = loop.time()
        if now - began > SUSPENDED_AFTER_S:
            continue  # messages of the workers may be unread
        for worker in tuple(running):
            since = worker.silent_since
            if since is not None and now - since > HUNG_AFTER_S:
                _log.error(
                    "Worker %d (process %d) has not run for %.0f seconds and is killed",
                    worker.number,
                    worker.pid,
                    now - since,
                )
                worker.kill()


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)
