"""Toggles are switched and configured in environments through GraphQL."""

from typing import Any

import pytest

from graph.ids import encode_id, toggle_environment_id
from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIGURATION = """
  toggleEnvironment {
    id enabled revision
    toggle { name } environment { name }
    strategies { id name sortOrder }
    variants { name weight }
  }
"""
STRATEGY = """
  toggleStrategy {
    id name title disabled sortOrder
    parameters { name value }
    constraints { contextName operator values caseInsensitive inverted }
    variants { name weight }
    toggleEnvironment { revision }
  }
"""
# A valid ID that belongs to no object.
ID = toggle_environment_id("none", "default")
SWITCHED = "toggleEnvironment { enabled revision environment { name } }"


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with two environments."""

    async def fill(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            await create_environment(work, name="staging")

    return filled(gateway_database, fill)


async def added(gateway: Gateway, toggle: str, **strategy: Any) -> Any:
    """Add a strategy to a toggle."""
    spec = {"name": "flexibleRollout", **strategy}
    payload = await gateway.change(
        "toggleStrategyAdd", {"toggle": toggle, "strategy": spec}, STRATEGY + CONFIGURATION
    )
    assert payload["errors"] == []
    return payload


async def test_a_toggle_is_switched_on_in_one_environment_only(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    payload = await shared_gateway.change(
        "toggleSetEnabled",
        {"name": own_toggle, "environment": "staging", "enabled": True},
        SWITCHED,
    )

    assert payload["toggleEnvironment"] == {
        "enabled": True,
        "revision": shared_gateway.store.snapshot.revision,
        "environment": {"name": "staging"},
    }
    assert not shared_gateway.store.snapshot.toggles[own_toggle].in_environment("default").enabled
    assert await shared_gateway.latest_event() == ("TOGGLE_ENABLED", "staging")


async def test_a_toggle_is_switched_by_the_id_of_its_environment(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    toggle = shared_gateway.store.snapshot.toggles[own_toggle]
    id = toggle_environment_id(toggle.id, "staging")

    payload = await shared_gateway.change(
        "toggleSetEnabled", {"id": id, "enabled": True}, "toggleEnvironment { id enabled }"
    )
    again = await shared_gateway.change(
        "changeSetApply",
        {"changes": [{"toggleSetEnabled": {"id": id, "enabled": True}}]},
        "changes { summary subjectName environment { name } }",
    )

    assert payload["toggleEnvironment"] == {"id": id, "enabled": True}
    assert await shared_gateway.latest_event() == ("TOGGLE_ENABLED", "staging")
    assert again["changes"] == [
        {
            "summary": f"Leaves toggle '{own_toggle}' unchanged.",
            "subjectName": own_toggle,
            "environment": {"name": "staging"},
        }
    ]


@pytest.mark.parametrize(
    ("input", "code", "path", "words"),
    [
        ({}, "INVALID", [], "Neither id nor name"),
        ({"environment": "staging"}, "INVALID", [], "Neither id nor name"),
        ({"id": ID, "name": "x"}, "INVALID", [], "name 'x'"),
        ({"id": ID, "environment": "staging"}, "INVALID", [], "environment 'staging'"),
        ({"id": "nonsense"}, "INVALID", ["id"], "'nonsense' is not the ID of ToggleEnvironment"),
        ({"id": encode_id("Toggle", "x")}, "INVALID", ["id"], "ToggleEnvironment"),
        ({"id": encode_id("ToggleEnvironment", "x")}, "INVALID", ["id"], "ToggleEnvironment"),
        ({"id": ID}, "NOT_FOUND", ["id"], ID),
    ],
)
async def test_a_toggle_environment_is_given_in_exactly_one_way(
    shared_gateway: Gateway, input: Any, code: str, path: list[str], words: str
) -> None:
    error = await shared_gateway.refusal("toggleSetEnabled", {**input, "enabled": True})

    assert (error["code"], error["path"]) == (code, path)
    assert words in error["message"]


async def test_the_id_of_a_deleted_environment_is_not_found(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    toggle = shared_gateway.store.snapshot.toggles[own_toggle]
    id = toggle_environment_id(toggle.id, "none")

    error = await shared_gateway.refusal("toggleSetEnabled", {"id": id, "enabled": True})

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["id"])
    assert error["name"][:50] == id[:50]


async def test_an_empty_environment_is_not_the_default_one(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    input = {"name": own_toggle, "environment": "", "enabled": True}

    error = await shared_gateway.refusal("toggleSetEnabled", input)

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["environment"])
    toggle = shared_gateway.store.snapshot.toggles[own_toggle]
    assert not toggle.in_environment("default").enabled


async def test_switching_off_has_its_own_event(shared_gateway: Gateway, own_toggle: str) -> None:
    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": True})

    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": False})

    assert await shared_gateway.latest_event() == ("TOGGLE_DISABLED", "default")


async def test_switching_to_what_is_already_so_leaves_no_event(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    before = await shared_gateway.number_of_events()

    payload = await shared_gateway.change(
        "toggleSetEnabled", {"name": own_toggle, "enabled": False}, SWITCHED
    )

    assert payload["errors"] == []
    assert payload["toggleEnvironment"]["enabled"] is False
    assert await shared_gateway.number_of_events() == before


async def test_configuring_replaces_what_is_given_and_keeps_the_rest(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change(
        "toggleConfigure", {"name": own_toggle, "variants": [{"name": "v"}]}
    )

    payload = await shared_gateway.change(
        "toggleConfigure",
        {
            "name": own_toggle,
            "enabled": True,
            "strategies": [{"name": "gradualRolloutRandom"}, {"name": "default"}],
        },
        CONFIGURATION,
    )

    configured = payload["toggleEnvironment"]
    assert configured["enabled"] is True
    assert [(strategy["name"], strategy["sortOrder"]) for strategy in configured["strategies"]] == [
        ("gradualRolloutRandom", 0),
        ("default", 1),
    ]
    assert configured["variants"] == [{"name": "v", "weight": 1000}]
    assert await shared_gateway.latest_event() == ("TOGGLE_CONFIGURED", "default")


async def test_configuring_only_variants_has_its_own_event(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    payload = await shared_gateway.change(
        "toggleConfigure",
        {"name": own_toggle, "variants": [{"name": "a"}, {"name": "b"}, {"name": "c"}]},
        CONFIGURATION,
    )

    assert [variant["weight"] for variant in payload["toggleEnvironment"]["variants"]] == [
        334,
        333,
        333,
    ]
    assert await shared_gateway.latest_event() == ("TOGGLE_VARIANTS_UPDATED", "default")


async def test_a_strategy_is_added_at_the_end_or_at_a_position(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await added(shared_gateway, own_toggle, title="last")

    payload = await shared_gateway.change(
        "toggleStrategyAdd",
        {"toggle": own_toggle, "position": 0, "strategy": {"name": "userWithId", "title": "first"}},
        STRATEGY + CONFIGURATION,
    )

    assert payload["toggleStrategy"]["sortOrder"] == 0
    assert [strategy["name"] for strategy in payload["toggleEnvironment"]["strategies"]] == [
        "userWithId",
        "default",
        "flexibleRollout",
    ]
    assert await shared_gateway.latest_event() == ("TOGGLE_STRATEGY_ADDED", "default")


async def test_only_given_fields_of_a_strategy_change(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    constraint = {"contextName": "userId", "operator": "IN", "values": ["1"], "inverted": True}
    strategy = (await added(shared_gateway, own_toggle, title="Old", constraints=[constraint]))[
        "toggleStrategy"
    ]

    payload = await shared_gateway.change(
        "toggleStrategyUpdate",
        {
            "id": strategy["id"],
            "disabled": True,
            "parameters": [{"name": "rollout", "value": "10"}],
            "variants": [{"name": "only"}],
        },
        STRATEGY,
    )

    changed = payload["toggleStrategy"]
    assert payload["errors"] == []
    assert changed["id"] == strategy["id"]
    assert (changed["title"], changed["disabled"]) == ("Old", True)
    assert changed["parameters"] == [{"name": "rollout", "value": "10"}]
    assert changed["constraints"] == [{**constraint, "caseInsensitive": False}]
    assert changed["variants"] == [{"name": "only", "weight": 1000}]
    assert await shared_gateway.latest_event() == ("TOGGLE_STRATEGY_UPDATED", "default")


async def test_a_strategy_is_moved(shared_gateway: Gateway, own_toggle: str) -> None:
    strategy = (await added(shared_gateway, own_toggle))["toggleStrategy"]

    payload = await shared_gateway.change(
        "toggleStrategyUpdate", {"id": strategy["id"], "position": 0}, STRATEGY + CONFIGURATION
    )

    assert payload["toggleStrategy"]["sortOrder"] == 0
    assert [item["name"] for item in payload["toggleEnvironment"]["strategies"]] == [
        "flexibleRollout",
        "default",
    ]
    assert await shared_gateway.latest_event() == ("TOGGLE_STRATEGIES_REORDERED", "default")


async def test_a_strategy_is_removed(shared_gateway: Gateway, own_toggle: str) -> None:
    strategy = (await added(shared_gateway, own_toggle))["toggleStrategy"]

    payload = await shared_gateway.change(
        "toggleStrategyRemove", {"id": strategy["id"]}, "removedId " + CONFIGURATION
    )

    assert payload["removedId"] == strategy["id"]
    assert [item["name"] for item in payload["toggleEnvironment"]["strategies"]] == ["default"]
    assert await shared_gateway.latest_event() == ("TOGGLE_STRATEGY_REMOVED", "default")


async def test_a_revision_conflict_is_about_the_environment_alone(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    switched = await shared_gateway.change(
        "toggleSetEnabled", {"name": own_toggle, "enabled": True}, SWITCHED
    )
    known = switched["toggleEnvironment"]["revision"]
    elsewhere = {"name": own_toggle, "environment": "staging", "enabled": True}
    await shared_gateway.change("toggleSetEnabled", elsewhere)

    undisturbed = await shared_gateway.change(
        "toggleConfigure",
        {"name": own_toggle, "variants": [{"name": "v"}], "expectedRevision": known},
        CONFIGURATION,
    )
    await shared_gateway.change("toggleSetEnabled", {**elsewhere, "enabled": False})
    error = await shared_gateway.refusal(
        "toggleSetEnabled", {"name": own_toggle, "enabled": False, "expectedRevision": known}
    )

    assert undisturbed["errors"] == []
    assert error["code"] == "REVISION_CONFLICT"
    assert error["actualRevision"] == undisturbed["toggleEnvironment"]["revision"]
    assert error["current"] == {
        "__typename": "ToggleEnvironment",
        "id": undisturbed["toggleEnvironment"]["id"],
    }
    assert error["lastEvent"]["type"] == "TOGGLE_VARIANTS_UPDATED"


async def test_the_last_event_of_a_conflict_is_of_its_environment(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    """One revision changes the toggle itself and two of its environments."""
    switched = {"name": own_toggle, "enabled": True}
    changes = [
        {"toggleSetEnabled": switched},
        {"toggleUpdate": {"name": own_toggle, "description": "changed"}},
        {
            "toggleConfigure": {
                "name": own_toggle,
                "environment": "staging",
                "variants": [{"name": "v"}],
            }
        },
    ]
    applied = await shared_gateway.change(
        "changeSetApply", {"changes": changes}, "changeSet { revision }"
    )

    conflicts = [
        await shared_gateway.refusal(mutation, {**input, "expectedRevision": 0})
        for mutation, input in (
            ("toggleSetEnabled", {"name": own_toggle, "enabled": False}),
            (
                "toggleSetEnabled",
                {"name": own_toggle, "environment": "staging", "enabled": True},
            ),
            ("toggleUpdate", {"name": own_toggle, "stale": True}),
        )
    ]

    revision = applied["changeSet"]["revision"]
    assert [conflict["actualRevision"] for conflict in conflicts] == [revision] * 3
    assert [conflict["lastEvent"]["type"] for conflict in conflicts] == [
        "TOGGLE_ENABLED",
        "TOGGLE_VARIANTS_UPDATED",
        "TOGGLE_UPDATED",
    ]


async def test_the_last_event_of_an_environment_as_it_was_made_is_the_making_of_its_toggle(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    error = await shared_gateway.refusal(
        "toggleSetEnabled", {"name": own_toggle, "enabled": True, "expectedRevision": 0}
    )

    assert error["lastEvent"]["type"] == "TOGGLE_CREATED"
