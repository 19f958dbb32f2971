"""A clock that tests set."""

from collections.abc import Iterator

import pytest

from tests.store.usage.reporting import NOW, Clock


@pytest.fixture(scope="module")
def store_clock() -> Clock:
    """The clock of all stores of a test module."""
    return Clock()


@pytest.fixture
def clock(store_clock: Clock) -> Iterator[Clock]:
    """The clock of the store."""
    yield store_clock
    store_clock.now = NOW
