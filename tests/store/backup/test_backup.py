"""A backup contains the whole database, and can be restored into both kinds of databases."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from store import Store
from store.aggregates import table_of
from store.backup import writing
from store.backup.format import BackupError, check_backup
from store.backup.restoring import restore_backup
from store.backup.tables import encoder_of, head_of, reflect_tables
from store.backup.writing import write_backup
from store.database import Database
from store.migrations import current_migration, newest_migration
from store.migrations.scripts import alembic_config
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import EnvironmentRow, EventRow, ServerStateRow
from tests.filling import Size, fill

STATE = table_of(ServerStateRow)
EVENT = table_of(EventRow)
# The migration of an older version.
OLDER = "0008"
# Restoring changes these columns, because a new history begins.
RENEWED = {(STATE.name, "revision"), (table_of(EnvironmentRow).name, "served_revision")}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        await database.check()
        yield database
    finally:
        await database.close()


async def backup(url: str, file: Path) -> dict[str, int]:
    async with opened(url) as database:
        return await write_backup(database, file, server="1.0")


async def restore(url: str, file: Path, *, verify: bool = True) -> dict[str, int]:
    async with opened(url) as database:
        return await restore_backup(database, file, verify=verify)


async def content(url: str) -> dict[str, list[Any]]:
    """All rows of all tables, as values of JSON."""
    async with opened(url) as database, database.begin_read() as connection:
        found: dict[str, list[Any]] = {}
        for table in await reflect_tables(connection):
            encode = encoder_of(head_of(table))
            names = table.columns.keys()
            found[table.name] = sorted(
                repr(
                    {
                        name: value
                        for name, value in zip(names, encode(row), strict=True)
                        if (table.name, name) not in RENEWED
                    }
                )
                for row in await connection.execute(sa.select(table))
            )
        return found


@pytest.fixture(scope="session")
def filled_file(
    new_database: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """An SQLite database with rows in nearly all tables."""
    url = new_database("sqlite", tmp_path_factory.mktemp("filled"))
    asyncio.run(fill(url, Size(toggles=30, applications=3, reference_data=3, change_sets=5)))
    return url


@pytest.fixture(scope="module")
def filled_url(
    database: str,
    filled_file: str,
    new_database: Callable[[str, Path], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """A database with the same rows on SQLite or PostgreSQL."""
    if database == "sqlite":
        return filled_file
    url, file = new_database(database, Path()), tmp_path_factory.mktemp("filled") / "backup"

    async def copy() -> None:
        await backup(filled_file, file)
        await restore(url, file)

    asyncio.run(copy())
    return url


@pytest.fixture
def new_url(
    request: pytest.FixtureRequest, new_database: Callable[[str, Path], str], tmp_path: Path
) -> str:
    """An empty database, of the kind in the parameter or on SQLite."""
    folder = tmp_path / "new"
    folder.mkdir()
    return new_database(getattr(request, "param", "sqlite"), folder)


@pytest.mark.sample(1)
@pytest.mark.parametrize("new_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.every_row
async def test_a_restored_database_has_the_same_content(
    filled_url: str, new_url: str, tmp_path: Path
) -> None:
    file, url = tmp_path / "backup.gz", new_url

    written = await backup(filled_url, file)
    restored = await restore(url, file)

    assert written == restored
    assert sum(bool(count) for count in written.values()) > 20
    assert await content(url) == await content(filled_url)


@pytest.mark.thorough
async def test_a_restored_database_continues_after_a_gap(
    filled_url: str, database_url: str, tmp_path: Path
) -> None:
    await backup(filled_url, tmp_path / "b")
    await restore(database_url, tmp_path / "b")
    header, _ = check_backup(tmp_path / "b")

    store = await Store.open(database_url, background=False)
    try:
        installation, revision = store.installation_id, store.snapshot.revision
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="after-the-restore")
        async with store.read() as connection:
            numbers = sa.select(EVENT.c.number).order_by(EVENT.c.number.desc()).limit(2)
            newest, before = (await connection.scalars(numbers)).all()
    finally:
        await store.close()

    assert installation == header.installation_id
    assert revision > header.revision
    assert newest > before + 1_000


@pytest.mark.thorough
async def test_only_an_empty_database_is_restored(
    filled_url: str, prepared_url: str, tmp_path: Path
) -> None:
    await backup(filled_url, tmp_path / "b")
    before = await content(prepared_url)

    with pytest.raises(BackupError, match="The database is not empty"):
        await restore(prepared_url, tmp_path / "b")

    assert await content(prepared_url) == before


async def test_a_backup_is_never_overwritten(filled_url: str, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_text("precious")

    with pytest.raises(FileExistsError):
        await backup(filled_url, file)

    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


def _flip_byte(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


def _change_name(content: bytes) -> bytes:
    lines = gzip.decompress(content).replace(b"toggle-00001", b"toggle-00009")
    return gzip.compress(lines)


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda content: content[: len(content) // 2], "is damaged"),
        (_flip_byte, "is damaged"),
        (_change_name, "does not match its checksum"),
        (lambda content: gzip.compress(gzip.decompress(content)[:-300]), "is incomplete"),
        (lambda _: gzip.compress(b'{"a":1}\n'), "is not a backup"),
        (lambda _: b"text", "is damaged or not a backup"),
        (lambda _: b"", "is empty"),
        (
            lambda content: gzip.compress(
                gzip.decompress(content).replace(b'"version":1', b'"version":2', 1)
            ),
            "has version 2",
        ),
        (
            lambda content: gzip.compress(
                gzip.decompress(content).replace(b'"migration":"0', b'"migration":"9', 1)
            ),
            "does not match its checksum",
        ),
    ],
    ids="cut byte changed lines other text empty version migration".split(),
)
async def test_a_damaged_file_is_refused_and_nothing_is_written(
    filled_url: str,
    tmp_path: Path,
    damage: Callable[[bytes], bytes],
    problem: str,
    new_url: str,
) -> None:
    file = tmp_path / "b"
    await backup(filled_url, file)
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(BackupError, match=problem):
        await restore(new_url, file)

    assert await content(new_url) == {}


@pytest.mark.thorough
async def test_a_backup_is_of_one_moment_while_others_write(
    prepared_url: str, tmp_path: Path, new_url: str
) -> None:
    store = await Store.open(prepared_url)
    stop = asyncio.Event()

    async def change() -> None:
        number = 0
        while not stop.is_set():
            async with store.write(SYSTEM) as work:
                await create_toggle(work, name=f"toggle-{number}")
            number += 1

    writing = asyncio.create_task(change())
    try:
        for number in range(3):
            await backup(prepared_url, tmp_path / str(number))
    finally:
        stop.set()
        await writing
        await store.close()
    await restore(new_url, tmp_path / "2")

    header, _ = check_backup(tmp_path / "2")
    async with opened(new_url) as database, database.begin_read() as connection:
        newest = await connection.scalar(sa.select(sa.func.max(EVENT.c.revision)))
    assert newest == header.revision


@pytest.mark.thorough
async def test_a_backup_of_an_older_version_is_migrated(
    filled_file: str,
    database_url: str,
    new_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The older version is played by this version, on tables of the older version."""
    await backup(filled_file, tmp_path / "newest")
    await restore(database_url, tmp_path / "newest")
    async with opened(database_url) as database, database.begin_write() as connection:
        await connection.run_sync(_downgrade, OLDER)
    monkeypatch.setattr(writing, "newest_migration", lambda: OLDER)

    written = await backup(database_url, tmp_path / "older")
    restored = await restore(new_url, tmp_path / "older")

    assert check_backup(tmp_path / "older")[0].migration == OLDER
    assert restored == written
    async with opened(new_url) as database:
        assert await current_migration(database) == newest_migration()


async def test_a_database_of_another_version_is_not_backed_up(
    filled_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "newest_migration", lambda: OLDER)

    with pytest.raises(BackupError, match=f"but this version needs {OLDER}"):
        await backup(filled_file, tmp_path / "backup")

    assert not [*tmp_path.iterdir()]


def _downgrade(connection: sa.Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
