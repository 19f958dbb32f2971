"""The mutations that the pages of an admin frontend send work as they are written."""

import json
from typing import Any

import pytest

from tests.graph.gateway import Gateway
from tests.operations import operations

pytestmark = pytest.mark.every_row


async def run(gateway: Gateway, operation: str, **input: Any) -> Any:
    """The payload of one of the operations."""
    (payload,) = (await gateway.run(operations()[operation].text, {"input": input})).values()
    return payload


async def succeed(gateway: Gateway, operation: str, **input: Any) -> Any:
    """The payload of one that makes its change."""
    payload = await run(gateway, operation, **input)
    assert payload["errors"] == []
    return payload


async def test_create_toggle_shows_every_environment(gateway: Gateway) -> None:
    await gateway.change("environmentCreate", {"name": "production", "type": "PRODUCTION"})

    payload = await succeed(gateway, "CreateToggle", name="t", enabled=True)

    shown = [
        (it["environment"]["name"], it["environment"]["type"], it["enabled"])
        for it in payload["toggle"]["environments"]
    ]
    assert shown == [("default", "PRODUCTION", True), ("production", "PRODUCTION", False)]


async def test_switch_toggle_returns_what_a_cache_merges(gateway: Gateway) -> None:
    created = await succeed(gateway, "CreateToggle", name="t")

    payload = await succeed(gateway, "SwitchToggle", name="t", enabled=True)

    (listed,) = created["toggle"]["environments"]
    switched = payload["toggleEnvironment"]
    assert switched["id"] == listed["id"]
    assert switched["enabled"] is True
    assert switched["revision"] > listed["revision"]


async def test_save_strategy_returns_the_strategy_with_its_definition(gateway: Gateway) -> None:
    await succeed(gateway, "CreateToggle", name="t")
    added = await gateway.change(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "flexibleRollout"}},
        "toggleStrategy { id }",
    )

    payload = await succeed(
        gateway,
        "SaveStrategy",
        id=added["toggleStrategy"]["id"],
        title="A tenth",
        parameters=[{"name": "rollout", "value": "10"}],
        constraints=[{"contextName": "userId", "operator": "IN", "values": ["7"]}],
        variants=[{"name": "a"}, {"name": "b"}],
    )

    strategy = payload["toggleStrategy"]
    assert (strategy["name"], strategy["title"]) == ("flexibleRollout", "A tenth")
    assert strategy["constraints"][0]["contextField"]["name"] == "userId"
    assert [it["percentage"] for it in strategy["variants"]] == [50, 50]
    assert strategy["strategy"]["deprecated"] is False
    assert payload["toggleEnvironment"]["revision"] == gateway.store.snapshot.revision


BULK = [
    {"toggleSetEnabled": {"name": "a", "enabled": True}},
    {"toggleUpdate": {"name": "b", "stale": True}},
    {"toggleTags": {"name": "b", "add": [{"value": "old"}]}},
    {"toggleArchive": {"name": "c"}},
]


async def test_apply_changes_shows_beforehand_what_it_would_do(gateway: Gateway) -> None:
    for name in "abc":
        await succeed(gateway, "CreateToggle", name=name)
    before = gateway.store.snapshot.revision

    preview = await succeed(gateway, "ApplyChanges", changes=BULK, dryRun=True)

    assert gateway.store.snapshot.revision == before
    assert preview["changeSet"] is None
    assert [change["index"] for change in preview["changes"]] == [0, 1, 2, 3]
    assert preview["changes"][0]["summary"] == "Switched toggle 'a' on in default."
    assert preview["changes"][1]["changes"][0]["kind"] in ("ADDED", "CHANGED")


async def test_apply_changes_returns_what_a_cache_merges(gateway: Gateway) -> None:
    for name in "abc":
        await succeed(gateway, "CreateToggle", name=name)

    applied = await succeed(gateway, "ApplyChanges", changes=BULK, comment="Tidy up.")

    a, b, _, c = (change["subject"] for change in applied["changes"])
    assert applied["changeSet"]["id"]
    assert a["environments"][0]["enabled"] is True
    assert (b["stale"], b["archived"]) == (True, False)
    assert c["archived"] is True


