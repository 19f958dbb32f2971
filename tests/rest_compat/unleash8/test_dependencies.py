"""Dependencies of toggles in today's admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from store.operations.dependencies import set_dependencies
from store.values import Dependency
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import FEATURES, create_feature, problems, refusal
from tests.store.operations.doing import carry_out

DEPENDENCIES = f"{FEATURES}/child/dependencies"


async def family(store: Store) -> None:
    """Toggles that do not depend on each other yet."""
    for name in ("child", "mother", "father"):
        await create_feature(admin_of(store), name)


pytestmark = begins_with(family)


async def dependencies(admin: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The dependencies of the child."""
    return (await admin.get(f"{FEATURES}/child")).json()["dependencies"]


@pytest.mark.parametrize(
    ("sent", "displayed"),
    [
        ({}, {"enabled": True, "variants": []}),
        ({"enabled": False}, {"enabled": False, "variants": []}),
        ({"variants": ["blue"]}, {"enabled": True, "variants": ["blue"]}),
        ({"enabled": False, "variants": ["blue"]}, {"enabled": False, "variants": []}),
        ({"enabled": None}, {"enabled": False, "variants": []}),
    ],
)
async def test_a_toggle_comes_to_depend_on_another(
    admin: httpx.AsyncClient, sent: dict[str, Any], displayed: dict[str, Any]
) -> None:
    answer = await admin.post(DEPENDENCIES, json={"feature": "mother", **sent})

    assert (answer.status_code, answer.content) == (200, b"")
    assert await dependencies(admin) == [{"feature": "mother", **displayed}]
    assert (await admin.get(f"{FEATURES}/mother")).json()["children"] == ["child"]


async def test_depending_on_a_toggle_again_changes_how(admin: httpx.AsyncClient) -> None:
    await admin.post(DEPENDENCIES, json={"feature": "mother"})

    await admin.post(DEPENDENCIES, json={"feature": "mother", "enabled": False})

    assert await dependencies(admin) == [{"feature": "mother", "enabled": False, "variants": []}]


async def test_depending_on_another_toggle_replaces_the_first(
    admin: httpx.AsyncClient, store: Store
) -> None:
    await carry_out(store, set_dependencies, "child", [Dependency("mother"), Dependency("father")])

    await admin.post(DEPENDENCIES, json={"feature": "father", "variants": ["blue"]})

    assert await dependencies(admin) == [
        {"feature": "father", "enabled": True, "variants": ["blue"]}
    ]


async def test_saying_the_same_again_changes_nothing(
    admin: httpx.AsyncClient, store: Store
) -> None:
    await admin.post(DEPENDENCIES, json={"feature": "mother"})
    before = store.snapshot

    answer = await admin.post(DEPENDENCIES, json={"feature": "mother"})

    assert answer.status_code == 200
    assert store.snapshot is before


@pytest.mark.parametrize(("sub_path", "left"), [("/mother", ["father"]), ("", [])])
async def test_dependencies_are_removed(
    admin: httpx.AsyncClient, store: Store, sub_path: str, left: list[str]
) -> None:
    await carry_out(store, set_dependencies, "child", [Dependency("mother"), Dependency("father")])

    answer = await admin.delete(DEPENDENCIES + sub_path)

    assert (answer.status_code, answer.content) == (200, b"")
    assert [dependency["feature"] for dependency in await dependencies(admin)] == left


async def test_a_dependency_that_is_not_there_cannot_be_removed(admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{DEPENDENCIES}/mother")

    assert refusal(answer, 404, "NotFoundError") == "Toggle 'child' does not depend on 'mother'."


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({}, "/body/feature", "The key 'feature' is missing."),
        (
            {"feature": "mother", "variants": ["blue", ""]},
            "/body/variants/1",
            "The variant name must not be empty.",
        ),
    ],
)
async def test_what_is_wrong_with_a_dependency_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], path: str, message: str
) -> None:
    before = store.snapshot

    answer = await admin.post(DEPENDENCIES, json=body)

    assert problems(answer, 400) == {path: message}
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "No toggle is named 'nobody'."),
        (None, "No toggle is named ''."),
        ("child", "Toggle 'child' cannot depend on itself."),
        ("gone", "Toggle 'gone' is archived; toggles can depend only on live toggles."),
        (
            "father",
            (
                "Toggle 'father' depends on other toggles itself, and SDKs follow dependencies "
                "only one step."
            ),
        ),
    ],
)
async def test_what_cannot_be_depended_on_is_403(
    admin: httpx.AsyncClient, store: Store, name: str | None, message: str
) -> None:
    await create_feature(admin, "gone")
    await admin.delete(f"{FEATURES}/gone")
    await admin.post(f"{FEATURES}/father/dependencies", json={"feature": "mother"})
    before = store.snapshot

    answer = await admin.post(DEPENDENCIES, json={"feature": name})

    assert problems(answer, 403, "InvalidOperationError") == {"/body/feature": message}
    assert store.snapshot is before


async def test_what_others_depend_on_cannot_depend_on_anything(admin: httpx.AsyncClient) -> None:
    await admin.post(f"{FEATURES}/father/dependencies", json={"feature": "child"})

    answer = await admin.post(DEPENDENCIES, json={"feature": "mother"})

    assert refusal(answer, 403, "InvalidOperationError").startswith("Toggle 'father' depends on")


async def test_removing_all_dependencies_where_there_are_none_is_404(
    admin: httpx.AsyncClient,
) -> None:
    answer = await admin.delete(DEPENDENCIES)

    assert (
        refusal(answer, 404, "NotFoundError")
        == "Toggle 'child' does not depend on any other toggle."
    )
