"""The file of an SQLite database is deleted, moved or replaced while servers have it open."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from store.database_file import check_file
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer, Server
from tests.waiting import wait_until

FILES = ("flagstaff.db", "flagstaff.db-wal", "flagstaff.db-shm")


@pytest.fixture
def running(tmp_path: Path, database_file: Path) -> Iterator[Server]:
    """A running server with its own database."""
    with ForkedServer(
        tmp_path, FLAGSTAFF_DATABASE_URL=f"sqlite:///{database_file}", **TOKENS
    ) as connection:
        yield connection


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "flagstaff.db"


def create(server: Server, name: str) -> int:
    """Create a toggle and return the status."""
    return httpx.post(
        f"{server.url}/api/admin/features",
        headers={"Authorization": ADMIN_TOKEN},
        json={"name": name, "strategies": [{"name": "default"}]},
        timeout=15,
    ).status_code


def report(server: Server) -> int:
    """Report usage and return the status."""
    bucket = {
        "start": "2026-01-01T00:00:00Z",
        "stop": "2026-01-01T00:01:00Z",
        "toggles": {"a": {"yes": 1, "no": 0}},
    }
    return httpx.post(
        f"{server.url}/api/client/metrics",
        headers={"Authorization": CLIENT_TOKEN},
        json={"appName": "app", "instanceId": uuid4().hex, "bucket": bucket},
        timeout=15,
    ).status_code


def features(server: Server) -> tuple[str, list[str]]:
    """Return the ETag of the features body, and the names of the features."""
    answer = httpx.get(
        f"{server.url}/api/client/features", headers={"Authorization": CLIENT_TOKEN}, timeout=15
    )
    return answer.headers["etag"], [feature["name"] for feature in answer.json()["features"]]


def changes_since(server: Server, tag: str) -> httpx.Response:
    """Return the answer to an SDK in delta mode with this ETag."""
    return httpx.get(
        f"{server.url}/api/client/delta",
        headers={"Authorization": CLIENT_TOKEN, "If-None-Match": tag},
        timeout=15,
    )


def ready(server: Server) -> dict[str, object]:
    answer = httpx.get(f"{server.url}/ready", timeout=15)
    assert answer.status_code == 200
    return answer.json()


def toggles_in(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    try:
        return sorted(name for (name,) in connection.execute("SELECT name FROM toggle"))
    finally:
        connection.close()


def toggles_in_copy(folder: Path, copy: Path) -> list[str] | None:
    """Copy a folder with its database. Return the toggles in the copy, or None without a table."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    try:
        return toggles_in(copy / "flagstaff.db")
    except sqlite3.OperationalError:
        return None


def back_up(file: Path, backup: Path) -> None:
    source, target = sqlite3.connect(file), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()


@pytest.mark.thorough
def test_changes_are_refused_once_the_file_is_deleted(running: Server, database_file: Path):
    assert create(running, "ta") == 201

    for file in database_file.parent.iterdir():
        file.unlink()
    refused = create(running, "tb"), report(running), create(running, "tc")

    assert refused == (503, 503, 503)
    assert features(running)[1] == ["ta"]
    wait_until(lambda: "deleted or moved" in running.log)
    assert "deleted or moved" in str(ready(running)["problem"])
    time.sleep(1.5)
    assert running.log.count("changes are refused until it reappears") == 1
    assert [item for item in FILES if (database_file.parent / item).exists()] == []
    assert running.stop() == 0


@pytest.mark.parametrize("moved", [FILES[:1], FILES])
def test_a_file_that_was_moved_is_complete_and_used_on_when_it_is_back(
    running: Server, database_file: Path, tmp_path: Path, moved: tuple[str, ...]
):
    aside = tmp_path / "aside"
    aside.mkdir()
    assert create(running, "ta") == 201

    for name in moved:
        (database_file.parent / name).rename(aside / name)
    refused = create(running, "tb")
    wait_until(lambda: "deleted or moved" in running.log)
    # The server checks the file regularly. After a few checks, it has copied the log into the file.
    wait_until(lambda: toggles_in_copy(aside, tmp_path / "copy") == ["ta"])
    for name in moved:
        (aside / name).rename(database_file.parent / name)
    wait_until(lambda: "problem" not in ready(running))

    assert refused == 503
    assert create(running, "tc") == 201
    assert report(running) == 202
    assert running.stop() == 0
    assert toggles_in(database_file) == ["ta", "tc"]


@pytest.mark.thorough
@pytest.mark.parametrize("left", [(), FILES[1:]])
def test_a_backup_put_in_its_place_is_served_and_written(
    running: Server, database_file: Path, tmp_path: Path, left: tuple[str, ...]
):
    create(running, "ta")
    back_up(database_file, tmp_path / "backup.db")
    create(running, "tb")
    before, held = features(running), changes_since(running, "").headers["etag"]

    for name in set(FILES) - set(left):
        (database_file.parent / name).unlink()
    shutil.copy(tmp_path / "backup.db", database_file)
    wait_until(lambda: features(running)[1] == ["ta"])
    wait_until(lambda: "problem" not in ready(running))
    written = create(running, "tc"), report(running)
    after, change = features(running), changes_since(running, held).json()

    assert before[1] == ["ta", "tb"]
    assert written == (201, 202)
    assert after[1] == ["ta", "tc"]
    assert after[0] != before[0]
    assert [event["type"] for event in change["events"]] == ["hydration"]
    assert running.stop() == 0
    assert toggles_in(database_file) == ["ta", "tc"]