async def test_apply_changes_says_which_change_is_refused(gateway: Gateway) -> None:
    await succeed(gateway, "CreateToggle", name="a")
    before = gateway.store.snapshot.revision

    refused = await run(gateway, "ApplyChanges", changes=BULK)

    assert gateway.store.snapshot.revision == before
    assert refused["changeSet"] is None
    assert refused["changes"] == []
    assert [(error["code"], error["path"][:3]) for error in refused["errors"]] == [
        ("NOT_FOUND", ["changes", "1", "toggleUpdate"]),
        ("NOT_FOUND", ["changes", "2", "toggleTags"]),
        ("NOT_FOUND", ["changes", "3", "toggleArchive"]),
    ]


async def test_undo_changes_puts_back_what_was_there(gateway: Gateway) -> None:
    for name in "abc":
        await succeed(gateway, "CreateToggle", name=name)
    applied = await succeed(gateway, "ApplyChanges", changes=BULK)

    undone = await succeed(gateway, "UndoChanges", id=applied["changeSet"]["id"])

    toggles = gateway.store.snapshot.toggles
    assert undone["changeSet"]["id"] != applied["changeSet"]["id"]
    assert {change["index"] for change in undone["changes"]} == set(range(len(undone["changes"])))
    assert not toggles["a"].in_environment("default").enabled
    assert (toggles["b"].stale, toggles["b"].tags) == (False, ())
    assert not toggles["c"].archived


async def test_import_state_takes_what_the_export_page_gives(gateway: Gateway) -> None:
    await succeed(gateway, "CreateToggle", name="a", enabled=True)
    page = await gateway.run(operations()["ImportExportPage"].text, {"withDocument": True})
    document = json.loads(page["stateExport"]["content"])
    await succeed(gateway, "SwitchToggle", name="a", enabled=False)

    payload = await succeed(
        gateway, "ImportState", source={"document": document}, comment="As it was."
    )

    assert payload["changeSet"]["id"]
    assert [change["index"] for change in payload["changes"]] == [0]
    assert gateway.store.snapshot.toggles["a"].in_environment("default").enabled
    page = await gateway.run(operations()["ImportExportPage"].text)
    assert [event["changeSet"]["comment"] for event in page["events"]["nodes"]] == ["As it was."]


async def test_import_state_reads_yaml_and_shows_beforehand_what_it_would_do(
    gateway: Gateway,
) -> None:
    await succeed(gateway, "CreateToggle", name="a", enabled=True)
    page = await gateway.run(
        operations()["ImportExportPage"].text, {"withDocument": True, "format": "YAML"}
    )
    await succeed(gateway, "SwitchToggle", name="a", enabled=False)
    before = gateway.store.snapshot

    payload = await succeed(
        gateway, "ImportState", source={"content": page["stateExport"]["content"]}, dryRun=True
    )

    assert page["stateExport"]["mediaType"] == "application/yaml"
    assert payload["changeSet"] is None
    assert len(payload["changes"]) == 1
    assert gateway.store.snapshot is before


async def test_create_token_returns_the_secret(gateway: Gateway) -> None:
    payload = await succeed(gateway, "CreateToken", name="shop", type="CLIENT")

    assert payload["secret"].startswith("*:default.")
    assert payload["apiToken"]["hint"] == payload["secret"][-4:]


async def test_refusals_come_with_all_that_a_form_shows(gateway: Gateway) -> None:
    created = await succeed(gateway, "CreateToggle", name="t")

    taken = await run(gateway, "CreateToggle", name="t")
    conflict = await run(gateway, "SwitchToggle", name="t", enabled=True, expectedRevision=1_000)

    assert taken["toggle"] is None
    assert taken["errors"][0]["existing"] == {"id": created["toggle"]["id"]}
    assert conflict["toggleEnvironment"] is None
    assert conflict["errors"][0]["lastEvent"]["summary"] == "Created toggle 't'."
