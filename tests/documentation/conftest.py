"""Servers for the programs of the documentation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import PROGRAMS
from tests.clients.packages import fetch_packages
from tests.server import TOKENS, ForkedServer, Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A new empty server for each test."""
    with ForkedServer(tmp_path, **TOKENS) as running:
        yield running


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages that the documentation installs."""
    folder = tmp_path_factory.mktemp("documented")
    fetch_packages(PROGRAMS, folder, what="what the documented programs need")
    return folder
