"""Queries for applications, their instances, and the toggles that applications report."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import names

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Searches must ignore the case of this name, which contains letters beyond ASCII.
DEPOT = "dépôt ß"


async def fill(store: Store) -> None:
    """Register `shop` and `till`, and report usage of the depot, which never registers."""
    installed = Installation(store)
    await installed.toggle("known")
    await installed.register(
        "shop",
        "default",
        "byWeather",
        "fromElsewhere",
        instance_id="shop-1",
        platform_name="CPython",
        platform_version="3.13",
        spec_version="5.2.0",
        client_ip="10.0.0.1",
        connection_id="c",
        started_at=store.clock() - timedelta(minutes=5),
    )
    await installed.register(
        "shop", "default", "byWeather", "fromElsewhere", instance_id="shop-2", sdk_version=None
    )
    await installed.register(
        "till", "default", environment="production", sdk_version="unleash-node-sdk:6.1.0"
    )
    await installed.use("shop", "known", "Unknown%", instance_id="shop-1")
    await installed.use(DEPOT, "known", ago=timedelta(hours=30))
    await installed.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the applications of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def found(gateway: Gateway, filter: str) -> list[str]:
    return await names(gateway, f"applications(filter: {filter})")


async def test_a_name_that_no_application_has_is_null(shared_gateway: Gateway) -> None:
    assert await shared_gateway.run('{ application(name: "nope") { id } }') == {"application": None}


async def test_an_application_shows_what_it_reported(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          application(name: "shop") {
            name registered description url icon color
            environments { name } strategies { name strategy { builtIn } }
            sdks { instanceCount sdk { name version } }
          }
          depot: application(name: "dépôt ß") { registered sdks { instanceCount } }
        }"""
    )

    assert data["application"] == {
        "name": "shop",
        "registered": True,
        "description": "",
        "url": None,
        "icon": None,
        "color": None,
        "environments": [{"name": "default"}],
        "strategies": [
            {"name": "default", "strategy": {"builtIn": True}},
            {"name": "byWeather", "strategy": {"builtIn": False}},
            {"name": "fromElsewhere", "strategy": None},
        ],
        "sdks": [
            {"instanceCount": 1, "sdk": {"name": "unleash-client-python", "version": "6.1.0"}}
        ],
    }
    assert data["depot"]["registered"] is False
    assert data["depot"]["sdks"] == []


async def test_instances_show_what_they_run(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ application(name: "shop") { instances {
          totalCount
          nodes {
            instanceId application { name } environment { name type } sdk { name version }
            platform specVersion yggdrasilVersion clientIp startedAt createdAt lastSeenAt
          }
        } } }"""
    )

    instances = data["application"]["instances"]
    by_id = {node["instanceId"]: node for node in instances["nodes"]}
    assert instances["totalCount"] == 2
    assert by_id["shop-2"]["sdk"] is None
    assert by_id["shop-2"]["platform"] is None
    first = by_id["shop-1"]
    for time in ("startedAt", "createdAt", "lastSeenAt"):
        assert datetime.fromisoformat(first.pop(time)) <= shared_gateway.store.clock()
    assert first == {
        "instanceId": "shop-1",
        "application": {"name": "shop"},
        "environment": {"name": "default", "type": "PRODUCTION"},
        "sdk": {"name": "unleash-client-python", "version": "6.1.0"},
        "platform": "CPython 3.13",
        "specVersion": "5.2.0",
        "yggdrasilVersion": None,
        "clientIp": "10.0.0.1",
    }


async def test_instances_of_a_day_are_listed_unless_more_or_fewer_are_requested(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{ application(name: "dépôt ß") {
          instances { totalCount }
          ever: instances(seenWithinHours: 48) { totalCount nodes { instanceId } }
          there: instances(seenWithinHours: 48, environment: "production") { totalCount }
        } }"""
    )

    assert data["application"] == {
        "instances": {"totalCount": 0},
        "ever": {"totalCount": 1, "nodes": [{"instanceId": "default"}]},
        "there": {"totalCount": 0},
    }


