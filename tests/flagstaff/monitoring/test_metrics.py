"""The metrics count what the process does, with labels that no client chooses."""

import re
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.monitoring.collector import FlagstaffCollector
from flagstaff.monitoring.sources import Sources
from flagstaff.monitoring.traffic import Traffic
from flagstaff.settings import Settings
from graph.engine.run.counting import OperationCounts
from rest_compat.http.primary import Primary
from store import Store
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ROOT, TOKENS, ForkedServer
from tests.store.conftest import Filled, PreparedDatabase
from tests.store.webhooks.test_sending import Recorder, created, describe, sending

PATHS = ("/metrics", "/internal-backstage/prometheus")
FEATURES = "/api/client/features"
CLIENT = {"Authorization": CLIENT_TOKEN}
ADMIN = {"Authorization": ADMIN_TOKEN}
STATES = ("disabled", "failing", "working")
RESULTS = ("delivered", "retried", "failed")

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def settings(**given: Any) -> Settings:
    return Settings(init_admin_tokens=(ADMIN_TOKEN,), init_client_tokens=(CLIENT_TOKEN,), **given)


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with tokens. SQLite suffices, because no test depends on SQL."""
    return filled(prepared_database("sqlite"), lambda store: provide_tokens(store, settings()))


def client_of(store: Store, **given: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(compose(store, settings(**given)))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


def parse(text: str) -> Samples:
    return samples_of(text_string_to_metric_families(text))


def samples_of(families: Iterable[Metric]) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def scrape(client: httpx.AsyncClient) -> Samples:
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((f"flagstaff_{name}", frozenset(labels.items())), 0)


def requests(samples: Samples, route: str, status: int, method: str = "GET") -> float:
    return value(samples, "http_requests_total", route=route, method=method, status=str(status))


async def test_requests_are_counted_by_route_method_and_status(store: Store) -> None:
    async with client_of(store) as client:
        await client.get(FEATURES, headers=CLIENT)
        await client.get(f"{FEATURES}/nothing", headers=CLIENT)
        await client.get(f"{FEATURES}/nothing")
        await client.post("/api/client/metrics", headers=CLIENT, content=b"{")
        await client.get("/health")
        await client.get("/nowhere/at/all")
        samples = await scrape(client)

    assert requests(samples, FEATURES, 200) == 1
    assert requests(samples, f"{FEATURES}/:name", 404) == 1
    assert requests(samples, "/api/client/*", 401) == 1
    assert requests(samples, "/api/client/metrics", 400, "POST") == 1
    assert requests(samples, "/health", 200) == 1
    assert requests(samples, "other", 404) == 1
    assert value(samples, "http_request_duration_seconds_count", route=FEATURES) == 1
    assert value(samples, "open_requests") == 1


async def test_only_trusted_operations_are_counted_by_name(store: Store, tmp_path: Path) -> None:
    manifest = tmp_path / "documents.json"
    manifest.write_text('{"names": "query Names { toggles { nodes { name } } }"}')
    async with client_of(store, trusted_documents=manifest) as client:
        for body in (
            {"documentId": "names"},
            {"query": "query Mine { toggles { nodes { name } } }"},
            {"query": "{ __typename }"},
            {"query": "{ toggle(name: $missing) { name } }"},
        ):
            await client.post("/graphql", headers=ADMIN, json=body)
        samples = await scrape(client)

    counted = {
        dict(labels)["operation"]: number
        for (name, labels), number in samples.items()
        if name == "flagstaff_graphql_operations_total"
    }
    assert counted == {"Names": 1, "other": 2}
    of_names = {"operation": "Names", "type": "query", "outcome": "ok"}
    assert value(samples, "graphql_operation_cost_total", **of_names) > 0
    assert value(samples, "graphql_duration_seconds_count", type="query") == 3
    assert value(samples, "graphql_cost_count", type="query") == 3


async def test_names_that_clients_send_add_no_series(store: Store) -> None:
    def hostile(name: str) -> list[dict[str, Any]]:
        report = {
            "appName": name,
            "bucket": {
                "start": "2026-01-01T00:00:00Z",
                "stop": "2026-01-01T00:01:00Z",
                "toggles": {name: {"yes": 1, "no": 0}},
            },
        }
        document = {"query": f"query {name} {{ __typename }}"}
        return [
            {"method": "GET", "url": f"/{name}"},
            {"method": name.upper(), "url": "/health"},
            {"method": "GET", "url": f"/api/{name}"},
            {"method": "GET", "url": f"/api/admin/{name}/{name}", "headers": ADMIN},
            {"method": "GET", "url": f"/api/admin/features/{name}", "headers": ADMIN},
            {"method": "GET", "url": f"/console/{name}"},
            {"method": "GET", "url": f"{FEATURES}?namePrefix={name}", "headers": CLIENT},
            {"method": "POST", "url": "/api/client/metrics", "headers": CLIENT, "json": report},
            {"method": "POST", "url": "/graphql", "headers": ADMIN, "json": document},
        ]

    async with client_of(store) as client:
        for request in hostile("first"):
            await client.request(**request)
        await scrape(client)
        before = await scrape(client)
        for number in range(5):
            for request in hostile(f"other{number}"):
                await client.request(**request)
        after = await scrape(client)

    assert after.keys() == before.keys()
    assert not [key for key in after if "first" in str(key) or "other1" in str(key)]


async def test_webhooks_are_counted_by_state_and_result(store: Store) -> None:
    first = await created(store, name="down")
    await created(store, name="off", enabled=False)
    await created(store, name="up", event_types=())
    await describe(store, "a", "1")
    attempts = store.webhooks.attempts
    await sending(store, first, Recorder(lambda _: True), attempts=attempts).run()
    sources = Sources(store, Traffic(), OperationCounts(), None, lambda: 0)

    await store.webhooks.backlog.refresh()
    samples = samples_of(FlagstaffCollector(sources).collect())

    states = {state: value(samples, "webhooks", state=state) for state in STATES}
    assert states == {"disabled": 1, "failing": 1, "working": 1}
    results = {each: value(samples, "webhook_attempts_total", result=each) for each in RESULTS}
    waiting = value(samples, "webhook_waiting_deliveries")
    assert (results["delivered"], results["failed"]) == (0, 0)
    assert results["retried"] == waiting > 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("access", "token", "status"),
    [
        ("open", None, 200),
        ("token", None, 401),
        ("token", "*:*.unknown", 401),
        ("token", CLIENT_TOKEN, 403),
        ("token", ADMIN_TOKEN, 200),
        ("off", ADMIN_TOKEN, 404),
    ],
)
async def test_the_setting_decides_who_may_read_the_metrics(
    store: Store, path: str, access: str, token: str | None, status: int
) -> None:
    headers = {"Authorization": token} if token else {}
    async with client_of(store, prometheus=access) as client:
        answer = await client.get(path, headers=headers)

    assert answer.status_code == status
    assert ("flagstaff_revision" in answer.text) == (status == 200)


async def test_metrics_are_only_read(store: Store) -> None:
    async with client_of(store) as client:
        posted, head = await client.post("/metrics"), await client.head("/metrics")

    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


async def test_the_documentation_lists_every_metric(store: Store) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    known = {
        "primary": "available",
        "primary_age_seconds": 1.0,
        "standby_lag_seconds": 2.0,
        "unsent_reports": 3,
    }
    primary = SimpleNamespace(url="http://primary", readiness=lambda: known)
    reader = compose(store, settings(), primary=cast(Primary, primary))
    served: set[str] = set()
    for app in (compose(store, settings()), reader):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            text = (await client.get("/metrics")).text
        served |= set(re.findall(r"^# TYPE flagstaff_(\w+)", text, re.MULTILINE))

    documented = set(re.findall(r"^\| `flagstaff_(\w+)", page, re.MULTILINE))

    assert served == documented


@pytest.mark.thorough
def test_a_server_counts_connections_refusals_and_repeated_polls(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server, httpx.Client(base_url=server.url) as client:
        url = httpx.URL(server.url)
        assert url.port is not None
        with socket.create_connection((url.host, url.port), 10) as malformed:
            malformed.sendall(b"nonsense\r\n\r\n")
            while malformed.recv(1_000):
                pass
        for _ in range(4):
            client.get(FEATURES, headers=CLIENT).raise_for_status()

        samples = parse(client.get("/metrics").text)

    assert value(samples, "protocol_refusals_total", reason="malformed") == 1
    assert value(samples, "repeated_polls_total", route=FEATURES, status="200") == 3
    assert requests(samples, FEATURES, 200) == 4
    assert value(samples, "http_request_duration_seconds_count", route=FEATURES) == 1
    assert value(samples, "connections_total") >= 2
    assert value(samples, "objects", kind="token") == 2
    assert value(samples, "database_available") == 1
    assert samples["process_resident_memory_bytes", frozenset()] > 0
