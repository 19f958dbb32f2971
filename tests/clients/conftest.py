"""Servers with an installation that exercises whatever SDKs can evaluate."""

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
from tests.server import TOKENS, Server

NODE_SOURCES = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def installation() -> Installation:
    """What the servers hold and what SDKs must decide."""
    return whole_installation()


@contextmanager
def set_up(
    kind: type[Administration], installation: Installation, folders: pytest.TempPathFactory
) -> Iterator[Administration]:
    """Somebody who has set up a server that runs until the end."""
    with Server(folders.mktemp("server"), **TOKENS) as server:
        administration = kind(server)
        installation.set_up(administration)
        yield administration


@pytest.fixture(scope="session")
def by_graphql(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Administration]:
    """A server that was set up through GraphQL alone."""
    with set_up(GraphQLAdministration, installation, tmp_path_factory) as administration:
        yield administration


@pytest.fixture(scope="session")
def by_rest(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Administration]:
    """A server that was set up through the 3.x admin API alone."""
    with set_up(RestAdministration, installation, tmp_path_factory) as administration:
        yield administration


@pytest.fixture(scope="session", params=["by_graphql", "by_rest"])
def administration(request: pytest.FixtureRequest) -> Administration:
    """One of these servers after the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def server(by_graphql: Administration) -> Server:
    """A running server."""
    return by_graphql.server


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Node SDK and the program that drives it."""
    folder = tmp_path_factory.mktemp("node")
    fetch_packages(NODE_SOURCES, folder, what="the Node SDK")
    return folder
