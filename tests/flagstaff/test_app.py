"""The whole application over a store: routing, and headers of all answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from flagstaff.app import compose, run_app
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from tests.store.conftest import Filled, PreparedDatabase

ADMIN = "*:*.test-admin-of-the-application"
CLIENT = "*:default.test-client"


def settings(**given: Any) -> Settings:
    return Settings(init_admin_tokens=(ADMIN,), init_client_tokens=(CLIENT,), **given)


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with the tokens above. SQLite suffices, because no test depends on SQL."""
    return filled(prepared_database("sqlite"), lambda store: provide_tokens(store, settings()))


def client_of(store: Store, base_url: str = "http://localhost", **given: Any) -> httpx.AsyncClient:
    """A client of the application with some settings."""
    transport = httpx.ASGITransport(compose(store, settings(**given)))
    return httpx.AsyncClient(transport=transport, base_url=base_url)


@pytest_asyncio.fixture(loop_scope="module")
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with the tokens above."""
    async with client_of(store) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/health", 200),
        ("/ready", 200),
        ("/openapi.json", 200),
        ("/api/client/features", 401),
        ("/api/admin/features", 401),
        ("/graphql", 401),
        ("/schema.graphql", 401),
        ("/nowhere", 404),
        ("/%00", 404),
        ("/..%2f..%2fetc/passwd", 404),
    ],
)
async def test_every_path_is_answered_in_json_with_a_request_id(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]
    assert answer.json()


async def test_an_unknown_path_has_the_error_body_of_the_rest_edge(
    client: httpx.AsyncClient,
) -> None:
    body = (await client.get("/nowhere")).json()

    assert body["name"] == "NotFoundError"
    assert body["details"] == [{"message": "Nothing exists at /nowhere."}]


async def test_a_known_path_with_another_method_is_405(client: httpx.AsyncClient) -> None:
    answer = await client.post("/")

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_the_index_links_to_what_is_there(client: httpx.AsyncClient) -> None:
    links = (await client.get("/")).json()["links"]

    statuses = {
        path: (
            await client.get(path, headers={"Authorization": token}, follow_redirects=True)
        ).status_code
        for path in links.values()
        for token in [CLIENT if path.startswith("/api") else ADMIN]
    }
    # The last path is the GraphQL endpoint. It answers 400, because the request has no operation.
    assert {path: status for path, status in statuses.items() if status != 200} == {"/graphql": 400}


async def test_without_documentation_nothing_links_to_it_or_answers(store: Store) -> None:
    async with client_of(store, docs="off") as client:
        links = (await client.get("/")).json()["links"]
        answer = await client.get("/openapi.json")

    assert "openapi" not in links
    assert answer.status_code == 404
    assert answer.json()["name"] == "NotFoundError"


async def test_browsers_get_the_graphiql_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


async def test_an_sdk_reads_a_toggle_that_graphql_created(client: httpx.AsyncClient) -> None:
    mutation = 'mutation { toggleCreate(input: {name: "new-cart"}) { errors { message } } }'
    created = await client.post(
        "/graphql", json={"query": mutation}, headers={"Authorization": f"Bearer {ADMIN}"}
    )

    answer = await client.get("/api/client/features", headers={"Authorization": CLIENT})

    assert created.json() == {"data": {"toggleCreate": {"errors": []}}}
    assert [feature["name"] for feature in answer.json()["features"]] == ["new-cart"]


async def test_without_tokens_only_requests_to_loopback_names_pass(store: Store) -> None:
    async with client_of(store, "http://127.0.0.1:4242", auth="none") as client:
        local = await client.get("/api/client/features")
        foreign = await client.get("/api/client/features", headers={"Host": "attacker.example.com"})

    assert local.status_code == 200
    assert foreign.status_code == 403
    assert foreign.headers["x-request-id"]


async def test_the_store_is_open_while_the_application_runs(tmp_path: Path) -> None:
    async with (
        run_app(settings(database_url=f"sqlite:///{tmp_path}/flagstaff.db")) as running,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(running.app), base_url="http://localhost"
        ) as client,
    ):
        answer = await client.get("/api/client/features", headers={"Authorization": CLIENT})

    assert answer.status_code == 200
    assert not (tmp_path / "flagstaff.db-wal").exists()


@pytest.mark.parametrize(("metrics", "status"), [("on", 202), ("off", 204)])
async def test_the_setting_decides_whether_reports_are_stored(
    store: Store, metrics: str, status: int
) -> None:
    async with client_of(store, metrics=metrics) as client:
        answer = await client.post(
            "/api/client/metrics/bulk",
            json={"applications": [], "metrics": []},
            headers={"Authorization": CLIENT},
        )

    assert answer.status_code == status


async def test_what_an_sdk_says_of_itself_shows_in_graphql(
    client: httpx.AsyncClient, store: Store
) -> None:
    await client.post(
        "/api/client/register",
        json={
            "appName": "shop",
            "instanceId": "i-1",
            "sdkVersion": "unleash-node-sdk:6.1.0",
            "platformName": "node",
            "platformVersion": "22.1.0",
            "yggdrasilVersion": "0.17.0",
            "specVersion": "5.2.2",
            "strategies": [],
            "started": "2026-01-01T10:00:00Z",
            "interval": 15000,
        },
        headers={"Authorization": CLIENT},
    )
    await store.aggregate_now()

    answer = await client.post(
        "/graphql",
        json={
            "query": '{ application(name: "shop") { instances { nodes '
            "{ platform yggdrasilVersion specVersion sdk { name version } } } } }"
        },
        headers={"Authorization": ADMIN},
    )

    assert answer.json()["data"]["application"]["instances"]["nodes"] == [
        {
            "platform": "node 22.1.0",
            "yggdrasilVersion": "0.17.0",
            "specVersion": "5.2.2",
            "sdk": {"name": "unleash-node-sdk", "version": "6.1.0"},
        }
    ]
