"""Stores that the tests of a module use one after another, on one event loop.

The fixture `store` has the same content at the start of each test of a module.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio

from store import Store
from store.clock_skew import utc_now
from tests.rewinding import RewoundStore

CopyDatabase: TypeAlias = Callable[[str, Path], str]
PreparedDatabase: TypeAlias = Callable[[str], str]
StoreClock: TypeAlias = Callable[[], datetime]
Fill: TypeAlias = Callable[[Store], Awaitable[object]]
Filled: TypeAlias = Callable[[str, Fill], str]


def pytest_pycollect_makeitem(name: str, obj: object) -> None:
    # An open store works on one event loop only, so tests that share it run on one loop.
    test = getattr(getattr(obj, "hypothesis", None), "inner_test", obj)
    if name.startswith("test_") and inspect.iscoroutinefunction(test):
        pytest.mark.asyncio(loop_scope="module")(obj)


@pytest.fixture(scope="module")
def beginning(database: str, prepared_database: PreparedDatabase) -> str:
    """The database with which each test of a module begins. Modules override the fixture to add
    data.
    """
    return prepared_database(database)


@pytest.fixture(scope="module")
def store_clock() -> StoreClock:
    """The clock of the store."""
    return utc_now


@pytest.fixture(scope="module")
def filled(
    copy_database: CopyDatabase, tmp_path_factory: pytest.TempPathFactory, store_clock: StoreClock
) -> Filled:
    """A function that copies a database and adds data to the copy."""

    async def fill_in(url: str, fill: Fill) -> None:
        store = await Store.open(url, clock=store_clock)
        try:
            await fill(store)
        finally:
            await store.close()

    def with_more(url: str, fill: Fill) -> str:
        copy = copy_database(url, tmp_path_factory.mktemp("filled"))
        asyncio.run(fill_in(copy, fill))
        return copy

    return with_more


@pytest.fixture(scope="module")
def rewound_url(
    beginning: str, copy_database: CopyDatabase, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The database that the tests of a module use one after another."""
    return copy_database(beginning, tmp_path_factory.mktemp("rewound"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rewound_store(rewound_url: str, store_clock: StoreClock) -> AsyncIterator[RewoundStore]:
    """The store that the tests of a module use one after another."""
    rewound = await RewoundStore.open(rewound_url, store_clock)
    yield rewound
    await rewound.close()


@pytest_asyncio.fixture(loop_scope="module")
async def store(rewound_store: RewoundStore) -> AsyncIterator[Store]:
    """An open store with the initial data of the module."""
    yield rewound_store.store
    await rewound_store.rewind()


@pytest.fixture
def store_url(store: Store, rewound_url: str) -> str:
    """The URL of the database of `store`, for tests that open another store."""
    return rewound_url


@pytest_asyncio.fixture(loop_scope="module")
async def other_store(store_url: str, store_clock: StoreClock) -> AsyncIterator[Store]:
    """A second store over the database of `store`, as in another process.

    When a store is refreshed, it loads the commits of the other store. The second store aggregates
    reports only when the test tells it to.
    """
    opened = await Store.open(store_url, clock=store_clock)
    await opened._listener.close()
    await opened._tasks[0].close()
    await opened.usage_tracker.aggregator._task.close()
    yield opened
    await opened.close()


@pytest.fixture
def own_url(beginning: str, copy_database: CopyDatabase, tmp_path: Path) -> str:
    """A separate database for the test, with the same content."""
    return copy_database(beginning, tmp_path)


@pytest_asyncio.fixture(loop_scope="module")
async def own_store(own_url: str, store_clock: StoreClock) -> AsyncIterator[Store]:
    """A separate open store for the test, for changes that `RewoundStore` cannot undo."""
    opened = await Store.open(own_url, clock=store_clock)
    yield opened
    await opened.close()
