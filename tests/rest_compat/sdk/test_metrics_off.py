"""With FLAGSTAFF_METRICS=off no report is stored."""

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp
from store import Store
from store.model import ApiTokenType
from store.usage.applications import count_applications
from tests.rest_compat.conftest import SECRETS, MakeClient, MakeToken, create, elsewhere, names_at

BUCKET = {"start": 0, "stop": 1, "toggles": {"cart": {"yes": 1}}}
REPORTS = {
    "/api/client/register": {
        "appName": "shop",
        "instanceId": "i",
        "strategies": [],
        "started": 0,
        "interval": 1,
    },
    "/api/client/metrics": {"appName": "shop", "instanceId": "i", "bucket": BUCKET},
    "/api/client/metrics/bulk": {
        "applications": [{"appName": "shop"}],
        "metrics": [{"appName": "shop", "featureName": "cart", "yes": 1}],
    },
    "/api/frontend/client/register": {
        "appName": "shop",
        "instanceId": "i",
        "strategies": [],
        "started": 0,
        "interval": 1,
    },
    "/api/frontend/client/metrics": {"appName": "shop", "instanceId": "i", "bucket": BUCKET},
}


@pytest.fixture
def app(store: Store) -> AsgiApp:
    return rest_app(store, RestConfig(metrics="off"), elsewhere)


@pytest.fixture
def senders(make_client: MakeClient) -> dict[str, httpx.AsyncClient]:
    """Clients by the part of the API that they may call."""
    return {
        kind: make_client(SECRETS[kind, "default"])
        for kind in (ApiTokenType.CLIENT, ApiTokenType.FRONTEND)
    }


@pytest.mark.parametrize("path", REPORTS)
async def test_reports_are_answered_204_and_forgotten(
    senders: dict[str, httpx.AsyncClient], store: Store, path: str
) -> None:
    answer = await senders[path.split("/")[2]].post(path, json=REPORTS[path])

    await store.aggregate_now()
    async with store.read() as session:
        applications = await count_applications(session)
    assert (answer.status_code, answer.content) == (204, b"")
    assert applications == 0


@pytest.mark.parametrize("path", REPORTS)
async def test_reports_that_are_no_json_are_refused_nevertheless(
    senders: dict[str, httpx.AsyncClient], path: str
) -> None:
    answer = await senders[path.split("/")[2]].post(path, content=b"{")

    assert answer.status_code == 400


async def test_toggles_are_served_as_ever(
    senders: dict[str, httpx.AsyncClient], store: Store
) -> None:
    await create(store, "cart")

    assert await names_at(senders["client"]) == ["cart"]


@pytest.mark.parametrize("path", REPORTS)
async def test_by_default_reports_are_stored(
    make_client: MakeClient, make_token: MakeToken, store: Store, path: str
) -> None:
    kind = ApiTokenType(path.split("/")[2])
    client = make_client(await make_token(kind), app=rest_app(store, RestConfig(), elsewhere))

    answer = await client.post(path, json=REPORTS[path])

    await store.aggregate_now()
    async with store.read() as session:
        applications = await count_applications(session)
    assert answer.status_code in (200, 202)
    assert applications == 1
