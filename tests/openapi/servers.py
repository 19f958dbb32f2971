"""Servers with the installation in which the examples are true."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import Store
from tests.openapi.seed import TOKENS, fill
from tests.server import ForkedServer, Server

_FILE = "flagstaff.db"


def prepare_database(folder: Path) -> Path:
    """A closed database file with the installation of the examples."""
    file = folder / _FILE

    async def prepare() -> None:
        store = await Store.open(f"sqlite:///{file}")
        try:
            await fill(store)
        finally:
            await store.close()

    asyncio.run(prepare())
    return file


@contextmanager
def seeded_server(prepared: Path, folder: Path, **variables: str) -> Iterator[Server]:
    """A server over a copy of a prepared file."""
    shutil.copy(prepared, folder / _FILE)
    with ForkedServer(
        folder, FLAGSTAFF_INIT_ADMIN_TOKENS=TOKENS["adminToken"], **variables
    ) as server:
        yield server
