"""Fixtures: servers with toggles for everything that SDKs can evaluate, and programs for Node."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients.administration import (
    Administration,
    GraphQLAdministration,
    RestAdministration,
)
from tests.clients.installation import Installation, whole_installation
from tests.clients.packages import fetch_packages
from tests.server import FRONTEND_TOKEN, TOKENS, ForkedServer, Server

PROGRAMS = Path(__file__).parent / "javascript"


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The toggles of the servers, and the decisions that SDKs must make."""
    return whole_installation()


@contextmanager
def set_up(
    kind: type[Administration], installation: Installation, folders: pytest.TempPathFactory
) -> Iterator[Administration]:
    """An administrator of a server with the installation. The server runs until the end."""
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(folders.mktemp("server"), **variables) as server:
        administration = kind(server)
        installation.set_up(administration)
        yield administration


@pytest.fixture(scope="session")
def by_graphql(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Administration]:
    """A server that was set up only through GraphQL."""
    with set_up(GraphQLAdministration, installation, tmp_path_factory) as administration:
        yield administration


@pytest.fixture(scope="session")
def by_rest(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Administration]:
    """A server that was set up only through the 3.x admin API."""
    with set_up(RestAdministration, installation, tmp_path_factory) as administration:
        yield administration


@pytest.fixture(scope="session", params=["by_graphql", "by_rest"])
def administration(request: pytest.FixtureRequest) -> Administration:
    """Both servers. Each test runs once with each server."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def server(by_graphql: Administration) -> Server:
    """A running server. Each test creates its own toggles on the server."""
    return by_graphql.server


@pytest.fixture(scope="session")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty server that requires no tokens."""
    with ForkedServer(tmp_path_factory.mktemp("open-server"), FLAGSTAFF_AUTH="none") as running:
        yield running


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs that drive SDKs from the npm registry."""
    folder = tmp_path_factory.mktemp("javascript")
    fetch_packages(PROGRAMS, folder, what="what the clients for JavaScript need")
    return folder
