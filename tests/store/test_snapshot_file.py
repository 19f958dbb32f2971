"""A store saves its configuration to a file, and starts from the file if its database is away."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store import Store
from store.errors import StoreUnavailableError
from store.model import SYSTEM, ApiTokenType
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.snapshot_file import cold_start, keeping
from store.snapshot_file.format import identify_database, read_file, read_header, write_file

FILE = "snapshot"
DEADLINE_S = 30


@pytest.fixture
def url(migrated_database: Callable[[str], str], tmp_path: Path) -> str:
    """A new SQLite database. Nothing here depends on SQL."""
    template = migrated_database("sqlite").removeprefix("sqlite:///")
    return f"sqlite:///{shutil.copy(template, tmp_path / 'flagstaff.db')}"


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start, "RETRY_S", 0.01)


async def filled(url: str, file: Path, *, toggles: tuple[str, ...] = ("checkout",)) -> str:
    """Create toggles and a token in a database, and save them. Return the token."""
    store = await Store.open(url, snapshot_file=file)
    try:
        async with store.write(SYSTEM) as work:
            for name in toggles:
                await create_toggle(work, name=name, fields=ToggleFields(description="Öl"))
            _, secret = await create_token(work, name="sdk", type=ApiTokenType.ADMIN)
        return secret
    finally:
        await store.close()


def break_database(url: str) -> Path:
    """Replace a database by a file that SQLite cannot read; return a copy of the database."""
    path = Path(url.removeprefix("sqlite:///"))
    copy = Path(shutil.copy(path, path.with_suffix(".copy")))
    path.write_bytes(b"no database" * 1_000)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return copy


async def test_closing_saves_the_last_changes_for_the_owner_only(url: str, tmp_path: Path) -> None:
    file = tmp_path / FILE

    secret = await filled(url, file)

    header, snapshot = read_file(file, identify_database(url))
    assert header.revision == snapshot.revision == 1
    assert snapshot.toggles["checkout"].description == "Öl"
    assert snapshot.token_of(secret) is not None
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob(f"{FILE}*.new")] == []


async def test_a_write_is_followed_by_a_pause_of_ten_times_its_duration(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0

    def write(*arguments: Any) -> None:
        nonlocal now
        now += 2.0
        write_file(*arguments)

    monkeypatch.setattr(keeping, "monotonic", lambda: now)
    monkeypatch.setattr(keeping, "write_file", write)
    store = await Store.open(url)
    try:
        file = keeping.SnapshotFile(tmp_path / FILE, url, store._state, store.clock)
        await file.save()
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="checkout", fields=ToggleFields())
        saved = []
        for time in (121.9, 122.0):
            now = time
            await file.save()
            saved.append(read_header(file.path).revision)
    finally:
        await store.close()

    assert saved == [0, 1]


async def test_an_unchanged_configuration_is_not_saved_again(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PAUSES", 0)
    store = await Store.open(url)
    try:
        file = keeping.SnapshotFile(tmp_path / FILE, url, store._state, store.clock)
        await file.save()
        Path(file.path).unlink()
        await file.save()
    finally:
        await store.close()

    assert not Path(file.path).exists()


async def test_a_store_starts_from_the_file_and_continues_with_its_database(
    url: str, tmp_path: Path, quick_retries: None, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / FILE
    secret = await filled(url, file)
    copy = break_database(url)

    store = await Store.open(url, snapshot_file=file)
    try:
        served, token = dict(store.snapshot.toggles), store.snapshot.token_of(secret)
        states = (store.ready, store.database_available, store.connected.is_set())
        problem, first = store.database_problem, store.first_revision
        with pytest.raises(StoreUnavailableError):
            async with store.write(SYSTEM) as work:
                await create_toggle(work, name="refused", fields=ToggleFields())
        with pytest.raises(StoreUnavailableError):
            async with store.read():
                pass
        shutil.copy(copy, url.removeprefix("sqlite:///"))
        async with asyncio.timeout(DEADLINE_S):
            await store.connected.wait()
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="later", fields=ToggleFields())
        names, end_problem = set(store.snapshot.toggles), store.database_problem
    finally:
        await store.close()

    assert served.keys() == {"checkout"}
    assert token is not None
    assert states == (True, False, False)
    # The events of earlier revisions cannot be read.
    assert first == 1
    assert problem is not None
    assert problem.startswith("The database has not been reached since the start.")
    assert names == {"checkout", "later"}
    assert end_problem is None
    assert "The database is available, at revision 1" in caplog.text
    assert read_header(file).revision == 2


async def test_a_database_older_than_the_file_continues_at_unused_revisions(
    url: str, tmp_path: Path, quick_retries: None
) -> None:
    file = tmp_path / FILE
    path = Path(url.removeprefix("sqlite:///"))
    older = shutil.copy(path, tmp_path / "older.db")
    await filled(url, file)
    break_database(url)

    store = await Store.open(url, snapshot_file=file)
    try:
        before = store.snapshot
        shutil.copy(older, path)
        async with asyncio.timeout(DEADLINE_S):
            await store.connected.wait()
        after = store.snapshot
    finally:
        await store.close()

    assert before.toggles
    assert not after.toggles
    assert after.revision > before.revision + 1


def _damage(content: bytes) -> bytes:
    return content.replace(b"checkout", b"chickout")


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _rename(content: bytes) -> bytes:
    return content.replace(b"flagstaff-snapshot", b"other-snapshot", 1)


def _renew(content: bytes) -> bytes:
    return content.replace(b'"version":1', b'"version":2', 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_damage, "is damaged: its checksum is wrong"),
        (_cut, "is damaged: its checksum is wrong"),
        (_rename, "is not a snapshot file of Flagstaff"),
        (_renew, "was written by a newer version"),
        (lambda _: b"", "is not a snapshot file of Flagstaff"),
        (None, "cannot be read: No such file or directory"),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: Any, reason: str
) -> None:
    file = tmp_path / FILE
    await filled(url, file)
    break_database(url)
    if change is None:
        file.unlink()
    else:
        file.write_bytes(change(file.read_bytes()))

    with pytest.raises(StoreUnavailableError):
        await Store.open(url, snapshot_file=file)

    assert reason in caplog.text


async def test_a_file_of_another_database_is_refused(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, other = tmp_path / FILE, tmp_path / "other.db"
    await filled(url, file)
    other.write_bytes(b"no database" * 1_000)

    with pytest.raises(StoreUnavailableError):
        await Store.open(f"sqlite:///{other}", snapshot_file=file)

    assert "belongs to another database" in caplog.text


def test_the_address_identifies_a_database_without_user_and_password() -> None:
    same = {
        identify_database(f"postgresql://{user}db:5432/flags?{option}")
        for user in ("", "flagstaff:secret@")
        for option in ("", "sslmode=require")
    }
    others = {
        identify_database(url)
        for url in (
            "postgresql://db/flags",
            "postgresql://db2/flags",
            "postgresql://db/flags2",
            "postgresql://db/flags?options=-csearch_path%3Dflagstaff",
            "sqlite:////flags",
        )
    }

    assert len(same) == 1
    assert len(others) == 5
    assert same < others
