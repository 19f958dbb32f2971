"""During a large import, usage reports to all processes wait, and no report is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store import database as database_module
from store.model import SYSTEM
from store.sqlite_checkpoints import Checkpoints
from store.staging import StagedRows
from tests.store.interrupting import importing
from tests.store.usage.reporting import USAGE, rows, usage_report

# Reports and their writes have this time limit. Each stage of the import takes longer.
PATIENCE_S = 0.05
# Each store gets this number of reports at each stage.
REPORTS = 20


@pytest_asyncio.fixture(loop_scope="module")
async def stores(own_store: Store) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores over one database, as in two processes. Each store has a report."""
    other = await Store.open(own_store._database.url.render_as_string(hide_password=False))
    for store in (own_store, other):
        await store.usage_tracker.aggregator._task.close()
        await store.journal.add(usage_report())
        # The next report starts a new timer.
        if store.journal._expiry is not None:
            store.journal._expiry.cancel()
            store.journal._expiry = None
        # With a long deadline, a slow machine does not change the result of a test.
        store.journal._commit_deadline_s = 60
    yield own_store, other
    await other.close()


@pytest.mark.parametrize(
    ("owner", "stage"),
    [(StagedRows, "stage"), (StagedRows, "write"), (Checkpoints, "_checkpoint")],
    ids=["rows are staged", "the lock is held", "the log is moved"],
)
async def test_no_report_is_refused_or_lost_during_an_import(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, owner: type, stage: str
) -> None:
    """Each stage of the import takes ten times the usual time limit of reports.

    On SQLite, reports wait while another writer has the lock. On PostgreSQL, reports need not
    wait.
    """
    database = stores[0]._database
    waits = database.dialect == "sqlite" and stage == "write"
    if stage == "_checkpoint" and database.dialect == "postgresql":
        pytest.skip("PostgreSQL moves its log itself")
    reports: list[asyncio.Task[None]] = []
    proceed = getattr(owner, stage)

    async def slow(*arguments: Any) -> Any:
        with monkeypatch.context() as patch:
            if waits:
                patch.setattr(database_module, "WRITE_BUDGET_S", PATIENCE_S)
                for store in stores:
                    patch.setattr(store.journal, "_commit_deadline_s", PATIENCE_S)
            reports.extend(
                asyncio.create_task(store.journal.add(usage_report(instance_id=str(number))))
                for store in stores
                for number in range(REPORTS)
            )
            await asyncio.wait(reports, timeout=10 * PATIENCE_S if waits else 30)
            if not waits:
                assert all(report.done() for report in reports)
        return await proceed(*arguments)

    monkeypatch.setattr(owner, stage, slow)
    await stores[0].write_prepared(SYSTEM, importing("a", "b"))
    if database._checkpoints is not None:
        await database._checkpoints.finish()
    results = await asyncio.gather(*reports, return_exceptions=True)
    monkeypatch.undo()
    await stores[0].usage_tracker.aggregator.run_once()

    sent = len(stores) * (REPORTS + 1)
    assert results == [None] * len(stores) * REPORTS
    assert await rows(stores[0], USAGE, "toggle_name", "yes") == [("t", 3 * sent)]
