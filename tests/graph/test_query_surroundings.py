"""What surrounds toggles: strategies, environments, tags, tokens, and the server itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from graph.schema import schema_hash
from store.model import SYSTEM, ApiTokenType
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.tokens import create_token
from store.values import StrategyParameter, Tag
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.installation import Installation


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    installed = Installation(gateway.store)
    await installed.surroundings()
    return installed


async def names(gateway: Gateway, field: str, **options: Any) -> list[str]:
    """The names in a connection of the root."""
    data = await gateway.run(f"{{ page: {field} {{ totalCount nodes {{ name }} }} }}", **options)
    found = [node["name"] for node in data["page"]["nodes"]]
    assert data["page"]["totalCount"] == len(found)
    return found


# ------------------------------------------------------------------ strategies


async def test_strategies_come_built_in_ones_first(
    installation: Installation, gateway: Gateway
) -> None:
    found = await names(gateway, "strategies")

    assert found[-1] == "byWeather"
    assert found[:-1] == sorted(found[:-1])
    assert len(found) == 9


async def test_strategies_are_filtered(installation: Installation, gateway: Gateway) -> None:
    await installation.toggle("t", strategies=(StrategySpec(name="byWeather"),))

    assert await names(gateway, "strategies(filter: { builtIn: false })") == ["byWeather"]
    assert await names(gateway, 'strategies(filter: { search: "HAS SUN" })') == ["byWeather"]
    assert await names(gateway, "strategies(filter: { used: true })") == ["byWeather"]
    assert "byWeather" not in await names(gateway, "strategies(filter: { used: false })")
    assert await names(gateway, "strategies(filter: { deprecated: true, builtIn: false })") == []


async def test_what_a_parameter_leaves_out_is_empty(gateway: Gateway) -> None:
    async with gateway.store.write(SYSTEM) as work:
        await create_strategy(work, name="bare", parameters=[StrategyParameter("p", "list")])

    data = await gateway.run(
        '{ strategy(name: "bare") { parameters { name type description required } } }'
    )

    assert data["strategy"]["parameters"] == [
        {"name": "p", "type": "list", "description": "", "required": False}
    ]


async def test_strategies_are_walked_through_by_cursor(
    installation: Installation, gateway: Gateway
) -> None:
    document = """query Page($after: String) { strategies(first: 4, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { name }
    } }"""
    walked, cursor, more = list[str](), None, True

    while more:
        page = (await gateway.run(document, {"after": cursor}))["strategies"]
        walked += [node["name"] for node in page["nodes"]]
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert walked == await names(gateway, "strategies")


async def test_a_strategy_shows_its_definition_and_the_toggles_that_use_it(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.rich_toggle("used")
    await installation.rich_toggle("once-used")
    await installation.archive("once-used")
    await installation.toggle("unused")

    data = await gateway.run(
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

    shown = data["strategy"]
    assert data["nothing"] is None
    assert (shown["title"], shown["builtIn"], shown["deprecated"]) == (
        "Gradual rollout",
        True,
        False,
    )
    assert [it["name"] for it in shown["parameters"]] == ["rollout", "stickiness", "groupId"]
    assert shown["toggles"] == {"totalCount": 1, "nodes": [{"name": "used"}]}
    assert shown["archived"] == {"nodes": [{"name": "once-used"}]}
    assert shown["searched"] == {"totalCount": 0}


# ------------------------------------------------------------------ environments, small lists


async def test_environments_count_the_active_toggles_that_are_on(
    installation: Installation, gateway: Gateway
) -> None:
    for name in ("a", "b", "c"):
        await installation.rich_toggle(name)
    await installation.archive("c")
    await installation.switch("a", "default", on=True)
    await installation.disable("development")

    data = await gateway.run(
        """{
          environments { name type builtIn sortOrder enabled enabledToggleCount revision }
          inUse: environments(enabled: true) { name }
          outOfUse: environments(enabled: false) { name }
          environment(name: "production") { name }
          nothing: environment(name: "nope") { name }
        }"""
    )

    counts = {it["name"]: it["enabledToggleCount"] for it in data["environments"]}
    assert counts == {"default": 1, "development": 0, "production": 2}
    assert data["inUse"] == [{"name": "default"}, {"name": "production"}]
    assert data["outOfUse"] == [{"name": "development"}]
    assert data["environment"] == {"name": "production"}
    assert data["nothing"] is None
    assert [it["builtIn"] for it in data["environments"]] == [True, False, False]


async def test_small_lists_come_whole_and_in_order(
    installation: Installation, gateway: Gateway
) -> None:
    data = await gateway.run(
        """{
          toggleTypes { name title description lifetimeDays }
          projects { name } project(name: "default") { builtIn }
          contextFields { name sortOrder builtIn stickiness legalValues { value } }
          tagTypes { name icon color description }
        }"""
    )

    types = {it["name"]: it["lifetimeDays"] for it in data["toggleTypes"]}
    assert types["release"] == 40
    assert types["kill-switch"] is None
    assert data["projects"] == [{"name": "default"}]
    assert data["project"] == {"builtIn": True}
    fields = [(it["sortOrder"], it["name"]) for it in data["contextFields"]]
    assert fields == sorted(fields)
    assert "country" in {it["name"] for it in data["contextFields"]}
    assert [it["name"] for it in data["tagTypes"]] == ["simple", "team"]


async def test_segments_are_found_by_text_and_show_their_toggles(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.rich_toggle("used")

    data = await gateway.run(
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
                "toggles": {"nodes": [{"name": "used"}]},
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


async def test_tags_in_use_are_listed_by_type_and_value(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.put(Tag("simple", "free"))
    await installation.toggle("a", tags=(Tag("team", "blue"), Tag("simple", "x")))
    await installation.toggle("b", tags=(Tag("team", "blue"),))
    await installation.toggle("c", tags=(Tag("simple", "past"),))
    await installation.archive("c")

    data = await gateway.run(
        """{
          tags { totalCount nodes { value toggleCount type { name } } }
          teams: tags(types: ["team"]) { nodes { value } }
          found: tags(search: "AS") { nodes { value } }
          last: tags(last: 1) { nodes { value } }
        }"""
    )

    listed = [(it["type"]["name"], it["value"], it["toggleCount"]) for it in data["tags"]["nodes"]]
    assert listed == [("simple", "past", 0), ("simple", "x", 1), ("team", "blue", 2)]
    assert data["teams"] == {"nodes": [{"value": "blue"}]}
    assert data["found"] == {"nodes": [{"value": "past"}]}
    assert data["last"] == {"nodes": [{"value": "blue"}]}


# ------------------------------------------------------------------ tokens


async def test_api_tokens_are_listed_by_name_without_their_secrets(gateway: Gateway) -> None:
    async with gateway.store.write(SYSTEM) as work:
        token, secret = await create_token(
            work,
            name="z",
            type=ApiTokenType.CLIENT,
            environment="default",
            projects=["default"],
            expires_at=work.now + timedelta(hours=1),
        )

    data = await gateway.run(
        """{ apiTokens(last: 1) { totalCount nodes {
          name type hint environment { name } projects { name } createdBy { name }
          createdAt expiresAt lastUsedAt revision
        } } }"""
    )

    (shown,) = data["apiTokens"]["nodes"]
    assert data["apiTokens"]["totalCount"] == 5
    assert token.expires_at is not None
    assert datetime.fromisoformat(shown.pop("expiresAt")) == token.expires_at
    assert datetime.fromisoformat(shown.pop("createdAt")) == token.created_at
    assert shown == {
        "name": "z",
        "type": "CLIENT",
        "hint": secret[-4:],
        "environment": {"name": "default"},
        "projects": [{"name": "default"}],
        "createdBy": {"name": "flagstaff"},
        "lastUsedAt": None,
        "revision": token.revision,
    }


async def test_api_tokens_are_filtered(gateway: Gateway) -> None:
    async with gateway.store.write(SYSTEM) as work:
        for name, project in (("of the shop", "shop"), ("of default", "default")):
            await create_token(
                work,
                name=name,
                type=ApiTokenType.FRONTEND,
                environment="default",
                projects=[project] if project == "default" else [],
                expires_at=work.now + timedelta(milliseconds=1),
            )

    assert await names(gateway, 'apiTokens(filter: { search: "OF" })') == [
        "of default",
        "of the shop",
    ]
    assert await names(gateway, "apiTokens(filter: { types: [ADMIN, VIEWER] })") == [
        "a admin",
        "a viewer",
    ]
    assert "of the shop" in await names(gateway, 'apiTokens(filter: { projects: ["shop"] })')
    assert "of default" not in await names(gateway, 'apiTokens(filter: { projects: ["shop"] })')
    assert await names(gateway, "apiTokens(filter: { expired: true })") == [
        "of default",
        "of the shop",
    ]
    assert await names(gateway, 'apiTokens(filter: { environments: ["nope"] })') == []


async def test_viewers_see_no_tokens_anywhere(gateway: Gateway) -> None:
    async with gateway.store.write(SYSTEM) as work:
        token, _ = await create_token(work, name="z", type=ApiTokenType.ADMIN)
    await gateway.change("toggleCreate", {"name": "t"})
    document = """query Everything($id: ID!) {
      node(id: $id) { id }
      toggle(name: "t") { createdBy { kind apiToken { name } } }
      events(filter: { types: [API_TOKEN_CREATED] }, first: 1) {
        nodes { subjectName subject { id } before after changes { path } }
      }
    }"""
    variables = {"id": await token_id(gateway, "z")}

    admins = await gateway.run(document, variables)
    viewers = await gateway.run(document, variables, token="viewer")

    assert admins["node"] == {"id": variables["id"]}
    assert admins["toggle"]["createdBy"] == {"kind": "TOKEN", "apiToken": {"name": "a admin"}}
    (event,) = admins["events"]["nodes"]
    assert event["subject"] == {"id": variables["id"]}
    assert event["after"]["name"] == token.name
    assert "secretHash" not in event["after"]
    assert viewers == {
        "node": None,
        "toggle": {"createdBy": {"kind": "TOKEN", "apiToken": None}},
        "events": {
            "nodes": [
                {
                    "subjectName": "z",
                    "subject": None,
                    "before": None,
                    "after": None,
                    "changes": [],
                }
            ]
        },
    }


async def token_id(gateway: Gateway, name: str) -> str:
    data = await gateway.run("{ apiTokens { nodes { id name } } }")
    return next(it["id"] for it in data["apiTokens"]["nodes"] if it["name"] == name)


# ------------------------------------------------------------------ viewer and server

VIEWER = """{ viewer {
  actor { name kind apiToken { name } } tokenType canWrite environment { name } projects { name }
} }"""


async def test_the_viewer_is_the_holder_of_the_token(gateway: Gateway) -> None:
    shown = (await gateway.run(VIEWER, token="viewer"))["viewer"]

    assert shown == {
        "actor": {"name": "a viewer", "kind": "TOKEN", "apiToken": None},
        "tokenType": "VIEWER",
        "canWrite": False,
        "environment": None,
        "projects": [],
    }


async def test_without_authentication_the_viewer_is_anonymous_and_may_write(
    gateway: Gateway,
) -> None:
    async with gateway_over(gateway.store, auth="none") as open_gateway:
        response = await open_gateway.post(VIEWER, token=None)

    assert response.json()["data"]["viewer"] == {
        "actor": {"name": "anonymous", "kind": "ANONYMOUS", "apiToken": None},
        "tokenType": None,
        "canWrite": True,
        "environment": None,
        "projects": [],
    }


async def test_the_server_tells_what_it_is_and_holds(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("a")
    await installation.toggle("b")
    await installation.archive("b")
    await installation.register("shop")
    await installation.use("shop", "a", instance_id="one")
    await installation.use("shop", "a", instance_id="two", ago=timedelta(hours=25))
    await installation.fold()

    async with gateway_over(gateway.store, version="1.2.3") as versioned:
        data = await versioned.run(
            """{ serverInfo {
              version revision schemaHash startedAt
              database { dialect version migration }
              limits { maxDepth maxAliases maxTokens maxPageSize }
              statistics { toggles archivedToggles applications liveInstances events }
            } }"""
        )

    shown = data["serverInfo"]
    assert shown["version"] == "1.2.3"
    assert shown["revision"] == gateway.store.snapshot.revision
    assert shown["schemaHash"] == schema_hash()
    assert datetime.fromisoformat(shown["startedAt"]) <= gateway.store.clock()
    assert shown["database"]["dialect"] == gateway.store.dialect
    assert shown["database"]["version"]
    assert shown["limits"]["maxPageSize"] == 500
    statistics = shown["statistics"]
    assert statistics.pop("events") > 5
    assert statistics == {
        "toggles": 1,
        "archivedToggles": 1,
        "applications": 1,
        "liveInstances": 2,
    }
