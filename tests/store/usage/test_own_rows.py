"""The aggregation does not decode the rows that its own process wrote."""

from typing import Any

import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.clock_skew import utc_now
from store.rows import MetricsJournalRow
from store.usage import aggregation, own_rows
from store.usage.own_rows import OwnRows
from store.usage.reports import ToggleCounts, decode_reports, encode_reports, join_reports
from tests.store.stored import stored_usages
from tests.store.usage.reporting import usage_report

JOURNAL = table_of(MetricsJournalRow)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the rows that are decoded."""
    texts: list[str] = []

    def note(text: str) -> Any:
        texts.append(text)
        return decode_reports(text)

    monkeypatch.setattr(aggregation, "decode_reports", note)
    return texts


async def counts(store: Store) -> dict[str, int]:
    """The counts of yes by application."""
    return {usage.app_name: usage.yes for usage in await stored_usages(store)}


async def test_own_rows_are_not_decoded(store: Store, decoded: list[str]):
    for app_name in ("a", "b"):
        await store.journal.add(usage_report({"t": ToggleCounts(3)}, app_name=app_name))

    await store.aggregate_now()

    assert await counts(store) == {"a": 3, "b": 3}
    assert decoded == []
    assert store.usage_tracker.aggregator._own_rows._reports == {}


async def test_rows_of_other_processes_are_decoded(
    store: Store, other_store: Store, decoded: list[str]
):
    await store.journal.add(usage_report({"t": ToggleCounts(1)}, app_name="a"))
    await other_store.journal.add(usage_report({"t": ToggleCounts(2)}, app_name="b"))

    await store.aggregate_now()

    assert await counts(store) == {"a": 1, "b": 2}
    assert len(decoded) == 1


async def test_a_restored_database_has_other_rows_with_the_same_ids(
    store: Store, decoded: list[str]
):
    await store.journal.add(usage_report({"t": ToggleCounts(1)}, app_name="a"))
    other = usage_report({"t": ToggleCounts(2)}, app_name="b")
    async with store._database.begin_write() as connection:
        text = join_reports([encode_reports([other])])
        await connection.execute(sa.update(JOURNAL).values(reports=text, received_at=utc_now()))

    await store.aggregate_now()

    assert await counts(store) == {"b": 2}
    assert len(decoded) == 1


async def test_rows_are_forgotten_while_another_process_aggregates(
    store: Store, decoded: list[str], monkeypatch: pytest.MonkeyPatch
):
    await store.journal.add(usage_report({"t": ToggleCounts(1)}, app_name="a"))
    rows = store.usage_tracker.aggregator._own_rows
    assert len(rows._reports) == 1

    with monkeypatch.context() as patch:
        patch.setattr(aggregation, "try_aggregation_lock", Taken)
        await store.usage_tracker.aggregator.aggregate_and_clean()
    forgotten = dict(rows._reports)
    await store.aggregate_now()

    assert forgotten == {}
    assert rows._characters == 0
    assert await counts(store) == {"a": 1}
    assert len(decoded) == 1


class Taken:
    """A lock that another process holds."""

    def __init__(self, _: object) -> None: ...

    async def __aenter__(self) -> bool:
        return False

    async def __aexit__(self, *_: object) -> None: ...


def test_only_so_many_characters_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_rows, "MAX_CHARACTERS", 10)
    rows, now = OwnRows(), utc_now()
    first, second, third = (1, now, 6), (2, now, 5), (3, now, 4)

    for key in (first, second, third):
        rows.add(key, [])

    assert [rows.take(key) for key in (first, second, third)] == [[], None, []]
    rows.add(second, [])
    assert rows.take(second) == []
