"""JavaScript clients follow the audit log of a running server."""

import json
from pathlib import Path

import pytest

from tests.clients.packages import node_process
from tests.graph.subscribing import newest_cursor
from tests.server import ADMIN_TOKEN, Server

pytestmark = [pytest.mark.npm, pytest.mark.slow]

TOTAL = 1_000
# A transaction makes this many changes, so that changes are faster than any client reads them.
TOGETHER = 25
# Clients leave after this many events, in the middle of a transaction.
FIRST = 410
APPLY = """
mutation ($changes: [ChangeInput!]!) {
  changeSetApply(input: {changes: $changes}) { errors { message } }
}
"""


@pytest.mark.thorough
def test_every_client_sees_each_of_1000_quick_changes_in_order_across_a_reconnect(
    javascript: Path, server: Server
):
    names = [f"change.{number}" for number in range(TOTAL)]
    about = {
        "SERVER_URL": server.url,
        "ADMIN_TOKEN": ADMIN_TOKEN,
        "AFTER": newest_cursor(server),
        "FIRST": str(FIRST),
        "TOTAL": str(TOTAL),
    }

    with node_process("subscribe.js", javascript, **about) as (_, lines):
        create_strategies(server, names[:TOGETHER])
        assert lines.readline() == "listening\n"
        create_strategies(server, names[TOGETHER:])
        seen = json.loads(lines.readline())

    assert sorted(seen) == [
        "apollo over WebSocket",
        "apollo over multipart",
        "graphql-sse",
        "graphql-ws",
    ]
    for client, heard in seen.items():
        assert heard == names, client


def create_strategies(server: Server, names: list[str]) -> None:
    for start in range(0, len(names), TOGETHER):
        changes = [{"strategyCreate": {"name": name}} for name in names[start : start + TOGETHER]]
        applied = server.graphql(APPLY, changes=changes)["changeSetApply"]
        assert applied["errors"] == []
