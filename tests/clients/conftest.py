"""A server with an installation that exercises whatever SDKs can evaluate."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.installation import Installation, whole_installation
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
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so the Node SDK cannot be fetched")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "probe.js"):
        shutil.copy(NODE_SOURCES / name, folder)
    fetched = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        env={**os.environ, "npm_config_update_notifier": "false"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert fetched.returncode == 0, fetched.stderr
    return folder
