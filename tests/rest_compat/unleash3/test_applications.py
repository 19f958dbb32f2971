"""Applications in the 3.x admin API."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from store import Store
from store.operations.toggles import archive_toggle
from store.usage.reports import ToggleCounts
from tests.rest_compat.conftest import MakeClient, MakeToken, begins_with
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash3.toggles import make, read
from tests.store.operations.doing import carry_out, log
from tests.store.usage.reporting import registration_report, usage_report

PATH = "/api/admin/metrics/applications"


async def names(admin: httpx.AsyncClient, **query: Any) -> list[str]:
    """The names of the applications that are listed."""
    answer = await admin.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [application["appName"] for application in answer.json()["applications"]]


async def details(admin: httpx.AsyncClient, name: str) -> dict[str, Any]:
    answer = await admin.get(f"{PATH}/{quote(name, safe='')}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def report(store: Store, *reports: Any) -> None:
    await store.journal.add(*reports)
    await store.aggregate_now()


async def shop(store: Store) -> None:
    """The application `shop`, which registered, and `silent`, which only reported."""
    await report(store, registration_report(), usage_report(app_name="silent"))


async def test_those_that_registered_are_listed_in_the_order_of_their_names(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await report(
        store,
        registration_report(app_name="shop"),
        registration_report(app_name="Blog"),
        registration_report(app_name="admin"),
        usage_report(app_name="silent"),
    )

    answer = await admin.get(PATH)

    first = answer.json()["applications"][0]
    assert await names(admin) == ["Blog", "admin", "shop"]
    assert first == {
        "appName": "Blog",
        "createdAt": "2026-05-04T12:30:15.000Z",
        "updatedAt": "2026-05-04T12:30:15.000Z",
        "description": None,
        "strategies": ["default", "flexibleRollout"],
        "createdBy": "10.0.0.1",
        "url": None,
        "color": None,
        "icon": None,
    }


async def test_the_list_can_be_cut_down_to_those_that_implement_a_strategy(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await report(
        store,
        registration_report(app_name="a", strategies=("default", "mine")),
        registration_report(app_name="b", strategies=("default", "Mine")),
        registration_report(app_name="c", strategies=('"mine"',)),
    )

    assert await names(admin, strategyName="mine") == ["a"]
    assert await names(admin, strategyName='"mine"') == ["c"]
    assert await names(admin, strategyName=["mine", "Mine"]) == ["a", "b"]
    indexed = {"strategyName[0]": "mine", "strategyName[1]": "Mine"}
    assert await names(admin, **indexed) == ["a", "b"]
    assert await names(admin, **{"strategyName[]": "mine"}) == ["a"]
    assert await names(admin, strategyName="") == ["a", "b", "c"]
    assert await names(admin, strategyName="%") == []


async def test_details_show_what_an_application_is_and_does(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "cart")
    await make(admin, "gone")
    await carry_out(store, archive_toggle, "gone")
    strategies = ("userWithId", "homemade")
    await report(
        store,
        registration_report(instance_id="i-1", strategies=strategies),
        registration_report(
            instance_id="i-2", strategies=strategies, sdk_version=None, environment="staging"
        ),
        usage_report({item: ToggleCounts(1) for item in ("cart", "gone", "unheard-of")}),
    )

    found = await details(admin, "shop")

    instances = {item["instanceId"]: item for item in found.pop("instances")}
    assert found == {
        "appName": "shop",
        "createdAt": "2026-05-04T12:30:15.000Z",
        "description": None,
        "url": None,
        "color": None,
        "icon": None,
        "strategies": [
            (await admin.get("/api/admin/strategies/userWithId")).json(),
            {"name": "homemade", "notFound": True},
        ],
        "seenToggles": [
            await read(admin, "cart"),
            {"name": "gone", "notFound": True},
            {"name": "unheard-of", "notFound": True},
        ],
        "links": {"self": "/api/applications/shop"},
    }
    assert found["seenToggles"][0]["lastSeenAt"] is not None
    assert instances == {
        "i-1": {
            "appName": "shop",
            "instanceId": "i-1",
            "sdkVersion": "unleash-node-sdk:6.1.0",
            "clientIp": "10.0.0.1",
            "lastSeen": "2026-05-04T12:30:15.000Z",
            "createdAt": "2026-05-04T12:30:15.000Z",
        },
        "i-2": {
            "appName": "shop",
            "instanceId": "i-2",
            "sdkVersion": "",
            "clientIp": "10.0.0.1",
            "lastSeen": "2026-05-04T12:30:15.000Z",
            "createdAt": "2026-05-04T12:30:15.000Z",
        },
    }


async def test_the_instance_seen_last_comes_first_and_keeps_what_it_said(
    admin: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    client = make_client(await make_token())
    for instance in ("i-1", "i-2"):
        await client.post(
            "/api/client/register",
            json={
                "appName": "shop",
                "instanceId": instance,
                "sdkVersion": "unleash-client-node:3.4.0",
                "strategies": [],
                "started": 1478157403572,
                "interval": 10_000,
            },
        )
    bucket = {"start": 0, "stop": 4070908800000, "toggles": {"cart": {"yes": 1}}}
    await client.post(
        "/api/client/metrics", json={"appName": "shop", "instanceId": "i-1", "bucket": bucket}
    )
    await client.post("/api/client/metrics", json={"appName": "shop", "bucket": bucket})
    await store.aggregate_now()

    found = await details(admin, "shop")

    assert [(item["instanceId"], item["sdkVersion"]) for item in found["instances"]] == [
        ("i-1", "unleash-client-node:3.4.0"),
        ("i-2", "unleash-client-node:3.4.0"),
    ]


@pytest.mark.parametrize("name", ["nobody", "silent", "constructor", "a%2Fb", "x" * 300])
@begins_with(shop)
async def test_one_that_never_registered_is_not_found(admin: httpx.AsyncClient, name: str) -> None:
    answer = await admin.get(f"{PATH}/{name}")

    assert (answer.status_code, answer.content) == (404, b"")


@begins_with(shop)
async def test_an_application_can_be_described(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(
        f"{PATH}/shop",
        json={
            "appName": "another",
            "description": "Sells",
            "url": "shop.internal",
            "icon": "cart",
            "color": "red",
            "sdkVersion": "x:1",
            "strategies": ["mine", 5, None],
        },
    )

    found = await details(admin, "shop")
    assert (answer.status_code, answer.content) == (202, b"")
    assert [found[item] for item in ("description", "url", "icon", "color")] == [
        "Sells",
        "shop.internal",
        "cart",
        "red",
    ]
    assert found["strategies"] == [{"name": "mine", "notFound": True}]
    assert await names(admin) == ["shop"]


@begins_with(shop)
async def test_what_is_left_out_stays_and_empty_text_takes_away(admin: httpx.AsyncClient) -> None:
    await admin.post(f"{PATH}/shop", json={"description": "Sells", "color": "red"})

    await admin.post(f"{PATH}/shop", json={"description": ""})

    found = await details(admin, "shop")
    assert (found["description"], found["color"], len(found["strategies"])) == (None, "red", 2)


@pytest.mark.parametrize("name", ["shop", "two words/😀", "x" * 255])
async def test_one_that_is_not_known_is_made(admin: httpx.AsyncClient, name: str) -> None:
    answer = await admin.post(f"{PATH}/{quote(name, safe='')}", json={"description": "By hand"})

    found = await details(admin, name)
    assert answer.status_code == 202
    assert (found["appName"], found["description"], found["instances"]) == (name, "By hand", [])
    assert await names(admin) == [name]
    listed = (await admin.get("/api/admin/events")).json()["events"]
    assert [(item["type"], item["createdBy"], item["data"]["appName"]) for item in listed[:1]] == [
        ("application-created", "ada", name)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"colour": "red"}, [("colour", "object.unknown")]),
        ({"icon": 5}, [("icon", "string.base")]),
        (
            {"description": None, "strategies": "default", "a": 1},
            [("description", "string.base"), ("strategies", "array.base"), ("a", "object.unknown")],
        ),
        ({"5": 1, "url": None}, [("url", "string.base"), ("[5]", "object.unknown")]),
        ({"sdkVersion": ""}, [("sdkVersion", "string.empty")]),
        ({"color": "x" * 101}, [("color", "text-length")]),
        ({"url": "a\nb"}, [("url", "text-characters")]),
        ({"strategies": ["x" * 256]}, [("strategies[0]", "text-length")]),
    ],
)
async def test_a_flawed_description_is_refused(
    store: Store, admin: httpx.AsyncClient, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    events = await log(store)

    answer = await admin.post(f"{PATH}/shop", json=body)

    assert violations_in(answer) == expected
    assert await log(store) == events
    assert await names(admin) == []


@pytest.mark.parametrize("name", ["two%0Alines", "x" * 256])
async def test_a_name_that_cannot_be_stored_is_refused(admin: httpx.AsyncClient, name: str) -> None:
    answer = await admin.post(f"{PATH}/{name}", json={})

    assert [path for path, _ in violations_in(answer)] == ["name"]
    assert await names(admin) == []


async def test_an_application_can_be_forgotten_more_than_once(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await report(store, registration_report(), registration_report(app_name="blog"))

    first = await admin.delete(f"{PATH}/shop")
    events = await log(store)
    again = await admin.delete(f"{PATH}/shop")

    assert (first.status_code, first.content) == (200, b"")
    assert (again.status_code, again.content) == (200, b"")
    assert await log(store) == events
    assert await names(admin) == ["blog"]


@pytest.mark.parametrize("key", ["icon", "url", "color"])
async def test_an_empty_text_is_not_a_missing_one(admin: httpx.AsyncClient, key: str) -> None:
    for sent in ("", "x", ""):
        assert (await admin.post(f"{PATH}/shop", json={key: sent})).status_code == 202
        assert (await details(admin, "shop"))[key] == sent

    assert (await admin.get(PATH)).json()["applications"][0][key] == ""
