"""The npm packages for Node programs. They are installed once and cached between runs."""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import IO

import pytest

OLDEST_NODE = 20
DEADLINE_S = 300
# Packages are in pytest's cache, because installing takes longer than any test. `make clean`
# removes the cache.
CACHE = Path(__file__).parents[2] / ".pytest_cache" / "npm"
_DECLARED = ("package.json", "package-lock.json", ".npmrc")


def fetch_packages(sources: Path, folder: Path, *, what: str) -> None:
    """Copy a folder of programs with its packages. If npm is missing, skip the test."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip(f"npm is not installed, so {what} cannot be fetched")
    version = _run([node, "--version"], folder).strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"{what} needs Node {OLDEST_NODE} or later; this is {version}")
    shutil.copytree(
        sources,
        folder,
        ignore=shutil.ignore_patterns("node_modules", "generated", "built"),
        dirs_exist_ok=True,
    )
    (folder / "node_modules").symlink_to(_installed(npm, sources, version))


def run_package(name: str, *arguments: str, folder: Path) -> str:
    """Run a program of an installed package and return its output."""
    return _run([str(folder / "node_modules" / ".bin" / name), *arguments], folder)


def run_node(program: str, folder: Path, *, input: str = "", **environment: str) -> str:
    """Run a program with a string on standard input until it ends. Return its output."""
    return _run(["node", program], folder, input=input, **environment)


@contextmanager
def node_process(
    program: str, folder: Path, *, node: str = "node", **environment: str
) -> Iterator[tuple[IO[str], IO[str]]]:
    """Run a program in the context. Yield the program's input and output."""
    process = subprocess.Popen(
        [node, program],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    too_late = Timer(DEADLINE_S, process.kill)
    too_late.start()
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout
        finally:
            too_late.cancel()
            process.terminate()


def _installed(npm: str, sources: Path, version: str) -> Path:
    """The folder with the packages of a lock file for this Node on this machine."""
    declared = [sources / name for name in _DECLARED if (sources / name).exists()]
    key = hashlib.sha256(f"{version} {platform.platform()}".encode())
    for path in declared:
        key.update(path.read_bytes())
    cached = CACHE / f"{sources.name}-{key.hexdigest()[:16]}"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as scratch:
            made = Path(scratch) / "packages"
            made.mkdir()
            for path in declared:
                shutil.copy(path, made)
            _run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], made)
            try:
                made.rename(cached)
            except OSError:
                # Another test process may have installed the packages already.
                if not cached.exists():
                    raise
    return cached / "node_modules"


def _run(command: list[str], folder: Path, *, input: str = "", **environment: str) -> str:
    run = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "npm_config_update_notifier": "false", **environment},
        input=input,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert run.returncode == 0, f"{command}: {run.stdout}\n{run.stderr}"
    return run.stdout
