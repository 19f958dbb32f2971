"""Unmodified SDKs that follow a stream of changes of a running server."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from UnleashClient.clients.unleash_client import UnleashClient

from tests.clients.packages import node_process
from tests.server import TOKENS, ForkedServer, Server
from tests.waiting import wait_until

TOGGLE = "followed"
FEATURE = f"/api/admin/features/{TOGGLE}"
# The time between polls of the SDKs. It is long, because changes must arrive without a poll.
NEVER_MS = "3600000"


@pytest.fixture(scope="session")
def followed(server: Server) -> None:
    """A toggle that the SDKs follow."""
    body = {"name": TOGGLE, "strategies": [{"name": "default"}]}
    server.request("POST", "/api/admin/features", json=body)


@pytest.fixture(autouse=True)
def switched_off(server: Server, followed: None) -> None:
    server.request("POST", f"{FEATURE}/toggle/off")


@contextmanager
def node(server: Server, folder: Path, mode: dict[str, str], refresh_ms: str) -> Iterator[Any]:
    """The Node SDK in its own process, and the lines that it prints."""
    about = {
        "SERVER_URL": server.url,
        "CLIENT_TOKEN": server.client_token,
        "TOGGLE": TOGGLE,
        "MODE": json.dumps(mode),
        "REFRESH_MS": refresh_ms,
    }
    with node_process("streaming.js", folder, **about) as (_, lines):
        yield (json.loads(line) for line in lines)


@pytest.mark.thorough
@pytest.mark.npm
def test_the_node_sdk_hears_of_changes_on_a_stream(server: Server, javascript: Path) -> None:
    with node(server, javascript, {"type": "streaming"}, NEVER_MS) as states:
        first = next(states)
        server.request("POST", f"{FEATURE}/toggle/on")
        switched_ms = time.time() * 1000
        second = next(states)
        server.request("POST", f"{FEATURE}/toggle/off")
        third = next(states)

    assert [item["enabled"] for item in (first, second, third)] == [False, True, False]
    # No poll could deliver the change; this only checks that nothing else delayed it.
    print(f"Node heard {second['at'] - switched_ms:.0f} ms after the answer")


@pytest.mark.thorough
@pytest.mark.npm
def test_the_node_sdk_polls_where_no_more_streams_are_opened(
    javascript: Path, tmp_path: Path
) -> None:
    body = {"name": TOGGLE, "strategies": [{"name": "default"}]}
    with ForkedServer(tmp_path, **TOKENS, FLAGSTAFF_MAX_STREAMS="0") as full:
        full.request("POST", "/api/admin/features", json=body)
        full.request("POST", f"{FEATURE}/toggle/off")
        with node(full, javascript, {"type": "streaming"}, "200") as states:
            first = next(states)
            full.request("POST", f"{FEATURE}/toggle/on")
            second = next(states)

    assert [item["enabled"] for item in (first, second)] == [False, True]


@pytest.mark.thorough
@pytest.mark.npm
def test_the_node_sdk_fetches_only_what_changed(server: Server, javascript: Path) -> None:
    mode = {"type": "polling", "format": "delta"}

    with node(server, javascript, mode, "200") as states:
        first = next(states)
        server.request("POST", f"{FEATURE}/toggle/on")
        second = next(states)

    assert [item["enabled"] for item in (first, second)] == [False, True]


@pytest.mark.slow
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
