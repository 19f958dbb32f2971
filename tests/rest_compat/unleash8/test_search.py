"""The search for toggles, and the segments of single strategies."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import admin_of, begins_with, create
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    add_strategy,
    create_feature,
    create_segment,
    problems,
)

SEARCH = "/api/admin/search/features"
STRATEGIES = "/api/admin/segments/strategies"


async def toggles(store: Store) -> None:
    """Toggles of two projects, of which `c` is stale, `d` is archived and `a` uses a segment."""
    admin = admin_of(store)
    await create(store, "shop.x", project="shop", description="The till")
    await create_feature(admin, "a", type="experiment")
    await create_feature(admin, "b", tags=[{"type": "simple", "value": "web"}])
    await create_feature(admin, "c", stale=True)
    await create_feature(admin, "d")
    segment = await create_segment(admin, "beta")
    await add_strategy(admin, "a", name="default", segments=[segment["id"]])
    await admin.post(f"{FEATURES}/a/environments/default/on")
    await admin.post(f"{FEATURES}/b/dependencies", json={"feature": "a"})
    await admin.delete(f"{FEATURES}/d")


pytestmark = begins_with(toggles)


async def found(admin: httpx.AsyncClient, **query: Any) -> list[str]:
    """The names of the toggles that a search finds."""
    answer = await admin.get(SEARCH, params=query)
    assert answer.status_code == 200, answer.text
    return [feature["name"] for feature in answer.json()["features"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["shop.x", "a", "b", "c"]),
        ({"query": "TILL"}, ["shop.x"]),
        ({"query": "web, nothing"}, ["b"]),
        ({"project": "IS:shop"}, ["shop.x"]),
        ({"project": "IS_NOT:shop", "state": "IS:active"}, ["a", "b"]),
        ({"type": "IS_ANY_OF:experiment,other"}, ["a"]),
        ({"type": "IS_NONE_OF:experiment,other"}, ["shop.x", "b", "c"]),
        ({"state": "IS:stale"}, ["c"]),
        ({"tag": "INCLUDE:simple:web"}, ["b"]),
        ({"tag": "INCLUDE_ALL_OF:simple:web,simple:x"}, []),
        ({"tag": "EXCLUDE_IF_ANY_OF:simple:web,simple:x"}, ["shop.x", "a", "c"]),
        ({"tag": "EXCLUDE_ALL:simple:web,simple:x"}, ["shop.x", "a", "b", "c"]),
        ({"segment": "INCLUDE:beta"}, ["a"]),
        ({"status": ["default:enabled", "staging:enabled"]}, ["a"]),
        ({"status[]": "staging:disabled"}, ["shop.x", "a", "b", "c"]),
        ({"lifecycle": "IS:completed"}, ["c"]),
        ({"createdAt": "IS_BEFORE:2020-01-01"}, []),
        ({"createdAt": "IS_ON_OR_AFTER:2020-01-01", "createdBy": "IS:ada"}, ["a", "b", "c"]),
        ({"lastSeenAt": "IS_BEFORE:2999-01-01"}, []),
        ({"archived": "IS:true"}, ["d"]),
        ({"sortBy": "name", "sortOrder": "desc"}, ["shop.x", "c", "b", "a"]),
        ({"sortBy": "environment:default", "sortOrder": "desc", "limit": 1}, ["a"]),
        ({"sortBy": "name", "limit": 2, "offset": 1}, ["b", "c"]),
        ({"offset": 100}, []),
    ],
)
async def test_all_filters_must_match(
    admin: httpx.AsyncClient, query: dict[str, Any], names: list[str]
) -> None:
    assert await found(admin, **query) == names


async def test_a_found_toggle_has_its_segments_creator_and_stage(admin: httpx.AsyncClient) -> None:
    answer = (await admin.get(SEARCH, params={"project": "IS:default"})).json()

    first = answer["features"][0]
    assert (first["segments"], first["createdBy"], first["dependencyType"]) == (
        ["beta"],
        {"name": "ada"},
        "parent",
    )
    assert (first["lifecycle"]["stage"], first["archivedAt"]) == ("initial", None)
    assert [item["enabled"] for item in first["environments"]] == [True, False]
    assert [item["dependencyType"] for item in answer["features"][1:]] == ["child", None]
    assert answer["total"] == 3


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"project": "shop"}, "project"),
        ({"project": "HUH:shop"}, "project"),
        ({"project": "IS:"}, "project"),
        ({"project": "IS:a,,b"}, "project"),
        ({"project": "IS_ANY_OF:" + ",".join(map(str, range(501)))}, "project"),
        ({"tag": "IS:simple:web"}, "tag"),
        ({"createdAt": "IS_BEFORE:soon"}, "createdAt"),
        ({"createdAt": "IS_BEFORE:2026-01-01,2026-01-02"}, "createdAt"),
        ({"status": "huh"}, "status"),
        ({"status": "moon:enabled"}, "status"),
        ({"archived": "true"}, "archived"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"offset": "-5"}, "offset"),
        ({"sortBy": "nonsense"}, "sortBy"),
        ({"sortOrder": "up"}, "sortOrder"),
        ({"colour": "red"}, "colour"),
        ({"lifecycle": "IS_ANY_OF:live,dead"}, "lifecycle"),
        ({"state": "IS:fresh"}, "state"),
    ],
)
async def test_what_is_wrong_with_a_search_is_reported(
    admin: httpx.AsyncClient, query: dict[str, Any], name: str
) -> None:
    answer = await admin.get(SEARCH, params=query)

    assert list(problems(answer, 400)) == [f"/query/{name}"]


async def strategy_id(admin: httpx.AsyncClient) -> str:
    """The ID of the only strategy of `a`."""
    (strategy,) = (await admin.get(f"{FEATURES}/a/environments/default/strategies")).json()
    return strategy["id"]


async def test_the_segments_of_a_strategy_are_replaced(admin: httpx.AsyncClient) -> None:
    other = await create_segment(admin, "other")
    id = await strategy_id(admin)
    body = {"projectId": "default", "environmentId": "default", "strategyId": id}

    before = await admin.get(f"{STRATEGIES}/{id}")
    answer = await admin.post(STRATEGIES, json={**body, "segmentIds": [other["id"]]})

    assert [segment["name"] for segment in before.json()["segments"]] == ["beta"]
    assert answer.status_code == 201
    assert answer.json() == {**body, "segmentIds": [other["id"]]}
    after = await admin.get(f"{STRATEGIES}/{id}")
    assert [segment["name"] for segment in after.json()["segments"]] == ["other"]
    assert (await admin.get(f"{STRATEGIES}/none")).json() == {"segments": []}


async def test_what_is_wrong_with_the_segments_of_a_strategy_is_reported(
    admin: httpx.AsyncClient, store: Store
) -> None:
    good = {
        "projectId": "default",
        "environmentId": "default",
        "strategyId": await strategy_id(admin),
        "segmentIds": [],
    }
    before = store.snapshot
    for change, path in (
        ({"segmentIds": [999]}, "/body/segmentIds/0"),
        ({"segmentIds": ["x"]}, "/body/segmentIds/0"),
        ({"segmentIds": None}, "/body/segmentIds"),
        ({"projectId": "shop"}, "/body/projectId"),
        ({"environmentId": "staging"}, "/body/environmentId"),
    ):
        answer = await admin.post(STRATEGIES, json=good | change)

        assert list(problems(answer, 400)) == [path], change
    missing = await admin.post(STRATEGIES, json=good | {"strategyId": "none"})
    assert missing.status_code == 404
    assert store.snapshot is before