@pytest.mark.thorough
def test_the_file_of_another_installation_is_left_alone(
    running: Server, database_file: Path, tmp_path: Path, sqlite_url: str
):
    other = Path(sqlite_url.removeprefix("sqlite:///"))
    before = other.read_bytes()
    create(running, "ta")

    database_file.unlink()
    shutil.copy(other, database_file)
    wait_until(lambda: "another installation" in running.log)

    assert create(running, "tb") == 503
    assert features(running)[1] == ["ta"]
    assert "another installation" in str(ready(running)["problem"])
    assert running.stop() == 0
    assert database_file.read_bytes() == before


@pytest.mark.thorough
def test_nothing_acknowledged_is_lost_with_a_deleted_log(running: Server, database_file: Path):
    assert create(running, "ta") == 201

    for name in FILES[1:]:
        (database_file.parent / name).unlink()
    wait_until(lambda: create(running, "tb") == 201)
    running.kill()

    assert toggles_in(database_file) == ["ta", "tb"]


def settle() -> None:
    """Give the server time to check its file."""
    time.sleep(1.5)


@pytest.mark.thorough
def test_a_backup_copied_over_the_file_is_served_whole_and_written(
    running: Server, database_file: Path, tmp_path: Path
):
    create(running, "ta")
    back_up(database_file, tmp_path / "backup.db")
    create(running, "tb")
    held = changes_since(running, "").headers["etag"]
    settle()

    shutil.copyfile(tmp_path / "backup.db", database_file)
    wait_until(lambda: features(running)[1] == ["ta"])
    wait_until(lambda: "problem" not in ready(running))
    written = create(running, "tc"), report(running)
    change = changes_since(running, held).json()

    assert written == (201, 202)
    assert [event["type"] for event in change["events"]] == ["hydration"]
    assert "Another program has written to the database file" in running.log
    assert running.stop() == 0
    assert toggles_in(database_file) == ["ta", "tc"]
    assert check_file(str(database_file), indexes=True) is None


@pytest.mark.thorough
def test_changes_are_refused_at_once_when_the_file_is_overwritten(
    running: Server, database_file: Path, tmp_path: Path
):
    create(running, "ta")
    back_up(database_file, tmp_path / "backup.db")
    create(running, "tb")
    settle()

    shutil.copyfile(tmp_path / "backup.db", database_file)
    refused = create(running, "tc")
    status = running.stop()

    assert (refused, status) == (503, 0)
    assert toggles_in(database_file) == ["ta"]
    assert check_file(str(database_file), indexes=True) is None


@pytest.mark.sample(1)
@pytest.mark.parametrize("kind", ["other", "cut off", "text"])
def test_a_file_that_cannot_be_used_is_left_unchanged(
    running: Server, database_file: Path, tmp_path: Path, sqlite_url: str, kind: str
):
    create(running, "ta")
    copied = tmp_path / "copied"
    if kind == "other":
        shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), copied)
    elif kind == "text":
        copied.write_text("no database")
    else:
        back_up(database_file, copied)
        with copied.open("r+b") as file:
            file.truncate(copied.stat().st_size // 2)
    settle()

    shutil.copyfile(copied, database_file)
    wait_until(lambda: "is not used" in running.log)

    assert create(running, "tb") == 503
    assert features(running)[1] == ["ta"]
    words = "another installation" if kind == "other" else "damaged"
    assert words in str(ready(running)["problem"])
    assert running.stop() == 0
    assert database_file.read_bytes() == copied.read_bytes()


@pytest.mark.thorough
def test_a_file_that_was_only_touched_keeps_what_its_log_holds(
    running: Server, database_file: Path
):
    create(running, "ta")
    settle()

    database_file.touch()
    wait_until(lambda: create(running, "tb") == 201)
    settle()
    running.kill()

    assert "Another program" not in running.log
    assert toggles_in(database_file) == ["ta", "tb"]


@pytest.mark.thorough
def test_a_long_reader_that_stops_a_checkpoint_half_way_changes_nothing(
    running: Server, database_file: Path
):
    reader = sqlite3.connect(database_file, isolation_level=None)
    other = sqlite3.connect(database_file, isolation_level=None)
    assert create(running, "before") == 201
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    time.sleep(1.5)  # until the next check of the file

    other.execute("CREATE TABLE grown (content)")
    other.executemany("INSERT INTO grown VALUES (zeroblob(?))", [(3_000,)] * 30)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM toggle").fetchall()
    other.execute("UPDATE grown SET content = zeroblob(2900)")
    other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    # Without its log, the file is no longer a valid database.
    without_log = sqlite3.connect(f"file:{database_file}?immutable=1", uri=True)
    with closing(without_log), pytest.raises(sqlite3.DatabaseError, match="malformed"):
        without_log.execute("SELECT * FROM server_state")
    time.sleep(1.5)
    assert create(running, "during") == 201
    reader.close()
    other.close()

    assert ready(running)["database"] == "available"
    assert running.stop() == 0
    assert check_file(str(database_file)) is None
    assert "database file" not in running.log
