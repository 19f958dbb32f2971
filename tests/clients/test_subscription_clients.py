"""Clients for JavaScript follow the audit log of a running server."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.packages import fetch_packages, run_node
from tests.graph.subscribing import newest_cursor
from tests.server import ADMIN_TOKEN, TOKENS, Server

pytestmark = [pytest.mark.npm, pytest.mark.slow]

SOURCES = Path(__file__).parent / "subscriptions"
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clients and the program that drives them."""
    made = tmp_path_factory.mktemp("subscriptions")
    fetch_packages(SOURCES, made, what="what subscribes")
    return made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, **TOKENS) as running:
        yield running


def test_every_client_sees_each_of_1000_quick_changes_in_order_across_a_reconnect(
    folder: Path, server: Server
):
    names = [f"change.{number}" for number in range(1_000)]
    start = newest_cursor(server)

    def make() -> None:
        for name in names:
            server.graphql(CREATE, name=name)

    making = threading.Thread(target=make)
    making.start()
    printed = run_node(
        "subscribe.js",
        folder,
        SERVER_URL=server.url,
        ADMIN_TOKEN=ADMIN_TOKEN,
        AFTER=start,
        FIRST="400",
        TOTAL="1000",
    )
    making.join()

    seen = json.loads(printed)
    assert sorted(seen) == [
        "apollo over WebSocket",
        "apollo over multipart",
        "graphql-sse",
        "graphql-ws",
    ]
    for client, heard in seen.items():
        assert heard == names, client
