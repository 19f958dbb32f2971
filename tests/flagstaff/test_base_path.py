"""The application below a base path."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from flagstaff.app import compose
from flagstaff.settings import Settings
from store import Store
from tests.flagstaff.repeated_polls.polling import add_client, poll, served
from tests.server import TOKENS, ForkedServer
from tests.store.operations.conftest import beginning

# One kind of database suffices, because no test depends on SQL.
__all__ = ["beginning"]

BELOW = Settings(auth="none", base_path="/flags", public_url="https://example.com/flags")


@pytest_asyncio.fixture
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(compose(store, BELOW))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    [
        *("/health", "/ready", "/openapi.json", "/docs", "/schema.graphql", "/metrics"),
        *("/api/client/features", "/api/admin/features", "/", ""),
    ],
)
async def test_everything_is_served_below_the_base_path(
    client: httpx.AsyncClient, path: str
) -> None:
    below = await client.get(f"/flags{path}")
    outside = await client.get(path or "/flagship")

    assert below.status_code == 200
    assert outside.status_code == 404
    assert "x-request-id" in outside.headers
    assert outside.headers["content-type"].startswith("application/json")


async def test_an_encoded_base_path_is_another_path(client: httpx.AsyncClient) -> None:
    assert (await client.get("/%66lags/health")).status_code == 404


async def test_the_settings_for_frontends_name_the_address(client: httpx.AsyncClient) -> None:
    config: Any = (await client.get("/flags/api/admin/ui-config")).json()

    assert (config["unleashUrl"], config["baseUriPath"]) == ("https://example.com/flags", "/flags")


async def test_repeated_polls_do_not_reach_the_application(store: Store) -> None:
    await add_client(store)
    path = "/flags/api/client/features"
    async with served(store, Settings(base_path="/flags")) as servers:
        connection = await servers.connect()
        answers = [await connection.ask(poll(path)) for _ in range(3)]

    assert b" 200 OK" in answers[0].head
    assert len({answer.body for answer in answers}) == 1
    assert servers.asked[path] == 1


def test_a_server_shows_its_base_path_and_is_healthy(tmp_path: Any) -> None:
    with ForkedServer(tmp_path, FLAGSTAFF_BASE_PATH="flags", LOG_LEVEL="debug", **TOKENS) as server:
        assert server.url.endswith("/flags")
        assert httpx.get(f"{server.url}/health").status_code == 200
        assert (
            "These variables of Unleash have no effect: LOG_LEVEL (set FLAGSTAFF_LOG_LEVEL)."
            in server.log
        )
