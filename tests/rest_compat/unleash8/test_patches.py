"""JSON patches of toggles, strategies and variants."""

from typing import Any

import httpx
import pytest

from rest_compat.http.errors import BadDataError
from rest_compat.unleash8.json_patch import MAX_COPIED_VALUES, apply_patch
from store import Store
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import FEATURES, add_strategy, create_feature, problems

X = f"{FEATURES}/x"
STRATEGIES = f"{X}/environments/default/strategies"
VARIANTS = f"{X}/environments/default/variants"
DOCUMENT: dict[str, Any] = {"a": 1, "list": [1, 2], "deep": {"a/b": {"m~n": True}}}


async def toggle(store: Store) -> None:
    """The toggle `x` with two strategies and a variant."""
    admin = admin_of(store)
    await create_feature(admin, "x", description="Old")
    await add_strategy(admin, "x", name="flexibleRollout", parameters={"rollout": "10"})
    await add_strategy(admin, "x", name="default", title="All")
    await admin.put(VARIANTS, json=[{"name": "blue", "weight": 1000, "weightType": "variable"}])


pytestmark = begins_with(toggle)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ([], DOCUMENT),
        ([{"op": "add", "path": "/b", "value": None}], DOCUMENT | {"b": None}),
        ([{"op": "add", "path": "/list/1", "value": 9}], DOCUMENT | {"list": [1, 9, 2]}),
        ([{"op": "add", "path": "/list/-", "value": 9}], DOCUMENT | {"list": [1, 2, 9]}),
        ([{"op": "add", "path": "/list/2", "value": 9}], DOCUMENT | {"list": [1, 2, 9]}),
        (
            [{"op": "replace", "path": "/deep/a~1b/m~0n", "value": 0}],
            DOCUMENT | {"deep": {"a/b": {"m~n": 0}}},
        ),
        ([{"op": "remove", "path": "/list/0"}], DOCUMENT | {"list": [2]}),
        (
            [{"op": "move", "from": "/list/0", "path": "/list/1"}],
            DOCUMENT | {"list": [2, 1]},
        ),
        (
            [
                {"op": "copy", "from": "/deep", "path": "/a"},
                {"op": "replace", "path": "/deep/a~1b", "value": 1},
            ],
            DOCUMENT | {"a": DOCUMENT["deep"], "deep": {"a/b": 1}},
        ),
        ([{"op": "test", "path": "/list", "value": [1, 2]}], DOCUMENT),
        ([{"op": "replace", "path": "", "value": []}], []),
    ],
)
def test_a_patch_is_applied(patch: list[Any], expected: Any) -> None:
    assert apply_patch(DOCUMENT, patch) == expected
    assert DOCUMENT == {"a": 1, "list": [1, 2], "deep": {"a/b": {"m~n": True}}}


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        (None, "/body/1"),
        ([], "/body/1"),
        ({}, "/body/1/op"),
        ({"op": "explode", "path": "/a"}, "/body/1/op"),
        ({"op": ["add"], "path": "/a"}, "/body/1/op"),
        ({"op": "remove"}, "/body/1/path"),
        ({"op": "remove", "path": 7}, "/body/1/path"),
        ({"op": "remove", "path": "a"}, "/body/1/path"),
        ({"op": "remove", "path": ""}, "/body/1/path"),
        ({"op": "remove", "path": "/none"}, "/body/1/path"),
        ({"op": "remove", "path": "/list/-"}, "/body/1/path"),
        ({"op": "remove", "path": "/list/02"}, "/body/1/path"),
        ({"op": "remove", "path": "/list/2"}, "/body/1/path"),
        ({"op": "remove", "path": "/a/b"}, "/body/1/path"),
        ({"op": "replace", "path": "/none/there", "value": 1}, "/body/1/path"),
        ({"op": "replace", "path": "/a"}, "/body/1/value"),
        ({"op": "add", "path": "/list/9", "value": 1}, "/body/1/path"),
        ({"op": "add", "path": f"/list/{'9' * 5000}", "value": 1}, "/body/1/path"),
        ({"op": "add", "path": "/a/b", "value": 1}, "/body/1/path"),
        ({"op": "move", "path": "/b"}, "/body/1/from"),
        ({"op": "move", "from": "/none", "path": "/b"}, "/body/1/from"),
        ({"op": "move", "from": "/deep", "path": "/deep/a~1b"}, "/body/1/path"),
        ({"op": "copy", "from": "/none", "path": "/b"}, "/body/1/from"),
        ({"op": "test", "path": "/a", "value": True}, "/body/1/value"),
        ({"op": "test", "path": "/list", "value": [1, 3]}, "/body/1/value"),
    ],
)
def test_an_operation_that_cannot_be_applied_is_named(operation: Any, path: str) -> None:
    with pytest.raises(BadDataError) as caught:
        apply_patch(DOCUMENT, [{"op": "test", "path": "/a", "value": 1}, operation])

    assert [detail.path for detail in caught.value.details] == [path]


