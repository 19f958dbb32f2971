"""Collect garbage in steps that are too small to delay requests, and free unused memory."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from time import thread_time

from store.free_memory import find_malloc_trim

# Thresholds for Python's three generations. A young collection runs after 1,000 net allocations, a
# middle collection after three young collections, and a full collection after each middle
# collection. A full collection examines about 10,000 objects in 5 to 15 ms of CPU.
THRESHOLDS = (1_000, 3, 1)
# A young collection runs after 100,000 net allocations, and a full collection after 5,000 young
# collections.
RARE_THRESHOLDS = (100_000, 50, 100)
# At this interval in seconds, frozen objects are counted (10 ns per object), and free memory is
# returned to the system.
CHECK_INTERVAL_S = 60.0
# A thorough collection runs only if the number of frozen objects has grown by this much since the
# last thorough collection. This many objects take about a hundred megabytes.
MIN_GROWTH = 1_000_000
# The number of checks in a row that must find this growth. One check is not enough: the objects of
# a large import are frozen, too, but are freed when the import ends.
CHECKS_IN_A_ROW = 2

_log = logging.getLogger(__name__)


@asynccontextmanager
async def small_collections() -> AsyncGenerator[None, None]:
    """Collect garbage in small steps until the context exits.

    Objects that survive a full collection are frozen, so later collections skip them. Each
    collection examines only new objects, regardless of the number of connections and toggles.
    Reference counting still frees frozen objects, but cyclic garbage among them remains. After the
    number of frozen objects has doubled for some time, a thorough collection frees this garbage.
    """
    thresholds = gc.get_threshold()
    frozen = collect_thoroughly()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_freeze_survivors)
    checking = asyncio.create_task(_limit_memory(frozen), name="Limiting memory")
    try:
        yield
    finally:
        checking.cancel()
        with suppress(asyncio.CancelledError):
            await checking
        gc.callbacks.remove(_freeze_survivors)
        gc.set_threshold(*thresholds)


@contextmanager
def rare_collections() -> Generator[None]:
    """Collect garbage rarely until the context exits.

    A command that reads or writes a large document creates millions of objects and little cyclic
    garbage. Python's default thresholds would spend a third of the CPU time on collections.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(*RARE_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def collect_thoroughly() -> int:
    """Collect garbage among all objects, freeze the survivors, and return their number.

    The collection blocks the process for up to 1 µs per object. Therefore it runs before the first
    request, and later only when memory has grown.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # Python delays a full collection until the new objects are a quarter of the last collection's
    # survivors. The collection here has no survivors, so the next full collection is not delayed.
    gc.collect()
    return gc.get_freeze_count()


def _freeze_survivors(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


async def _limit_memory(frozen: int) -> None:
    trim = find_malloc_trim()
    growth = LastingGrowth(frozen)
    while True:
        await asyncio.sleep(CHECK_INTERVAL_S)
        grown = gc.get_freeze_count()
        if growth.check(grown):
            started_at = thread_time()
            frozen = collect_thoroughly()
            took_ms = (thread_time() - started_at) * 1000
            growth = LastingGrowth(frozen)
            _log.info("Reduced %d frozen objects to %d in %.0f ms", grown, frozen, took_ms)
        if trim is not None:
            await asyncio.to_thread(trim, 0)


class LastingGrowth:
    """Decides from repeated counts whether the number of frozen objects has doubled for good."""

    def __init__(self, frozen: int) -> None:
        """Compare counts with `frozen`, the number after the last thorough collection."""
        self._limit = frozen + max(frozen, MIN_GROWTH)
        self._found = 0

    def check(self, count: int) -> bool:
        """Whether this count and the counts just before it exceed the limit."""
        self._found = self._found + 1 if count > self._limit else 0
        return self._found >= CHECKS_IN_A_ROW
