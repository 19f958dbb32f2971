"""The mutations that an admin frontend sends work as they are written."""

from pathlib import Path
from typing import Any

import pytest

from tests.graph.gateway import Gateway

DOCUMENT = (Path(__file__).parents[1] / "data" / "admin_mutations.graphql").read_text()


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


async def run(gateway: Gateway, operation: str, input: dict[str, Any]) -> Any:
    """The payload of one of the operations."""
    data = await gateway.run(DOCUMENT, {"input": input}, operationName=operation)
    (payload,) = data.values()
    return payload


async def test_create_toggle_shows_every_environment(gateway: Gateway) -> None:
    await gateway.change("environmentCreate", {"name": "production", "type": "PRODUCTION"})

    payload = await run(gateway, "CreateToggle", {"name": "t", "enabled": True})

    shown = [
        (it["environment"]["name"], it["environment"]["type"], it["enabled"])
        for it in payload["toggle"]["environments"]
    ]
    assert payload["errors"] == []
    assert shown == [("default", "PRODUCTION", True), ("production", "PRODUCTION", False)]


async def test_switch_toggle_returns_what_a_cache_merges(gateway: Gateway) -> None:
    created = await run(gateway, "CreateToggle", {"name": "t"})

    payload = await run(gateway, "SwitchToggle", {"name": "t", "enabled": True})

    (listed,) = created["toggle"]["environments"]
    switched = payload["toggleEnvironment"]
    assert payload["errors"] == []
    assert switched["id"] == listed["id"]
    assert switched["enabled"] is True
    assert switched["revision"] > listed["revision"]


async def test_save_strategy_returns_the_strategy_with_its_definition(gateway: Gateway) -> None:
    await run(gateway, "CreateToggle", {"name": "t"})
    added = await gateway.change(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "flexibleRollout"}},
        "toggleStrategy { id }",
    )

    payload = await run(
        gateway,
        "SaveStrategy",
        {
            "id": added["toggleStrategy"]["id"],
            "title": "A tenth",
            "parameters": [{"name": "rollout", "value": "10"}],
            "constraints": [{"contextName": "userId", "operator": "IN", "values": ["7"]}],
            "variants": [{"name": "a"}, {"name": "b"}],
        },
    )

    strategy = payload["toggleStrategy"]
    assert payload["errors"] == []
    assert (strategy["name"], strategy["title"]) == ("flexibleRollout", "A tenth")
    assert strategy["constraints"][0]["contextField"]["name"] == "userId"
    assert [it["percentage"] for it in strategy["variants"]] == [50, 50]
    assert strategy["strategy"]["deprecated"] is False
    assert payload["toggleEnvironment"]["revision"] == gateway.store.snapshot.revision


async def test_create_token_returns_the_secret(gateway: Gateway) -> None:
    payload = await run(gateway, "CreateToken", {"name": "shop", "type": "CLIENT"})

    assert payload["errors"] == []
    assert payload["secret"].startswith("*:default.")
    assert payload["apiToken"]["hint"] == payload["secret"][-4:]


async def test_refusals_come_with_all_that_a_form_shows(gateway: Gateway) -> None:
    created = await run(gateway, "CreateToggle", {"name": "t"})

    taken = await run(gateway, "CreateToggle", {"name": "t"})
    conflict = await run(
        gateway, "SwitchToggle", {"name": "t", "enabled": True, "expectedRevision": 1_000}
    )

    assert taken["toggle"] is None
    assert taken["errors"][0]["existing"] == {"id": created["toggle"]["id"]}
    assert conflict["toggleEnvironment"] is None
    assert conflict["errors"][0]["lastEvent"]["summary"] == "Created toggle 't'."
