"""The audit of GraphQL over HTTP that comes with graphql-http, against a running server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import fetch_packages, run_node
from tests.server import Server

pytestmark = pytest.mark.npm

SOURCES = Path(__file__).parent / "audit"


def test_the_audit_has_nothing_to_object_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    programs = tmp_path_factory.mktemp("audit")
    fetch_packages(SOURCES, programs, what="graphql-http's audit")

    with Server(tmp_path_factory.mktemp("server"), FLAGSTAFF_AUTH="none") as server:
        verdicts: list[dict[str, Any]] = json.loads(
            run_node("audit.js", programs, SERVER_URL=server.url)
        )

    assert len(verdicts) > 60
    assert {verdict["name"].partition(" ")[0] for verdict in verdicts} == {"MUST", "SHOULD", "MAY"}
    assert [verdict for verdict in verdicts if verdict["status"] != "ok"] == []
