"""A server with an installation that exercises whatever SDKs can evaluate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.installation import Installation, whole_installation
from tests.clients.packages import fetch_packages
from tests.server import Server

NODE_SOURCES = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def installation() -> Installation:
    """What the server holds and what SDKs must decide."""
    return whole_installation()


@pytest.fixture(scope="session")
def server(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A running server that was set up through GraphQL alone."""
    folder = tmp_path_factory.mktemp("server")
    with Server(f"sqlite:///{folder / 'flagstaff.db'}", folder=folder) as running:
        installation.create(running)
        yield running


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Node SDK and the program that drives it."""
    folder = tmp_path_factory.mktemp("node")
    fetch_packages(NODE_SOURCES, folder, what="the Node SDK")
    return folder
