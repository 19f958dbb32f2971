"""What the tests of the GraphQL edge share."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store import Store
from tests.graph.gateway import Gateway, gateway_over


@pytest.fixture
async def gateway(store: Store) -> AsyncIterator[Gateway]:
    """The GraphQL edge over an empty store."""
    async with gateway_over(store) as opened:
        yield opened


@pytest.fixture
def sqlite_url(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, prepared_databases: dict[str, str]
) -> str:
    """What `prepared_url` is on SQLite; for modules whose subject is the same on every database."""
    if "sqlite" not in prepared_databases:
        prepared = f"sqlite:///{tmp_path_factory.mktemp('prepared') / 'flagstaff.db'}"
        asyncio.run(_prepare(prepared))
        prepared_databases["sqlite"] = prepared
    shutil.copy(prepared_databases["sqlite"].removeprefix("sqlite:///"), tmp_path / "flagstaff.db")
    return f"sqlite:///{tmp_path / 'flagstaff.db'}"


async def _prepare(url: str) -> None:
    await (await Store.open(url)).close()
