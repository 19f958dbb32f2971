"""SDKs that follow changes rather than poll, unmodified, against a running server."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from UnleashClient.clients.unleash_client import UnleashClient

from tests.clients.reported import wait_until
from tests.server import TOKENS, Server

TOGGLE = "followed"
FEATURE = f"/api/admin/features/{TOGGLE}"
# What the SDKs wait between polls: none of the changes below may need one.
NEVER_MS = "3600000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one toggle, which is off."""
    with Server(tmp_path_factory.mktemp("following"), **TOKENS) as running:
        body = {"name": TOGGLE, "strategies": [{"name": "default"}]}
        running.request("POST", "/api/admin/features", json=body)
        yield running


@pytest.fixture(autouse=True)
def switched_off(server: Server) -> None:
    server.request("POST", f"{FEATURE}/toggle/off")


@contextmanager
def node(server: Server, folder: Path, mode: dict[str, str], refresh_ms: str) -> Iterator[Any]:
    """The Node SDK in a process of its own; what it prints, line by line."""
    program = shutil.which("node")
    assert program is not None
    process = subprocess.Popen(
        [program, "streaming.js"],
        cwd=folder,
        env={
            **os.environ,
            "SERVER_URL": server.url,
            "CLIENT_TOKEN": server.client_token,
            "TOGGLE": TOGGLE,
            "MODE": json.dumps(mode),
            "REFRESH_MS": refresh_ms,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        yield (json.loads(line) for line in process.stdout)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=15)


@pytest.mark.npm
def test_the_node_sdk_hears_of_changes_on_a_stream(server: Server, node_folder: Path) -> None:
    with node(server, node_folder, {"type": "streaming"}, NEVER_MS) as states:
        first = next(states)
        server.request("POST", f"{FEATURE}/toggle/on")
        switched_ms = time.time() * 1000
        second = next(states)
        server.request("POST", f"{FEATURE}/toggle/off")
        third = next(states)

    assert [it["enabled"] for it in (first, second, third)] == [False, True, False]
    # No poll could bring it, so this tells only that nobody waited for anything else.
    print(f"Node heard {second['at'] - switched_ms:.0f} ms after the answer")


@pytest.mark.npm
def test_the_node_sdk_fetches_only_what_changed(server: Server, node_folder: Path) -> None:
    mode = {"type": "polling", "format": "delta"}

    with node(server, node_folder, mode, "200") as states:
        first = next(states)
        server.request("POST", f"{FEATURE}/toggle/on")
        second = next(states)

    assert [it["enabled"] for it in (first, second)] == [False, True]


def test_the_python_sdk_hears_of_changes_on_a_stream(server: Server, tmp_path: Path) -> None:
    client = UnleashClient(
        url=f"{server.url}/api",
        app_name="python-follower",
        instance_id="python-2",
        custom_headers={"Authorization": server.client_token},
        refresh_interval=3_600,
        disable_metrics=True,
        disable_registration=True,
        cache_directory=str(tmp_path),
        experimental_mode={"type": "streaming"},
    )
    client.initialize_client()
    try:
        wait_until(lambda: TOGGLE in client.feature_definitions())
        assert not client.is_enabled(TOGGLE)
        server.request("POST", f"{FEATURE}/toggle/on")
        wait_until(lambda: client.is_enabled(TOGGLE))
        server.request("POST", f"{FEATURE}/toggle/off")
        wait_until(lambda: not client.is_enabled(TOGGLE))
    finally:
        client.destroy()
