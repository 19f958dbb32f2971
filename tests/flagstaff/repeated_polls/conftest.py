"""Fixtures: a clock, servers, and a connection of a client."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from store import Store
from tests.flagstaff.repeated_polls.polling import (
    Connection,
    Servers,
    add_client,
    served,
)


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.now = datetime(2040, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def store_clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="module")
async def servers(store: Store) -> AsyncIterator[Servers]:
    await add_client(store)
    async with served(store) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def client(servers: Servers) -> Connection:
    return await servers.connect()
