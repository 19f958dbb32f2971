"""SQLite's own changes to a file are not mistaken for another program's writes."""

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.file_content import FileContent

# File systems record times with a precision of some milliseconds.
CLOCK_STEP_S = 0.05
TABLES = """
    CREATE TABLE server_state (installation_id TEXT, revision INTEGER);
    CREATE TABLE usage_state (sequence INTEGER);
    CREATE TABLE event (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT);
    INSERT INTO server_state VALUES ('one', 0);
    INSERT INTO usage_state VALUES (0);
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
def content(file: Path) -> Iterator[FileContent]:
    observed = FileContent(str(file))
    yield observed
    observed.close()


@pytest.fixture
def connection(content: FileContent, file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        for pragma in ("auto_vacuum=INCREMENTAL", "journal_mode=WAL", "synchronous=OFF"):
            opened.execute(f"PRAGMA {pragma}")
        opened.executescript(TABLES)
        yield opened


@pytest.fixture
def reader(connection: sqlite3.Connection, file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        yield opened


def write(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE server_state SET revision = revision + 1")
    connection.execute("INSERT INTO event (text) VALUES (?)", ("x" * 500,))


def checkpoint(connection: sqlite3.Connection, kind: str) -> None:
    connection.execute(f"PRAGMA wal_checkpoint({kind})").fetchall()


def vacuum(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM event WHERE number % 3")
    connection.executescript("PRAGMA incremental_vacuum(20);")


def is_suspicious(content: FileContent, file: Path) -> bool:
    status = file.stat()
    return content.is_suspicious((status.st_size, status.st_mtime_ns))


@pytest.mark.sample(1)
@pytest.mark.parametrize(("seed", "steps"), [(0, 60), *((seed, 200) for seed in range(5))])
def test_writes_checkpoints_and_vacuums_are_its_own(
    connection: sqlite3.Connection,
    content: FileContent,
    file: Path,
    reader: sqlite3.Connection,
    seed: int,
    steps: int,
):
    chance = random.Random(seed)

    for _ in range(steps):
        action = chance.randrange(10)
        if action == 0:
            checkpoint(connection, chance.choice(["PASSIVE", "RESTART", "TRUNCATE"]))
        elif action == 1:
            vacuum(connection)
        elif action in (2, 3):
            content.observe()
        elif action == 4:
            # A reader of this snapshot stops checkpoints half-way.
            reader.rollback()
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM event").fetchall()
        elif action == 5:
            reader.rollback()
        else:
            write(connection)
        assert not is_suspicious(content, file)


def move_part_of_the_log(connection: sqlite3.Connection, reader: sqlite3.Connection) -> None:
    """Checkpoint only up to the snapshot of a reader. Then the file is invalid without its log."""
    write(connection)
    write_more_pages(connection)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchall()
    connection.execute("UPDATE event SET text = 'changed later'")
    checkpoint(connection, "PASSIVE")
    reader.execute("COMMIT")


def write_more_pages(connection: sqlite3.Connection) -> None:
    for _ in range(20):
        write(connection)


def test_a_checkpoint_that_a_reader_stops_half_way_is_its_own(
    connection: sqlite3.Connection, content: FileContent, file: Path, reader: sqlite3.Connection
):
    write(connection)
    checkpoint(connection, "TRUNCATE")
    content.observe()

    for _ in range(5):
        move_part_of_the_log(connection, reader)
        content.observe()

        assert not is_suspicious(content, file)
        assert content.needs_checkpoint
    checkpoint(connection, "PASSIVE")
    content.observe()

    assert not is_suspicious(content, file)
    assert not content.needs_checkpoint


@pytest.mark.parametrize("readers_stop_checkpoint", [False, True])
def test_half_a_file_is_noticed_after_a_checkpoint_of_the_whole_log(
    connection: sqlite3.Connection,
    content: FileContent,
    reader: sqlite3.Connection,
    file: Path,
    readers_stop_checkpoint: bool,
):
    write_more_pages(connection)
    checkpoint(connection, "TRUNCATE")
    content.observe()
    half = file.read_bytes()[: file.stat().st_size // 2]
    write(connection)
    if readers_stop_checkpoint:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchall()
        write(connection)
    checkpoint(connection, "PASSIVE")
    file.write_bytes(half)
    content.observe()
    assert content.needs_checkpoint

    _, frames, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    content.note_checkpoint(frames, copied)
    file.write_bytes(half)
    content.observe()

    assert is_suspicious(content, file) is not readers_stop_checkpoint
    assert content.needs_checkpoint is readers_stop_checkpoint


@pytest.mark.parametrize("checkpoints", [False, True])
def test_an_older_file_put_over_it_is_noticed(
    connection: sqlite3.Connection,
    content: FileContent,
    file: Path,
    tmp_path: Path,
    checkpoints: bool,
):
    write(connection)
    with closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        connection.backup(backup)
    write(connection)
    checkpoint(connection, "PASSIVE")
    content.observe()
    time.sleep(CLOCK_STEP_S)

    if checkpoints:
        write(connection)
        checkpoint(connection, "PASSIVE")
    shutil.copyfile(tmp_path / "backup.db", file)

    assert is_suspicious(content, file) is not checkpoints
    content.observe()
    assert is_suspicious(content, file)
    assert not content.is_finished
    content.observe()
    assert content.is_finished


def test_a_file_that_was_touched_is_looked_at_and_found_to_be_the_same(
    connection: sqlite3.Connection, content: FileContent, file: Path
):
    write(connection)
    content.observe()
    time.sleep(CLOCK_STEP_S)

    file.touch()

    assert is_suspicious(content, file)
    content.observe()
    assert not is_suspicious(content, file)


def test_the_first_installation_in_a_file_is_its_own(
    connection: sqlite3.Connection, content: FileContent, file: Path
):
    connection.execute("DELETE FROM server_state")
    checkpoint(connection, "TRUNCATE")
    content.observe()

    connection.execute("INSERT INTO server_state VALUES ('one', 0)")
    checkpoint(connection, "TRUNCATE")
    content.observe()

    assert not is_suspicious(content, file)
