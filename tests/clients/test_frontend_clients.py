"""Unmodified clients for browsers and for OpenFeature on a running server."""

import json
from pathlib import Path
from typing import Any

import pytest
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

from tests.clients.packages import run_node
from tests.clients.reported import used_toggles
from tests.server import FRONTEND_TOKEN, Server
from tests.waiting import wait_until

FEATURES = "/api/admin/features"
ONLY_7 = [{"contextName": "userId", "operator": "IN", "values": ["7"]}]
RED = {"name": "red", "weight": 1000, "payload": {"type": "json", "value": '{"shade": 3}'}}


@pytest.fixture(scope="session", autouse=True)
def toggles(server: Server) -> None:
    """A toggle for one user, one with a variant and one that is off."""
    for toggle in (
        {"name": "aimed", "strategies": [{"name": "default", "constraints": ONLY_7}]},
        {"name": "coloured", "strategies": [{"name": "default"}], "variants": [RED]},
    ):
        server.request("POST", FEATURES, json={**toggle, "enabled": True})
    off = {"name": "off", "strategies": [{"name": "default"}]}
    server.request("POST", FEATURES, json=off)


def report_of(program: str, javascript: Path, server: Server, **environment: str) -> Any:
    token = {"SERVER_URL": server.url, "FRONTEND_TOKEN": FRONTEND_TOKEN}
    return json.loads(run_node(program, javascript, **token, **environment))


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_browser_gets_what_is_on_and_reports_its_evaluations(
    server: Server, javascript: Path, method: str
) -> None:
    output = report_of("browser.js", javascript, server, METHOD=method)

    variant = {**RED, "enabled": True, "feature_enabled": True, "featureEnabled": True}
    del variant["weight"]
    assert output == {
        "first": {"aimed": True, "off": False, "variant": variant},
        "second": {"aimed": False, "off": False, "variant": variant},
    }
    wait_until(lambda: "aimed" in used_toggles(server, "web-shop"))


@pytest.mark.thorough
@pytest.mark.npm
def test_openfeature_of_javascript_gets_values_and_reasons(
    server: Server, javascript: Path
) -> None:
    assert report_of("openfeature.js", javascript, server) == {
        "aimed": True,
        "other": False,
        "coloured": {"value": {"shade": 3}, "reason": "SPLIT", "variant": "red"},
        "unknown": [True, "FLAG_NOT_FOUND"],
    }


def test_openfeature_of_python_gets_values_and_reasons(server: Server) -> None:
    headers = {"Authorization": f"Bearer {FRONTEND_TOKEN}"}
    provider = OFREPProvider(server.url, headers_factory=lambda: headers)
    api.set_provider(provider)
    client = api.get_client()

    user, other = EvaluationContext("7"), EvaluationContext("8")
    coloured = client.get_object_details("coloured", {}, user)

    assert client.get_boolean_value("aimed", False, user) is True
    assert client.get_boolean_value("aimed", True, other) is False
    assert (coloured.value, coloured.variant, coloured.reason) == ({"shade": 3}, "red", "SPLIT")
    assert client.get_boolean_details("nothing", True, user).error_code == "FLAG_NOT_FOUND"
    api.shutdown()
