"""Clocks of this machine and of the database's server that differ."""

from datetime import UTC, datetime, timedelta

import pytest

from store import Store, clock_skew
from store.clock_skew import certain_skew_s
from store.database import utc_now

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("theirs_s", "answered_s", "skew_s"),
    [
        (0, 0, 0),
        (1, 2, 0),
        (-7, 0, 7),
        (-7, 60, 7),
        (9, 1, -8),
        (60, 60, 0),
        (-1, 1, 1),
    ],
)
def test_the_time_that_an_answer_takes_is_no_skew(
    theirs_s: float, answered_s: float, skew_s: float
) -> None:
    theirs, answered = NOON + seconds(theirs_s), NOON + seconds(answered_s)

    assert certain_skew_s(NOON, theirs, answered) == skew_s


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("ahead_s", "message"),
    [
        (0, None),
        (3_600, "seconds ahead of that of the database's server"),
        (-3_600, "seconds behind that of the database's server"),
    ],
)
async def test_a_wrong_clock_is_warned_about_at_start(
    own_url: str,
    ahead_s: float,
    message: str | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(clock_skew, "utc_now", lambda: utc_now() + seconds(ahead_s))

    store = await Store.open(own_url)
    await store.close()

    warnings = [record.getMessage() for record in caplog.records if "clock" in record.getMessage()]
    assert len(warnings) == (message is not None)
    assert message is None or message in warnings[0]


async def test_a_wrong_clock_is_nothing_to_sqlite(
    own_url: str, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if database != "sqlite":
        pytest.skip("about SQLite")
    monkeypatch.setattr(clock_skew, "utc_now", lambda: utc_now() + seconds(3_600))

    store = await Store.open(own_url)
    await store.close()

    assert "clock" not in caplog.text
