"""What tests of the composition root share: no settings but their own, and server processes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flagstaff.settings import PREFIX, Settings, variables
from tests.flagstaff.process import Server


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without any variable that Flagstaff reads."""
    known = {name for field in Settings.model_fields.values() for name in variables(field)}
    for name in list(os.environ):
        if name in known or name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers in a folder of the test, and stops what still runs at its end."""
    servers: list[Server] = []

    def start(*options: str, **variables: str) -> Server:
        servers.append(Server(tmp_path, *options, **variables))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.wait()
