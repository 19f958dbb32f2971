"""A replaced write-ahead log, which open connections do not use, is noticed."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.database_file import INDEX, LOG, DatabaseFile, FileProblem


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE a (number INTEGER)")
    connection.close()
    return path


@pytest.fixture
def file(path: Path) -> Iterator[DatabaseFile]:
    file = DatabaseFile(str(path))
    yield file
    file.close()


@contextmanager
def connected(file: DatabaseFile) -> Iterator[None]:
    """A connection that has written to the log."""
    file.before_connection()
    connection = sqlite3.connect(file.path, isolation_level=None)
    reached = file.connected()
    connection.execute("INSERT INTO a VALUES (1)")
    yield
    connection.close()
    file.disconnected(reached)


def test_the_first_connection_after_the_last_has_a_log_of_its_own(
    file: DatabaseFile, path: Path, tmp_path: Path
) -> None:
    with connected(file):
        assert file.problem is None
        # Otherwise the next log may have the same inode.
        os.link(f"{path}{LOG}", tmp_path / "old log")
    assert file.problem is None

    with connected(file):
        assert file.problem is None


def test_another_connection_does_not_hide_that_the_log_is_gone(
    file: DatabaseFile, path: Path
) -> None:
    with connected(file):
        assert file.problem is None
        Path(f"{path}{LOG}").unlink()

        file.connected()

        assert file.problem is FileProblem.LOG_MISSING


def test_the_log_is_checked_as_long_as_a_connection_is_open(file: DatabaseFile, path: Path) -> None:
    with connected(file):
        with connected(file):
            assert file.problem is None
        Path(f"{path}{LOG}").unlink()

        assert file.problem is FileProblem.LOG_MISSING
        with pytest.raises(sqlite3.OperationalError, match="moved or replaced"):
            file.before_connection()


def test_an_index_that_appears_after_the_log_is_the_open_one(
    file: DatabaseFile, path: Path
) -> None:
    file.connected()
    Path(f"{path}{LOG}").touch()
    assert file.problem is None

    Path(f"{path}{INDEX}").touch()

    assert file.problem is None


def test_the_log_of_another_process_stays_at_the_path(file: DatabaseFile, path: Path) -> None:
    with connected(file):
        assert file.problem is None
        log = Path(f"{path}{LOG}")
        log.rename(f"{path}.old")
        log.write_bytes(b"of another process")

        file.set_old_log_aside()

        assert log.read_bytes() == b"of another process"
