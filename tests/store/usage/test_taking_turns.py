"""Several processes share a database. Only one process at a time aggregates the journal."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.aggregates import table_of
from store.file_lock import try_file_lock
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import MetricsJournalRow
from store.usage import aggregation
from tests.server import ROOT
from tests.statements import counted_statements
from tests.store.usage.reporting import USAGE, count, rows, usage_report

JOURNAL = table_of(MetricsJournalRow)
REPORTS = 5
# The aggregation of this process never ends.
HANGING = """
import asyncio, sys
from store import Store
from store.aggregates import table_of
from store.usage import aggregation

async def hang(*_):
    print("aggregating", flush=True)
    await asyncio.sleep(600)

async def main():
    aggregation.{function} = hang
    store = await Store.open(sys.argv[1])
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest_asyncio.fixture(loop_scope="module")
async def other(other_store: Store) -> Store:
    """Another process, which aggregates only when a test calls it."""
    await other_store.usage_tracker.aggregator._task.close()
    return other_store


class Held:
    """Blocks one step of the next aggregation until the test releases the step."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
        self.reached = asyncio.Event()
        self.released = asyncio.Event()
        original = getattr(aggregation, function)

        async def hold(*arguments: Any) -> Any:
            if not self.reached.is_set():
                self.reached.set()
                await self.released.wait()
            return await original(*arguments)

        monkeypatch.setattr(aggregation, function, hold)

    async def __aenter__(self) -> None:
        await asyncio.wait_for(self.reached.wait(), 60)

    async def __aexit__(self, *_: object) -> None:
        self.released.set()


async def report(store: Store) -> None:
    for number in range(REPORTS):
        await store.journal.add(usage_report(instance_id=f"i-{number}"))


async def counted(store: Store) -> list[tuple[Any, ...]]:
    return await rows(store, USAGE, "yes", "no")


async def test_one_process_at_a_time_reads_the_journal(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    held = Held(monkeypatch, "register_applications")
    aggregating = asyncio.create_task(store.aggregate_now())

    async with held:
        with counted_statements() as statements:
            await asyncio.wait_for(other.usage_tracker.aggregator.aggregate_and_clean(), 60)
    await aggregating

    assert [statement for statement in statements if "metrics_journal" in statement] == []
    assert await counted(store) == [(3 * REPORTS, REPORTS)]


async def test_other_processes_write_during_an_aggregation(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    # SQLite permits one writer at a time, so other writers must wait for the transaction itself.
    on_sqlite = store.dialect == "sqlite"
    held = Held(monkeypatch, "register_applications" if on_sqlite else "write_totals")
    aggregating = asyncio.create_task(store.aggregate_now())

    async with held, asyncio.timeout(60):
        await other.usage_tracker.aggregator.aggregate_and_clean()
        await other.journal.add(usage_report(instance_id="late"))
        async with other.write(SYSTEM) as work:
            await create_toggle(work, name="changed-meanwhile")
        assert not aggregating.done()
    await aggregating
    await other.aggregate_now()

    assert await counted(store) == [(3 * (REPORTS + 1), REPORTS + 1)]


async def test_aggregate_now_waits_for_another_process(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    held = Held(monkeypatch, "register_applications")
    aggregating = asyncio.create_task(store.aggregate_now())

    async with held:
        waiting = asyncio.create_task(other.aggregate_now())
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await waiting

    assert await counted(other) == [(3 * REPORTS, REPORTS)]
    await aggregating


@pytest.mark.parametrize("function", ["register_applications", "write_totals"])
async def test_a_cancelled_aggregation_loses_nothing(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    await report(store)
    held = Held(monkeypatch, function)
    aggregating = asyncio.create_task(store.aggregate_now())

    async with held:
        aggregating.cancel()
        await asyncio.gather(aggregating, return_exceptions=True)
    await other.aggregate_now()

    assert await counted(other) == [(3 * REPORTS, REPORTS)]
    assert await count(other, JOURNAL) == 0


@pytest.mark.sample(1)
@pytest.mark.every_row
@pytest.mark.parametrize("function", ["register_applications", "write_totals"])
async def test_a_process_killed_while_aggregating_loses_nothing(
    store: Store, store_url: str, function: str
) -> None:
    await report(store)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HANGING.format(function=function), store_url),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"aggregating\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()

    await store.aggregate_now()

    assert await counted(store) == [(3 * REPORTS, REPORTS)]
    assert await count(store, JOURNAL) == 0


def test_a_lock_file_that_cannot_be_opened_counts_as_free(tmp_path: Path) -> None:
    with try_file_lock(str(tmp_path / "missing" / "a.db-aggregation")) as locked:
        assert locked


def test_a_lock_file_is_locked_once(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db-aggregation")

    with try_file_lock(path) as first, try_file_lock(path) as second:
        assert (first, second) == (True, False)
    with try_file_lock(path) as third:
        assert third
