"""SIGTERM behind a load balancer. The load balancer must notice the end before the server stops."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


def status(url: str) -> int:
    headers = {"Authorization": CLIENT_TOKEN}
    return httpx.get(url, headers=headers, verify=False).status_code


@pytest.mark.thorough
def test_a_draining_server_is_not_ready_and_answers(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, FLAGSTAFF_DRAIN_S="600", **TOKENS) as server:
        url = server.url
        # If a signal arrives before the first answer, the server ends without draining.
        assert status(f"{url}/ready") == 200

        server.send(signal.SIGTERM)
        wait_until(lambda: status(f"{url}/ready") == 503)
        polled = status(f"{url}/api/client/features")
        # A second signal ends the server at once.
        ended = server.stop()

    assert polled == 200
    assert ended == 0


@pytest.mark.thorough
def test_a_server_stops_once_it_has_drained(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, FLAGSTAFF_DRAIN_S="0.5", **TOKENS) as server:
        assert server.stop() == 0
