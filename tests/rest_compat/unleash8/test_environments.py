"""Environments, and switching toggles in them, in today's admin API."""

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    add_strategy,
    create_feature,
    problems,
    refusal,
)

ENVIRONMENTS = "/api/admin/environments"
STAGING = {
    "name": "staging",
    "type": "development",
    "enabled": True,
    "protected": False,
    "sortOrder": 1,
    "requiredApprovals": None,
}


async def toggle(store: Store) -> None:
    """The toggle `x`."""
    await create_feature(admin_of(store), "x")


pytestmark = begins_with(toggle)


async def test_all_environments_are_listed_in_order(admin: httpx.AsyncClient) -> None:
    await admin.post(f"{FEATURES}/x/environments/default/on")
    await admin.post(f"{ENVIRONMENTS}/staging/off")

    answer = await admin.get(ENVIRONMENTS)

    assert answer.json() == {
        "version": 1,
        "environments": [
            {
                "name": "default",
                "type": "production",
                "enabled": True,
                "protected": True,
                "sortOrder": 0,
                "requiredApprovals": None,
                "projectCount": 1,
                "apiTokenCount": 2,
                "enabledToggleCount": 1,
            },
            STAGING
            | {"enabled": False, "projectCount": 1, "apiTokenCount": 2, "enabledToggleCount": 0},
        ],
    }


async def test_one_environment_is_read_by_its_name(admin: httpx.AsyncClient) -> None:
    assert (await admin.get(f"{ENVIRONMENTS}/staging")).json() == STAGING


@pytest.mark.parametrize(("word", "enabled"), [("on", True), ("off", False)])
async def test_an_environment_is_switched(
    admin: httpx.AsyncClient, store: Store, word: str, enabled: bool
) -> None:
    await admin.post(f"{ENVIRONMENTS}/staging/{'off' if enabled else 'on'}")

    answer = await admin.post(f"{ENVIRONMENTS}/staging/{word}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert store.snapshot.environments["staging"].enabled is enabled


@pytest.mark.parametrize(("word", "enabled"), [("on", True), ("off", False)])
@pytest.mark.parametrize("content_type", [{}, {"content-type": "application/json"}])
async def test_a_toggle_is_switched_in_one_environment(
    admin: httpx.AsyncClient,
    store: Store,
    word: str,
    enabled: bool,
    content_type: dict[str, str],
) -> None:
    path = f"{FEATURES}/x/environments/staging"
    await admin.post(f"{path}/{'off' if enabled else 'on'}")

    answer = await admin.post(f"{path}/{word}", headers=content_type)

    assert (answer.status_code, answer.content) == (200, b"")
    toggle = store.snapshot.toggles["x"]
    assert toggle.in_environment("staging").enabled is enabled
    assert toggle.in_environment("default").enabled is False


async def test_switching_again_changes_nothing(admin: httpx.AsyncClient, store: Store) -> None:
    await admin.post(f"{FEATURES}/x/environments/default/on")
    before = store.snapshot

    answer = await admin.post(f"{FEATURES}/x/environments/default/on")

    assert answer.status_code == 200
    assert store.snapshot is before


EVERYBODY = {
    "name": "flexibleRollout",
    "title": None,
    "disabled": False,
    "featureName": "x",
    "parameters": {"rollout": "100", "stickiness": "default", "groupId": "x"},
    "constraints": [],
    "segments": [],
    "variants": [],
}


@pytest.mark.parametrize("disabled", [0, 2])
async def test_a_toggle_without_a_strategy_in_use_is_switched_on_for_everybody(
    admin: httpx.AsyncClient, disabled: int
) -> None:
    path = f"{FEATURES}/x/environments/staging"
    there = [
        await add_strategy(admin, "x", "staging", name="default", disabled=True)
        for _ in range(disabled)
    ]

    await admin.post(f"{path}/on")

    *others, added = (await admin.get(f"{path}/strategies")).json()
    assert others == there
    assert added == EVERYBODY | {"id": added["id"], "sortOrder": disabled}


async def test_disabled_strategies_are_used_if_requested(admin: httpx.AsyncClient) -> None:
    path = f"{FEATURES}/x/environments/staging"
    there = await add_strategy(admin, "x", "staging", name="default", disabled=True)

    await admin.post(f"{path}/on?shouldActivateDisabledStrategies=true")

    result = (await admin.get(path)).json()
    assert result["strategies"] == [there | {"disabled": False}]
    assert result["enabled"]


async def test_what_a_toggle_is_set_to_in_one_environment(admin: httpx.AsyncClient) -> None:
    strategy = await add_strategy(admin, "x", "staging", name="default")
    await admin.put(
        f"{FEATURES}/x/environments/staging/variants", json=[{"name": "blue", "weight": 1000}]
    )

    answer = await admin.get(f"{FEATURES}/x/environments/staging")

    assert answer.json() == {
        "name": "x",
        "environment": "staging",
        "featureName": "x",
        "type": "development",
        "sortOrder": 1,
        "enabled": False,
        "strategies": [strategy],
        "hasStrategies": True,
        "hasEnabledStrategies": True,
        "variants": [
            {"name": "blue", "weight": 1000, "weightType": "variable", "stickiness": "default"}
        ],
        "variantCount": 1,
        "lastSeenAt": None,
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{ENVIRONMENTS}/moon"),
        ("POST", f"{ENVIRONMENTS}/moon/on"),
        ("POST", f"{ENVIRONMENTS}/moon/off"),
        ("GET", f"{FEATURES}/x/environments/moon"),
        ("POST", f"{FEATURES}/x/environments/moon/on"),
        ("POST", f"{FEATURES}/x/environments/moon/off"),
        ("GET", f"{FEATURES}/x/environments/moon/strategies"),
        ("GET", f"{FEATURES}/x/environments/moon/variants"),
    ],
)
async def test_an_unknown_environment_is_404(
    admin: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await admin.request(method, path, json={"name": "default"})

    assert refusal(answer, 404, "NotFoundError") == "No environment is named 'moon'."


async def test_a_strategy_for_an_unknown_environment_is_400(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(
        f"{FEATURES}/x/environments/moon/strategies", json={"name": "default"}
    )

    assert problems(answer, 400) == {"/params/environment": "No environment is named 'moon'."}
