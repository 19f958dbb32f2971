"""A toggle shows its configuration, its usage and how far it is past its use."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from store.model import Project, ToggleType
from store.values import Constraint, Dependency, Variant
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

TOGGLE = "query Toggle($name: String!) { toggle(name: $name) { %s } }"


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    installed = Installation(gateway.store)
    await installed.surroundings()
    return installed


async def toggle(gateway: Gateway, name: str, selection: str, **options: Any) -> Any:
    data = await gateway.run(TOGGLE % selection, {"name": name}, **options)
    return data["toggle"]


def moment(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


async def test_a_name_that_no_toggle_has_is_null(gateway: Gateway) -> None:
    assert await toggle(gateway, "nope", "id") is None


async def test_an_archived_toggle_is_found_by_name(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("old")
    await installation.archive("old")

    shown = await toggle(gateway, "old", "name archived archivedAt")

    assert shown["archived"] is True
    assert moment(shown["archivedAt"]) == gateway.store.snapshot.toggles["old"].archived_at


async def test_a_toggle_shows_its_own_fields(installation: Installation, gateway: Gateway) -> None:
    stored = await installation.rich_toggle("checkout")

    shown = await toggle(
        gateway,
        "checkout",
        """
        name description stale archived archivedAt impressionData revision createdAt updatedAt
        type { name title lifetimeDays } project { name title builtIn }
        tags { value type { name color } toggleCount } createdBy { name kind apiToken { id } }
        """,
    )

    assert moment(shown.pop("createdAt")) == stored.created_at
    assert moment(shown.pop("updatedAt")) == stored.updated_at
    assert shown == {
        "name": "checkout",
        "description": "What checkout is for.",
        "stale": False,
        "archived": False,
        "archivedAt": None,
        "impressionData": False,
        "revision": stored.revision,
        "type": {"name": "release", "title": "Release", "lifetimeDays": 40},
        "project": {"name": "default", "title": "Default", "builtIn": True},
        "tags": [
            {"value": "shop", "type": {"name": "simple", "color": None}, "toggleCount": 1},
            {"value": "blue", "type": {"name": "team", "color": "#00ff00"}, "toggleCount": 1},
        ],
        "createdBy": {"name": "flagstaff", "kind": "SYSTEM", "apiToken": None},
    }


async def test_a_toggle_without_description_has_an_empty_one(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("plain")

    assert await toggle(gateway, "plain", "description") == {"description": ""}


# ------------------------------------------------------------------ configuration


async def test_strategies_show_all_that_was_configured(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.rich_toggle("checkout")

    shown = await toggle(
        gateway,
        "checkout",
        """
        strategies {
          name title disabled sortOrder summary parameters { name value } variants { name }
          constraints {
            contextName operator values caseInsensitive inverted
            contextField { name legalValues { value description } }
          }
          segments { id name } strategy { title }
          toggleEnvironment { enabled environment { name } toggle { name } }
        }
        """,
    )

    first, second = shown["strategies"]
    assert first.pop("segments") == [{"id": "U2VnbWVudDox", "name": "beta testers"}]
    assert first == {
        "name": "flexibleRollout",
        "title": "a quarter",
        "disabled": False,
        "sortOrder": 0,
        "summary": (
            "Matches 25 % of everybody, kept stable by user or session, if country is one of de or "
            "fr and age is not at least 18 within the segment beta testers."
        ),
        "parameters": [
            {"name": "rollout", "value": "25"},
            {"name": "stickiness", "value": "default"},
            {"name": "groupId", "value": "g"},
        ],
        "variants": [],
        "constraints": [
            {
                "contextName": "country",
                "operator": "IN",
                "values": ["de", "fr"],
                "caseInsensitive": False,
                "inverted": False,
                "contextField": {
                    "name": "country",
                    "legalValues": [
                        {"value": "de", "description": "Germany"},
                        {"value": "fr", "description": ""},
                    ],
                },
            },
            {
                "contextName": "age",
                "operator": "NUM_GTE",
                "values": ["18"],
                "caseInsensitive": False,
                "inverted": True,
                "contextField": None,
            },
        ],
        "strategy": {"title": "Gradual rollout"},
        "toggleEnvironment": {
            "enabled": False,
            "environment": {"name": "default"},
            "toggle": {"name": "checkout"},
        },
    }
    assert (second["name"], second["disabled"], second["sortOrder"]) == ("default", True, 1)


async def test_a_strategy_that_nobody_defined_is_shown_without_a_definition(
    installation: Installation, gateway: Gateway
) -> None:
    stored = await installation.rich_toggle("odd")
    configured = stored.environments["production"]
    strange = structs.replace(
        configured.strategies[0],
        name="fromElsewhere",
        parameters={"list": ["a", 1], "on": True, "nothing": None},
        constraints=(Constraint("country", "SOUNDS_LIKE", values=("x",)),),
        segments=(),
    )
    await installation.put(
        structs.replace(
            stored,
            environments={"production": structs.replace(configured, strategies=(strange,))},
        )
    )

    shown = await toggle(
        gateway,
        "odd",
        'strategies(environment: "production") { name strategy { name } parameters { name value } '
        "constraints { operator } }",
    )

    assert shown["strategies"] == [
        {
            "name": "fromElsewhere",
            "strategy": None,
            "parameters": [
                {"name": "list", "value": '["a",1]'},
                {"name": "on", "value": "true"},
                {"name": "nothing", "value": ""},
            ],
            "constraints": [{"operator": "SOUNDS_LIKE"}],
        }
    ]


async def test_variants_show_their_shares_payloads_and_overrides(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.rich_toggle("checkout")

    shown = await toggle(
        gateway,
        "checkout",
        "variants { name weight percentage weightType stickiness payload { type value } "
        "overrides { contextName values } }",
    )

    assert shown["variants"] == [
        {
            "name": "red",
            "weight": 500,
            "percentage": 50,
            "weightType": "VARIABLE",
            "stickiness": "default",
            "payload": {"type": "string", "value": "#f00"},
            "overrides": [],
        },
        {
            "name": "blue",
            "weight": 500,
            "percentage": 50,
            "weightType": "FIX",
            "stickiness": "default",
            "payload": None,
            "overrides": [{"contextName": "userId", "values": ["ada", "bob"]}],
        },
    ]


@pytest.mark.parametrize(
    ("weights", "percentages"),
    [([1, 3], [25, 75]), ([0, 0], [0, 0]), ([333.5, 666.5], [33.35, 66.65])],
)
async def test_percentages_are_right_for_weights_of_any_sum(
    installation: Installation, gateway: Gateway, weights: list[float], percentages: list[float]
) -> None:
    await installation.toggle("t", variants=())
    stored = gateway.store.snapshot.toggles["t"]
    configured = structs.replace(
        stored.environments["default"],
        variants=tuple(Variant(f"v{it}", it) for it in weights),
    )
    await installation.put(structs.replace(stored, environments={"default": configured}))

    shown = await toggle(gateway, "t", "variants { percentage weightType stickiness }")

    assert [it["percentage"] for it in shown["variants"]] == pytest.approx(percentages)
    assert {(it["weightType"], it["stickiness"]) for it in shown["variants"]} == {
        ("VARIABLE", "default")
    }


async def test_environments_come_in_order_configured_or_not(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.rich_toggle("checkout")

    shown = await toggle(
        gateway,
        "checkout",
        """
        environments { enabled revision strategies { name } environment { name type } }
        chosen: environments(names: ["production", "nope"]) { environment { name } }
        production: environment(name: "production") { enabled }
        nowhere: environment(name: "nope") { enabled }
        enabled on: enabled(environment: "production")
        """,
    )

    in_default, in_development, in_production = shown["environments"]
    assert in_development == {
        "enabled": False,
        "revision": 0,
        "strategies": [],
        "environment": {"name": "development", "type": "DEVELOPMENT"},
    }
    assert in_production["enabled"] is True
    assert in_production["strategies"] == [{"name": "userWithId"}]
    assert in_default["environment"] == {"name": "default", "type": "PRODUCTION"}
    assert shown["chosen"] == [{"environment": {"name": "production"}}]
    assert shown["production"] == {"enabled": True}
    assert shown["nowhere"] is None
    assert (shown["enabled"], shown["on"]) == (False, True)


async def test_an_environment_out_of_use_is_left_out_of_lists_but_found_by_name(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("t")
    await installation.disable("development")

    shown = await toggle(
        gateway,
        "t",
        'environments { environment { name } } environment(name: "development") { enabled }',
    )

    assert [it["environment"]["name"] for it in shown["environments"]] == ["default", "production"]
    assert shown["environment"] == {"enabled": False}


async def test_dependencies_are_shown_both_ways(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("parent")
    child = await installation.toggle("child")
    dependency = Dependency("parent", enabled=False, variants=("red",))
    await installation.put(structs.replace(child, dependencies=(dependency,)))

    data = await gateway.run(
        """{
          child: toggle(name: "child") { dependencies { enabled variants toggle { name } } }
          parent: toggle(name: "parent") { dependents { name } dependencies { enabled } }
        }"""
    )

    assert data == {
        "child": {
            "dependencies": [{"enabled": False, "variants": ["red"], "toggle": {"name": "parent"}}]
        },
        "parent": {"dependents": [{"name": "child"}], "dependencies": []},
    }


# ------------------------------------------------------------------ lifetime and usage


async def test_a_toggle_is_potentially_stale_when_its_lifetime_is_over(
    installation: Installation, gateway: Gateway
) -> None:
    young = await installation.toggle("young")
    born = young.created_at - timedelta(days=40)
    await installation.toggle("old")
    await installation.toggle("marked", stale=True)
    await installation.toggle("lasting", type="kill-switch")
    for name in ("old", "marked", "lasting"):
        stored = gateway.store.snapshot.toggles[name]
        await installation.put(structs.replace(stored, created_at=born))

    data = await gateway.run("{ toggles { nodes { name stale potentiallyStale expiresAt } } }")
    shown = {node.pop("name"): node for node in data["toggles"]["nodes"]}

    assert {name: it["potentiallyStale"] for name, it in shown.items()} == {
        "lasting": False,
        "marked": False,
        "old": True,
        "young": False,
    }
    assert shown["lasting"]["expiresAt"] is None
    assert moment(shown["old"]["expiresAt"]) == young.created_at
    assert moment(shown["young"]["expiresAt"]) == young.created_at + timedelta(days=40)


async def test_a_lifetime_beyond_the_calendar_never_ends(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.put(ToggleType(name="geological", title="Geological", lifetime_days=2**30))
    await installation.toggle("t", type="geological")

    assert await toggle(gateway, "t", "expiresAt potentiallyStale") == {
        "expiresAt": None,
        "potentiallyStale": False,
    }


async def test_seen_times_come_from_reports_per_environment(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("t")
    earlier = await installation.use(
        "shop", "t", yes=0, no=3, ago=timedelta(hours=2), environment="production"
    )
    now = await installation.use("shop", "t", yes=2, no=0)
    await installation.fold()

    shown = await toggle(
        gateway,
        "t",
        """
        lastSeenAt
        default: environment { lastSeenAt lastYesAt lastNoAt }
        production: environment(name: "production") { lastSeenAt lastYesAt lastNoAt }
        development: environment(name: "development") { lastSeenAt }
        """,
    )

    assert moment(shown["lastSeenAt"]) == now
    assert moment(shown["default"]["lastYesAt"]) == now
    assert shown["default"]["lastNoAt"] is None
    assert moment(shown["production"]["lastNoAt"]) == earlier
    assert shown["production"]["lastYesAt"] is None
    assert shown["development"] == {"lastSeenAt": None}


async def test_usages_come_newest_first_and_by_environment_and_age(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("t")
    await installation.use("shop", "t", ago=timedelta(hours=30))
    await installation.use("till", "t", environment="production", ago=timedelta(hours=1))
    await installation.use("depot", "t", "other", environment="unheard-of")
    await installation.fold()

    shown = await toggle(
        gateway,
        "t",
        """
        usages {
          totalCount
          nodes { toggleName toggle { name } application { name } environment { name enabled } }
        }
        here: usages(environment: "production") { totalCount nodes { application { name } } }
        recent: usages(seenWithinHours: 24) { totalCount nodes { application { name } } }
        page: usages(first: 1) {
          totalCount pageInfo { hasNextPage } nodes { application { name } }
        }
        end: usages(last: 1) { pageInfo { hasPreviousPage } nodes { application { name } } }
        """,
    )

    assert [it["application"]["name"] for it in shown["usages"]["nodes"]] == [
        "depot",
        "till",
        "shop",
    ]
    assert shown["usages"]["nodes"][0] == {
        "toggleName": "t",
        "toggle": {"name": "t"},
        "application": {"name": "depot"},
        "environment": {"name": "unheard-of", "enabled": False},
    }
    assert shown["usages"]["totalCount"] == 3
    assert shown["here"] == {"totalCount": 1, "nodes": [{"application": {"name": "till"}}]}
    assert [it["application"]["name"] for it in shown["recent"]["nodes"]] == ["depot", "till"]
    assert shown["page"]["totalCount"] == 3
    assert shown["page"]["pageInfo"] == {"hasNextPage": True}
    assert shown["page"]["nodes"] == [{"application": {"name": "depot"}}]
    assert shown["end"] == {
        "pageInfo": {"hasPreviousPage": True},
        "nodes": [{"application": {"name": "shop"}}],
    }


async def test_usages_of_many_toggles_are_walked_through_by_cursor(
    installation: Installation, gateway: Gateway
) -> None:
    for name in ("a", "b"):
        await installation.toggle(name)
    for number in range(5):
        await installation.use(f"app{number}", "a", "b", ago=timedelta(minutes=number))
    await installation.fold()
    document = """query Page($after: String, $before: String, $first: Int, $last: Int) {
      toggles { nodes { usages(first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage } edges { cursor node { application { name } } }
      } } }
    }"""

    async def page(**variables: Any) -> Any:
        data = await gateway.run(document, variables)
        return [node["usages"] for node in data["toggles"]["nodes"]]

    def names(usages: Any) -> list[str]:
        return [edge["node"]["application"]["name"] for edge in usages["edges"]]

    first_a, first_b = await page(first=2)
    assert names(first_a) == names(first_b) == ["app0", "app1"]
    rest_a, _ = await page(first=2, after=first_a["edges"][-1]["cursor"])
    assert names(rest_a) == ["app2", "app3"]
    assert rest_a["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}
    before_a, _ = await page(last=1, before=rest_a["edges"][0]["cursor"])
    assert names(before_a) == ["app1"]
    assert before_a["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}


@pytest.mark.parametrize("hours", [0, -1])
async def test_looking_back_less_than_an_hour_is_refused(
    installation: Installation, gateway: Gateway, hours: int
) -> None:
    await installation.toggle("t")
    document = TOGGLE % f"usages(seenWithinHours: {hours}) {{ totalCount }}"

    answer = (await gateway.post(document, {"name": "t"})).json()

    assert answer["errors"][0]["message"] == (
        f"The argument seenWithinHours is {hours}; it has to be at least 1."
    )


async def test_looking_back_beyond_the_calendar_finds_everything(
    installation: Installation, gateway: Gateway
) -> None:
    await installation.toggle("t")
    await installation.use("shop", "t")
    await installation.fold()

    shown = await toggle(gateway, "t", "usages(seenWithinHours: 2147483647) { totalCount }")

    assert shown == {"usages": {"totalCount": 1}}


async def test_a_project_shows_its_active_toggles(
    installation: Installation, gateway: Gateway
) -> None:
    now = gateway.store.clock()
    await installation.put(Project(name="shop", title="Shop", created_at=now))
    for name in ("a", "b", "c"):
        await installation.toggle(name, project="shop" if name != "b" else "default")
    await installation.archive("c")

    data = await gateway.run(
        """{ project(name: "shop") {
          title toggles { totalCount nodes { name } }
          archived: toggles(filter: { archived: true }) { nodes { name } }
          both: toggles(
            filter: { archived: null }, orderBy: { field: NAME, direction: DESC }
          ) { nodes { name } }
        } }"""
    )

    assert data["project"] == {
        "title": "Shop",
        "toggles": {"totalCount": 1, "nodes": [{"name": "a"}]},
        "archived": {"nodes": [{"name": "c"}]},
        "both": {"nodes": [{"name": "c"}, {"name": "a"}]},
    }
