"""Unleash Proxy, unmodified, between a running server and the SDK for browsers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.packages import fetch_packages, node_process
from tests.clients.reported import used_toggles
from tests.flagstaff.pages.sample import node
from tests.server import TOKENS, ForkedServer, Server
from tests.waiting import wait_until

# Installing and starting the Proxy takes longer than most tests.
pytestmark = [pytest.mark.npm, pytest.mark.thorough]

PROGRAMS = Path(__file__).parent / "proxy"
APP_NAME = "unleash-proxy"
FEATURES = "/api/admin/features"
ONLY_7 = [{"contextName": "userId", "operator": "IN", "values": ["7"]}]
RED = {"name": "red", "weight": 1000}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with a toggle for one user, one with a variant and one that is off."""
    with ForkedServer(tmp_path, **TOKENS) as running:
        for toggle in (
            {"name": "aimed", "strategies": [{"name": "default", "constraints": ONLY_7}]},
            {"name": "coloured", "strategies": [{"name": "default"}], "variants": [RED]},
        ):
            running.request("POST", FEATURES, json={**toggle, "enabled": True})
        off = {"name": "off", "strategies": [{"name": "default"}]}
        running.request("POST", FEATURES, json=off)
        yield running


def test_the_proxy_serves_decisions_and_reports_usage(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("proxy")
    fetch_packages(PROGRAMS, folder, what="Unleash Proxy")
    about = {"SERVER_URL": server.url, "CLIENT_TOKEN": server.client_token, "APP_NAME": APP_NAME}

    # The Proxy needs a newer Node than other programs.
    with node_process("proxy.js", folder, node=str(node()), **about) as (_, lines):
        output = json.loads(next(lines))
        wait_until(lambda: {"aimed", "coloured"} <= used_toggles(server, APP_NAME))

    assert output == {
        "first": {"aimed": True, "off": False, "variant": "red"},
        "second": {"aimed": False, "off": False, "variant": "red"},
    }
