"""The list of toggles for SDKs: the form of the body, the filters, and the scope of tokens."""

import json

import httpx
import pytest

from rest_compat.sdk.filters import supports_segments
from store import Store
from store.model import SYSTEM
from store.operations.environments import update_environment
from store.operations.fields import EnvironmentFields
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Variant, VariantOverride
from tests.rest_compat.conftest import (
    FEATURES,
    MakeClient,
    MakeToken,
    begins_with,
    create,
    names_at,
    shop_and_blog,
)

JSON = "application/json; charset=utf-8"


async def test_the_list_is_a_superset_of_both_generations(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "one", description="First")

    answer = await client.get(FEATURES)

    assert answer.headers["content-type"] == JSON
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization, Accept-Encoding, Unleash-Client-Spec"
    document = answer.json()
    assert document["features"] == [
        {
            "name": "one",
            "type": "release",
            "enabled": False,
            "project": "default",
            "stale": False,
            "strategies": [
                {"name": "default", "constraints": [], "parameters": {}, "variants": []}
            ],
            "variants": [],
            "description": "First",
            "impressionData": False,
        }
    ]
    assert document["version"] == 2
    assert document["query"] == {"environment": "default", "inlineSegmentConstraints": True}
    assert document["meta"]["etag"] == answer.headers["etag"]
    assert document["meta"]["revisionId"] == store.snapshot.revision


async def test_toggles_come_by_name_in_the_order_of_bytes(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "b", "B", "a.c", "a", "a-b", "_x")

    assert await names_at(client) == ["B", "_x", "a", "a-b", "a.c", "b"]


async def test_a_change_is_in_the_next_answer(store: Store, client: httpx.AsyncClient) -> None:
    await create(store, "one", "two")
    before = await client.get(FEATURES)
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "two", enabled=True)

    after = await client.get(FEATURES, headers={"if-none-match": before.headers["etag"]})

    assert [feature["enabled"] for feature in before.json()["features"]] == [False, False]
    assert [feature["enabled"] for feature in after.json()["features"]] == [False, True]
    assert after.json()["meta"]["revisionId"] == store.snapshot.revision


async def test_an_archived_toggle_is_gone_from_list_and_path(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "one", "two")
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "two")

    assert await names_at(client) == ["one"]
    assert (await client.get(f"{FEATURES}/two")).status_code == 404


async def test_a_toggle_never_configured_in_an_environment_is_off_there(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "one", enabled=True)

    answer = await make_client(await make_token(environment="staging")).get(FEATURES)

    (feature,) = answer.json()["features"]
    assert (feature["enabled"], feature["strategies"]) == (False, [])


async def test_a_disabled_environment_is_still_served(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "one")
    client = make_client(await make_token(environment="staging"))
    async with store.write(SYSTEM) as work:
        await update_environment(work, "staging", EnvironmentFields(enabled=False))

    assert await names_at(client) == ["one"]


async def test_disabled_strategies_are_left_out_and_never_open_a_toggle(
    store: Store, client: httpx.AsyncClient
) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(
            work,
            name="some",
            enabled=True,
            strategies=[StrategySpec(name="default", disabled=True), StrategySpec(name="default")],
        )
        await create_toggle(
            work,
            name="all",
            enabled=True,
            strategies=[StrategySpec(name="default", disabled=True)],
        )

    features = {
        feature["name"]: feature for feature in (await client.get(FEATURES)).json()["features"]
    }

    assert (features["some"]["enabled"], len(features["some"]["strategies"])) == (True, 1)
    assert (features["all"]["enabled"], features["all"]["strategies"]) == (False, [])


async def test_sdks_get_types_they_can_read_whatever_was_stored(
    store: Store, client: httpx.AsyncClient
) -> None:
    strategy = StrategySpec(
        name="default", parameters={"rollout": 50, "on": True, "none": None, "ids": ["1", "2"]}
    )
    variant = Variant("v", weight=1000.0, overrides=(VariantOverride("userId"),))
    async with store.write(SYSTEM) as work:
        await create_toggle(
            work, name="one", strategies=[strategy], variants=[variant], allow_unknown=True
        )

    (feature,) = (await client.get(FEATURES)).json()["features"]

    assert feature["strategies"][0]["parameters"] == {
        "rollout": "50",
        "on": "true",
        "none": "",
        "ids": '["1","2"]',
    }
    assert json.dumps(feature["variants"][0]["weight"]) == "1000"
    assert feature["variants"][0]["overrides"] == [{"contextName": "userId", "values": []}]


async def test_odd_names_leave_every_endpoint_working(
    store: Store, client: httpx.AsyncClient
) -> None:
    names = ["constructor", "__proto__", "toString", "hasOwnProperty", "features", "~!*'()", "-"]
    await create(store, *names)

    listed = await names_at(client)
    for name in names:
        one = await client.get(f"{FEATURES}/{name}")
        bucket = {"start": 0, "stop": 1, "toggles": {name: {"yes": 1}}}
        report = {"appName": name, "bucket": bucket}
        reported = await client.post("/api/client/metrics", json=report)
        assert (one.status_code, one.json()["name"]) == (200, name)
        assert reported.status_code == 202
    await store.aggregate_now()

    assert listed == sorted(names)
    for name in names:
        assert (await client.get(f"{FEATURES}/{name}")).json()["lastSeenAt"] is not None


