"""When garbage is collected: in steps so small that no request waits for one."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from time import thread_time

# After 1,000 objects more than were freed comes a young collection, after three of those one of the
# middle generation, and after one of these a full one. Full collections take longest: one looks at
# some 10,000 objects, in 5 to 15 ms of CPU.
THRESHOLDS = (1_000, 3, 1)
# The number of frozen objects is looked at this often; counting takes 10 ns an object.
CHECK_INTERVAL_S = 60.0
# A thorough collection needs at least so many frozen objects more than the last one left, some
# hundred megabytes.
MIN_GROWTH = 1_000_000

_log = logging.getLogger(__name__)


@asynccontextmanager
async def small_collections() -> AsyncGenerator[None, None]:
    """Let this process collect garbage in small steps as long as the context lasts.

    What survives a full collection is frozen: no later collection looks at it. So each looks only
    at what was made since the last one, whatever there is of connections and toggles. Frozen
    objects are freed as ever once nothing refers to them. Only those that become cyclic garbage
    stay; when the number of frozen objects has doubled, a thorough collection looks through all.
    """
    thresholds = gc.get_threshold()
    frozen = collect_thoroughly()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_freeze_survivors)
    checking = asyncio.create_task(_check_growth(frozen), name="Checking for frozen garbage")
    try:
        yield
    finally:
        checking.cancel()
        with suppress(asyncio.CancelledError):
            await checking
        gc.callbacks.remove(_freeze_survivors)
        gc.set_threshold(*thresholds)


def collect_thoroughly() -> int:
    """Look through all objects, frozen ones, too, and freeze those that are left; their number.

    It holds the process for up to 1 µs of CPU an object, so it runs before the first request, and
    after that only when memory is at stake.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # Python puts off full collections until there are a quarter as many new objects as the last one
    # left; this one leaves none.
    gc.collect()
    return gc.get_freeze_count()


def _freeze_survivors(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


async def _check_growth(frozen: int) -> None:
    while True:
        await asyncio.sleep(CHECK_INTERVAL_S)
        grown = gc.get_freeze_count()
        if _is_too_much(grown, frozen):
            began = thread_time()
            frozen = collect_thoroughly()
            took_ms = (thread_time() - began) * 1000
            _log.info("Of %d objects %d are left after %.0f ms", grown, frozen, took_ms)


def _is_too_much(grown: int, frozen: int) -> bool:
    return grown > frozen + max(frozen, MIN_GROWTH)
