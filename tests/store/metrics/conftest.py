"""A store whose clock a test sets."""

from collections.abc import AsyncIterator

import pytest

from store import Store
from tests.store.metrics.reporting import Clock


@pytest.fixture
def clock() -> Clock:
    """The clock of the store."""
    return Clock()


@pytest.fixture
async def store(prepared_url: str, clock: Clock) -> AsyncIterator[Store]:
    """An open store on an empty database."""
    opened = await Store.open(prepared_url, clock=clock)
    yield opened
    await opened.close()
