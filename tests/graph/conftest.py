"""Fixtures of the GraphQL tests.

Each test uses a separate copy of a prepared database. The module or this folder prepares the
database. Tests that change nothing, or whose changes do not affect other tests, share one store per
module. Modules with a shared store set `pytestmark = pytest.mark.asyncio(loop_scope="module")`,
because a store works on one event loop only.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio

from graph.engine.run.context import RequestContext
from graph.engine.run.reads import CurrentState
from store import Store, pacing
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.graph.gateway import Gateway, add_tokens, gateway_over
from tests.graph.installation import Installation

CopyDatabase: TypeAlias = Callable[[str, Path], str]
PreparedDatabase: TypeAlias = Callable[[str], str]
Fill: TypeAlias = Callable[[Store], Awaitable[None]]
Filled: TypeAlias = Callable[[PreparedDatabase, Fill], PreparedDatabase]

_numbers = count(1)


@pytest.fixture(scope="session")
def filled(copy_database: CopyDatabase, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A function that adds data to copies of prepared databases."""

    def with_more(prepared: PreparedDatabase, fill: Fill) -> PreparedDatabase:
        @cache
        def prepare(database: str) -> str:
            url = copy_database(prepared(database), tmp_path_factory.mktemp("filled"))
            asyncio.run(_fill(url, fill))
            return url

        return prepare

    return with_more


async def _fill(url: str, fill: Fill) -> None:
    store = await Store.open(url)
    try:
        await fill(store)
    finally:
        await store.close()


@pytest.fixture(scope="session")
def gateway_database(migrated_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """A database of each kind with only a gateway's tokens."""
    return filled(migrated_database, add_tokens)


@pytest.fixture(scope="session")
def furnished_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases of each kind with a gateway's tokens and the reference data of an installation."""
    return filled(gateway_database, lambda store: Installation(store).reference_data())


@pytest.fixture(scope="session")
def prepared_database(gateway_database: PreparedDatabase) -> PreparedDatabase:
    """The databases with which tests begin; modules override this fixture to add data."""
    return gateway_database


@pytest.fixture
def never_giving_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make time slices endless, so that an answer always takes the same number of steps."""
    monkeypatch.setattr(pacing, "SLICE_S", math.inf)


@pytest.fixture
def without_cached_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable caches, so that each request completes all of its values."""

    def use_none(current: CurrentState, context: RequestContext) -> None:
        context.cached_state = None

    monkeypatch.setattr(CurrentState, "follow", use_none)


@pytest.fixture
def sqlite_url(
    tmp_path: Path, prepared_database: PreparedDatabase, copy_database: CopyDatabase
) -> str:
    """The SQLite database of `prepared_url`, for modules that do not depend on the database."""
    return copy_database(prepared_database("sqlite"), tmp_path)


@pytest.fixture
async def gateway(store: Store) -> AsyncIterator[Gateway]:
    """The GraphQL edge over a new store for each test."""
    async with gateway_over(store) as opened:
        yield opened


@pytest.fixture
def installation(gateway: Gateway) -> Installation:
    """Adds objects to the store of the gateway, after the data that the module prepares."""
    return Installation(gateway.store)


@pytest.fixture(scope="module")
def shared_url(
    prepared_database: PreparedDatabase,
    copy_database: CopyDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The database that tests of a module share: a SQLite file."""
    return copy_database(prepared_database("sqlite"), tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def shared_url_on_each(
    database: str,
    prepared_database: PreparedDatabase,
    copy_database: CopyDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The shared database of each kind, for modules whose tests concern SQL."""
    return copy_database(prepared_database(database), tmp_path_factory.mktemp("shared"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_store(shared_url: str) -> AsyncIterator[Store]:
    """An open store that the tests of a module share. Each test uses different names."""
    store = await Store.open(shared_url)
    yield store
    await store.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_gateway(shared_store: Store) -> AsyncIterator[Gateway]:
    """The GraphQL edge over the store that tests of a module share."""
    async with gateway_over(shared_store) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def own_gateway(prepared_url: str) -> AsyncIterator[Gateway]:
    """A gateway over a separate store, for tests whose changes would affect other tests."""
    store = await Store.open(prepared_url)
    async with gateway_over(store) as opened:
        yield opened
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def own_toggle(shared_store: Store) -> str:
    """The name of a new toggle in the shared store. The toggle is off and has the strategy
    `default`.
    """
    name = f"toggle-{next(_numbers)}"
    async with shared_store.write(SYSTEM) as work:
        await create_toggle(work, name=name)
    return name
