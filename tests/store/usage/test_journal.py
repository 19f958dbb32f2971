"""A report is acknowledged when it is durable. Concurrent reports share a commit."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store
from store.aggregates import table_of
from store.bulk import insert_row
from store.bulk_mark import BulkMark
from store.database import Database
from store.errors import StoreUnavailableError
from store.rows import MetricsJournalRow
from store.usage.journal import Journal, JournalFullError
from store.usage.reports import decode_reports, encode_report
from tests.garbage import failures_to_collect, without_collection
from tests.store.usage.reporting import Clock, registration_report, usage_report

JOURNAL = table_of(MetricsJournalRow)


@pytest.fixture
def connected(store: Store) -> Database:
    return store._database


@pytest_asyncio.fixture(loop_scope="module")
async def journal(connected: Database, clock: Clock) -> AsyncIterator[Journal]:
    opened = Journal(connected, clock)
    await opened.start()
    yield opened
    await opened.close()


async def written(database: Database) -> list[list[Any]]:
    """Return the reporting instances in each row of the journal."""
    async with database.begin_read() as session:
        texts = await session.scalars(sa.select(JOURNAL.c.reports).order_by(JOURNAL.c.id))
        return [[report.instance_id for report in decode_reports(text)] for text in texts]


async def test_a_report_is_in_the_database_once_add_returns(
    journal: Journal, connected: Database
) -> None:
    usage, registration = usage_report(receipt="r"), registration_report(interval_ms=15_000)

    await journal.add(usage)
    await journal.add(registration)

    async with connected.begin_read() as session:
        texts = list(await session.scalars(sa.select(JOURNAL.c.reports).order_by(JOURNAL.c.id)))
    assert [decode_reports(text) for text in texts] == [[usage], [registration]]


async def test_reports_that_arrive_together_stay_together(
    journal: Journal, connected: Database
) -> None:
    reports = [registration_report(instance_id="i-1"), usage_report(instance_id=None)]

    await journal.add(*reports)
    await journal.add()

    assert await written(connected) == [["i-1", None]]


async def test_reports_that_arrive_together_are_all_stored_or_none(
    connected: Database, clock: Clock
) -> None:
    report = usage_report(instance_id="alone")
    journal = Journal(connected, clock, max_pending_bytes=len(encode_report(report)) + 1)
    await journal.start()

    with pytest.raises(JournalFullError):
        await journal.add(report, report)
    await journal.add(report)
    await journal.close()

    assert await written(connected) == [["alone"]]


async def test_a_hundred_reports_at_once_share_a_few_rows(
    journal: Journal, connected: Database
) -> None:
    instances = [f"i-{number}" for number in range(100)]

    await asyncio.gather(
        *(journal.add(usage_report(instance_id=instance)) for instance in instances)
    )

    batches = await written(connected)
    assert len(batches) <= 3
    assert sorted(instance for batch in batches for instance in batch) == sorted(instances)


async def test_reports_that_arrive_during_a_commit_share_the_next_row(
    journal: Journal, connected: Database
) -> None:
    async with connected.begin_journal_write():
        tasks = []
        for instance_id in ("a", "b", "c"):
            tasks.append(asyncio.create_task(journal.add(usage_report(instance_id=instance_id))))
            await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)

    assert await written(connected) == [["a", "b", "c"]]


async def test_cancelling_withdraws_the_report_and_no_others(
    journal: Journal, connected: Database
) -> None:
    async with connected.begin_journal_write():
        leaving = asyncio.create_task(journal.add(usage_report(instance_id="leaving")))
        staying = asyncio.create_task(journal.add(usage_report(instance_id="staying")))
        await asyncio.sleep(0.01)
        leaving.cancel()
    await staying

    assert leaving.cancelled()
    assert await written(connected) == [["staying"]]


async def test_a_failed_commit_fails_its_waiters_and_the_next_one_succeeds(
    journal: Journal, connected: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE metrics_journal RENAME TO away"))
    results = await asyncio.gather(
        *(journal.add(usage_report(instance_id=instance)) for instance in ("a", "b")),
        return_exceptions=True,
    )
    async with connected.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE away RENAME TO metrics_journal"))
    await journal.add(usage_report(instance_id="c"))

    assert [type(result) for result in results] == [StoreUnavailableError] * 2
    assert await written(connected) == [["c"]]
    assert "could not be written to the journal" in caplog.text


async def test_reports_that_cannot_be_committed_in_time_are_refused_and_not_stored(
    connected: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(connected, clock, commit_deadline_s=0.05)
    await journal.start()
    async with connected.begin_journal_write():
        for _ in range(2):
            with pytest.raises(StoreUnavailableError, match="in time"):
                await journal.add(usage_report())
    await journal.close()

    assert await written(connected) == []
    assert caplog.text.count("Usage reports are refused with 503: The database did not store") == 1


async def nothing_to_stage(_: AsyncConnection) -> None:
    """Prepare a large change that changes nothing."""


async def test_a_report_is_not_refused_while_a_slow_write_stores_it(
    connected: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(connected, clock, commit_deadline_s=0.01)
    refused = False

    async def insert_late(*arguments: Any) -> Any:
        nonlocal refused
        # This report arrives too late for the row. Its refusal shows that the deadlines are over.
        with pytest.raises(StoreUnavailableError, match="in time"):
            await journal.add(usage_report(instance_id="late"))
        refused = True
        return await insert_row(*arguments)

    monkeypatch.setattr("store.usage.journal.insert_row", insert_late)
    await journal.start()
    await journal.add(usage_report(instance_id="stored"))
    await journal.close()

    assert refused
    assert await written(connected) == [["stored"]]


@pytest.mark.parametrize("queued_before", [True, False])
async def test_reports_wait_for_a_large_change_and_are_not_refused(
    connected: Database, clock: Clock, queued_before: bool
) -> None:
    journal = Journal(connected, clock, commit_deadline_s=0.05)
    await journal.start()
    async with asyncio.TaskGroup() as tasks:
        if queued_before:
            tasks.create_task(journal.add(usage_report(instance_id="first")))
        async with connected.begin_staged_write(nothing_to_stage):
            tasks.create_task(journal.add(usage_report(instance_id="second")))
            await asyncio.sleep(0.3)
    await journal.close()

    found = [instance for row in await written(connected) for instance in row]
    assert found == (["first", "second"] if queued_before else ["second"])


async def test_reports_are_stored_between_large_changes_that_follow_one_another(
    connected: Database, clock: Clock
) -> None:
    """Reports and large changes take turns, regardless of the number of waiting large changes."""
    if connected.dialect == "postgresql":
        pytest.skip("On PostgreSQL reports do not wait for changes")
    journal = Journal(connected, clock)
    await journal.start()
    reports: list[asyncio.Task[None]] = []
    stored: list[list[bool]] = []
    large = 3

    async def change() -> None:
        async with connected.begin_staged_write(nothing_to_stage):
            stored.append([report.done() for report in reports])
            while connected._bulk_writers < large - len(stored) + 1:
                await asyncio.sleep(0.01)
            reports.append(asyncio.create_task(journal.add(usage_report())))
            for _ in range(10):
                await asyncio.sleep(0)

    async with asyncio.timeout(60):
        await asyncio.gather(*(change() for _ in range(large)))
    await asyncio.gather(*reports)
    await journal.close()

    assert stored == [[True] * count for count in range(large)]


async def test_a_large_change_of_another_process_extends_waits_that_nobody_looked_at(
    own_store: Store, clock: Clock
) -> None:
    database = own_store._database
    if database.file is None:
        pytest.skip("PostgreSQL needs no signal")
    journal = Journal(database, clock, commit_deadline_s=1_000)
    now = asyncio.get_running_loop().time()
    before = journal._is_overdue(now, now), journal._is_after_bulk()
    with BulkMark(database.file.path).held():
        pass
    after = journal._is_overdue(now, now), journal._is_after_bulk()

    assert before == (True, False)
    assert after == (False, True)


async def test_reports_wait_for_large_changes_for_a_limited_time(
    connected: Database, clock: Clock
) -> None:
    journal = Journal(connected, clock)
    now = asyncio.get_running_loop().time()
    async with connected.begin_staged_write(nothing_to_stage):
        waits = [journal._is_overdue(now - late, now) for late in (0, 19, 20, 30)]

    assert waits == [False, False, True, True]


@pytest.mark.parametrize(("ended_ago_s", "expected"), [(0, True), (90, True), (110, False)])
async def test_a_large_change_excuses_failures_as_long_as_a_commit_may_take(
    connected: Database,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    ended_ago_s: float,
    expected: bool,
) -> None:
    journal = Journal(connected, clock, commit_deadline_s=100)
    monkeypatch.setattr(connected, "seconds_since_bulk", lambda: ended_ago_s)

    assert journal._is_after_bulk() is expected


async def test_reports_beyond_the_limit_are_refused_and_the_others_stored(
    connected: Database, clock: Clock
) -> None:
    report = usage_report()
    journal = Journal(connected, clock, max_pending_bytes=3 * len(encode_report(report)))
    await journal.start()
    async with connected.begin_journal_write():
        tasks = [asyncio.create_task(journal.add(report)) for _ in range(4)]
        await asyncio.sleep(0.01)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await journal.close()

    assert [type(result) for result in results].count(JournalFullError) == 1
    assert await written(connected) == [["default"] * 3]


async def test_committed_reports_make_room_for_others(connected: Database, clock: Clock) -> None:
    report = usage_report()
    journal = Journal(connected, clock, max_pending_bytes=len(encode_report(report)) + 2)
    await journal.start()

    for _ in range(5):
        await journal.add(report)

    assert journal._pending_bytes == 0
    await journal.close()


async def test_refused_reports_leave_room_while_the_database_hangs(
    connected: Database, clock: Clock
) -> None:
    report = usage_report()
    journal = Journal(
        connected, clock, max_pending_bytes=len(encode_report(report)) + 1, commit_deadline_s=0.05
    )
    await journal.start()
    async with connected.begin_journal_write():
        for _ in range(3):
            with pytest.raises(StoreUnavailableError, match="in time"):
                await journal.add(report)
    await journal.close()

    assert await written(connected) == []


@pytest.mark.thorough
@pytest.mark.parametrize("is_away", [False, True])
async def test_a_refused_report_leaves_no_cyclic_garbage(
    connected: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, is_away: bool
) -> None:
    @asynccontextmanager
    async def fail() -> AsyncGenerator[None]:
        raise StoreUnavailableError("The database is away.")
        yield

    async def add_a_few(journal: Journal) -> None:
        for _ in range(3):
            with pytest.raises(StoreUnavailableError):
                await journal.add(usage_report())

    journal = Journal(connected, clock, commit_deadline_s=0.05)
    await journal.start()
    begin = connected.begin_journal_write
    if is_away:
        monkeypatch.setattr(connected, "begin_journal_write", fail)
    with without_collection():
        async with begin():
            await add_a_few(journal)
        await asyncio.sleep(0.2)  # the journal drops its references
        found = failures_to_collect()
    monkeypatch.undo()
    await journal.close()

    assert not found


async def test_closing_commits_the_waiting_reports(connected: Database, clock: Clock) -> None:
    journal = Journal(connected, clock)
    await journal.start()
    tasks = [asyncio.create_task(journal.add(usage_report())) for _ in range(10)]
    await asyncio.sleep(0)

    await journal.close()

    await asyncio.gather(*tasks)
    assert sum(map(len, await written(connected))) == 10


async def test_a_journal_that_is_not_started_refuses_reports(
    connected: Database, clock: Clock
) -> None:
    with pytest.raises(StoreUnavailableError):
        await Journal(connected, clock).add(usage_report())


async def test_a_closed_journal_refuses_reports(connected: Database, clock: Clock) -> None:
    journal = Journal(connected, clock)
    await journal.start()
    await journal.close()
    await journal.close()

    with pytest.raises(StoreUnavailableError, match="not accepted at the moment"):
        await journal.add(usage_report())
