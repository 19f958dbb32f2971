"""Garbage collections examine few objects. Frozen objects are not examined again."""

import asyncio
import gc
import platform
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from flagstaff import garbage
from flagstaff.garbage import (
    CHECKS_IN_A_ROW,
    THRESHOLDS,
    LastingGrowth,
    find_malloc_trim,
    small_collections,
)
from store import Store
from tests.store.transfer.documents import state, take

TOGGLES = 2_000
# This number of objects starts a full collection. After its steps, the same number may remain.
MAX_STEP = 2 * THRESHOLDS[0] * (THRESHOLDS[1] + 1) * (THRESHOLDS[2] + 1)


class Cycle:
    """An object that only a garbage collection can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.thorough
async def test_it_lasts_as_long_as_its_context() -> None:
    before = gc.get_threshold(), list(gc.callbacks)
    async with small_collections():
        assert gc.get_threshold() == THRESHOLDS
        assert len(gc.callbacks) == len(before[1]) + 1

    assert (gc.get_threshold(), gc.callbacks) == before


@pytest.mark.thorough
async def test_what_survives_a_full_collection_is_not_looked_at_again() -> None:
    async with small_collections():
        frozen = gc.get_freeze_count()
        survivors = [[number] for number in range(1_000)]
        dropped = ref(Cycle())
        gc.collect()
        grown = gc.get_freeze_count()
        looked_at = {id(item) for item in gc.get_objects()}

    assert dropped() is None
    assert grown >= frozen + len(survivors)
    assert looked_at.isdisjoint(map(id, survivors))


@pytest.mark.thorough
async def test_an_import_is_frozen_in_small_steps(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/flagstaff.db"
    environments = [{"environment": "default", "strategies": [{"name": "default"}]}]
    toggles = [
        {"name": f"toggle-{number}", "environments": environments} for number in range(TOGGLES)
    ]
    store = await Store.open(url)
    steps: list[int] = []

    def note(phase: str, info: Mapping[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            steps.append(len(gc.get_objects()))

    async with small_collections():
        frozen = gc.get_freeze_count()
        gc.callbacks.append(note)
        await take(store, state(toggles=toggles))
        gc.callbacks.remove(note)
        grown = gc.get_freeze_count()
        await store.close()

    assert steps
    assert max(steps) < MAX_STEP
    assert grown > frozen + TOGGLES


@pytest.mark.thorough
async def test_frozen_objects_that_became_garbage_are_found_once_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "CHECK_INTERVAL_S", 0.01)
    monkeypatch.setattr(LastingGrowth, "check", lambda *_: True)
    async with small_collections():
        cycle: Any = Cycle()
        garbage_later = ref(cycle)
        gc.collect()
        del cycle
        assert garbage_later() is not None

        async with asyncio.timeout(60):
            while garbage_later() is not None:
                await asyncio.sleep(0.01)


async def test_a_thorough_collection_is_logged_with_what_it_took(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="flagstaff.garbage")
    monkeypatch.setattr(garbage, "CHECK_INTERVAL_S", 0.01)
    monkeypatch.setattr(garbage, "collect_thoroughly", lambda: 5)
    monkeypatch.setattr(LastingGrowth, "check", lambda _, count, _toggles: count == 7)
    monkeypatch.setattr(garbage.sys, "getallocatedblocks", iter([7, *[5] * 10_000]).__next__)
    monkeypatch.setattr(garbage, "thread_time", iter([1.5, 1.75]).__next__)

    async with asyncio.timeout(60), small_collections():
        while not caplog.records:
            await asyncio.sleep(0.01)

    assert caplog.messages == ["Reduced 7 blocks of memory to 5 in 250 ms"]


@pytest.mark.thorough
async def test_a_thorough_collection_does_not_delay_the_next_full_one() -> None:
    survivors = [[number] for number in range(8 * MAX_STEP)]
    generations: list[int] = []

    def note(phase: str, info: Mapping[str, int]) -> None:
        generations.append(info["generation"])

    async with small_collections():
        gc.callbacks.append(note)
        survivors += [[number] for number in range(MAX_STEP)]
        gc.callbacks.remove(note)

    assert 2 in generations


@pytest.mark.thorough
async def test_free_memory_is_returned_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    returned = asyncio.Event()
    loop = asyncio.get_running_loop()

    def trim(pad: int) -> None:
        assert pad == 0
        loop.call_soon_threadsafe(returned.set)

    monkeypatch.setattr(garbage, "CHECK_INTERVAL_S", 0.01)
    monkeypatch.setattr(garbage, "find_malloc_trim", lambda: trim)
    async with asyncio.timeout(60), small_collections():
        await returned.wait()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_free_memory_between_used_pieces_is_returned() -> None:
    trim = find_malloc_trim()
    assert trim is not None
    pieces = [bytearray(60_000) for _ in range(2_000)]
    del pieces[::2]
    before = resident_bytes()

    trim(0)

    # Fifty of a hundred megabytes are free.
    assert resident_bytes() < before - 20_000_000
    assert len(pieces) == 1_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize(
    ("blocks", "grown", "is_too_much"),
    [
        (900_000, 3_800_000, False),
        (900_000, 4_000_000, True),
        (6_000_000, 11_900_000, False),
        (6_000_000, 12_100_000, True),
    ],
)
def test_too_many_are_twice_as_many_and_three_millions_more(
    blocks: int, grown: int, is_too_much: bool
) -> None:
    growth = LastingGrowth(blocks, 500)

    assert [growth.check(grown, 500) for _ in range(CHECKS_IN_A_ROW)][-1] is is_too_much


@pytest.mark.parametrize(("grown", "is_too_much"), [(11_400_000, False), (11_600_000, True)])
def test_new_toggles_explain_some_growth(grown: int, is_too_much: bool) -> None:
    growth = LastingGrowth(900_000, 100)

    assert [growth.check(grown, 50_600) for _ in range(CHECKS_IN_A_ROW)][-1] is is_too_much


def test_fewer_toggles_explain_no_growth() -> None:
    growth = LastingGrowth(900_000, 50_000)

    assert [growth.check(4_000_000, 0) for _ in range(CHECKS_IN_A_ROW)][-1]


@pytest.mark.parametrize(
    ("counts", "collected_at"),
    [
        ([9_000_000, 900_000, 9_000_000, 900_000], []),
        ([900_000, 9_000_000, 9_000_000], [2]),
        ([9_000_000, 900_000, 9_000_000, 8_700_000, 900_000], [3]),
    ],
    ids=["imports", "garbage", "garbage after an import"],
)
async def test_a_large_import_is_not_interrupted_by_a_thorough_collection(
    monkeypatch: pytest.MonkeyPatch, counts: list[int], collected_at: list[int]
) -> None:
    """During an import, a check counts many blocks. The next check counts few blocks."""
    checks: list[int] = []
    collections: list[int] = []
    finished = asyncio.Event()

    def count() -> int:
        if len(checks) == len(counts):
            finished.set()
            return 0
        checks.append(counts[len(checks)])
        return checks[-1]

    def collect() -> int:
        collections.append(len(checks) - 1)
        return 900_000

    monkeypatch.setattr(garbage, "CHECK_INTERVAL_S", 0)
    monkeypatch.setattr(garbage, "find_malloc_trim", lambda: None)
    monkeypatch.setattr(garbage.sys, "getallocatedblocks", count)
    monkeypatch.setattr(garbage, "collect_thoroughly", collect)
    limiting = asyncio.create_task(garbage._limit_memory(900_000, lambda: 0))
    async with asyncio.timeout(60):
        await finished.wait()
    limiting.cancel()

    assert collections == collected_at
