"""The reference data of toggles: strategies, environments, segments, tags and short lists."""

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.fields import StrategyFields
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.values import StrategyParameter, Tag
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import names

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(store: Store) -> None:
    """Create toggles that use some strategies and tags, and archive one of the toggles.

    Also create a bare strategy.
    """
    installed = Installation(store)
    async with store.write(SYSTEM) as work:
        await create_strategy(
            work, name="bare", fields=StrategyFields(parameters=(StrategyParameter("p", "list"),))
        )
    for name in ("a-rich", "b-rich", "once-rich"):
        await installed.rich_toggle(name)
    await installed.archive("once-rich")
    await installed.switch("a-rich", "default", on=True)
    await installed.toggle("rainy", strategies=(StrategySpec(name="byWeather"),))
    await installed.put(Tag("simple", "free"))
    await installed.toggle("tagged", tags=(Tag("team", "blue"), Tag("simple", "x")))
    await installed.toggle("once-tagged", tags=(Tag("simple", "past"),))
    await installed.archive("once-tagged")
    await installed.disable("development")


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


# ------------------------------------------------------------------ strategies


async def test_strategies_come_built_in_ones_first(shared_gateway: Gateway) -> None:
    found = await names(shared_gateway, "strategies")

    assert found[-2:] == ["bare", "byWeather"]
    assert found[:-2] == sorted(found[:-2])
    assert len(found) == 10


async def test_strategies_are_filtered(shared_gateway: Gateway) -> None:
    used = ["default", "flexibleRollout", "userWithId", "byWeather"]

    assert await names(shared_gateway, "strategies(filter: { builtIn: false })") == [
        "bare",
        "byWeather",
    ]
    assert await names(shared_gateway, 'strategies(filter: { search: "HAS SUN" })') == ["byWeather"]
    assert await names(shared_gateway, "strategies(filter: { used: true })") == used
    unused = await names(shared_gateway, "strategies(filter: { used: false })")
    assert sorted(unused + used) == sorted(await names(shared_gateway, "strategies"))
    assert (
        await names(shared_gateway, "strategies(filter: { deprecated: true, builtIn: false })")
        == []
    )


async def test_what_a_parameter_leaves_out_is_empty(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        '{ strategy(name: "bare") { parameters { name type description required } } }'
    )

    assert data["strategy"]["parameters"] == [
        {"name": "p", "type": "list", "description": "", "required": False}
    ]


async def test_strategies_are_walked_through_by_cursor(shared_gateway: Gateway) -> None:
    document = """query Page($after: String) { strategies(first: 4, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { name }
    } }"""
    walked, cursor, more = list[str](), None, True

    while more:
        page = (await shared_gateway.run(document, {"after": cursor}))["strategies"]
        walked += [node["name"] for node in page["nodes"]]
        assert len(walked) <= 10
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert walked == await names(shared_gateway, "strategies")


async def test_a_strategy_shows_its_definition_and_the_toggles_that_use_it(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{
          strategy(name: "flexibleRollout") {
            title builtIn deprecated description
            parameters { name type description required }
            toggles(first: 1) { totalCount nodes { name } }
            archived: toggles(filter: { archived: true }) { nodes { name } }
            searched: toggles(filter: { search: "nope" }) { totalCount }
          }
          nothing: strategy(name: "nope") { name }
        }"""
    )

    strategy = data["strategy"]
    assert data["nothing"] is None
    assert (strategy["title"], strategy["builtIn"], strategy["deprecated"]) == (
        "Gradual rollout",
        True,
        False,
    )
    assert [parameter["name"] for parameter in strategy["parameters"]] == [
        "rollout",
        "stickiness",
        "groupId",
    ]
    assert strategy["toggles"] == {"totalCount": 2, "nodes": [{"name": "a-rich"}]}
    assert strategy["archived"] == {"nodes": [{"name": "once-rich"}]}
    assert strategy["searched"] == {"totalCount": 0}


# ------------------------------------------------------------------ environments, small lists


async def test_environments_count_the_active_toggles_that_are_on(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          environments { name type builtIn sortOrder enabled enabledToggleCount revision }
          inUse: environments(enabled: true) { name }
          outOfUse: environments(enabled: false) { name }
          environment(name: "production") { name }
          nothing: environment(name: "nope") { name }
        }"""
    )

    counts = {
        environment["name"]: environment["enabledToggleCount"]
        for environment in data["environments"]
    }
    assert counts == {"default": 1, "development": 0, "production": 2}
    assert data["inUse"] == [{"name": "default"}, {"name": "production"}]
    assert data["outOfUse"] == [{"name": "development"}]
    assert data["environment"] == {"name": "production"}
    assert data["nothing"] is None
    assert [environment["builtIn"] for environment in data["environments"]] == [True, False, False]


async def test_small_lists_come_whole_and_in_order(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          toggleTypes { name title description lifetimeDays }
          projects { name } project(name: "default") { builtIn }
          contextFields { name sortOrder builtIn stickiness legalValues { value } }
          tagTypes { name icon color description }
        }"""
    )

    types = {item["name"]: item["lifetimeDays"] for item in data["toggleTypes"]}
    assert types["release"] == 40
    assert types["kill-switch"] is None
    assert data["projects"] == [{"name": "default"}]
    assert data["project"] == {"builtIn": True}
    fields = [(field["sortOrder"], field["name"]) for field in data["contextFields"]]
    assert fields == sorted(fields)
    assert "country" in {field["name"] for field in data["contextFields"]}
    assert [item["name"] for item in data["tagTypes"]] == ["simple", "team"]


async def test_segments_are_found_by_text_and_show_their_toggles(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          segments(search: "BETA") {
            totalCount
            nodes {
              name description createdBy { name } toggles { nodes { name } }
              constraints { contextName operator values }
            }
          }
          none: segments(search: "%") { totalCount }
        }"""
    )

    assert data["segments"] == {
        "totalCount": 1,
        "nodes": [
            {
                "name": "beta testers",
                "description": "",
                "createdBy": None,
                "toggles": {"nodes": [{"name": "a-rich"}, {"name": "b-rich"}]},
                "constraints": [
                    {
                        "contextName": "email",
                        "operator": "STR_ENDS_WITH",
                        "values": ["@b.example"],
                    }
                ],
            }
        ],
    }
    assert data["none"] == {"totalCount": 0}


async def test_tags_in_use_are_listed_by_type_and_value(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          tags { totalCount nodes { value toggleCount type { name } } }
          teams: tags(types: ["team"]) { nodes { value } }
          found: tags(search: "AS") { nodes { value } }
          last: tags(last: 1) { nodes { value } }
        }"""
    )

    listed = [
        (node["type"]["name"], node["value"], node["toggleCount"]) for node in data["tags"]["nodes"]
    ]
    assert listed == [
        ("simple", "past", 0),
        ("simple", "shop", 2),
        ("simple", "x", 1),
        ("team", "blue", 3),
    ]
    assert data["teams"] == {"nodes": [{"value": "blue"}]}
    assert data["found"] == {"nodes": [{"value": "past"}]}
    assert data["last"] == {"nodes": [{"value": "blue"}]}
