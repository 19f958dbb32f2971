"""Operations hardly touch SQL, so that one kind of database is enough to see what they do.

That all they do is stored alike on every kind is tests/store/test_round_trip.py's subject.
"""

import asyncio
import shutil
from pathlib import Path

import pytest

from store import Store


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with nothing in it but what is built in."""
    file = tmp_path_factory.mktemp("operations") / "flagstaff.db"

    async def prepare() -> None:
        await (await Store.open(f"sqlite:///{file}")).close()

    asyncio.run(prepare())
    return file


@pytest.fixture
def prepared_url(prepared_file: Path, tmp_path: Path) -> str:
    """A copy of it for one test."""
    shutil.copy(prepared_file, tmp_path / "flagstaff.db")
    return f"sqlite:///{tmp_path / 'flagstaff.db'}"
