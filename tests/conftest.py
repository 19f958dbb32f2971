"""Fixtures for all tests. Each test has a separate store on each kind of database."""

import asyncio
import gc
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from store import Store
from tests.engines import statements_compiled_once
from tests.loops import Loop
from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import without_settings

# For each request to an app, httpx would try to import trio. Each attempt would fail.
sys.modules["sniffio"] = None  # pyright: ignore[reportArgumentType] (not to be looked for)

# Test machines are sometimes slow, so a slow example does not indicate an error.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Garbage collection is off until all modules are imported and all tests are collected.
gc.disable()

DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*DATABASES, "all"),
        default="all",
        help="run tests that need a database on this one only",
    )
    parser.addoption(
        "--sample",
        type=int,
        help="of a test that is run over a table, run only so many rows, from all its parts",
    )
    parser.addoption(
        "--every-row",
        action="store_true",
        help="run all rows of all tables on PostgreSQL, too, and thorough tests",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    every_row = config.getoption("--every-row")
    tables: defaultdict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if every_row or not item.get_closest_marker("thorough"):
            tables[item.nodeid.partition("[")[0], _database_of(item)].append(item)
    on_both = config.getoption("--database") == "all" and not every_row
    size = config.getoption("--sample")
    selected: set[pytest.Item] = set()
    for (_, database), rows in tables.items():
        if not every_row and (mark := rows[0].get_closest_marker("sample")):
            rows = rows[: mark.args[0]]
        if on_both and database == "postgresql" and not rows[0].get_closest_marker("every_row"):
            # Creating a PostgreSQL database takes longer than a test, so only one row per table
            # runs on PostgreSQL, and slow tests run there only if they need PostgreSQL.
            needed = rows[0].get_closest_marker("postgres")
            rows = rows[: 1 if needed or not rows[0].get_closest_marker("slow") else 0]
        selected.update(rows if size is None else _spread(rows, size))
    config.hook.pytest_deselected(items=[item for item in items if item not in selected])
    items[:] = [item for item in items if item in selected]


def _spread(rows: Sequence[pytest.Item], size: int) -> Sequence[pytest.Item]:
    """At most `size` rows from all parts of a table, beginning with the first."""
    if len(rows) <= size:
        return rows
    return [rows[number * len(rows) // size] for number in range(size)]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    # Tests run on the same kind of event loop as servers.
    return {"uvloop": Loop}


def pytest_collection_finish() -> None:
    # Imported modules and collected tests exist until the end. Searching them for garbage
    # repeatedly would take much time.
    gc.collect()
    gc.freeze()
    gc.enable()


def _database_of(item: pytest.Item) -> str:
    call = getattr(item, "callspec", None)
    return call.params.get("database", "") if call is not None else ""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        databases = DATABASES if chosen == "all" else (chosen,)
        if metafunc.definition.get_closest_marker("postgres"):
            databases = ("postgresql",)
        metafunc.parametrize("database", databases, indirect=True)


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database. The tests of a module run on one kind after the other."""
    return request.param


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this test process."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    with running_cluster(programs) as running:
        yield running


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Callable[[str, Path], str]:
    """A function that creates an empty database of a kind and returns the database's URL.

    An SQLite file is created in the given folder.
    """

    def make(database: str, folder: Path) -> str:
        if database == "sqlite":
            return f"sqlite:///{folder / 'flagstaff.db'}"
        running: Cluster = request.getfixturevalue("cluster")
        return running.new_database()

    return make


@pytest.fixture
def database_url(
    database: str,
    tmp_path: Path,
    new_database: Callable[[str, Path], str],
    drop_database: Callable[[str], None],
) -> Iterator[str]:
    """An empty database."""
    url = new_database(database, tmp_path)
    yield url
    drop_database(url)


@pytest.fixture(scope="session")
def copy_database(request: pytest.FixtureRequest) -> Callable[[str, Path], str]:
    """A function that copies a database and returns the URL of the copy.

    A SQLite file is copied into the given folder.
    """

    def copy(url: str, folder: Path) -> str:
        if url.startswith("sqlite:"):
            shutil.copy(url.removeprefix("sqlite:///"), folder / "flagstaff.db")
            return f"sqlite:///{folder / 'flagstaff.db'}"
        running: Cluster = request.getfixturevalue("cluster")
        return running.new_database(template=url)

    return copy


@pytest.fixture(scope="session")
def drop_database(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A function that deletes a database on PostgreSQL, because clusters are kept in memory.

    pytest deletes SQLite files.
    """

    def drop(url: str) -> None:
        if url.startswith("postgresql:"):
            running: Cluster = request.getfixturevalue("cluster")
            running.drop(url)

    return drop


@pytest.fixture(scope="session")
def migrated_database(
    new_database: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Maps kinds of databases to the URL of a migrated database with only built-in content."""

    @cache
    def prepare(database: str) -> str:
        url = new_database(database, tmp_path_factory.mktemp("prepared"))
        asyncio.run(_prepare(url))
        return url

    return prepare


@pytest.fixture(scope="session")
def prepared_database(migrated_database: Callable[[str], str]) -> Callable[[str], str]:
    """The database that `prepared_url` copies. Modules override this fixture to add data."""
    return migrated_database


@pytest.fixture
def prepared_url(
    database: str,
    tmp_path: Path,
    prepared_database: Callable[[str], str],
    copy_database: Callable[[str, Path], str],
    drop_database: Callable[[str], None],
) -> Iterator[str]:
    """A copy of a prepared database for one test. Migrating a database would take longer."""
    url = copy_database(prepared_database(database), tmp_path)
    yield url
    drop_database(url)


async def _prepare(url: str) -> None:
    await (await Store.open(url)).close()


@pytest.fixture(scope="session", autouse=True)
def shared_statements() -> Iterator[None]:
    """Let all stores of this test process share their compiled statements."""
    with statements_compiled_once():
        yield


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove all variables that Flagstaff reads from the environment."""
    for name in os.environ.keys() - without_settings(os.environ).keys():
        monkeypatch.delenv(name)


@pytest.fixture
async def store(prepared_url: str) -> AsyncIterator[Store]:
    """An open store with only the built-in content."""
    opened = await Store.open(prepared_url)
    yield opened
    await opened.close()