@begins_with(shop_and_blog)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
        ("project=shop", ["shop.basket", "shop.search"]),
        ("project=shop&project=blog", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
        ("project[]=blog", ["blogAx", "blog_x"]),
        ("project=nowhere", []),
        ("namePrefix=shop.", ["shop.basket", "shop.search"]),
        ("namePrefix=blog_", ["blog_x"]),
        ("namePrefix=%25", []),
        ("namePrefix=Shop", []),
        ("tag=simple:red", ["shop.basket"]),
        ("tag[0]=simple:red&tag[1]=simple:blue", ["blog_x", "shop.basket"]),
        ("project[0]=blog&tag[0]=simple:blue", ["blog_x"]),
        ("tag=simple:red&tag=simple:blue", ["blog_x", "shop.basket"]),
        ("tag[]=simple:a:b", ["blog_x"]),
        ("tag=simple:red&namePrefix=blog", []),
        ("tag=simple:red&project=shop&namePrefix=shop", ["shop.basket"]),
        ("tag=&project=&namePrefix=", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
        ("environment=staging&colour=red", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
    ],
)
async def test_filters_cut_the_list_down(
    client: httpx.AsyncClient, query: str, expected: list[str]
) -> None:
    assert await names_at(client, f"{FEATURES}?{query}") == expected


@begins_with(shop_and_blog)
async def test_the_query_repeats_the_filters(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{FEATURES}?tag=a:b&project=shop&namePrefix=s&tag=a:b")

    assert answer.json()["query"] == {
        "tag": [["a", "b"]],
        "project": ["shop"],
        "namePrefix": "s",
        "environment": "default",
        "inlineSegmentConstraints": True,
    }


@pytest.mark.parametrize(
    "query",
    [
        "tag=nocolon",
        "tag=:x",
        "tag=a:b&tag=nocolon",
        "project=two%20words",
        "project=%00",
        "project=%ff",
        "project=" + "x" * 101,
        "namePrefix=a&namePrefix=b",
        "&".join(["a=b"] * 600),
    ],
)
async def test_a_filter_that_cannot_be_read_is_400(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{FEATURES}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == JSON
    assert answer.json()["name"] in ("ValidationError", "BadDataError")
    assert answer.json()["details"][0]["message"]


@begins_with(shop_and_blog)
async def test_a_token_sees_its_projects_only(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    client = make_client(await make_token(projects=["shop"]))

    assert await names_at(client) == ["shop.basket", "shop.search"]
    assert await names_at(client, f"{FEATURES}?project=blog") == []
    assert await names_at(client, f"{FEATURES}?project=blog&project=shop") == [
        "shop.basket",
        "shop.search",
    ]
    assert (await client.get(f"{FEATURES}/blog_x")).status_code == 404
    assert (await client.get(f"{FEATURES}/shop.search")).status_code == 200
    assert (await client.get(FEATURES)).json()["query"]["project"] == ["shop"]


@begins_with(shop_and_blog)
async def test_what_lies_outside_a_scope_changes_neither_etag_nor_revision_id(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    shop = make_client(await make_token(projects=["shop"]))
    staging = make_client(await make_token(environment="staging"))
    before = [await shop.get(FEATURES), await staging.get(FEATURES)]
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "blog_x", enabled=True)

    after = [await shop.get(FEATURES), await staging.get(FEATURES)]

    assert [item.headers["etag"] for item in after] == [item.headers["etag"] for item in before]
    assert [item.content for item in after] == [item.content for item in before]


@pytest.mark.parametrize(
    ("spec", "known"),
    [
        (None, False),
        ("", False),
        ("3.9.0", False),
        ("4.1.99", False),
        ("4.2.0-beta.1", False),
        ("4.2.0", True),
        ("4.2.1-beta.1", True),
        ("v5.1.9", True),
        ("5.2.2+build.7", True),
        ("10.0.0", True),
    ],
)
def test_clients_know_segments_since_specification_4_2(spec: str | None, known: bool) -> None:
    assert supports_segments(spec) is known


async def test_clients_that_know_segments_get_them_apart(client: httpx.AsyncClient) -> None:
    old = (await client.get(FEATURES, headers={"unleash-client-spec": "4.1.0"})).json()
    new = (await client.get(FEATURES, headers={"unleash-client-spec": "5.2.0"})).json()

    assert (old["query"]["inlineSegmentConstraints"], "segments" in old) == (True, False)
    assert (new["query"]["inlineSegmentConstraints"], new["segments"]) == (False, [])


@pytest.mark.parametrize(
    "spec", ["5", "5.2", "undefined", "5.2.0.0", "-1.0.0", "1" * 400, "\u0663"]
)
async def test_a_specification_that_is_no_version_is_400(
    client: httpx.AsyncClient, spec: str
) -> None:
    answer = await client.get(FEATURES, headers=[(b"unleash-client-spec", spec.encode())])

    assert answer.status_code == 400
    assert answer.json()["name"] == "BadDataError"


async def test_trailing_slashes_and_head_work(store: Store, client: httpx.AsyncClient) -> None:
    await create(store, "one")
    got = await client.get(FEATURES)

    slash = await client.get(f"{FEATURES}/")
    head = await client.head(FEATURES)
    one = await client.get(f"{FEATURES}/one/")

    assert slash.content == got.content
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers
    assert one.json()["name"] == "one"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", FEATURES, "GET, HEAD"),
        ("POST", f"{FEATURES}/one", "GET, HEAD"),
        ("GET", "/api/client/register", "POST"),
        ("HEAD", "/api/client/metrics", "POST"),
        ("PUT", "/api/client/metrics/", "POST"),
    ],
)
async def test_another_method_is_405(
    client: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.headers["content-type"] == JSON
