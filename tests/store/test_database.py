"""The database: which driver a URL means, and what happens when it cannot be reached."""

from pathlib import Path

import pytest

from store import Store
from store.database import Database, async_url
from store.errors import StoreUnavailableError


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("sqlite:///f.db", "sqlite+aiosqlite:///f.db"),
    ],
)
def test_a_url_gets_the_driver_that_is_meant(given: str, meant: str):
    assert async_url(given) == meant


def test_an_unknown_database_is_refused_by_name():
    with pytest.raises(ValueError, match="mysql"):
        Database("mysql://u@h/d")


async def test_a_database_that_is_not_there_is_unavailable():
    with pytest.raises(StoreUnavailableError):
        await Store.open("postgresql://nobody@127.0.0.1:1/none")


async def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path):
    with pytest.raises(StoreUnavailableError):
        await Store.open(f"sqlite:///{tmp_path / 'missing' / 'flagstaff.db'}")


async def test_sqlite_writes_ahead_and_syncs_every_commit(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")

    async with database.begin_write() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await database.close()
