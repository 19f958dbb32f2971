"""Listing and reading toggles in the 3.x admin API."""

from urllib.parse import quote

import httpx
import pytest

from store import Store
from store.model import ApiTokenType
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle
from tests.rest_compat.conftest import MakeClient, MakeToken, begins_with, create, shop_and_blog
from tests.rest_compat.unleash3.toggles import FEATURES, live_and_archived, make, read, stored
from tests.store.operations.doing import carry_out


async def listed(admin: httpx.AsyncClient, query: str = "") -> list[str]:
    """The names in the list."""
    answer = await admin.get(f"{FEATURES}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"version", "features"}
    assert answer.json()["version"] == 1
    return [feature["name"] for feature in answer.json()["features"]]


async def test_an_empty_list(admin: httpx.AsyncClient) -> None:
    assert await listed(admin) == []


async def test_live_toggles_are_listed_by_name_in_the_order_of_bytes(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "b", "_", "a", "B", "gone")
    await carry_out(store, archive_toggle, "gone")

    answer = await admin.get(FEATURES)

    assert answer.json()["features"] == [stored(store, name) for name in ("B", "_", "a", "b")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?namePrefix=shop", ["shop.basket", "shop.search"]),
        ("?namePrefix=blog_", ["blog_x"]),
        ("?namePrefix=SHOP", []),
        ("?namePrefix=%25", []),
        ("?project=blog", ["blogAx", "blog_x"]),
        ("?project=blog&project[]=shop", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
        ("?tag=simple:red", ["shop.basket"]),
        ("?tag=simple:red&tag[]=simple:blue", ["blog_x", "shop.basket"]),
        ("?tag[0]=simple:red&tag[1]=simple:blue", ["blog_x", "shop.basket"]),
        ("?tag%5B1%5D=simple%3Ared", ["shop.basket"]),
        ("?tag[7]=simple:red&tag[]=simple:blue", ["blog_x", "shop.basket"]),
        ("?tag[99999999999]=simple:red", ["shop.basket"]),
        (f"?tag[{'9' * 5_000}]=simple:red&tag[0]=simple:blue", ["blog_x", "shop.basket"]),
        ("?project[0]=blog", ["blogAx", "blog_x"]),
        ("?tag[0]=simple:red&project[0]=blog", []),
        ("?namePrefix[0]=shop", ["shop.basket", "shop.search"]),
        ("?tag=simple:a:b", ["blog_x"]),
        ("?tag=simple:red&project=blog", []),
        ("?tag=&project=&namePrefix=", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
        ("?colour=red", ["blogAx", "blog_x", "shop.basket", "shop.search"]),
    ],
)
@begins_with(shop_and_blog)
async def test_the_list_takes_the_filters_of_the_client_api(
    admin: httpx.AsyncClient, query: str, names: list[str]
) -> None:
    assert await listed(admin, query) == names


@pytest.mark.parametrize(
    ("query", "path", "type"),
    [
        ("?tag=red", ["tag", 0], "string.pattern.name"),
        ("?tag[0]=red", ["tag", 0], "string.pattern.name"),
        ("?tag=simple:red&tag=red", ["tag", 1], "string.pattern.name"),
        ("?namePrefix[0]=a&namePrefix[1]=b", ["namePrefix"], "string.base"),
        ("?project=no project", ["project", 0], "isUrlFriendly.base"),
        ("?project=shop&project=no project", ["project", 1], "isUrlFriendly.base"),
        ("?namePrefix=a&namePrefix=b", ["namePrefix"], "string.base"),
        ("?tag[a]=simple:red", ["tag"], "array.base"),
        ("?tag[=simple:red", ["tag"], "array.base"),
        ("?project[0][0]=blog", ["project"], "array.base"),
        ("?namePrefix[a]=", ["namePrefix"], "array.base"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_400_with_its_path_as_a_list_of_steps(
    admin: httpx.AsyncClient, query: str, path: list[str | int], type: str
) -> None:
    answer = await admin.get(f"{FEATURES}{query}")

    assert answer.status_code == 400
    assert answer.json()["isJoi"] is True
    assert [(detail["path"], detail["type"]) for detail in answer.json()["details"]] == [
        (path, type)
    ]


async def test_the_header_of_sdks_means_nothing_here(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(FEATURES, headers={"unleash-client-spec": "nonsense"})

    assert answer.status_code == 200


async def test_a_list_that_did_not_change_is_304(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "a")
    etag = (await admin.get(FEATURES)).headers["etag"]

    again = await admin.get(FEATURES, headers={"if-none-match": etag})
    await carry_out(store, set_enabled, "a", enabled=True)
    changed = await admin.get(FEATURES, headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


async def test_one_toggle_is_read(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "a", description="About a.")

    assert await read(admin, "a") == stored(store, "a")


async def test_a_toggle_shows_what_it_is_in_default(store: Store, admin: httpx.AsyncClient) -> None:
    await create(store, "a")
    await carry_out(store, set_enabled, "a", environment="staging", enabled=True)

    assert (await read(admin, "a"))["enabled"] is False


async def test_when_a_toggle_was_last_seen_is_reported_once_it_was_reported(
    store: Store, admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await create(store, "a", "b")
    bucket = {"start": 0, "stop": 1, "toggles": {"a": {"yes": 1}}}
    report = {"appName": "app", "instanceId": "1", "bucket": bucket}
    assert (await client.post("/api/client/metrics", json=report)).status_code == 202
    await store.aggregate_now()

    seen = store.usage.last_seen_at("a")
    assert seen is not None
    features = (await admin.get(FEATURES)).json()["features"]
    times = [(item["name"], item["lastSeenAt"]) for item in features]
    assert times == [
        ("a", seen.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
        ("b", None),
    ]
    assert (await read(admin, "a"))["lastSeenAt"] == times[0][1]


@pytest.mark.parametrize(
    "name",
    [
        "nope",
        "AA",
        "archived",
        "a b",
        "a/b",
        "å",
        "<script>",
        "__proto__",
        "x" * 5_000,
        "\u202e",
        "{}",
    ],
)
@begins_with(live_and_archived)
async def test_an_unknown_or_archived_toggle_is_404(admin: httpx.AsyncClient, name: str) -> None:
    answer = await admin.get(f"{FEATURES}/{quote(name, safe='')}")

    assert answer.status_code == 404
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].startswith("No toggle is named '")


@pytest.mark.parametrize("path", ["%00", "%ff", "a%00", "%2e%2e%00"])
async def test_a_path_that_no_name_can_be_in_is_404(admin: httpx.AsyncClient, path: str) -> None:
    assert (await admin.get(f"{FEATURES}/{path}")).status_code == 404


@pytest.mark.parametrize("name", ["validate", "toggle", "tags", "-_.~!*'()"])
async def test_every_name_that_is_taken_works_at_every_path(
    admin: httpx.AsyncClient, name: str
) -> None:
    await make(admin, name)
    path = f"{FEATURES}/{quote(name)}"

    assert (await admin.post(f"{path}/toggle")).json()["enabled"] is True
    assert (await admin.post(f"{path}/stale/on")).json()["stale"] is True
    assert (await admin.post(f"{path}/tags", json={"value": "red"})).status_code == 201
    assert (await admin.get(path)).json()["name"] == name
    changed = await admin.put(path, json={"description": "x", "strategies": [{"name": "aa"}]})
    assert changed.status_code == 200
    assert (await admin.get(FEATURES)).json()["features"][0]["description"] == "x"
    assert (await admin.delete(path)).status_code == 200
    assert (await admin.post(f"/api/admin/archive/revive/{quote(name)}")).status_code == 200
    assert (await admin.get(f"{path}/")).json()["name"] == name


async def test_a_viewer_reads_and_does_not_write(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "a")
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    assert (await viewer.get(f"{FEATURES}/a")).status_code == 200
    for method, path in [("POST", ""), ("PUT", "/a"), ("DELETE", "/a"), ("POST", "/a/toggle/on")]:
        answer = await viewer.request(method, f"{FEATURES}{path}", json={})
        assert answer.status_code == 403, (method, path)
