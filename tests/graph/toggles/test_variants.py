"""Variants are added, changed and removed one by one through GraphQL."""

from typing import Any

import pytest

from graph.ids import encode_id, toggle_strategy_id
from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from tests.graph.changing import apply
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

VARIANT = """
  variant {
    name weight percentage weightType stickiness
    payload { type value } overrides { contextName values }
  }
  toggleEnvironment { revision variants { name weight } strategies { variants { name weight } } }
"""


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with two environments."""

    async def fill(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            await create_environment(work, name="staging")

    return filled(gateway_database, fill)


async def add(gateway: Gateway, toggle: str, *, strategy: str | None = None, **variant: Any) -> Any:
    """Add a variant and return the payload."""
    input = {"toggle": toggle, "strategy": strategy, "variant": variant}
    payload = await gateway.change("toggleVariantAdd", input, VARIANT)
    assert payload["errors"] == []
    return payload


def strategy_of(gateway: Gateway, toggle: str, environment: str = "default") -> str:
    """The ID of the first strategy of a toggle."""
    found = gateway.store.snapshot.toggles[toggle].in_environment(environment).strategies[0]
    return toggle_strategy_id(found.toggle_id, found.environment, found.id)


async def test_a_variant_is_added_and_shown_with_its_siblings(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await add(shared_gateway, own_toggle, name="first")

    payload = await add(
        shared_gateway,
        own_toggle,
        name="second",
        weightType="FIX",
        weight=250,
        payload={"type": "JSON", "value": "{}"},
        overrides=[{"contextName": "userId", "values": ["7"]}],
    )

    assert payload["variant"] == {
        "name": "second",
        "weight": 250,
        "percentage": 25,
        "weightType": "FIX",
        "stickiness": "default",
        "payload": {"type": "json", "value": "{}"},
        "overrides": [{"contextName": "userId", "values": ["7"]}],
    }
    assert payload["toggleEnvironment"]["variants"] == [
        {"name": "first", "weight": 750},
        {"name": "second", "weight": 250},
    ]
    assert await shared_gateway.latest_event() == ("TOGGLE_VARIANTS_UPDATED", "default")


async def test_a_strategy_has_variants_of_its_own(shared_gateway: Gateway, own_toggle: str) -> None:
    strategy = strategy_of(shared_gateway, own_toggle)
    await add(shared_gateway, own_toggle, strategy=strategy, name="a")
    await add(shared_gateway, own_toggle, strategy=strategy, name="b")

    input = {"toggle": own_toggle, "strategy": strategy, "variant": "a"}
    payload = await shared_gateway.change(
        "toggleVariantUpdate", {**input, "name": "c", "position": 1}, VARIANT
    )
    removed = await shared_gateway.change(
        "toggleVariantRemove",
        {**input, "variant": "b"},
        "toggleEnvironment { strategies { variants { name weight } } }",
    )

    assert payload["toggleEnvironment"]["variants"] == []
    assert payload["toggleEnvironment"]["strategies"][0]["variants"] == [
        {"name": "b", "weight": 500},
        {"name": "c", "weight": 500},
    ]
    assert removed["toggleEnvironment"]["strategies"] == [
        {"variants": [{"name": "c", "weight": 1000}]}
    ]
    assert await shared_gateway.latest_event() == ("TOGGLE_STRATEGY_UPDATED", "default")


async def test_an_edit_of_one_variant_spares_the_edits_of_others(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    for name in ("mine", "theirs"):
        await add(shared_gateway, own_toggle, name=name)
    for variant, value in (("mine", "1"), ("theirs", "2")):
        await shared_gateway.change(
            "toggleVariantUpdate",
            {"toggle": own_toggle, "variant": variant, "payload": {"value": value}},
        )

    variants = shared_gateway.store.snapshot.toggles[own_toggle].in_environment("default").variants
    assert [(item.name, item.payload.value) for item in variants or () if item.payload] == [
        ("mine", "1"),
        ("theirs", "2"),
    ]


async def test_variants_are_changed_together_and_warn_of_moved_users(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": True})
    added = await add(shared_gateway, own_toggle, name="a")
    revision = added["toggleEnvironment"]["revision"]
    target = {"toggle": own_toggle, "expectedRevision": revision}

    applied = await apply(
        shared_gateway,
        {"toggleVariantAdd": {**target, "variant": {"name": "b"}}},
        {"toggleVariantUpdate": {**target, "variant": "b", "stickiness": "userId"}},
        {"toggleVariantRemove": {**target, "variant": "a"}},
        {"toggleVariantUpdate": {**target, "variant": "b", "stickiness": "userId"}},
    )

    *changed, unchanged = applied["changes"]
    assert [change["type"] for change in changed] == ["TOGGLE_VARIANTS_UPDATED"] * 3
    assert [warning["code"] for warning in changed[0]["warnings"]] == ["VARIANTS_REDISTRIBUTED"]
    assert unchanged["summary"] == f"Leaves toggle '{own_toggle}' unchanged."


@pytest.mark.parametrize("field", ["name", "weight", "weightType", "stickiness", "overrides"])
async def test_only_a_payload_can_be_removed(
    shared_gateway: Gateway, own_toggle: str, field: str
) -> None:
    await add(shared_gateway, own_toggle, name="a", payload={"value": "x"})
    target = {"toggle": own_toggle, "variant": "a"}

    payload = await shared_gateway.change(
        "toggleVariantUpdate", {**target, "payload": None}, VARIANT
    )
    error = await shared_gateway.refusal("toggleVariantUpdate", {**target, field: None})

    assert payload["variant"]["payload"] is None
    assert (error["rule"], error["path"]) == ("not-null", [field])


@pytest.mark.parametrize(
    ("strategy", "rule"),
    [("nonsense", "id"), (encode_id("Toggle", "x"), "id"), (None, "strategy-elsewhere")],
)
async def test_the_strategy_has_to_be_one_of_the_toggle_in_the_environment(
    shared_gateway: Gateway, own_toggle: str, strategy: str | None, rule: str
) -> None:
    await shared_gateway.change("toggleCreate", {"name": f"other-{own_toggle}"})
    strategy = strategy or strategy_of(shared_gateway, f"other-{own_toggle}")

    error = await shared_gateway.refusal(
        "toggleVariantAdd", {"toggle": own_toggle, "strategy": strategy, "variant": {"name": "a"}}
    )

    assert (error["rule"], error["path"]) == (rule, ["strategy"])
    assert strategy[:50] in error["message"]
