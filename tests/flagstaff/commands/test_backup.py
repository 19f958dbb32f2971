"""`flagstaff backup` and `flagstaff restore`."""

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flagstaff.outcome import Outcome


@pytest.mark.usefixtures("database_file")
def test_a_restored_installation_has_the_same_tokens(
    flagstaff: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flagstaff("token", "create", "--name", "root", "--type", "admin")
    tokens = flagstaff("token", "list").out

    saved = flagstaff("backup", "backup.gz")
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", "sqlite:///restored.db")
    restored = flagstaff("restore", "backup.gz", "--verify")

    written = re.fullmatch(r"([\d,]+ rows of \d+ tables) are in backup.gz.\n", saved.out)
    assert written is not None
    assert restored == (0, f"{written[1]} are restored and compared.\n", "")
    assert flagstaff("token", "list").out == tokens
    assert "root" in tokens
    assert stat.S_IMODE((tmp_path / "backup.gz").stat().st_mode) == 0o600


@pytest.mark.usefixtures("database_file")
def test_refusals_are_one_line(flagstaff: Callable[..., Outcome], tmp_path: Path) -> None:
    flagstaff("token", "create", "--name", "root", "--type", "admin")
    flagstaff("backup", "backup.gz")
    (tmp_path / "other").write_text("text")

    outcomes = [
        flagstaff("backup", "backup.gz"),
        flagstaff("restore", "backup.gz"),
        flagstaff("restore", "other"),
        flagstaff("restore", "missing"),
    ]

    assert [outcome.status for outcome in outcomes] == [1] * 4
    messages = [outcome.err.splitlines() for outcome in outcomes]
    assert messages[:3] == [
        ["The file backup.gz exists already."],
        ["The database is not empty. Stop its servers, and restore into a new database."],
        ["other is damaged or not a backup of Flagstaff."],
    ]
    assert len(messages[3]) == 1


def test_a_missing_database_is_not_created(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = flagstaff("backup", "backup.gz")

    assert outcome.status != 0
    assert outcome.err == "There is no database at flagstaff.db.\n"
    assert not list(tmp_path.iterdir())
