"""Requests that change several toggles, and copies and deletions of toggles."""

from typing import Any

import httpx
import pytest

from store import Store
from store.model import ToggleEnvironment
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    PROJECT,
    add_strategy,
    create_feature,
    problems,
)

ON = f"{PROJECT}/bulk_features/environments/default/on"
OFF = f"{PROJECT}/bulk_features/environments/default/off"


async def toggles(store: Store) -> None:
    """The live toggles `a`, `b` and `c`, and the archived toggles `old` and `older`."""
    admin = admin_of(store)
    for name in ("a", "b", "c", "old", "older"):
        await create_feature(admin, name)
    await add_strategy(admin, "a", name="flexibleRollout", parameters={"rollout": "10"})
    await admin.post(f"{FEATURES}/older/dependencies", json={"feature": "old"})
    for name in ("older", "old"):
        await admin.delete(f"{FEATURES}/{name}")


pytestmark = begins_with(toggles)


async def test_toggles_are_switched_together(admin: httpx.AsyncClient, store: Store) -> None:
    on = await admin.post(ON, json={"features": ["a", "b"]})

    assert (on.status_code, on.content) == (200, b"")
    configured = [store.snapshot.toggles[name].in_environment("default") for name in "abc"]
    assert [item.enabled for item in configured] == [True, True, False]
    assert [len(item.strategies) for item in configured] == [1, 1, 0]
    await admin.post(OFF, json={"features": ["a"]})
    assert not store.snapshot.toggles["a"].in_environment("default").enabled


async def test_toggles_become_stale_and_tagged_together(
    admin: httpx.AsyncClient, store: Store
) -> None:
    tag = {"type": "simple", "value": "web"}

    stale = await admin.post(f"{PROJECT}/stale", json={"features": ["a", "b"], "stale": True})
    tagged = await admin.put(
        f"{PROJECT}/tags",
        json={"features": ["b", "c"], "tags": {"addedTags": [tag], "removedTags": []}},
    )

    assert (stale.status_code, tagged.status_code) == (202, 200)
    found = [store.snapshot.toggles[name] for name in "abc"]
    assert [(item.stale, len(item.tags)) for item in found] == [(True, 0), (True, 1), (False, 1)]


async def test_toggles_are_archived_revived_and_deleted_together(
    admin: httpx.AsyncClient, store: Store
) -> None:
    await admin.post(f"{FEATURES}/a/dependencies", json={"feature": "b"})

    refused = await admin.post(f"{PROJECT}/archive", json={"features": ["b", "c"]})
    archived = await admin.post(f"{PROJECT}/archive", json={"features": ["b", "a"]})
    revived = await admin.post(f"{PROJECT}/revive", json={"features": ["b"]})
    kept = await admin.post(f"{PROJECT}/delete", json={"features": ["old"]})
    deleted = await admin.post(f"{PROJECT}/delete", json={"features": ["old", "older"]})

    assert list(problems(refused, 403, "InvalidOperationError")) == [""]
    assert [a.status_code for a in (archived, revived, kept, deleted)] == [202, 200, 409, 200]
    snapshot = store.snapshot
    assert {name: toggle.archived for name, toggle in snapshot.toggles.items()} == {
        "a": True,
        "b": False,
        "c": False,
    }


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("archive", {}),
        ("stale", {"stale": True}),
        ("tags", {"tags": {"addedTags": [{"type": "simple", "value": "web"}], "removedTags": []}}),
        ("bulk_features/environments/default/on", {}),
        ("bulk_features/environments/default/off", {}),
    ],
)
async def test_if_a_name_is_wrong_nothing_is_changed_and_all_wrong_names_are_listed(
    admin: httpx.AsyncClient, store: Store, path: str, more: dict[str, Any]
) -> None:
    method = "PUT" if path == "tags" else "POST"
    before = store.snapshot

    answer = await admin.request(
        method, f"{PROJECT}/{path}", json={"features": ["a", "none", "b", "a", "old"], **more}
    )

    assert list(problems(answer, 404, "NotFoundError")) == [
        "/body/features/1",
        "/body/features/3",
        "/body/features/4",
    ]
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/body/features"),
        ({"features": "a"}, "/body/features"),
        ({"features": [None]}, "/body/features/0"),
        ({"features": ["a", "a"]}, "/body/features/1"),
        ({"features": ["old"]}, "/body/features/0"),
        ({"features": [f"t{number}" for number in range(10_000)]}, "/body/features"),
    ],
)
async def test_what_is_wrong_with_a_list_of_names_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{PROJECT}/archive", json=body)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_the_environment_and_the_project_must_exist(admin: httpx.AsyncClient) -> None:
    moon = await admin.post(ON.replace("default/on", "moon/on"), json={"features": ["a"]})
    other = await admin.post(
        ON.replace("projects/default", "projects/moon"), json={"features": ["a"]}
    )

    assert problems(moon, 404, "NotFoundError") == {"": "No environment is named 'moon'."}
    assert problems(other, 404, "NotFoundError") == {"": "No project is named 'moon'."}


