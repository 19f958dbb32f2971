"""Collect garbage in steps that are too small to delay requests, and free unused memory."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from time import thread_time

from store.free_memory import find_malloc_trim

# These thresholds control the collection of Python's three generations. A young collection runs
# after 1,000 net allocations, a middle collection after three young collections, and a full
# collection after each middle collection. A full collection examines about 10,000 objects in 5 to
# 15 ms of CPU.
THRESHOLDS = (1_000, 3, 1)
# A young collection runs after 100,000 net allocations, and a full collection after 5,000 young
# collections.
RARE_THRESHOLDS = (100_000, 50, 100)
# After each interval of this many seconds, the server counts the allocated blocks of memory and
# returns free memory to the system. Counting blocks takes about a millisecond, because Python
# counts them by pools. Counting frozen objects would take longer, because Python would visit each
# object.
CHECK_INTERVAL_S = 60.0
# A thorough collection runs only if the number of blocks has grown by more than this number since
# the last thorough collection. An object takes about three blocks. This growth takes more than a
# hundred megabytes.
MIN_GROWTH = 3_000_000
# This many checks in a row must find the growth. One check is not enough, because the many blocks
# of a large import are freed when the import ends.
CHECKS_IN_A_ROW = 2
# A toggle takes about this many blocks, including the answers that are cached for it. New toggles
# therefore explain some growth.
BLOCKS_OF_TOGGLE = 150

_log = logging.getLogger(__name__)


@asynccontextmanager
async def small_collections(
    count_toggles: Callable[[], int] = lambda: 0,
) -> AsyncGenerator[None, None]:
    """Collect garbage in small steps until the context exits.

    Objects that survive a full collection are frozen, so later collections skip them. Each
    collection examines only new objects, regardless of the number of connections and toggles.
    Reference counting still frees frozen objects, but cyclic garbage among frozen objects remains.
    If the number of allocated blocks has doubled for some time, a thorough collection frees the
    cyclic garbage. `count_toggles` returns the number of toggles in memory. Blocks of new toggles
    are no garbage, so they are not counted.
    """
    thresholds = gc.get_threshold()
    blocks = collect_thoroughly()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_freeze_survivors)
    limiting = _limit_memory(blocks, count_toggles)
    checking = asyncio.create_task(limiting, name="Limiting memory")
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
    """Collect all garbage, freeze the survivors, and return the number of allocated blocks.

    The collection blocks the process for up to 1 µs per object. Therefore it runs before the first
    request, and later only when memory has grown.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # Python delays a full collection until the new objects are a quarter of the last collection's
    # survivors. The following collection has no survivors, so Python does not delay the next full
    # collection.
    gc.collect()
    return sys.getallocatedblocks()


def _freeze_survivors(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


async def _limit_memory(blocks: int, count_toggles: Callable[[], int]) -> None:
    trim = find_malloc_trim()
    growth = LastingGrowth(blocks, count_toggles())
    while True:
        await asyncio.sleep(CHECK_INTERVAL_S)
        grown = sys.getallocatedblocks()
        if growth.check(grown, count_toggles()):
            started_at = thread_time()
            blocks = collect_thoroughly()
            took_ms = (thread_time() - started_at) * 1000
            growth = LastingGrowth(blocks, count_toggles())
            _log.info("Reduced %d blocks of memory to %d in %.0f ms", grown, blocks, took_ms)
        if trim is not None:
            await asyncio.to_thread(trim, 0)


class LastingGrowth:
    """Decides from repeated counts whether the number of allocated blocks has lastingly doubled.

    Blocks of new toggles are not counted.
    """

    def __init__(self, blocks: int, toggles: int) -> None:
        """Compare counts with the counts of blocks and toggles after the last collection."""
        self._limit = blocks + max(blocks, MIN_GROWTH)
        self._toggles = toggles
        self._found = 0

    def check(self, count: int, toggles: int) -> bool:
        """Whether the last `CHECKS_IN_A_ROW` counts, including this count, exceed the limit."""
        explained = max(toggles - self._toggles, 0) * BLOCKS_OF_TOGGLE
        self._found = self._found + 1 if count - explained > self._limit else 0
        return self._found >= CHECKS_IN_A_ROW
