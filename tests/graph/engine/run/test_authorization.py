"""Operations that cost too much are refused before they run. Clients can request the cost."""

import pytest

from graph.engine.documents.limits import Limits
from store import Store
from tests.graph.gateway import Gateway, gateway_over

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_costs_too_much_is_refused_with_the_numbers(shared_gateway: Gateway) -> None:
    document = "{ toggles(first: 100) { nodes { events(first: 50) { totalCount } } } }"

    response = await shared_gateway.post(document)

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert "data" not in response.json()
    assert error["extensions"] == {
        "code": "COST_LIMIT",
        "limit": "cost",
        "actual": 5_100,
        "maximum": 5_000,
    }


async def test_a_wide_cycle_is_too_costly(shared_gateway: Gateway) -> None:
    document = (
        "{ strategies { nodes { toggles { nodes { project { toggles { nodes { name } } } } } } } }"
    )

    response = await shared_gateway.post(document)

    assert response.json()["errors"][0]["extensions"]["actual"] == 50 + 50 * 50 + 50**3


@pytest.mark.parametrize("first", [-1, 501, 10**9])
async def test_a_page_size_out_of_range_is_reported_by_its_field(
    shared_gateway: Gateway, first: int
) -> None:
    response = await shared_gateway.post(
        "query($first: Int) { toggles(first: $first) { totalCount } }", {"first": first}
    )

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "from 0 to 500" in error["message"]


async def test_the_limits_are_those_that_were_set(shared_store: Store) -> None:
    limits = Limits(cost=40, depth=3, tokens=30)
    async with gateway_over(shared_store, limits=limits) as gateway:
        data = await gateway.run("{ serverInfo { limits { maxCost maxDepth maxTokens } } }")
        costly = await gateway.post("{ toggles { totalCount } }")
        deep = await gateway.post("{ toggles(first: 1) { nodes { tags { value } } } }")
        long = await gateway.post("{ viewer { " + "canWrite " * 26 + "} }")

    assert data["serverInfo"]["limits"] == {"maxCost": 40, "maxDepth": 3, "maxTokens": 30}
    assert [
        (answer.status_code, answer.json()["errors"][0]["extensions"])
        for answer in (costly, deep, long)
    ] == [
        (422, {"code": "COST_LIMIT", "limit": limit, "actual": actual, "maximum": maximum})
        for limit, actual, maximum in (("cost", 50, 40), ("depth", 4, 3), ("tokens", 31, 30))
    ]


async def test_the_cost_is_reported_on_request(shared_gateway: Gateway) -> None:
    body = {"query": "{ toggles(first: 7) { totalCount } }"}
    headers = shared_gateway.headers("viewer")

    answer = await shared_gateway.client.post(
        "/graphql", json=body, headers={**headers, "X-Flagstaff-Cost": "1"}
    )
    plain = await shared_gateway.client.post("/graphql", json=body, headers=headers)

    assert answer.json() == {"data": {"toggles": {"totalCount": 0}}, "extensions": {"cost": 7}}
    assert "extensions" not in plain.json()
