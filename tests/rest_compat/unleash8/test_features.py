"""Toggles of a project in today's admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from store.model import SYSTEM
from store.operations.toggle_environments import set_enabled
from tests.rest_compat.conftest import (
    ADMIN_NAME,
    admin_of,
    begins_with,
    create,
    names_at,
    shop_and_blog,
)
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    add_strategy,
    create_feature,
    problems,
    refusal,
)


async def some_toggles(store: Store) -> None:
    """The live toggles `x` and `parent`, the archived toggle `gone`, and a toggle of the project
    shop.
    """
    admin = admin_of(store)
    for name in ("x", "parent", "gone"):
        await create_feature(admin, name, description="first")
    await admin.delete(f"{FEATURES}/gone")
    await create(store, "shop.search", project="shop", type="odd")


pytestmark = begins_with(some_toggles)


async def test_a_new_toggle_is_off_everywhere_and_has_no_strategies(
    admin: httpx.AsyncClient, store: Store
) -> None:
    answer = await admin.post(
        FEATURES,
        json={
            "name": "shop.basket",
            "type": "experiment",
            "description": "The new basket",
            "impressionData": True,
            "tags": [{"type": "simple", "value": "red"}],
            "no-such-key": 1,
        },
    )

    assert answer.status_code == 201
    created = answer.json()
    toggle = store.snapshot.toggles["shop.basket"]
    assert toggle.created_by is not None
    assert toggle.created_by.name == ADMIN_NAME
    assert created == {
        "name": "shop.basket",
        "type": "experiment",
        "description": "The new basket",
        "project": "default",
        "stale": False,
        "archived": False,
        "favorite": False,
        "impressionData": True,
        "createdAt": toggle.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "lastSeenAt": None,
        "tags": [{"type": "simple", "value": "red"}],
        "variants": [],
        "dependencies": [],
        "children": [],
        "environments": [
            {
                "name": name,
                "environment": name,
                "featureName": "shop.basket",
                "type": type,
                "sortOrder": index,
                "enabled": False,
                "strategies": [],
                "hasStrategies": False,
                "hasEnabledStrategies": False,
                "variants": [],
                "variantCount": 0,
                "lastSeenAt": None,
            }
            for index, (name, type) in enumerate(
                [("default", "production"), ("staging", "development")]
            )
        ],
    }
    assert (await admin.get(f"{FEATURES}/shop.basket")).json() == created


@pytest.mark.parametrize(
    ("sent", "displayed"),
    [
        ({}, {"type": "release", "description": None, "impressionData": False, "stale": False}),
        ({"description": ""}, {"description": None}),
        ({"description": 7}, {"description": "7"}),
        ({"impressionData": "true", "stale": "FALSE"}, {"impressionData": True, "stale": False}),
        ({"type": "sunset"}, {"type": "sunset"}),
        ({"name": 7}, {"name": "7"}),
        ({"stale": True}, {"stale": True}),
        ({"impressionData": None}, {"impressionData": False}),
        ({"impressionData": 1}, {"impressionData": True}),
    ],
)
async def test_what_a_new_toggle_leaves_out_has_defaults(
    admin: httpx.AsyncClient, sent: dict[str, Any], displayed: dict[str, Any]
) -> None:
    created = await create_feature(admin, **{"name": "new", **sent})

    assert {key: created[key] for key in displayed} == displayed


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/body/name": "The key 'name' is missing."}),
        (
            {"name": "new", "stale": None},
            {"/body/stale": "The value must be true or false, not null."},
        ),
        ([], {"/body": "The value must be an object, not a list."}),
        (
            {"name": None, "type": "", "impressionData": "perhaps", "tags": [{"type": "simple"}]},
            {
                "/body/name": "The value must be a string, not null.",
                "/body/type": "The value must not be empty.",
                "/body/impressionData": (
                    "The value must be true or false, not the string 'perhaps'."
                ),
                "/body/tags/0/value": "The key 'value' is missing.",
            },
        ),
        (
            {"name": "new", "tags": None},
            {"/body/tags": "The value must be a list, not null."},
        ),
        (
            {"name": "new", "tags": [{"type": "simple", "value": "x"}]},
            {"/body/tags/0/value": "The value must have at least 2 characters, not 1."},
        ),
        (
            {"name": "new", "type": "some-day"},
            {"/body/type": "No toggle type is named 'some-day'."},
        ),
        (
            {"name": "new", "type": "odd"},
            {"/body/type": "No toggle type is named 'odd'."},
        ),
        (
            {"name": "a b", "tags": [{"type": "none", "value": "xy"}]},
            {
                "/body/name": (
                    "The toggle name 'a b' may contain only letters A to Z, digits and -_.~!*'()."
                ),
                "/body/tags/0/type": "No tag type is named 'none'.",
            },
        ),
        ({"name": ".."}, {"/body/name": "A toggle cannot be named '..'."}),
    ],
)
async def test_what_is_wrong_with_a_new_toggle_is_reported_at_once(
    admin: httpx.AsyncClient, store: Store, body: Any, expected: dict[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.post(FEATURES, json=body)

    assert problems(answer, 400) == expected
    assert store.snapshot is before


async def test_a_body_that_is_no_json_is_400(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(FEATURES, content=b'{"name": ')

    assert problems(answer, 400).keys() == {"/body"}


@pytest.mark.parametrize(("name", "state"), [("x", "A toggle"), ("gone", "An archived toggle")])
async def test_a_name_that_is_taken_is_409(
    admin: httpx.AsyncClient, store: Store, name: str, state: str
) -> None:
    before = store.snapshot

    answer = await admin.post(FEATURES, json={"name": name})

    assert refusal(answer, 409, "NameExistsError") == f"{state} named '{name}' already exists."
    assert store.snapshot is before


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_unknown_project_is_404(admin: httpx.AsyncClient, method: str) -> None:
    answer = await admin.request(method, "/api/admin/projects/nowhere/features", json={"name": "x"})

    assert refusal(answer, 404, "NotFoundError") == "No project is named 'nowhere'."


async def test_a_project_that_only_a_toggle_named_can_be_used(admin: httpx.AsyncClient) -> None:
    answer = await admin.post("/api/admin/projects/shop/features", json={"name": "shop.basket"})

    assert answer.status_code == 201
    assert answer.json()["project"] == "shop"
    assert await names_at(admin, "/api/admin/projects/shop/features") == [
        "shop.basket",
        "shop.search",
    ]


async def test_the_list_shows_where_toggles_are_on(admin: httpx.AsyncClient, store: Store) -> None:
    await add_strategy(admin, "x", "staging", name="default", disabled=True)
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "x", environment="staging", enabled=True)

    answer = await admin.get(FEATURES)

    assert answer.json()["version"] == 2
    *_, feature = answer.json()["features"]
    assert feature["name"] == "x"
    assert [
        (
            environment["name"],
            environment["enabled"],
            environment["hasStrategies"],
            environment["hasEnabledStrategies"],
        )
        for environment in feature["environments"]
    ] == [("default", False, False, False), ("staging", True, True, False)]


async def test_an_environment_that_is_not_in_use_is_not_shown(admin: httpx.AsyncClient) -> None:
    await admin.post("/api/admin/environments/staging/off")

    feature = (await admin.get(f"{FEATURES}/x")).json()

    assert [environment["name"] for environment in feature["environments"]] == ["default"]


@begins_with(shop_and_blog)
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/api/admin/projects/shop/features", ["shop.basket", "shop.search"]),
        ("/api/admin/projects/blog/features?namePrefix=blog_", ["blog_x"]),
        ("/api/admin/projects/shop/features?tag=simple:red&tag=simple:blue", ["shop.basket"]),
        ("/api/admin/projects/shop/features?tag[0]=simple:red", ["shop.basket"]),
        ("/api/admin/projects/shop/features?project=blog", []),
        (FEATURES, []),
    ],
)
async def test_the_list_holds_the_project_and_what_the_filters_leave(
    admin: httpx.AsyncClient, path: str, names: list[str]
) -> None:
    assert await names_at(admin, path) == names


async def test_a_filter_that_cannot_be_read_is_400(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{FEATURES}?tag=red")

    assert problems(answer, 400) == {"tag": "A tag must look like type:value."}


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({"description": "other"}, {"description": "other"}),
        ({"description": None}, {}),
        ({"description": ""}, {}),
        ({"type": "experiment", "stale": True}, {"type": "experiment", "stale": True}),
        ({"impressionData": True, "name": "x"}, {"impressionData": True}),
        ({"impressionData": None, "stale": None, "name": None}, {}),
        ({"impressionData": 1, "stale": 1, "name": ""}, {"impressionData": True, "stale": True}),
        ({}, {}),
    ],
)
async def test_a_change_sets_what_it_leaves_out_to_its_default(
    admin: httpx.AsyncClient, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    full = {"description": "d", "type": "experiment", "impressionData": True, "stale": True}
    await admin.put(f"{FEATURES}/x", json=full)
    before = (await admin.get(f"{FEATURES}/x")).json()
    before |= {"description": None, "type": "release", "impressionData": False, "stale": False}

    answer = await admin.put(f"{FEATURES}/x", json=sent)

    assert answer.status_code == 200
    assert answer.json() == before | changed
    assert (await admin.get(f"{FEATURES}/x")).json() == before | changed


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": "y"}, {"/body/name": "The name of a toggle cannot be changed."}),
        ({"type": "some-day"}, {"/body/type": "No toggle type is named 'some-day'."}),
        (
            {"type": None, "stale": "x"},
            {
                "/body/type": "The value must be a string, not null.",
                "/body/stale": "The value must be true or false, not the string 'x'.",
            },
        ),
        ({"stale": 2}, {"/body/stale": "The value must be true or false, not the number 2."}),
        (
            {"description": "\x07"},
            {
                "/body/description": (
                    "The description '<U+0007>' holds the character U+0007, which is not allowed "
                    "here."
                )
            },
        ),
    ],
)
async def test_what_is_wrong_with_a_change_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], expected: dict[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.put(f"{FEATURES}/x", json=body)

    assert problems(answer, 400) == expected
    assert store.snapshot is before


async def test_deleting_archives(
    admin: httpx.AsyncClient, client: httpx.AsyncClient, store: Store
) -> None:
    answer = await admin.delete(f"{FEATURES}/x")

    assert (answer.status_code, answer.content) == (202, b"")
    assert store.snapshot.toggles["x"].archived
    assert await names_at(admin, FEATURES) == ["parent"]
    assert await names_at(client) == ["parent", "shop.search"]


async def test_deleting_again_changes_nothing(admin: httpx.AsyncClient, store: Store) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{FEATURES}/gone")

    assert (answer.status_code, answer.content) == (202, b"")
    assert store.snapshot is before


async def test_a_toggle_that_others_depend_on_stays(admin: httpx.AsyncClient, store: Store) -> None:
    await admin.post(f"{FEATURES}/x/dependencies", json={"feature": "parent"})
    before = store.snapshot

    answer = await admin.delete(f"{FEATURES}/parent")

    message = refusal(answer, 403, "InvalidOperationError")
    assert message == "Toggle 'x' depends on toggle 'parent'."
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (f"{FEATURES}/nothing", "No toggle of project 'default' is named 'nothing'."),
        ("/api/admin/projects/shop/features/x", "No toggle of project 'shop' is named 'x'."),
        ("/api/admin/projects/none/features/x", "No project is named 'none'."),
        (f"{FEATURES}/gone", "Toggle 'gone' is archived."),
        (f"{FEATURES}/%2E%2E%2Fx", "No toggle of project 'default' is named '../x'."),
    ],
)
async def test_a_toggle_that_is_not_at_the_path_is_404(
    admin: httpx.AsyncClient, path: str, message: str
) -> None:
    for sub_path in ("", "/environments/default", "/environments/default/variants"):
        answer = await admin.get(path + sub_path)

        assert refusal(answer, 404, "NotFoundError") == message


@pytest.mark.parametrize(
    ("method", "sub_path"),
    [
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/environments/default/on"),
        ("POST", "/environments/default/off"),
        ("POST", "/environments/default/strategies"),
        ("PUT", "/environments/default/variants"),
        ("POST", "/dependencies"),
        ("DELETE", "/dependencies"),
        ("DELETE", "/dependencies/parent"),
    ],
)
async def test_nothing_is_written_through_another_project(
    admin: httpx.AsyncClient, store: Store, method: str, sub_path: str
) -> None:
    before = store.snapshot
    body = [] if sub_path.endswith("variants") else {"name": "default", "feature": "parent"}

    answer = await admin.request(method, f"{FEATURES}/shop.search{sub_path}", json=body)

    assert answer.status_code == 404
    assert store.snapshot is before


async def test_lists_are_not_patched(admin: httpx.AsyncClient) -> None:
    answer = await admin.patch(FEATURES, json=[])

    assert answer.status_code == 405
