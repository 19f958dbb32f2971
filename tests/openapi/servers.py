"""Servers with the objects that the examples of the OpenAPI document need."""

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
    """Create a database file with the objects that the examples need."""
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
