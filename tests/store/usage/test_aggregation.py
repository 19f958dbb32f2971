"""Acknowledged reports are counted once, in the tables and in the usage summary."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store
from store.aggregates import table_of
from store.rows import (
    ApplicationInstanceRow,
    ApplicationRow,
    MetricsJournalRow,
    MetricsReceiptRow,
)
from store.usage import aggregation
from store.usage.aggregation import Aggregator
from store.usage.reports import MAX_COUNT, MAX_SUM, AnyReport, ToggleCounts, UsageReport
from store.usage.summary import UsageSummary
from store.usage.toggle_usages import ToggleUsage
from tests.store.usage.reporting import (
    BUCKET,
    NOW,
    USAGE,
    VARIANT_BUCKET,
    Clock,
    count,
    rows,
    usage_report,
)

APPLICATION = table_of(ApplicationRow)
INSTANCE = table_of(ApplicationInstanceRow)
JOURNAL = table_of(MetricsJournalRow)
RECEIPT = table_of(MetricsReceiptRow)


async def counted(store: Store) -> tuple[int, int]:
    """The sums of the yes and no counts of all usages."""
    found = await rows(store, USAGE, "yes", "no")
    return sum(yes for yes, _ in found), sum(no for _, no in found)


async def test_a_report_reaches_every_table(store: Store) -> None:
    report = usage_report({"t": ToggleCounts(3, 1, {"red": 2, "disabled": 1})}, instance_id="i-1")

    await store.journal.add(report)
    await store.aggregate_now()

    assert await rows(store, BUCKET, "width", "toggle_name", "app_name", "yes", "no") == [
        ("day", "t", "shop", 3, 1),
        ("hour", "t", "shop", 3, 1),
        ("minute", "t", "shop", 3, 1),
    ]
    assert (await rows(store, VARIANT_BUCKET, "width", "variant", "count"))[:2] == [
        ("day", "disabled", 1),
        ("day", "red", 2),
    ]
    assert await rows(store, USAGE, *ToggleUsage.__struct_fields__) == [
        ("t", "shop", "default", NOW, NOW, NOW, NOW, 3, 1),
    ]
    assert await rows(store, INSTANCE, "app_name", "instance_id", "last_seen_at") == [
        ("shop", "i-1", NOW)
    ]
    assert await rows(store, APPLICATION, "name", "registered_at", "metrics_count") == [
        ("shop", None, 7)
    ]
    assert await count(store, JOURNAL) == 0


async def test_later_reports_add_to_earlier_ones(store: Store, clock: Clock) -> None:
    await store.journal.add(usage_report({"t": ToggleCounts(3, 0, {"red": 2})}))
    await store.aggregate_now()
    clock.now += timedelta(seconds=20)
    later = {"t": ToggleCounts(0, 5, {"red": 1})}
    await store.journal.add(usage_report(later, received_at=clock.now, stop=clock.now))

    await store.aggregate_now()

    assert await rows(store, USAGE, *ToggleUsage.__struct_fields__) == [
        ("t", "shop", "default", NOW, clock.now, NOW, clock.now, 3, 5),
    ]
    assert await rows(store, BUCKET, "width", "yes", "no") == [
        ("day", 3, 5),
        ("hour", 3, 5),
        ("minute", 3, 5),
    ]
    assert await rows(store, VARIANT_BUCKET, "count") == [(3,)] * 3


async def test_an_acknowledged_report_survives_a_crash(
    store: Store, store_url: str, clock: Clock
) -> None:
    await store.journal.add(usage_report())

    async with _opened(store_url, clock) as restarted:
        await restarted.aggregate_now()
        counts = await counted(restarted)

    assert counts == (3, 1)


async def test_counts_say_how_far_they_lag_behind_the_journal_of_a_crash(
    store: Store, store_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.journal.add(usage_report())
    clock.now += timedelta(minutes=10)
    monkeypatch.setattr(Aggregator, "start", lambda _: None)

    async with _opened(store_url, clock) as restarted:
        before = restarted.journal_lag_s
        await restarted.aggregate_now()
        after = restarted.journal_lag_s
        clock.now += timedelta(seconds=3)
        later = restarted.journal_lag_s
        await restarted.usage_tracker.aggregator.find_lag()
        empty = restarted.journal_lag_s

    assert (before, after, later, empty) == (600, 0, 3, 0)


async def test_two_processes_count_each_report_once(store: Store, other_store: Store) -> None:
    for number in range(4):
        instance = f"i-{number}"
        await asyncio.gather(
            store.journal.add(usage_report(instance_id=instance, receipt=instance)),
            other_store.journal.add(usage_report(instance_id=instance, receipt=instance)),
            store.journal.add(usage_report(instance_id=instance)),
        )
    await asyncio.gather(store.aggregate_now(), other_store.aggregate_now(), return_exceptions=True)
    await store.aggregate_now()

    assert await counted(store) == (24, 8)


async def test_reports_are_aggregated_in_the_background(own_store: Store) -> None:
    await own_store.journal.add(usage_report())

    async with asyncio.timeout(60):
        while own_store.usage.of("t", "default") is None:
            await asyncio.sleep(0.05)

    assert await counted(own_store) == (3, 1)


async def test_closing_aggregates_the_remaining_reports(store_url: str, clock: Clock) -> None:
    async with _opened(store_url, clock) as store:
        await store.journal.add(usage_report())

    async with _opened(store_url, clock) as store:
        assert store.usage.applications("t") == {"shop"}


async def test_a_retry_is_counted_once_in_one_aggregation(store: Store) -> None:
    await asyncio.gather(*(store.journal.add(usage_report(receipt="same")) for _ in range(5)))

    await store.aggregate_now()

    assert await counted(store) == (3, 1)


async def test_a_retry_is_counted_once_across_aggregations_and_restarts(
    store_url: str, clock: Clock
) -> None:
    counts: list[tuple[int, int]] = []
    for _ in range(2):
        async with _opened(store_url, clock) as store:
            await store.journal.add(usage_report(receipt="same"))
            await store.aggregate_now()
            counts.append(await counted(store))

    assert counts == [(3, 1)] * 2


async def test_reports_without_a_receipt_are_all_counted(store: Store) -> None:
    unmarked = [usage_report() for _ in range(3)]
    await store.journal.add(*unmarked, usage_report(receipt="one"), usage_report(receipt="two"))

    await store.aggregate_now()

    assert await counted(store) == (15, 5)


async def test_sums_in_the_tables_stop_where_json_numbers_end(store: Store) -> None:
    async def lift(table: sa.Table, *columns: str) -> None:
        async with store._database.begin_write() as connection:
            almost = dict.fromkeys(columns, MAX_SUM - 1)
            await connection.execute(sa.update(table).values(almost))

    huge = {"t": ToggleCounts(MAX_COUNT, MAX_COUNT, {"red": MAX_COUNT})}
    await store.journal.add(usage_report(huge))
    await store.aggregate_now()
    await lift(USAGE, "yes", "no")
    await lift(BUCKET, "yes", "no")
    await lift(VARIANT_BUCKET, "count")
    await lift(APPLICATION, "metrics_count")

    await store.journal.add(usage_report(huge))
    await store.aggregate_now()

    assert await rows(store, USAGE, "yes", "no") == [(MAX_SUM, MAX_SUM)]
    assert await rows(store, BUCKET, "yes", "no") == [(MAX_SUM, MAX_SUM)] * 3
    assert await rows(store, VARIANT_BUCKET, "count") == [(MAX_SUM,)] * 3
    assert await rows(store, APPLICATION, "metrics_count") == [(MAX_SUM,)]


async def test_times_that_go_back_never_make_anything_seen_earlier(store: Store) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()
    earlier = NOW - timedelta(minutes=10)
    await store.journal.add(usage_report(received_at=earlier, stop=earlier))

    await store.aggregate_now()

    assert await rows(store, USAGE, "first_seen_at", "last_seen_at", "last_yes_at") == [
        (earlier, NOW, NOW)
    ]
    seen = store.usage.of("t", "default")
    assert seen is not None
    assert (seen.first_seen_at, seen.last_seen_at, seen.last_yes_at) == (earlier, NOW, NOW)


async def test_odd_names_are_stored_unchanged(store: Store) -> None:
    names = ["two words", "__proto__", "ключ", "😀", "a/b", "%", "' OR 1=1 --", "line\nbreak"]
    toggles = dict.fromkeys(names, ToggleCounts(1, 0, {"'; --": 1}))

    await store.journal.add(usage_report(toggles, app_name="<script>", instance_id="ﷺ"))
    await store.aggregate_now()

    assert {name for (name,) in await rows(store, USAGE, "toggle_name")} == set(names)
    assert store.usage.names() == set(names)


async def test_the_summary_in_memory_equals_the_table(store: Store, clock: Clock) -> None:
    choice = random.Random(7)
    for _ in range(4):
        reports: list[UsageReport] = []
        for _ in range(20):
            clock.now += timedelta(seconds=choice.randrange(0, 40))
            reports.append(_random_report(choice, clock))
        await store.journal.add(*reports)
        await store.aggregate_now()

    summary = UsageSummary()
    async with store.read() as session:
        await summary.load(session)

    assert store.usage.names() == summary.names()
    for name in summary.names():
        assert set(store.usage.environments(name)) == set(summary.environments(name))
        for environment in summary.environments(name):
            assert store.usage.of(name, environment) == summary.of(name, environment)
        assert store.usage.last_seen_at(name) == summary.last_seen_at(name)
        assert store.usage.applications(name) == summary.applications(name)


async def test_a_failed_aggregation_is_repeated(store: Store) -> None:
    async with store._database.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE variant_bucket RENAME TO away"))
    await store.journal.add(usage_report({"t": ToggleCounts(3, 1, {"red": 1})}))
    with pytest.raises(DBAPIError):
        await store.aggregate_now()
    assert store.usage.of("t", "default") is None
    async with store._database.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE away RENAME TO variant_bucket"))

    await store.aggregate_now()

    assert await counted(store) == (3, 1)
    assert await rows(store, VARIANT_BUCKET, "count") == [(1,)] * 3


async def test_an_unreadable_row_is_skipped(
    own_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with own_store._database.begin_write() as connection:
        await connection.execute(
            sa.insert(JOURNAL).values(received_at=NOW, reports='[{"type":"of-tomorrow"}]')
        )
    await own_store.journal.add(usage_report())

    await own_store.aggregate_now()
    await own_store.aggregate_now()

    assert await counted(own_store) == (3, 1)
    assert await count(own_store, JOURNAL) == 1
    assert caplog.text.count("cannot be read") == 1


async def test_a_long_journal_is_aggregated_in_several_transactions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregation, "MAX_ROWS", 2)
    monkeypatch.setattr(aggregation, "MAX_CHARACTERS", 300)
    for number in range(7):
        await store.journal.add(usage_report(instance_id=f"i-{number}"))

    await store.aggregate_now()

    assert await counted(store) == (21, 7)
    assert await count(store, INSTANCE) == 7


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize(
    ("rows_per_batch", "sizes"), [(0, [1] * 5), (1, [1] * 5), (2, [2, 2, 1]), (5, [5])]
)
async def test_the_size_of_a_transaction_is_limited(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    rows_per_batch: int,
    sizes: list[int],
    remembered: bool,
) -> None:
    for number in range(5):
        await store.journal.add(usage_report(instance_id=f"i-{number}"))
    ((length,),) = {(len(text),) for (text,) in await rows(store, JOURNAL, "reports")}
    if not remembered:
        store.usage_tracker.aggregator._own_rows.clear()
    read, seen = Aggregator._read_batch, list[int]()

    async def note(aggregator: Aggregator, connection: AsyncConnection, newest: int) -> Any:
        batch = await read(aggregator, connection, newest)
        seen.append(len(batch.reports))
        return batch

    monkeypatch.setattr(Aggregator, "_read_batch", note)
    monkeypatch.setattr(aggregation, "MAX_CHARACTERS", rows_per_batch * length)
    await store.aggregate_now()

    assert [size for size in seen if size] == sizes
    assert await counted(store) == (15, 5)


def _random_report(choice: random.Random, clock: Clock) -> UsageReport:
    toggles = {
        f"t-{choice.randrange(5)}": ToggleCounts(choice.randrange(3), choice.randrange(3))
        for _ in range(choice.randrange(4))
    }
    return usage_report(
        toggles,
        app_name=f"app-{choice.randrange(3)}",
        environment=choice.choice(["default", "test"]),
        received_at=clock.now - timedelta(seconds=choice.randrange(60)),
        stop=clock.now,
        receipt=choice.choice([None, f"r-{choice.randrange(9)}"]),
    )


@asynccontextmanager
async def _opened(url: str, clock: Clock) -> AsyncIterator[Store]:
    """Open another store over the same database, as in another process."""
    store = await Store.open(url, clock=clock)
    try:
        yield store
    finally:
        await store.close()


@pytest.mark.parametrize(("names", "in_a_thread"), [(1, False), (600, True)])
async def test_large_rows_of_the_journal_are_decoded_in_a_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch, names: int, in_a_thread: bool
) -> None:
    decode, threads = aggregation.decode_reports, set[int]()

    def note_thread(text: str) -> list[AnyReport]:
        threads.add(threading.get_ident())
        return decode(text)

    monkeypatch.setattr(aggregation, "decode_reports", note_thread)

    await store.journal.add(
        usage_report({f"toggle-{n:0100}": ToggleCounts(1) for n in range(names)})
    )
    store.usage_tracker.aggregator._own_rows.clear()
    await store.aggregate_now()

    assert (threading.get_ident() not in threads) == in_a_thread
    assert len(threads) == 1
