"""Reports reach the primary once, or stay in the journal."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from flagstaff.reader import forwarding
from flagstaff.reader.applying import TokenScope
from flagstaff.reader.state import OwnToken
from flagstaff.reader.upstream import ReportsRefusedError, UpstreamError
from store.aggregates import table_of
from store.errors import StoreUnavailableError
from store.rows import MetricsJournalRow
from store.snapshot import hash_secret
from store.usage import outgoing
from store.usage.reports import ToggleCounts, UsageReport
from tests.flagstaff.reader.conftest import Reader
from tests.flagstaff.reader.fake import TOKEN
from tests.flagstaff.reader.test_bad_primaries import HTML, begin
from tests.flagstaff.reader.test_reader import REPORT

JOURNAL = table_of(MetricsJournalRow)

pytestmark = pytest.mark.thorough


async def test_refused_reports_stay_in_the_journal_and_others_are_sent(following: Reader):
    await begin(following)
    for name in ("one", "two"):
        await following.store.journal.add(report(name))

    send = following.upstream.report

    async def refuse_one(secret: str, body: Mapping[str, Any]) -> None:
        if any(entry["appName"] == "one" for entry in body["metrics"]):
            raise ReportsRefusedError("too many new names", retry_after_s=5)
        await send(secret, body)

    following.upstream.report = refuse_one
    await following.forwarder.forward()
    waiting, _ = await following.store.outgoing.read(max_characters=10_000)

    assert [body["metrics"][0]["appName"] for body in following.primary.reports] == ["two"]
    assert [each.app_name for row in waiting.values() for each in row] == ["one"]


async def test_a_report_whose_answer_was_lost_is_sent_again_with_the_same_receipt(
    following: Reader, monkeypatch: pytest.MonkeyPatch
):
    await begin(following)
    await following.store.journal.add(report("one"))

    async def fail(_: Mapping[int, object]) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(following.store.outgoing, "settle", fail)
        with pytest.raises(StoreUnavailableError):
            await following.forwarder.forward()
    await following.forwarder.forward()

    first, second = following.primary.reports
    assert first == second
    assert first["metrics"][0]["receipt"]


async def test_html_instead_of_an_answer_to_reports_keeps_them(following: Reader):
    await begin(following)
    await following.client.post(
        "/api/client/metrics", json=REPORT, headers={"authorization": TOKEN}
    )

    following.primary.answers["/api/client/metrics/bulk"] = HTML
    with pytest.raises(UpstreamError):
        await following.forwarder.forward()

    waiting, _ = await following.store.outgoing.read(max_characters=10_000)
    assert len(waiting) == 1


def report(app_name: str, environment: str = "default") -> UsageReport:
    """Return a report without a receipt."""
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return UsageReport(
        app_name=app_name,
        instance_id=None,
        environment=environment,
        received_at=now,
        stop=now,
        toggles={"checkout": ToggleCounts(3, 1)},
    )


async def test_refused_reports_do_not_hold_up_others_however_many_they_are(
    following: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outgoing, "MAX_ROWS", 2)
    await begin(following)
    for number in range(5):
        await following.store.journal.add(report(f"old-{number}", environment="production"))
    await following.store.journal.add(report("new"))

    async with asyncio.timeout(20):
        while await following.forwarder.forward():
            # The condition on the rows to skip must stay small.
            assert len(following.forwarder._parked) <= 2

    assert applications(following) == ["new"]

    following.state.tokens.append(
        OwnToken(TOKEN, hash_secret(TOKEN), TokenScope("production"), loaded=True)
    )
    following.forwarder._parked_s = 0.0
    async with asyncio.timeout(20):
        while await following.forwarder.forward():
            pass

    assert applications(following) == ["new", *(f"old-{number}" for number in range(5))]
    assert await following.store.outgoing.read(max_characters=10_000) == ({}, None)


async def test_later_refusals_do_not_put_off_reports_that_were_refused_before(
    following: Reader, monkeypatch: pytest.MonkeyPatch
):
    await begin(following)
    now = 0.0
    attempts: list[list[str]] = []

    async def refuse(secret: str, body: Mapping[str, Any]) -> None:
        assert secret == TOKEN
        attempts.append([entry["appName"] for entry in body["metrics"]])
        raise ReportsRefusedError("too many new names", retry_after_s=100)

    monkeypatch.setattr(forwarding, "monotonic", lambda: now)
    following.upstream.report = refuse
    await following.store.journal.add(report("one"))
    await following.forwarder.forward()
    now = 90.0
    await following.store.journal.add(report("two"))
    await following.forwarder.forward()
    now = 101.0
    await following.forwarder.forward()

    assert attempts == [["one"], ["two"], ["one", "two"], ["one"], ["two"]]


async def test_rows_that_cannot_be_read_stay_and_are_logged_once(
    following: Reader, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outgoing, "MAX_ROWS", 2)
    await begin(following)
    async with following.store.begin_write() as connection:
        for _ in range(3):
            await connection.execute(
                sa.insert(JOURNAL).values(received_at=following.store.clock(), reports="{")
            )
    await following.store.journal.add(report("new"))

    for _ in range(2):
        following.forwarder._after = 0
        async with asyncio.timeout(20):
            while await following.forwarder.forward():
                pass
    await following.store.outgoing.count()

    assert applications(following) == ["new"]
    assert following.store.outgoing.rows == 3
    assert len([each for each in caplog.messages if "cannot be read" in each]) == 3


def applications(reader: Reader) -> list[str]:
    """Return the applications whose counts the primary has received, in order."""
    return [entry["appName"] for body in reader.primary.reports for entry in body["metrics"]]
