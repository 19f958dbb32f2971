"""The playgrounds of today's admin API: evaluate many toggles at once, and explain the results."""

from typing import Any

import httpx
import pytest

from store import Store
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from store.values import Constraint, Variant, VariantPayload
from tests.rest_compat.conftest import admin_of, begins_with, create
from tests.rest_compat.unleash8.conftest import FEATURES, create_segment, problems
from tests.store.operations.doing import carry_out

PLAY = "/api/admin/playground"
ADVANCED = f"{PLAY}/advanced"
GERMANS = {"contextName": "country", "operator": "IN", "values": ["DE"]}


async def toggles(store: Store) -> None:
    """Toggles whose strategies match, are disabled, have a segment, or are custom."""
    admin = admin_of(store)
    await admin.post("/api/admin/strategies", json={"name": "moonPhase", "parameters": []})
    segment = await create_segment(admin, "germans", GERMANS)
    await carry_out(
        store,
        create_toggle,
        name="banner",
        strategies=[
            StrategySpec(name="default", title="Nobody", disabled=True),
            StrategySpec(
                name="default",
                constraints=(Constraint("userId", "IN", values=("1", "2")),),
                variants=(Variant("blue", 1000, payload=VariantPayload("string", "#00f")),),
            ),
        ],
        enabled=True,
    )
    await create(store, "local", project="shop", strategies=[])
    path = "/api/admin/projects/shop/features/local/environments/default/strategies"
    await admin.post(path, json={"name": "default", "segments": [segment["id"]]})
    await create(store, "custom", strategies=[StrategySpec(name="moonPhase")], enabled=True)
    await carry_out(store, set_enabled, "local", enabled=True)
    await create(store, "child")
    await admin.post(f"{FEATURES}/child/dependencies", json={"feature": "custom"})
    await carry_out(store, set_enabled, "child", enabled=True)


pytestmark = begins_with(toggles)


def request(**fields: Any) -> dict[str, Any]:
    return {"environment": "default", "context": {"appName": "shop", "userId": "1"}} | fields


def advanced(**fields: Any) -> dict[str, Any]:
    return {"environments": ["default"], "context": {"appName": "shop", "userId": "1"}} | fields


async def play(admin: httpx.AsyncClient, **fields: Any) -> dict[str, dict[str, Any]]:
    """The features of an answer by name."""
    answer = await admin.post(PLAY, json=request(**fields))
    assert answer.status_code == 200, answer.text
    assert answer.json()["input"] == request(**fields)
    return {feature["name"]: feature for feature in answer.json()["features"]}


async def test_a_decision_is_explained_down_to_its_constraints(
    admin: httpx.AsyncClient, store: Store
) -> None:
    banner = (await play(admin))["banner"]

    ids = [
        strategy.id
        for strategy in store.snapshot.toggles["banner"].in_environment("default").strategies
    ]
    blue = {"name": "blue", "enabled": True, "payload": {"type": "string", "value": "#00f"}}
    (listed,) = banner["variants"]
    links = {"edit": "/console/toggles/banner"}
    assert banner == {
        "name": "banner",
        "projectId": "default",
        "isEnabled": True,
        "isEnabledInCurrentEnvironment": True,
        "hasUnsatisfiedDependency": False,
        "variant": {**blue, "feature_enabled": True},
        "variants": [listed | {"name": "blue", "weight": 1000}],
        "strategies": {
            "result": True,
            "data": [
                {
                    "id": ids[0],
                    "name": "default",
                    "title": "Nobody",
                    "disabled": True,
                    "parameters": {},
                    "result": {"enabled": "unknown", "evaluationStatus": "unevaluated"},
                    "constraints": [],
                    "segments": [],
                    "links": links,
                },
                {
                    "id": ids[1],
                    "name": "default",
                    "disabled": False,
                    "parameters": {},
                    "result": {
                        "enabled": True,
                        "evaluationStatus": "complete",
                        "variant": blue,
                        "variants": [listed],
                    },
                    "constraints": [
                        {
                            "contextName": "userId",
                            "operator": "IN",
                            "values": ["1", "2"],
                            "result": True,
                        }
                    ],
                    "segments": [],
                    "links": links,
                },
            ],
        },
    }