def test_copies_cannot_produce_a_huge_body() -> None:
    doubling = [{"op": "copy", "from": "/list", "path": "/list/-"}] * 500

    with pytest.raises(BadDataError, match=f"more than {MAX_COPIED_VALUES:,} values"):
        apply_patch(DOCUMENT, doubling)


async def test_fields_of_a_toggle_are_patched(admin: httpx.AsyncClient) -> None:
    patch = [
        {"op": "replace", "path": "/type", "value": "kill-switch"},
        {"op": "copy", "from": "/name", "path": "/description"},
        {"op": "replace", "path": "/stale", "value": True},
    ]

    answer = await admin.patch(X, json=patch)

    assert answer.status_code == 200
    after = answer.json()
    assert (after["type"], after["description"], after["stale"]) == ("kill-switch", "x", True)
    assert after == (await admin.get(X)).json()
    removed = await admin.patch(X, json=[{"op": "remove", "path": "/description"}])
    assert removed.json() == after | {"description": None}


async def test_a_patch_can_archive_a_toggle(admin: httpx.AsyncClient, store: Store) -> None:
    answer = await admin.patch(X, json=[{"op": "replace", "path": "/archived", "value": True}])

    assert answer.json()["archived"] is True
    assert store.snapshot.toggles["x"].archived


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"op": "replace"}, "/body"),
        ("text", "/body"),
        ([None], "/body/0"),
        ([{"op": "remove", "path": "/none"}], "/body/0/path"),
        ([{"op": "replace", "path": "/name", "value": "y"}], "/body/name"),
        ([{"op": "replace", "path": "/project", "value": "y"}], "/body/project"),
        ([{"op": "remove", "path": "/createdAt"}], "/body/createdAt"),
        ([{"op": "add", "path": "/nonsense", "value": 1}], "/body/nonsense"),
        ([{"op": "replace", "path": "/type", "value": "nonsense"}], "/body/type"),
        ([{"op": "replace", "path": "/type", "value": 7}], "/body/type"),
        ([{"op": "replace", "path": "", "value": []}], "/body"),
        ([{"op": "test", "path": "/stale", "value": False}] * 501, "/body"),
    ],
)
async def test_what_is_wrong_with_a_patch_of_a_toggle_is_reported(
    admin: httpx.AsyncClient, store: Store, patch: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.patch(X, json=patch)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_a_rollout_is_patched(admin: httpx.AsyncClient) -> None:
    first, second = (await admin.get(STRATEGIES)).json()
    patch = [
        {"op": "replace", "path": "/parameters/rollout", "value": 75},
        {"op": "add", "path": "/title", "value": "Most"},
        {
            "op": "add",
            "path": "/constraints/-",
            "value": {"contextName": "userId", "operator": "IN", "values": ["1"]},
        },
        {"op": "replace", "path": "/sortOrder", "value": 1},
    ]

    answer = await admin.patch(f"{STRATEGIES}/{first['id']}", json=patch)

    assert answer.status_code == 200
    assert answer.json() == first | {
        "title": "Most",
        "sortOrder": 1,
        "parameters": first["parameters"] | {"rollout": "75"},
        "constraints": [{"contextName": "userId", "operator": "IN", "values": ["1"]}],
    }
    assert [item["id"] for item in (await admin.get(STRATEGIES)).json()] == [
        second["id"],
        first["id"],
    ]


async def test_removed_fields_of_a_strategy_are_reset(admin: httpx.AsyncClient) -> None:
    _, second = (await admin.get(STRATEGIES)).json()

    answer = await admin.patch(
        f"{STRATEGIES}/{second['id']}",
        json=[{"op": "remove", "path": "/title"}, {"op": "remove", "path": "/parameters"}],
    )

    assert answer.json() == second | {"title": None}


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ([{"op": "replace", "path": "/id", "value": "y"}], "/body/id"),
        ([{"op": "replace", "path": "/featureName", "value": "y"}], "/body/featureName"),
        ([{"op": "replace", "path": "/name", "value": "nonsense"}], "/body/name"),
        ([{"op": "add", "path": "/constraints/-", "value": {}}], None),
        ([{"op": "add", "path": "/segments/-", "value": "x"}], "/body/segments/0"),
        ([{"op": "add", "path": "/nonsense", "value": "x"}], "/body/nonsense"),
        ([{"op": "replace", "path": "", "value": None}], "/body"),
    ],
)
async def test_what_is_wrong_with_a_patch_of_a_strategy_is_reported(
    admin: httpx.AsyncClient, store: Store, patch: Any, path: str | None
) -> None:
    first, _ = (await admin.get(STRATEGIES)).json()
    before = store.snapshot

    answer = await admin.patch(f"{STRATEGIES}/{first['id']}", json=patch)

    expected = (
        ["/body/constraints/0/contextName", "/body/constraints/0/operator"] if not path else [path]
    )
    assert list(problems(answer, 400)) == expected
    assert store.snapshot is before


