"""SQLite's log is checkpointed while other connections write. Commits do not checkpoint the log."""

import math
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from store import sqlite_checkpoints
from store.database import Database
from store.sqlite_checkpoints import LONG_LOG_PAGES, Checkpoint, Checkpoints

PAGE_BYTES = 4_096
LARGE = "INSERT INTO t VALUES (randomblob(?))"
LARGE_BYTES = 2 * LONG_LOG_PAGES * PAGE_BYTES


@pytest_asyncio.fixture(loop_scope="module")
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database whose log has no pages to copy."""
    opened = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with opened.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    checkpoints_of(opened)._file.observe()
    await opened.checkpoint()
    yield opened
    await opened.close()


@pytest.fixture
def another(database: Database) -> Iterator[sqlite3.Connection]:
    """The connection of another process. Its commits do not checkpoint the log."""
    with closing(sqlite3.connect(database.url.database or "")) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        yield connection


def checkpoints_of(database: Database) -> Checkpoints:
    assert database._checkpoints is not None
    return database._checkpoints


def pages_to_copy(database: Database) -> int:
    found = checkpoints_of(database)._file.pages_to_copy
    assert found is not None
    return found


async def nothing_to_stage(_: AsyncConnection) -> None:
    """Prepare nothing for a large change."""


async def write_little(database: Database) -> None:
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("INSERT INTO t VALUES (1)")


async def write_much(database: Database) -> int:
    """Commit a large change, and return the number of pages that remain to be copied."""
    async with database.begin_staged_write(nothing_to_stage) as write:
        await write.connection.exec_driver_sql(LARGE, (LARGE_BYTES,))
        await write.commit()
        return pages_to_copy(database)


def write_much_elsewhere(another: sqlite3.Connection) -> None:
    with another:
        another.execute(LARGE, (LARGE_BYTES,))


async def test_the_pages_of_a_large_change_are_copied_after_its_commit(database: Database) -> None:
    left = await write_much(database)
    await checkpoints_of(database).finish()

    assert left > LONG_LOG_PAGES
    assert pages_to_copy(database) == 0


async def test_the_pages_of_a_large_change_during_a_reader_are_copied_by_no_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_checkpoints, "RETRY_S", 0)
    async with database.begin_read() as session:
        await session.exec_driver_sql("SELECT a FROM t")
        await write_much(database)
        await checkpoints_of(database).finish()
        left = pages_to_copy(database)
    await write_little(database)
    left_by_commit = pages_to_copy(database)
    await checkpoints_of(database).finish()

    assert left > LONG_LOG_PAGES
    assert left_by_commit > left
    assert pages_to_copy(database) == 0


async def test_the_pages_of_another_process_are_copied_by_no_commit(
    database: Database, another: sqlite3.Connection
) -> None:
    write_much_elsewhere(another)
    left = pages_to_copy(database)
    await write_little(database)
    left_by_commit = pages_to_copy(database)
    await checkpoints_of(database).finish()

    assert left_by_commit > left > LONG_LOG_PAGES
    assert pages_to_copy(database) == 0


async def test_a_checkpoint_that_readers_prevent_is_tried_again_later(
    database: Database, another: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_checkpoints, "RETRY_S", 1_000)
    async with database.begin_read() as session:
        await session.exec_driver_sql("SELECT a FROM t")
        await write_much(database)
        await checkpoints_of(database).finish()
    tried = checkpoints_of(database)._task
    await write_little(database)

    assert checkpoints_of(database)._task is tried


async def test_a_short_log_is_not_copied(database: Database) -> None:
    await write_little(database)

    assert checkpoints_of(database)._task is None
    assert pages_to_copy(database) > 0


async def test_pages_that_others_write_meanwhile_are_copied_under_the_lock_if_they_are_few(
    database: Database, another: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second large change is copied like the first change, while other connections write."""
    copy, left = Checkpoints.copy_pages, []

    async def copy_and_write(checkpoints: Checkpoints) -> Checkpoint:
        done = await copy(checkpoints)
        if left:
            await write_little(database)
        else:
            write_much_elsewhere(another)
        left.append(pages_to_copy(database))
        return done

    monkeypatch.setattr(Checkpoints, "copy_pages", copy_and_write)
    await write_much(database)
    await checkpoints_of(database).finish()

    assert len(left) == 2
    assert left[0] > LONG_LOG_PAGES > left[1] > 0
    assert pages_to_copy(database) == 0


@pytest.mark.parametrize("huge", [False, True])
async def test_only_the_copy_of_many_pages_keeps_the_disk_busy(
    database: Database,
    another: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    huge: bool,
) -> None:
    limit = LONG_LOG_PAGES if huge else 10 * LONG_LOG_PAGES
    monkeypatch.setattr(sqlite_checkpoints, "HUGE_LOG_PAGES", limit)
    copy, since = Checkpoints.copy_pages, []

    async def copy_and_look(checkpoints: Checkpoints) -> Checkpoint:
        since.append(database.seconds_since_bulk())
        return await copy(checkpoints)

    monkeypatch.setattr(Checkpoints, "copy_pages", copy_and_look)
    write_much_elsewhere(another)
    await write_little(database)
    await checkpoints_of(database).finish()

    assert since == ([0] if huge else [math.inf])
    assert (database.seconds_since_bulk() < math.inf) is huge


async def test_a_database_that_is_away_leaves_the_pages_in_the_log(
    database: Database, another: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "a.db"
    write_much_elsewhere(another)
    await write_little(database)
    file.rename(tmp_path / "away.db")
    await checkpoints_of(database).finish()
    left = pages_to_copy(database)
    (tmp_path / "away.db").rename(file)
    monkeypatch.setattr(checkpoints_of(database), "_try_again_at", 0)
    await write_little(database)
    await checkpoints_of(database).finish()

    assert left > LONG_LOG_PAGES
    assert pages_to_copy(database) == 0
