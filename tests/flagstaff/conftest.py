"""Fixtures for tests of the package `flagstaff`: isolated settings, commands and servers."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flagstaff.cli import main
from tests.flagstaff.outcome import Outcome
from tests.server import Server
from tests.store.conftest import (
    beginning,
    filled,
    own_url,
    pytest_pycollect_makeitem,
    rewound_store,
    rewound_url,
    store,
    store_clock,
)

__all__ = [
    "beginning",
    "filled",
    "own_url",
    "pytest_pycollect_makeitem",
    "rewound_store",
    "rewound_url",
    "store",
    "store_clock",
]


@pytest.fixture(autouse=True)
def no_settings_but_their_own(no_settings: None) -> None:
    """Run all tests of this folder without the settings in the environment."""


@pytest.fixture(scope="session")
def common_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server after its first start, for read-only tests. The log has all levels."""
    with Server(
        tmp_path_factory.mktemp("server"),
        FLAGSTAFF_LOG_LEVEL="debug",
        FLAGSTAFF_ACCESS_LOG="true",
        FLAGSTAFF_MAX_HEAD_BYTES="5000",
    ) as server:
        yield server
        assert server.stop(signal.SIGTERM) == 0


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """A function that starts a server in the test's folder. At the end, all servers stop."""
    servers: list[Server] = []

    def start(*options: str, **variables: str) -> Server:
        servers.append(Server(tmp_path, *options, **variables))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def database_file(migrated_database: Callable[[str], str], tmp_path: Path) -> Path:
    """A database with only the built-in content. Commands use its path by default."""
    return Path(shutil.copy(migrated_database("sqlite").removeprefix("sqlite:///"), tmp_path))


@pytest.fixture
def flagstaff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """A function that runs the command `flagstaff` in a separate folder."""
    monkeypatch.chdir(tmp_path)
    for module in ("commands.local_store", "server"):
        monkeypatch.setattr(f"flagstaff.{module}.configure_logging", lambda *_: None)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["flagstaff", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run