async def test_variants_are_patched(admin: httpx.AsyncClient) -> None:
    green = {"name": "green", "weight": 400, "weightType": "fix", "stickiness": "default"}

    answer = await admin.patch(VARIANTS, json=[{"op": "add", "path": "/0", "value": green}])

    assert answer.status_code == 200
    assert {item["name"]: item["weight"] for item in answer.json()["variants"]} == {
        "blue": 600,
        "green": 400,
    }


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ([{"op": "remove", "path": "/9"}], "/body/0/path"),
        ([{"op": "replace", "path": "/0/weight", "value": "x"}], "/body/0/weight"),
        ([{"op": "replace", "path": "", "value": {}}], "/body"),
    ],
)
async def test_what_is_wrong_with_a_patch_of_variants_is_reported(
    admin: httpx.AsyncClient, store: Store, patch: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.patch(VARIANTS, json=patch)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_variants_of_several_environments_are_replaced(admin: httpx.AsyncClient) -> None:
    variants = [{"name": name, "weight": 0, "weightType": "variable"} for name in ("a", "b")]
    path = f"{X}/variants-batch"

    answer = await admin.put(
        path, json={"environments": ["default", "staging"], "variants": variants}
    )
    emptied = await admin.put(path, json={"environments": ["default"]})

    assert [item["weight"] for item in answer.json()["variants"]] == [500, 500]
    assert emptied.json()["variants"] == (await admin.get(VARIANTS)).json()["variants"] == []
    staging = await admin.get(f"{X}/environments/staging/variants")
    assert staging.json() == answer.json()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"variants": []}, "/body/environments"),
        ({"environments": [], "variants": []}, "/body/environments"),
        ({"environments": ["default", "moon"]}, "/body/environments/1"),
        ({"environments": ["default", "default"]}, "/body/environments/1"),
        ({"environments": ["default"], "variants": [{}]}, None),
    ],
)
async def test_what_is_wrong_with_variants_of_several_environments_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, path: str | None
) -> None:
    before = store.snapshot

    answer = await admin.put(f"{X}/variants-batch", json=body)

    expected = ["/body/variants/0/name", "/body/variants/0/weight"] if not path else [path]
    assert list(problems(answer, 400)) == expected
    assert store.snapshot is before


async def test_strategies_are_sorted_by_their_numbers(admin: httpx.AsyncClient) -> None:
    first, second = (item["id"] for item in (await admin.get(STRATEGIES)).json())

    answer = await admin.post(
        f"{STRATEGIES}/set-sort-order",
        json=[{"id": first, "sortOrder": 9}, {"id": second, "sortOrder": 1}],
    )

    assert (answer.status_code, answer.content) == (200, b"")
    after = (await admin.get(STRATEGIES)).json()
    assert [(item["id"], item["sortOrder"]) for item in after] == [(second, 0), (first, 1)]


async def test_what_is_wrong_with_an_order_is_reported(
    admin: httpx.AsyncClient, store: Store
) -> None:
    first, second = (item["id"] for item in (await admin.get(STRATEGIES)).json())
    before = store.snapshot
    for body, expected in (
        ({}, ["/body"]),
        ([{"id": first}], ["/body/0/sortOrder"]),
        ([{"id": first, "sortOrder": 0}], ["/body"]),
        ([{"id": id, "sortOrder": 0} for id in (first, second, first)], ["/body/2/id"]),
        ([{"id": id, "sortOrder": 0} for id in (first, second, "y")], ["/body/2/id"]),
    ):
        answer = await admin.post(f"{STRATEGIES}/set-sort-order", json=body)

        assert list(problems(answer, 400)) == expected, body
    assert store.snapshot is before
