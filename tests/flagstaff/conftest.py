"""What tests of the composition root share: no settings but their own, commands and servers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flagstaff.cli import main
from tests.flagstaff.commands import Outcome
from tests.server import Server


@pytest.fixture(autouse=True)
def no_settings_but_their_own(no_settings: None) -> None:
    """All of these tests run without the variables of whoever runs them."""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers in a folder of the test, and stops what still runs at its end."""
    servers: list[Server] = []

    def start(*options: str, **variables: str) -> Server:
        servers.append(Server(tmp_path, *options, **variables))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def flagstaff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Runs `flagstaff` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("flagstaff.local_store.configure_logging", lambda *_: None)

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
