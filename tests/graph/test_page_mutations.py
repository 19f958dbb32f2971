"""The mutations that the pages of an admin frontend send work as written."""

import json
from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.operations import operations

pytestmark = [pytest.mark.every_row, pytest.mark.asyncio(loop_scope="module")]


async def fill(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="production")


@pytest.fixture(scope="session")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with two environments."""
    return filled(prepared_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database. Each test creates separate toggles."""
    return shared_url_on_each


async def run(gateway: Gateway, operation: str, **input: Any) -> Any:
    """Run one of the operations and return the payload."""
    (payload,) = (await gateway.run(operations()[operation].text, {"input": input})).values()
    return payload


async def succeed(gateway: Gateway, operation: str, **input: Any) -> Any:
    """Run an operation that must succeed, and return the payload."""
    payload = await run(gateway, operation, **input)
    assert payload["errors"] == []
    return payload


async def test_create_toggle_shows_every_environment(shared_gateway: Gateway) -> None:
    payload = await succeed(shared_gateway, "CreateToggle", name="created", enabled=True)

    result = [
        (
            environment["environment"]["name"],
            environment["environment"]["type"],
            environment["enabled"],
        )
        for environment in payload["toggle"]["environments"]
    ]
    assert result == [("default", "PRODUCTION", True), ("production", "PRODUCTION", False)]


async def test_switch_toggle_returns_what_a_cache_merges(shared_gateway: Gateway) -> None:
    created = await succeed(shared_gateway, "CreateToggle", name="switched")

    payload = await succeed(shared_gateway, "SwitchToggle", name="switched", enabled=True)

    listed, _ = created["toggle"]["environments"]
    switched = payload["toggleEnvironment"]
    assert switched["id"] == listed["id"]
    assert switched["enabled"] is True
    assert switched["revision"] > listed["revision"]


async def test_switch_toggle_takes_the_id_that_a_list_shows(shared_gateway: Gateway) -> None:
    created = await succeed(shared_gateway, "CreateToggle", name="switched-by-id")
    listed = created["toggle"]["environments"][1]

    payload = await succeed(shared_gateway, "SwitchToggle", id=listed["id"], enabled=True)

    assert payload["toggleEnvironment"]["id"] == listed["id"]
    assert payload["toggleEnvironment"]["enabled"] is True
    toggle = shared_gateway.store.snapshot.toggles["switched-by-id"]
    assert toggle.in_environment("production").enabled