async def test_usages_distinguish_known_names_from_unknown_ones(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ application(name: "shop") {
          usages { totalCount }
          unknown: usages(unknown: true) { totalCount nodes { toggleName toggle { id } } }
          known: usages(unknown: false) { totalCount nodes { toggleName toggle { name } } }
          there: usages(environment: "production") { totalCount }
        } }"""
    )

    assert data["application"] == {
        "usages": {"totalCount": 2},
        "unknown": {"totalCount": 1, "nodes": [{"toggleName": "Unknown%", "toggle": None}]},
        "known": {
            "totalCount": 1,
            "nodes": [{"toggleName": "known", "toggle": {"name": "known"}}],
        },
        "there": {"totalCount": 0},
    }


async def test_applications_are_filtered(shared_gateway: Gateway) -> None:
    now = shared_gateway.store.clock()
    hours_ago = (now - timedelta(hours=2)).isoformat()

    async def found_here(filter: str) -> list[str]:
        return await found(shared_gateway, filter)

    assert await found_here("{}") == [DEPOT, "shop", "till"]
    assert await found_here('{ search: "HO" }') == ["shop"]
    assert await found_here('{ search: "%" }') == []
    assert await found_here('{ names: ["shop", "nope"] }') == ["shop"]
    assert await found_here('{ environments: ["production"] }') == ["till"]
    assert await found_here('{ strategies: ["byWeather"] }') == ["shop"]
    assert await found_here('{ toggles: ["known"] }') == [DEPOT, "shop"]
    assert await found_here('{ sdks: ["unleash-node-sdk"] }') == ["till"]
    assert await found_here(f'{{ lastSeenAt: {{ to: "{hours_ago}" }} }}') == [DEPOT]
    assert await found_here(f'{{ lastSeenAt: {{ from: "{hours_ago}" }} }}') == ["shop", "till"]


async def test_applications_are_filtered_by_as_many_names_as_a_list_may_hold(
    shared_gateway: Gateway,
) -> None:
    document = """query Chosen($strategies: [String!], $sdks: [String!]) {
      applications(filter: { strategies: $strategies, sdks: $sdks }) { nodes { name } }
    }"""
    others = ["o" * number for number in range(1, 500)]

    data = await shared_gateway.run(
        document, {"strategies": [*others, "default"], "sdks": [*others, "unleash-node-sdk"]}
    )

    assert data["applications"]["nodes"] == [{"name": "till"}]


async def test_applications_are_searched_ignoring_case_beyond_ascii(
    shared_gateway: Gateway,
) -> None:
    assert await found(shared_gateway, '{ search: "dÉPÔ" }') == [DEPOT]
    assert await found(shared_gateway, '{ search: "DÉPÔT ß" }') == [DEPOT]
    assert await found(shared_gateway, '{ search: "DEPOT" }') == []


async def test_the_end_of_a_span_of_time_lies_outside_of_it(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run('{ application(name: "dépôt ß") { lastSeenAt } }')
    at = data["application"]["lastSeenAt"]

    from_then = await found(shared_gateway, f'{{ lastSeenAt: {{ from: "{at}" }} }}')
    assert from_then == [DEPOT, "shop", "till"]
    for end in (at, "0001-01-01T00:00:00Z"):
        assert await found(shared_gateway, f'{{ lastSeenAt: {{ to: "{end}" }} }}') == []


async def test_applications_are_walked_through_in_any_order_both_ways(
    shared_gateway: Gateway,
) -> None:
    document = """query Page(
      $orderBy: ApplicationOrder, $first: Int, $after: String, $last: Int, $before: String
    ) {
      applications(orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { name }
      }
    }"""

    async def page(**variables: Any) -> tuple[list[str], Any]:
        connection = (await shared_gateway.run(document, variables))["applications"]
        return [node["name"] for node in connection["nodes"]], connection["pageInfo"]

    for field, ascending in (
        ("NAME", [DEPOT, "shop", "till"]),
        ("CREATED_AT", [DEPOT, "shop", "till"]),
        ("LAST_SEEN_AT", [DEPOT, "till", "shop"]),
    ):
        for direction, whole in (("ASC", ascending), ("DESC", ascending[::-1])):
            order = {"field": field, "direction": direction}
            first, info = await page(orderBy=order, first=2)
            assert info["hasNextPage"] is True
            rest, info = await page(orderBy=order, first=2, after=info["endCursor"])
            assert first + rest == whole, order
            assert info["hasNextPage"] is False
            back, info = await page(orderBy=order, last=2, before=info["startCursor"])
            assert back == whole[:2], order
            assert info["hasPreviousPage"] is False


async def test_strategies_show_the_applications_that_implement_them(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{
          strategies { nodes {
            name
            applications(first: 1) { totalCount pageInfo { endCursor } nodes { name } }
            named: applications(filter: { names: ["till"] }) { totalCount nodes { name } }
          } }
        }"""
    )
    by_name = {node["name"]: node for node in data["strategies"]["nodes"]}
    cursor = by_name["default"]["applications"]["pageInfo"]["endCursor"]
    rest = await shared_gateway.run(
        """query Rest($after: String) { strategy(name: "default") {
          applications(after: $after) { pageInfo { hasPreviousPage } nodes { name } }
        } }""",
        {"after": cursor},
    )

    assert by_name["default"]["applications"]["nodes"] == [{"name": "shop"}]
    assert by_name["default"]["applications"]["totalCount"] == 2
    assert by_name["byWeather"]["applications"]["totalCount"] == 1
    assert by_name["default"]["named"] == {"totalCount": 1, "nodes": [{"name": "till"}]}
    assert by_name["byWeather"]["named"] == {"totalCount": 0, "nodes": []}
    assert by_name["userWithId"]["applications"] == {
        "totalCount": 0,
        "pageInfo": {"endCursor": None},
        "nodes": [],
    }
    assert rest["strategy"]["applications"] == {
        "pageInfo": {"hasPreviousPage": True},
        "nodes": [{"name": "till"}],
    }
