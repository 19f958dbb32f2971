"""Projects, their environments and their tokens in today's admin API."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import update_environment
from store.operations.fields import EnvironmentFields
from store.operations.tokens import create_token
from tests.rest_compat.conftest import MakeClient, MakeToken, admin_of, begins_with
from tests.rest_compat.unleash8.conftest import problems, refusal

PROJECTS = "/api/admin/projects"
SHOP = f"{PROJECTS}/shop"
ENVIRONMENTS = "/api/admin/environments"


async def shop(store: Store) -> None:
    """The project `shop` with three toggles, of which one is stale and one is on in staging."""
    admin = admin_of(store)
    answer = await admin.post(PROJECTS, json={"id": "shop", "name": "Shop", "description": "All."})
    assert answer.status_code == 201, answer.text
    for name, type in (("a", "release"), ("b", "release"), ("c", "kill-switch")):
        await admin.post(f"{SHOP}/features", json={"name": name, "type": type})
    await admin.post(f"{SHOP}/stale", json={"features": ["a"], "stale": True})
    await admin.post(f"{SHOP}/features/b/environments/staging/on")


pytestmark = begins_with(shop)


async def test_a_project_is_created_changed_and_deleted(
    admin: httpx.AsyncClient, store: Store
) -> None:
    created = await admin.post(PROJECTS, json={"id": "web", "name": "Web"})
    changed = await admin.put(f"{PROJECTS}/web", json={"name": "The web", "description": "Pages."})
    project = store.snapshot.projects["web"]
    deleted = await admin.delete(f"{PROJECTS}/web")

    assert created.status_code == 201
    assert created.json() | {"createdAt": ""} == {
        "id": "web",
        "name": "Web",
        "description": "",
        "mode": "open",
        "defaultStickiness": "default",
        "createdAt": "",
    }
    assert (changed.status_code, deleted.status_code) == (200, 200)
    assert (project.title, project.description) == ("The web", "Pages.")
    assert "web" not in store.snapshot.projects


@pytest.mark.parametrize(
    ("body", "status", "paths"),
    [
        ({}, 400, ["/body/name", "/body/id"]),
        ({"id": "a b", "name": "x"}, 400, ["/body/id"]),
        ({"id": "x", "name": "a\nb"}, 400, ["/body/name"]),
        ({"id": "shop", "name": "x"}, 409, ["/body/id"]),
    ],
)
async def test_what_is_wrong_with_a_project_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, status: int, paths: list[str]
) -> None:
    before = store.snapshot

    answer = await admin.post(PROJECTS, json=body)

    name = "NameExistsError" if status == 409 else "BadDataError"
    assert list(problems(answer, status, name)) == paths
    assert store.snapshot is before


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_project_that_is_missing_or_in_use_stays(
    admin: httpx.AsyncClient, method: str
) -> None:
    missing = await admin.request(method, f"{PROJECTS}/moon", json={"name": "x"})

    assert missing.status_code == 404
    assert (await admin.delete(SHOP)).status_code == 409


async def test_the_overview_counts_the_toggles_by_type(admin: httpx.AsyncClient) -> None:
    answer = (await admin.get(f"{SHOP}/overview")).json()

    assert answer["featureTypeCounts"] == [
        {"type": "kill-switch", "count": 1},
        {"type": "release", "count": 2},
    ]
    assert answer["environments"] == [{"environment": "default"}, {"environment": "staging"}]
    assert (answer["name"], answer["description"], answer["health"]) == ("Shop", "All.", 67)


async def test_the_health_falls_when_toggles_outlive_their_type(
    admin: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = store.clock() + timedelta(days=41)
    monkeypatch.setattr(store, "clock", lambda: later)

    answer = (await admin.get(f"{SHOP}/health-report")).json()

    assert {key: value for key, value in answer.items() if key.endswith("Count")} == {
        "activeCount": 2,
        "staleCount": 1,
        "potentiallyStaleCount": 1,
    }
    assert answer["health"] == 33
    assert [feature["name"] for feature in answer["features"]] == ["a", "b", "c"]


@pytest.mark.parametrize("path", ["overview", "health-report", "api-tokens"])
async def test_the_project_must_exist(admin: httpx.AsyncClient, path: str) -> None:
    answer = await admin.get(f"{PROJECTS}/moon/{path}")

    assert problems(answer, 404, "NotFoundError") == {"": "No project is named 'moon'."}


async def test_the_environments_of_a_project_have_its_counts(admin: httpx.AsyncClient) -> None:
    await admin.post(
        f"{SHOP}/api-tokens",
        json={"tokenName": "s", "type": "client", "environment": "staging"},
    )

    answer = (await admin.get(f"{ENVIRONMENTS}/project/shop")).json()

    assert [
        (item["name"], item["projectApiTokenCount"], item["projectEnabledToggleCount"])
        for item in answer["environments"]
    ] == [("default", 2, 0), ("staging", 3, 1)]


async def test_every_project_has_every_environment(admin: httpx.AsyncClient) -> None:
    path = f"{SHOP}/environments"

    assert (await admin.post(path, json={"environment": "staging"})).status_code == 200
    assert list(problems(await admin.post(path, json={"environment": "moon"}), 400)) == [
        "/body/environment"
    ]
    assert list(problems(await admin.post(path, json={}), 400)) == ["/body/environment"]


async def test_a_project_loses_an_environment_only_if_nothing_is_on_there(
    admin: httpx.AsyncClient, store: Store
) -> None:
    path = f"{SHOP}/environments/staging"

    refused = await admin.delete(path)
    elsewhere = await admin.delete(f"{PROJECTS}/default/environments/staging")
    await admin.post(f"{SHOP}/features/b/environments/staging/off")
    revision = store.snapshot.revision
    removed = await admin.delete(path)

    assert refusal(refused, 409, "ConflictError") == (
        "These toggles of project 'shop' are on in 'staging': 'b'. Switch them off first."
    )
    assert (elsewhere.status_code, removed.status_code, removed.content) == (200, 200, b"")
    assert store.snapshot.revision == revision


async def test_projects_and_environments_that_lose_each_other_exist(
    admin: httpx.AsyncClient,
) -> None:
    unknown = await admin.delete(f"{SHOP}/environments/moon")
    nowhere = await admin.delete(f"{PROJECTS}/moon/environments/staging")

    assert refusal(unknown, 404, "NotFoundError") == "No environment is named 'moon'."
    assert refusal(nowhere, 404, "NotFoundError") == "No project is named 'moon'."


async def test_an_environment_is_created_changed_and_deleted(
    admin: httpx.AsyncClient, store: Store
) -> None:
    created = await admin.post(ENVIRONMENTS, json={"name": "qa", "type": "test", "enabled": False})
    changed = await admin.put(
        f"{ENVIRONMENTS}/update/qa", json={"type": "pre-production", "sortOrder": 7}
    )
    deleted = await admin.delete(f"{ENVIRONMENTS}/qa")

    assert created.status_code == 201
    assert (created.json()["type"], created.json()["enabled"]) == ("test", False)
    assert changed.json() == created.json() | {"type": "pre-production", "sortOrder": 7}
    assert deleted.status_code == 200
    assert "qa" not in store.snapshot.environments


@pytest.mark.parametrize(
    ("body", "status", "paths"),
    [
        ({}, 400, ["/body/name"]),
        ({"name": "a b", "type": "test"}, 400, ["/body/name"]),
        ({"name": "qa", "type": "moon"}, 400, ["/body/type"]),
        ({"name": "qa", "sortOrder": "x"}, 400, ["/body/sortOrder"]),
        ({"name": "qa", "sortOrder": -1}, 400, ["/body/sortOrder"]),
        ({"name": "staging"}, 409, ["/body/name"]),
    ],
)
async def test_what_is_wrong_with_an_environment_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, status: int, paths: list[str]
) -> None:
    before = store.snapshot

    answer = await admin.post(ENVIRONMENTS, json=body)

    name = "NameExistsError" if status == 409 else "BadDataError"
    assert list(problems(answer, status, name)) == paths
    assert store.snapshot is before


async def test_an_environment_with_tokens_is_not_deleted(admin: httpx.AsyncClient) -> None:
    assert (await admin.delete(f"{ENVIRONMENTS}/staging")).status_code == 409
    assert (await admin.delete(f"{ENVIRONMENTS}/default")).status_code == 409
    assert (await admin.delete(f"{ENVIRONMENTS}/moon")).status_code == 404


async def test_a_token_of_a_project_can_access_only_the_project(
    admin: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    body = {"tokenName": "s", "type": "backend", "environment": "staging", "projects": ["*"]}

    created = await admin.post(f"{SHOP}/api-tokens", json=body)
    listed = await admin.get(f"{SHOP}/api-tokens")
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    assert created.status_code == 201
    assert (created.json()["type"], created.json()["projects"]) == ("client", ["shop"])
    assert "s" in [token["tokenName"] for token in listed.json()["tokens"]]
    assert {token["secret"] for token in listed.json()["tokens"]} == {""}
    default = await admin.get(f"{PROJECTS}/default/api-tokens")
    assert "s" not in [token["tokenName"] for token in default.json()["tokens"]]
    assert (await viewer.get(f"{SHOP}/api-tokens")).status_code == 403
    revoked = await admin.delete(f"{SHOP}/api-tokens/{created.json()['secret']}")
    assert revoked.status_code == 200
    assert created.json()["id"] not in store.snapshot.tokens


async def test_tokens_of_other_projects_are_not_revoked(
    admin: httpx.AsyncClient, store: Store
) -> None:
    async with store.write(SYSTEM) as work:
        both, _ = await create_token(
            work, name="both", type=ApiTokenType.CLIENT, projects=["shop", "default"]
        )

    assert (await admin.delete(f"{SHOP}/api-tokens/{both.id}")).status_code == 409
    assert (await admin.delete(f"{SHOP}/api-tokens/none")).status_code == 404
    assert both.id in store.snapshot.tokens


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": "client"}, "/body/tokenName"),
        ({"tokenName": "s", "type": "admin"}, "/body/type"),
        ({"tokenName": "s", "type": "client", "environment": "moon"}, "/body/environment"),
        ({"tokenName": "s", "type": "client", "expiresAt": "soon"}, "/body/expiresAt"),
    ],
)
async def test_what_is_wrong_with_a_token_of_a_project_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{SHOP}/api-tokens", json=body)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_disabled_environments_are_not_in_the_overview(
    admin: httpx.AsyncClient, store: Store
) -> None:
    async with store.write(SYSTEM) as work:
        await update_environment(work, "staging", EnvironmentFields(enabled=False))

    answer = (await admin.get(f"{SHOP}/overview")).json()

    assert answer["environments"] == [{"environment": "default"}]
