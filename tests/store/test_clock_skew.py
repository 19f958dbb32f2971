"""The server works although the clocks of this machine and of the database server differ."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from store import Store, clock_skew
from store.aggregates import table_of
from store.clock_skew import DatabaseClock, nearest_offset, utc_now
from store.model import SYSTEM
from store.rows import EventRow
from tests.store.test_write_path import put_toggle

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
# This difference is longer than any test.
CLOSE = timedelta(minutes=10)
_EVENT = table_of(EventRow)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def set_clock(monkeypatch: pytest.MonkeyPatch, ahead_s: float) -> None:
    """Set the clock of this machine to a wrong time."""
    monkeypatch.setattr(clock_skew, "utc_now", lambda: utc_now() + seconds(ahead_s))


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "clock" in record.getMessage()]


@pytest.mark.parametrize(
    ("known_s", "theirs_s", "answered_s", "offset_s"),
    [
        (0, 0, 0, 0),
        (0, 1, 2, 0),
        (0, -7, 0, -7),
        (0, -7, 60, -7),
        (0, 9, 1, 8),
        (9, 9.5, 1, 9),
        (9, 12, 1, 11),
        (9, 0, 0, 0),
        (-7, -7, 60, -7),
    ],
)
def test_the_time_that_an_answer_takes_is_no_offset(
    known_s: float, theirs_s: float, answered_s: float, offset_s: float
) -> None:
    theirs, answered = NOON + seconds(theirs_s), NOON + seconds(answered_s)

    assert nearest_offset(seconds(known_s), NOON, theirs, answered) == seconds(offset_s)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("ahead_s", "message"),
    [
        (0, None),
        (3_600, "seconds ahead of the database server's clock"),
        (-3_600, "seconds behind the database server's clock"),
    ],
)
async def test_the_clock_of_the_database_decides(
    own_url: str,
    ahead_s: float,
    message: str | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    set_clock(monkeypatch, ahead_s)

    store = await Store.open(own_url)
    async with store.write(SYSTEM) as work:
        put_toggle(work, "made")
    async with store.read() as session:
        stored = (await session.execute(sa.select(_EVENT.c.created_at))).scalar_one()
    now = store.clock()
    await store.close()

    assert abs(now - utc_now()) < CLOSE
    assert abs(stored - utc_now()) < CLOSE
    warnings = warnings_in(caplog)
    assert len(warnings) == (message is not None)
    assert message is None or message in warnings[0]


@pytest.mark.postgres
async def test_a_clock_that_is_set_later_is_noticed_and_warned_about_once(
    own_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(own_url, background=False)
    clock = store.clock
    assert isinstance(clock, DatabaseClock)

    set_clock(monkeypatch, 3_600)
    wrong = clock()
    await clock.compare()
    right = clock()
    await clock.compare()
    await store.close()

    assert wrong - utc_now() > CLOSE
    assert abs(right - utc_now()) < CLOSE
    assert len(warnings_in(caplog)) == 1


async def test_a_wrong_clock_is_nothing_to_sqlite(
    own_url: str, database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if database != "sqlite":
        pytest.skip("about SQLite")
    set_clock(monkeypatch, 3_600)

    store = await Store.open(own_url)
    now = store.clock()
    await store.close()

    assert now - utc_now() > CLOSE
    assert "clock" not in caplog.text
