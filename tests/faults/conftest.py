"""Servers and applications that receive malformed requests."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from tests.faults.hostile.endpoints import endpoints
from tests.faults.hostile.sending import AsgiSender
from tests.faults.hostile.site import Site
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server that logs each request. At the end, it must stop cleanly."""
    folder = tmp_path_factory.mktemp("server")
    with ForkedServer(folder, FLAGSTAFF_ACCESS_LOG="true", **TOKENS) as running:
        yield running
        assert running.stop() == 0
        assert "Traceback" not in running.log


@pytest.fixture
def sqlite_url(
    tmp_path: Path,
    migrated_database: Callable[[str], str],
    copy_database: Callable[[str, Path], str],
) -> str:
    """A database for tests that do not depend on its kind."""
    return copy_database(migrated_database("sqlite"), tmp_path)


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    """An open store for tests that do not depend on the kind of database."""
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def site(store: Store, no_settings: None) -> Site:
    """The whole application with data that must not change."""
    settings = Settings(init_admin_tokens=(ADMIN_TOKEN,), init_client_tokens=(CLIENT_TOKEN,))
    await provide_tokens(store, settings)
    sender = AsgiSender(compose(store, settings))
    site = Site(sender, endpoints(), admin=ADMIN_TOKEN, client=CLIENT_TOKEN)
    await site.prepare()
    return site
