"""`flagstaff prune` removes expired rows, or only counts them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.flagstaff.outcome import Outcome


@pytest.fixture
def buckets(database_file: Path) -> Callable[[], int]:
    """A function that counts hourly buckets. One of two buckets has expired."""
    with closing(sqlite3.connect(database_file, isolation_level=None)) as connection:
        columns = connection.execute("SELECT name FROM pragma_table_info('metric_bucket')")
        assert {name for (name,) in columns} >= {"width", "start", "yes", "no"}
        for start in ("2001-01-01 00:00:00.000000", "2999-01-01 00:00:00.000000"):
            connection.execute(
                "INSERT INTO metric_bucket (toggle_name, environment, app_name, width, start, yes, "
                "no) VALUES ('a', 'default', 'shop', 'hour', ?, 1, 0)",
                (start,),
            )

    def count() -> int:
        with closing(sqlite3.connect(database_file)) as connection:
            return connection.execute("SELECT count(*) FROM metric_bucket").fetchone()[0]

    return count


def test_a_dry_run_only_counts(
    flagstaff: Callable[..., Outcome], buckets: Callable[[], int]
) -> None:
    outcome = flagstaff("prune", "--dry-run")

    lines = [line.split(maxsplit=1) for line in outcome.out.splitlines()]
    assert outcome.status == 0
    assert ["1", "counts by hour"] in lines
    assert lines[-1] == ["1", "rows would be removed"]
    assert buckets() == 2


def test_expired_rows_are_removed(
    flagstaff: Callable[..., Outcome], buckets: Callable[[], int]
) -> None:
    outcome = flagstaff("prune")

    assert outcome.out.splitlines()[-1].split(maxsplit=1) == ["1", "rows were removed"]
    assert buckets() == 1
    assert flagstaff("prune").out.splitlines()[-1].split()[0] == "0"


def test_the_settings_decide_what_expires(
    flagstaff: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, buckets: Callable[[], int]
) -> None:
    monkeypatch.setenv("FLAGSTAFF_KEEP_HOURS_DAYS", "36500")

    assert flagstaff("prune").out.splitlines()[-1].split()[0] == "0"
    assert buckets() == 2