async def test_save_strategy_returns_the_strategy_with_its_definition(
    shared_gateway: Gateway,
) -> None:
    await succeed(shared_gateway, "CreateToggle", name="saved")
    added = await shared_gateway.change(
        "toggleStrategyAdd",
        {"toggle": "saved", "strategy": {"name": "flexibleRollout"}},
        "toggleStrategy { id }",
    )

    payload = await succeed(
        shared_gateway,
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
    assert [variant["percentage"] for variant in strategy["variants"]] == [50, 50]
    assert strategy["strategy"]["deprecated"] is False
    assert payload["toggleEnvironment"]["revision"] == shared_gateway.store.snapshot.revision


def bulk(prefix: str) -> list[Any]:
    """Changes to three toggles whose names have the same prefix."""
    a, b, c = (prefix + letter for letter in "abc")
    return [
        {"toggleSetEnabled": {"name": a, "enabled": True}},
        {"toggleUpdate": {"name": b, "stale": True}},
        {"toggleTags": {"name": b, "add": [{"value": "old"}]}},
        {"toggleArchive": {"name": c}},
    ]


async def create_three(gateway: Gateway, prefix: str) -> None:
    """Create the three toggles."""
    await Installation(gateway.store).toggles(*(prefix + letter for letter in "abc"))


async def test_apply_changes_shows_beforehand_what_it_would_do(shared_gateway: Gateway) -> None:
    await create_three(shared_gateway, "preview-")
    before = shared_gateway.store.snapshot.revision

    preview = await succeed(shared_gateway, "ApplyChanges", changes=bulk("preview-"), dryRun=True)

    assert shared_gateway.store.snapshot.revision == before
    assert preview["changeSet"] is None
    assert [change["index"] for change in preview["changes"]] == [0, 1, 2, 3]
    assert preview["changes"][0]["summary"] == "Switched toggle 'preview-a' on in default."
    assert preview["changes"][1]["changes"][0]["kind"] in ("ADDED", "CHANGED")


async def test_apply_changes_returns_what_a_cache_merges(shared_gateway: Gateway) -> None:
    await create_three(shared_gateway, "applied-")

    applied = await succeed(
        shared_gateway, "ApplyChanges", changes=bulk("applied-"), comment="Tidy up."
    )

    a, b, _, c = (change["subject"] for change in applied["changes"])
    assert applied["changeSet"]["id"]
    assert a["environments"][0]["enabled"] is True
    assert (b["stale"], b["archived"]) == (True, False)
    assert c["archived"] is True


async def test_apply_changes_says_which_change_is_refused(shared_gateway: Gateway) -> None:
    await succeed(shared_gateway, "CreateToggle", name="refused-a")
    before = shared_gateway.store.snapshot.revision

    refused = await run(shared_gateway, "ApplyChanges", changes=bulk("refused-"))

    assert shared_gateway.store.snapshot.revision == before
    assert refused["changeSet"] is None
    assert refused["changes"] == []
    assert [(error["code"], error["path"][:3]) for error in refused["errors"]] == [
        ("NOT_FOUND", ["changes", "1", "toggleUpdate"]),
        ("NOT_FOUND", ["changes", "2", "toggleTags"]),
        ("NOT_FOUND", ["changes", "3", "toggleArchive"]),
    ]


async def test_undo_changes_puts_back_what_was_there(shared_gateway: Gateway) -> None:
    await create_three(shared_gateway, "undone-")
    applied = await succeed(shared_gateway, "ApplyChanges", changes=bulk("undone-"))

    undone = await succeed(shared_gateway, "UndoChanges", id=applied["changeSet"]["id"])

    toggles = shared_gateway.store.snapshot.toggles
    assert undone["changeSet"]["id"] != applied["changeSet"]["id"]
    assert {change["index"] for change in undone["changes"]} == set(range(len(undone["changes"])))
    assert not toggles["undone-a"].in_environment("default").enabled
    assert (toggles["undone-b"].stale, toggles["undone-b"].tags) == (False, ())
    assert not toggles["undone-c"].archived


async def test_a_rollout_is_scheduled_paused_resumed_and_cancelled(
    shared_gateway: Gateway,
) -> None:
    await succeed(shared_gateway, "CreateToggle", name="rolled-out")
    added = await shared_gateway.change(
        "toggleStrategyAdd",
        {"toggle": "rolled-out", "strategy": {"name": "flexibleRollout"}},
        "toggleStrategy { id }",
    )

    payload = await succeed(
        shared_gateway,
        "ScheduleRollout",
        strategy=added["toggleStrategy"]["id"],
        steps=[{"after": 60, "rollout": 50}, {"after": 60, "rollout": 100}],
    )
    id = payload["changeSet"]["id"]
    paused = await succeed(shared_gateway, "PauseRollout", id=id)
    resumed = await succeed(shared_gateway, "ResumeRollout", id=id)
    cancelled = await succeed(shared_gateway, "CancelSchedule", id=id)

    assert [change["index"] for change in payload["changes"]] == [0, 1]
    assert paused["changeSet"]["rollout"]["pausedAt"] is not None
    assert resumed["changeSet"]["rollout"]["pausedAt"] is None
    assert cancelled["changeSet"]["state"] == "CANCELLED"
    assert {step["state"] for step in cancelled["changeSet"]["rollout"]["steps"]} == {"CANCELLED"}


async def test_import_state_takes_what_the_export_page_gives(shared_gateway: Gateway) -> None:
    await succeed(shared_gateway, "CreateToggle", name="imported", enabled=True)
    page = await shared_gateway.run(operations()["ImportExportPage"].text, {"withDocument": True})
    document = json.loads(page["stateExport"]["content"])
    await succeed(shared_gateway, "SwitchToggle", name="imported", enabled=False)

    payload = await succeed(
        shared_gateway, "ImportState", source={"document": document}, comment="As it was."
    )

    assert payload["changeSet"]["id"]
    (change,) = payload["changes"]
    assert "imported" in change["summary"]
    assert shared_gateway.store.snapshot.toggles["imported"].in_environment("default").enabled
    page = await shared_gateway.run(operations()["ImportExportPage"].text)
    assert [event["changeSet"]["comment"] for event in page["events"]["nodes"]] == ["As it was."]


async def test_import_state_reads_yaml_and_shows_beforehand_what_it_would_do(
    shared_gateway: Gateway,
) -> None:
    await succeed(shared_gateway, "CreateToggle", name="seen-beforehand", enabled=True)
    page = await shared_gateway.run(
        operations()["ImportExportPage"].text, {"withDocument": True, "format": "YAML"}
    )
    await succeed(shared_gateway, "SwitchToggle", name="seen-beforehand", enabled=False)
    before = shared_gateway.store.snapshot

    payload = await succeed(
        shared_gateway,
        "ImportState",
        source={"content": page["stateExport"]["content"]},
        dryRun=True,
    )

    assert page["stateExport"]["mediaType"] == "application/yaml"
    assert payload["changeSet"] is None
    assert len(payload["changes"]) == 1
    assert shared_gateway.store.snapshot is before


async def test_create_token_returns_the_secret(shared_gateway: Gateway) -> None:
    payload = await succeed(shared_gateway, "CreateToken", name="shop", type="CLIENT")

    assert payload["secret"].startswith("*:default.")
    assert payload["apiToken"]["hint"] == payload["secret"][-4:]


async def test_refusals_come_with_all_that_a_form_shows(shared_gateway: Gateway) -> None:
    created = await succeed(shared_gateway, "CreateToggle", name="taken")

    taken = await run(shared_gateway, "CreateToggle", name="taken")
    conflict = await run(
        shared_gateway, "SwitchToggle", name="taken", enabled=True, expectedRevision=1_000
    )

    assert taken["toggle"] is None
    assert taken["errors"][0]["existing"] == {"id": created["toggle"]["id"]}
    assert conflict["toggleEnvironment"] is None
    assert conflict["errors"][0]["lastEvent"]["summary"] == "Created toggle 'taken'."


async def test_variants_are_saved_one_by_one(shared_gateway: Gateway) -> None:
    await succeed(shared_gateway, "CreateToggle", name="varied")
    target = {"toggle": "varied", "environment": "production"}

    added = [
        await succeed(shared_gateway, "AddVariant", **target, variant={"name": name})
        for name in ("a", "b")
    ]
    saved = await succeed(
        shared_gateway, "SaveVariant", **target, variant="a", weightType="FIX", weight=100
    )
    removed = await succeed(shared_gateway, "RemoveVariant", **target, variant="a")

    def weights(payload: Any) -> list[tuple[str, float]]:
        variants = payload["toggleEnvironment"]["variants"]
        return [(variant["name"], variant["weight"]) for variant in variants]

    assert [weights(payload) for payload in (*added, saved, removed)] == [
        [("a", 1000)],
        [("a", 500), ("b", 500)],
        [("a", 100), ("b", 900)],
        [("b", 1000)],
    ]
    assert saved["variant"]["percentage"] == 10
    assert len({payload["toggleEnvironment"]["id"] for payload in (*added, saved, removed)}) == 1


async def test_a_review_says_what_would_happen_and_whom_it_concerns(
    shared_gateway: Gateway,
) -> None:
    for name in ("reviewed", "dependent"):
        await succeed(shared_gateway, "CreateToggle", name=name, enabled=True)
    await shared_gateway.change(
        "toggleSetDependencies", {"name": "dependent", "dependencies": [{"toggle": "reviewed"}]}
    )
    toggle = shared_gateway.store.snapshot.toggles["dependent"]
    changes = [
        {"toggleArchive": {"name": "reviewed"}},
        {"projectCreate": {"name": "reviewed"}},
        {"environmentUpdate": {"name": "production", "enabled": False}},
    ]

    review = await succeed(shared_gateway, "ReviewChanges", changes=changes, dryRun=True)

    assert [change["plan"] for change in review["changes"]] == [
        "Archives toggle 'reviewed'.",
        "Creates project 'reviewed'.",
        "Changes environment 'production'.",
    ]
    (warning,) = review["changes"][0]["warnings"]
    assert warning["code"] == "HAS_DEPENDENTS"
    assert warning["subjects"] == [{"id": encode_id("Toggle", toggle.id), "name": "dependent"}]


async def test_going_back_to_a_version_is_reviewed_before(shared_gateway: Gateway) -> None:
    created = await succeed(shared_gateway, "CreateToggle", name="back", description="first")
    revision = shared_gateway.store.snapshot.toggles["back"].revision
    await shared_gateway.change("toggleUpdate", {"name": "back", "description": "second"})

    review = await succeed(shared_gateway, "GoBack", name="back", revision=revision, dryRun=True)
    gone = await succeed(shared_gateway, "GoBack", name="back", revision=revision)

    assert (review["toggle"], review["changeSet"]) == (None, None)
    assert review["changes"] == gone["changes"]
    assert review["changes"][0]["plan"] == "Restores toggle 'back'."
    assert gone["toggle"]["id"] == created["toggle"]["id"]
    assert gone["toggle"]["description"] == "first"