async def test_segments_dependencies_and_custom_strategies_have_results(
    admin: httpx.AsyncClient,
) -> None:
    context = {"appName": "shop", "userId": "9", "properties": {"country": "DE"}}

    features = await play(admin, context=context)

    assert {name: feature["isEnabled"] for name, feature in features.items()} == {
        "banner": False,
        "child": False,
        "custom": False,
        "local": True,
    }
    assert features["banner"]["variant"] == {
        "name": "disabled",
        "enabled": False,
        "feature_enabled": False,
    }
    assert features["child"]["hasUnsatisfiedDependency"] is True
    assert features["custom"]["strategies"]["result"] == "unknown"
    (strategy,) = features["custom"]["strategies"]["data"]
    assert strategy["result"] == {"enabled": "unknown", "evaluationStatus": "incomplete"}
    (strategy,) = features["local"]["strategies"]["data"]
    (segment,) = strategy["segments"]
    (constraint,) = segment["constraints"]
    assert (segment["name"], segment["result"]) == ("germans", True)
    assert (constraint["contextName"], constraint["result"]) == ("country", True)


async def test_strategies_are_explained_where_the_toggle_is_off(admin: httpx.AsyncClient) -> None:
    off = (await play(admin, environment="staging"))["banner"]

    assert (off["isEnabled"], off["isEnabledInCurrentEnvironment"]) == (False, False)
    assert off["strategies"] == {"result": False, "data": []}


async def test_projects_limit_the_toggles(admin: httpx.AsyncClient, store: Store) -> None:
    await admin.delete(f"{FEATURES}/banner")
    revision = store.snapshot.revision

    assert list(await play(admin, projects=["shop"])) == ["local"]
    assert list(await play(admin, projects=["shop", "default"])) == ["child", "custom", "local"]
    assert list(await play(admin, projects="*")) == ["child", "custom", "local"]
    assert list(await play(admin, projects=[])) == []
    assert store.snapshot.revision == revision


async def test_the_advanced_playground_combines_all_values(admin: httpx.AsyncClient) -> None:
    body = advanced(
        environments=["default", "staging", "default"],
        projects=["default"],
        context={"appName": "shop", "userId": "1,7", "properties": {"plan": "a,b"}, "beta": True},
    )

    answer = await admin.post(ADVANCED, json=body)

    assert answer.status_code == 200, answer.text
    assert answer.json()["input"] == body
    assert answer.json()["warnings"] == {"invalidContextProperties": ["beta"]}
    banner, child, custom = answer.json()["features"]
    assert (banner["name"], child["name"], custom["projectId"]) == ("banner", "child", "default")
    assert list(banner["environments"]) == ["default", "staging"]
    assert [(each["context"], each["isEnabled"]) for each in banner["environments"]["default"]] == [
        ({"plan": plan, "appName": "shop", "userId": user}, user == "1")
        for plan in "ab"
        for user in "17"
    ]
    assert [each["environment"] for each in banner["environments"]["staging"]] == ["staging"] * 4


@pytest.mark.parametrize(
    ("path", "body", "paths"),
    [
        (PLAY, {}, ["/body/context", "/body/environment"]),
        (PLAY, request(context={}), ["/body/context/appName"]),
        (PLAY, request(context={"appName": ""}), ["/body/context/appName"]),
        (PLAY, request(context={"appName": "a", "plan": ["x"]}), ["/body/context/plan"]),
        (PLAY, request(context={"appName": "a", "userId": ["x"]}), ["/body/context/userId"]),
        (PLAY, request(environment="moon"), ["/body/environment"]),
        (PLAY, request(projects=["moon", "shop", "x"]), ["/body/projects/0", "/body/projects/2"]),
        (ADVANCED, advanced(environments=[]), ["/body/environments"]),
        (ADVANCED, advanced(environments=["default", "moon"]), ["/body/environments/1"]),
        (ADVANCED, advanced(context={"appName": "a", "userId": "," * 15_000}), [""]),
        (ADVANCED, advanced(context={"appName": "a", "x": "y" * 10_001}), [""]),
        (
            ADVANCED,
            advanced(context={"appName": "a", "userId": "," * 1_000, "x": "y" * 9_000}),
            [""],
        ),
    ],
)
async def test_invalid_requests_to_play_are_refused(
    admin: httpx.AsyncClient, path: str, body: dict[str, Any], paths: list[str]
) -> None:
    assert list(problems(await admin.post(path, json=body), 400)) == paths


@pytest.mark.parametrize("projects", ["shop", [f"p-{number}" for number in range(10_000)], 7])
async def test_projects_are_a_list_of_names_or_a_star(
    admin: httpx.AsyncClient, projects: Any
) -> None:
    found = problems(await admin.post(PLAY, json=request(projects=projects)), 400)

    assert list(found) == ["/body/projects"]
