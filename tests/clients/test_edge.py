"""Unleash Edge in front of a running server. A stand-in sends the requests of Edge."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.clients.edge import APP_NAME, Cache, Edge
from tests.clients.reported import application, used_toggles
from tests.flagstaff.unleash_server.answering import RecordedServer
from tests.forking import ForkedCommand
from tests.server import CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, ForkedServer, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

RECORDED = Path(__file__).parents[1] / "data" / "unleash-8.2.0-answers.json"
FEATURES = "/api/client/features"
DELTA = "/api/client/delta"
IN_PROJECT = "/api/admin/projects/default/features"
ENVIRONMENT = "default"
SEGMENT = [{"contextName": "userId", "operator": "IN", "values": ["7"]}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a toggle that uses a segment."""
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(tmp_path_factory.mktemp("edge"), **variables) as running:
        segment = running.request(
            "POST", "/api/admin/segments", json={"name": "testers", "constraints": SEGMENT}
        ).json()
        create(running, "first", segments=[segment["id"]])
        yield running


@pytest.fixture
def edge(server: Server) -> Iterator[Edge]:
    with Edge(server) as instance:
        yield instance


def create(server: Server, name: str, **strategy: Any) -> None:
    """Create a toggle that is on."""
    environment = f"{IN_PROJECT}/{name}/environments/{ENVIRONMENT}"
    server.request("POST", IN_PROJECT, json={"name": name})
    server.request("POST", f"{environment}/strategies", json={"name": "default", **strategy})
    server.request("POST", f"{environment}/on")


def test_edge_learns_which_tokens_are_valid_and_registers(server: Server, edge: Edge) -> None:
    valid = edge.validate(CLIENT_TOKEN, FRONTEND_TOKEN, "*:default.unknown", "nonsense")
    edge.register(valid[CLIENT_TOKEN])

    assert [(token, one["type"]) for token, one in valid.items()] == [
        (CLIENT_TOKEN, "client"),
        (FRONTEND_TOKEN, "frontend"),
    ]
    assert {(one["environment"], *one["projects"]) for one in valid.values()} == {
        (ENVIRONMENT, "*")
    }
    wait_until(lambda: application(server, APP_NAME) is not None)


def test_polls_for_changes_give_the_toggles_that_polls_give(server: Server, edge: Edge) -> None:
    cache = Cache()
    features, delta = edge.poll(FEATURES, CLIENT_TOKEN), edge.poll(DELTA, CLIENT_TOKEN)
    cache.apply(delta.json())

    unchanged = [
        edge.poll(path, CLIENT_TOKEN, answer.headers["etag"]).status_code
        for path, answer in ((FEATURES, features), (DELTA, delta))
    ]
    create(server, "polled")
    changes = edge.poll(DELTA, CLIENT_TOKEN, delta.headers["etag"])

    assert unchanged == [304, 304]
    assert cache.apply(changes.json()) == ["feature-updated"]
    assert_same(cache, edge.poll(FEATURES, CLIENT_TOKEN, features.headers["etag"]).json())


def test_a_stream_gives_every_change_also_those_missed_between_two_streams(
    server: Server, edge: Edge
) -> None:
    cache = Cache()
    create(server, "streamed")

    with edge.follow(CLIENT_TOKEN) as events:
        first = cache.apply(next(events)[1])
        server.request("DELETE", f"{IN_PROJECT}/streamed")
        last_id, removal = next(events)
    create(server, "missed")
    with edge.follow(CLIENT_TOKEN, last_id) as events:
        removed = cache.apply(removal)
        missed = cache.apply(next(events)[1])

    assert (first, removed, missed) == (["hydration"], ["feature-removed"], ["feature-updated"])
    assert_same(cache, edge.poll(FEATURES, CLIENT_TOKEN).json())


@pytest.mark.thorough
def test_usage_in_batches_is_counted_for_the_clients_of_edge(server: Server, edge: Edge) -> None:
    now = datetime.now(UTC).isoformat()
    metric = {"featureName": "first", "timestamp": now, "yes": 3, "no": 1}

    edge.report(CLIENT_TOKEN, ENVIRONMENT, [{**metric, "variants": {"red": 2}}])

    wait_until(lambda: used_toggles(server, "shop") == {"first"})
    path = "/api/admin/client-metrics/features/first/raw?hoursBack=24"
    counts = server.request("GET", path).json()["data"]
    assert [(one["appName"], one["yes"], one["no"]) for one in counts] == [("shop", 3, 1)]


@pytest.mark.thorough
def test_edge_keeps_its_tokens_and_toggles_when_an_unleash_server_is_replaced(
    tmp_path: Path,
) -> None:
    answers: dict[str, Any] = json.loads(RECORDED.read_text("utf-8"))
    clients = {
        token["secret"]: token["environment"]
        for token in answers["/api/admin/api-tokens"]["tokens"]
        if token["type"] in ("client", "backend")
    }
    before = {
        environment: answers[f"{FEATURES}#{environment}"]["features"]
        for environment in clients.values()
    }

    log = tmp_path / "import.log"
    environment = {"UNLEASH_TOKEN": "*:*.admin"}
    with (
        RecordedServer(answers) as unleash,
        ForkedCommand(
            "import",
            "--from-unleash",
            unleash.url,
            folder=tmp_path,
            environment=environment,
            log=log,
        ) as command,
    ):
        assert command.wait(60) == 0, log.read_text()
    with ForkedServer(tmp_path) as server, Edge(server) as edge:
        valid = edge.validate(*clients)
        for one in valid.values():
            edge.register(one)
        after = {
            environment: edge.poll(FEATURES, secret).json()["features"]
            for secret, environment in clients.items()
        }

    assert {token: one["environment"] for token, one in valid.items()} == clients
    assert len(clients) == 2
    assert {at: switched_on(toggles) for at, toggles in after.items()} == {
        at: switched_on(toggles) for at, toggles in before.items()
    }


def switched_on(toggles: list[dict[str, Any]]) -> dict[str, bool]:
    """Return the states of toggles by their names."""
    return {toggle["name"]: toggle["enabled"] for toggle in toggles}


def assert_same(cache: Cache, features: dict[str, Any]) -> None:
    """Compare a cache with the body of a poll for all toggles."""
    assert cache.features == {one["name"]: one for one in features["features"]}
    assert cache.segments == {one["id"]: one for one in features["segments"]}