async def test_tags_of_a_toggle_are_added_and_removed(admin: httpx.AsyncClient) -> None:
    red, blue = ({"type": "simple", "value": value} for value in ("red", "blue"))
    path = "/api/admin/features/a/tags"
    await admin.put(path, json={"addedTags": [red], "removedTags": []})

    answer = await admin.put(path, json={"addedTags": [blue, blue], "removedTags": [red]})
    again = await admin.put(path, json={"addedTags": [blue], "removedTags": [red]})

    assert answer.json() == again.json() == {"version": 1, "tags": [blue]}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"addedTags": []}, "/body/removedTags"),
        (
            {"addedTags": [{"type": "none", "value": "aa"}], "removedTags": []},
            "/body/addedTags/0/type",
        ),
        (
            {"addedTags": [{"type": "simple", "value": "a"}], "removedTags": []},
            "/body/addedTags/0/value",
        ),
        ({"addedTags": ["simple:a"], "removedTags": []}, "/body/addedTags/0"),
    ],
)
async def test_what_is_wrong_with_changes_of_tags_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.put("/api/admin/features/a/tags", json=body)
    several = await admin.put(f"{PROJECT}/tags", json={"features": ["a"], "tags": body})

    assert list(problems(answer, 400)) == [path]
    assert list(problems(several, 400)) == [path.replace("/body", "/body/tags")]
    assert store.snapshot is before


def group(configured: ToggleEnvironment) -> str:
    """The group of the only strategy of a configuration."""
    (strategy,) = configured.strategies
    return (strategy.parameters or {})["groupId"]


async def test_a_copy_has_the_configurations_of_the_toggle_and_is_off(
    admin: httpx.AsyncClient, store: Store
) -> None:
    await admin.put(
        f"{FEATURES}/a", json={"type": "kill-switch", "description": "A", "impressionData": True}
    )
    await admin.post(f"{FEATURES}/a/dependencies", json={"feature": "b"})
    await admin.put(
        f"{FEATURES}/a/environments/staging/variants", json=[{"name": "x", "weight": 1000}]
    )
    await admin.post(ON, json={"features": ["a"]})

    answer = await admin.post(f"{FEATURES}/a/clone", json={"name": "copy"})
    same = await admin.post(f"{FEATURES}/a/clone", json={"name": "same", "replaceGroupId": False})

    assert (answer.status_code, same.status_code) == (201, 201)
    assert answer.json() == (await admin.get(f"{FEATURES}/copy")).json()
    origin, copy, other = (store.snapshot.toggles[name] for name in ("a", "copy", "same"))
    assert (copy.type, copy.description, copy.impression_data) == ("kill-switch", "A", True)
    assert copy.dependencies == origin.dependencies
    assert copy.in_environment("staging").variants == origin.in_environment("staging").variants
    configured = copy.in_environment("default")
    assert not configured.enabled
    assert group(configured) == "copy"
    assert group(other.in_environment("default")) == "a"


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "/body/name"),
        ({"name": "not a name"}, 400, "/body/name"),
        ({"name": "b"}, 409, "/body/name"),
        ({"name": "old"}, 409, "/body/name"),
    ],
)
async def test_what_is_wrong_with_a_copy_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, status: int, path: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{FEATURES}/a/clone", json=body)

    name = "NameExistsError" if status == 409 else "BadDataError"
    assert list(problems(answer, status, name)) == [path]
    assert store.snapshot is before


async def test_only_archived_toggles_are_deleted(admin: httpx.AsyncClient, store: Store) -> None:
    answers = [
        await admin.delete(f"/api/admin/archive/{name}") for name in ("older", "old", "a", "none")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 409, 404]
    assert store.snapshot.toggles.keys() == {"a", "b", "c"}
