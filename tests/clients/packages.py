"""Fetching what the programs in a folder need from the npm registry."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

OLDEST_NODE = 20


def fetch_packages(sources: Path, folder: Path, *, what: str) -> None:
    """Copy a folder of programs and install its packages; skips the test where npm is missing."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip(f"npm is not installed, so {what} cannot be fetched")
    version = _run([node, "--version"], folder)
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"{what} needs Node {OLDEST_NODE} or later; this is {version.strip()}")
    shutil.copytree(
        sources,
        folder,
        ignore=shutil.ignore_patterns("node_modules", "generated", "built"),
        dirs_exist_ok=True,
    )
    _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder)


def run_package(name: str, *arguments: str, folder: Path) -> str:
    """Run a program of an installed package; what it printed."""
    return _run([str(folder / "node_modules" / ".bin" / name), *arguments], folder)


def run_node(program: str, folder: Path, **environment: str) -> str:
    """Run a program to its end; what it printed."""
    return _run(["node", program], folder, **environment)


def _run(command: list[str], folder: Path, **environment: str) -> str:
    run = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "npm_config_update_notifier": "false", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, f"{command}: {run.stdout}\n{run.stderr}"
    return run.stdout
