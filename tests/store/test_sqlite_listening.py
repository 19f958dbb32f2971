"""Commits to an SQLite file are noticed by writes to its write-ahead log."""

import asyncio
import select
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from store import Store, file_writes, sqlite_listening
from store.file_writes import FileWrites
from store.sqlite_listening import SqliteListener

NEVER_S = 3_600.0

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has inotify")


class Listening:
    """A listener, its notifications, and the number of its queries."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.heard: list[int | None] = []
        self.known: set[int] = set()
        self.checks = 0
        self.has_heard = asyncio.Event()
        self.listener = SqliteListener(str(file), knows=self.known.__contains__, hear=self.hear)

    async def hear(self, revision: int | None) -> None:
        self.heard.append(revision)
        self.has_heard.set()

    async def wait(self) -> None:
        async with asyncio.timeout(30):
            await self.has_heard.wait()
        self.has_heard.clear()


@pytest.fixture(scope="module")
def database() -> str:
    """A SQLite database; only SQLite has a file."""
    return "sqlite"


@pytest_asyncio.fixture(loop_scope="module")
async def listening(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    """A started listener that has seen the state at the start."""
    await own_store._listener.close()
    listening = Listening(Path(own_store._database.url.database or ""))
    check = SqliteListener._check

    def counted(listener: SqliteListener, number: int | None) -> None:
        if listener is listening.listener:
            listening.checks += 1
        check(listener, number)

    monkeypatch.setattr(SqliteListener, "_check", counted)
    monkeypatch.setattr(sqlite_listening, "FALLBACK_INTERVAL_S", NEVER_S)
    listening.listener.start()
    await listening.wait()
    yield listening
    await listening.listener.close()


def commit(file: Path, revision: int) -> None:
    """Commit a revision as another process does."""
    connection = sqlite3.connect(file, timeout=30)
    connection.execute("UPDATE server_state SET revision = ?", [revision])
    connection.commit()
    connection.close()


@linux_only
async def test_a_commit_is_heard_of_when_the_log_is_written_to(listening: Listening):
    for revision in (7, 8):
        commit(listening.file, revision)
        await listening.wait()

    assert listening.heard[1:] == [7, 8]


@linux_only
async def test_without_writes_nothing_is_checked(listening: Listening):
    checks = listening.checks

    await asyncio.sleep(0.1)

    assert listening.checks == checks


@linux_only
async def test_a_known_revision_is_not_heard_of(listening: Listening):
    listening.known.add(7)

    commit(listening.file, 7)
    await until(lambda: listening.checks > 1)
    commit(listening.file, 8)
    await listening.wait()

    assert listening.heard[1:] == [8]


@linux_only
async def test_checks_continue_until_the_commit_is_visible(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
):
    """A writer writes to the log before other processes can read the commit."""
    has_changed, hidden = SqliteListener._has_changed, 5

    def later(listener: SqliteListener) -> bool:
        nonlocal hidden
        hidden -= 1
        return False if hidden >= 0 else has_changed(listener)

    monkeypatch.setattr(SqliteListener, "_has_changed", later)
    commit(listening.file, 7)
    await listening.wait()

    assert listening.heard[1:] == [7]


@linux_only
async def test_checks_after_a_write_without_a_commit_end(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sqlite_listening, "CHECK_DELAYS_S", (0.001,) * 3)
    checks = listening.checks
    with Path(f"{listening.file}-wal").open("r+b") as log:
        log.write(log.read(1))
    await until(lambda: listening.checks >= checks + 3)

    await asyncio.sleep(0.05)

    assert listening.checks == checks + 3


async def test_systems_without_inotify_check_at_intervals(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_writes, "_functions", lambda: None)
    monkeypatch.setattr(sqlite_listening, "POLL_INTERVAL_S", 0.001)
    listening.listener.reconnect()
    await listening.wait()

    commit(listening.file, 7)
    await listening.wait()

    assert listening.heard[-1] == 7


async def test_after_reconnecting_the_file_at_the_path_is_watched(listening: Listening):
    listening.listener.reconnect()
    await listening.wait()

    commit(listening.file, 7)
    await listening.wait()

    assert listening.heard[-1] == 7


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.001)


@linux_only
def test_a_write_makes_the_descriptor_readable_until_it_is_forgotten(tmp_path: Path):
    file = tmp_path / "log"
    file.write_bytes(b"a")
    writes = FileWrites.of(str(file))
    assert writes is not None

    before = is_readable(writes)
    file.write_bytes(b"b")
    after = is_readable(writes)
    writes.forget()
    forgotten = is_readable(writes)
    writes.close()

    assert [before, after, forgotten] == [False, True, False]


@linux_only
def test_a_file_that_is_replaced_is_not_the_watched_one(tmp_path: Path):
    file = tmp_path / "log"
    file.touch()
    writes = FileWrites.of(str(file))
    assert writes is not None
    assert writes.is_current

    (tmp_path / "other").touch()
    (tmp_path / "other").rename(file)
    replaced = writes.is_current
    file.unlink()

    assert not replaced
    assert not writes.is_current
    assert is_readable(writes)
    writes.close()


@linux_only
def test_a_missing_file_is_not_watched(tmp_path: Path):
    assert FileWrites.of(str(tmp_path / "none")) is None


def is_readable(writes: FileWrites) -> bool:
    return bool(select.select([writes.descriptor], [], [], 0)[0])
