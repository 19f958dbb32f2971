"""Of several processes over one database, one folds the journal and the others leave it alone."""

import asyncio
import os
import signal
import sys
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.aggregates import table_of
from store.usage import aggregation
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import MetricsJournalRow
from tests.server import ROOT
from tests.statements import counted_statements
from tests.store.usage.reporting import USAGE, count, rows, usage_report

JOURNAL = table_of(MetricsJournalRow)
REPORTS = 5
# A process that folds, and never comes to the end of it.
HANGING = """
import asyncio, sys
from store import Store
from store.aggregates import table_of
from store.usage import aggregation

async def hang(*_):
    print("folding", flush=True)
    await asyncio.sleep(600)

async def main():
    aggregation.{function} = hang
    store = await Store.open(sys.argv[1])
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest_asyncio.fixture(loop_scope="module")
async def other(other_store: Store) -> Store:
    """Another process, which folds when it is told to."""
    await other_store._fold._task.close()
    return other_store


class Held:
    """Holds a step of the next fold until it is released; other folds go through."""

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


async def test_what_one_process_folds_no_other_one_reads(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    held = Held(monkeypatch, "register_applications")
    folding = asyncio.create_task(store.fold_now())

    async with held:
        with counted_statements() as statements:
            await asyncio.wait_for(other._fold.fold_and_clean(), 60)
    await folding

    assert [it for it in statements if "metrics_journal" in it] == []
    assert await counted(store) == [(3 * REPORTS, REPORTS)]


async def test_nobody_waits_for_what_another_process_folds(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    # On SQLite there is one writer at a time, so that the transaction itself has to be waited for.
    on_sqlite = store.dialect == "sqlite"
    held = Held(monkeypatch, "register_applications" if on_sqlite else "write_tally")
    folding = asyncio.create_task(store.fold_now())

    async with held, asyncio.timeout(60):
        await other._fold.fold_and_clean()
        await other.journal.add(usage_report(instance_id="late"))
        async with other.write(SYSTEM) as work:
            await create_toggle(work, name="changed-meanwhile")
        assert not folding.done()
    await folding
    await other.fold_now()

    assert await counted(store) == [(3 * (REPORTS + 1), REPORTS + 1)]


async def test_who_needs_the_counts_now_gets_those_that_another_process_folds(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(store)
    held = Held(monkeypatch, "register_applications")
    folding = asyncio.create_task(store.fold_now())

    async with held:
        asking = asyncio.create_task(other.fold_now())
        await asyncio.sleep(0.1)
        assert not asking.done()
    await asking

    assert await counted(other) == [(3 * REPORTS, REPORTS)]
    await folding


@pytest.mark.parametrize("function", ["register_applications", "write_tally"])
async def test_a_fold_that_is_cancelled_loses_nothing(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    await report(store)
    held = Held(monkeypatch, function)
    folding = asyncio.create_task(store.fold_now())

    async with held:
        folding.cancel()
        await asyncio.gather(folding, return_exceptions=True)
    await other.fold_now()

    assert await counted(other) == [(3 * REPORTS, REPORTS)]
    assert await count(other, JOURNAL) == 0


@pytest.mark.every_row
@pytest.mark.parametrize("function", ["register_applications", "write_tally"])
async def test_a_process_that_is_killed_while_it_folds_loses_nothing(
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
        assert await process.stdout.readline() == b"folding\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()

    await store.fold_now()

    assert await counted(store) == [(3 * REPORTS, REPORTS)]
    assert await count(store, JOURNAL) == 0
