"""The audit of GraphQL over HTTP from the package graphql-http, on a running server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import run_node
from tests.server import Server

pytestmark = pytest.mark.npm


@pytest.mark.thorough
def test_the_audit_has_nothing_to_object_to(javascript: Path, open_server: Server) -> None:
    printed = run_node("audit.js", javascript, SERVER_URL=open_server.url)

    verdicts: list[dict[str, Any]] = json.loads(printed)

    assert len(verdicts) > 60
    assert {verdict["name"].partition(" ")[0] for verdict in verdicts} == {"MUST", "SHOULD", "MAY"}
    assert [verdict for verdict in verdicts if verdict["status"] != "ok"] == []
