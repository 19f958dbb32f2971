"""The configuration goes out as a document and comes in again as one change set."""

import json
from typing import Any

import pytest
import yaml

from store.events import document_of
from store.state.document import FORMAT
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

EXPORT = """
query Export(
  $filter: ToggleFilter, $environments: [String!], $toggles: Boolean! = true,
  $strategies: Boolean! = true, $format: StateFormat! = JSON
) {
  stateExport(
    filter: $filter, environments: $environments, toggles: $toggles, strategies: $strategies,
    format: $format
  ) { version content mediaType fileName document toggleCount strategyCount }
}
"""
CHANGES = """
  changeSet { id comment }
  changes { index type summary subjectName warnings { code } }
"""


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    """Surroundings, a toggle with all its parts, a plain one, and an archived one."""
    installation = Installation(gateway.store)
    await installation.surroundings()
    await installation.rich_toggle("rich")
    await installation.toggle("plain", project="default")
    await installation.toggle("old")
    await installation.archive("old")
    return installation


async def export(gateway: Gateway, token: str = "admin", **arguments: Any) -> Any:
    """The document that the query returns."""
    return (await gateway.run(EXPORT, arguments, token=token))["stateExport"]


async def take_in(gateway: Gateway, source: Any, **options: Any) -> Any:
    """The payload of an import that succeeds."""
    payload = await gateway.change("stateImport", {"source": source, **options}, CHANGES)
    assert payload["errors"] == []
    return payload


def document(**sections: Any) -> dict[str, Any]:
    """A document of nothing but some sections."""
    return {"format": FORMAT, "version": 1, **sections}


# ------------------------------------------------------------------ export


@pytest.mark.parametrize("token", ["admin", "viewer"])
async def test_the_export_is_text_and_json_at_once(
    gateway: Gateway, installation: Installation, token: str
) -> None:
    exported = await export(gateway, token)

    assert exported["version"] == 1
    assert exported["mediaType"] == "application/json"
    assert exported["fileName"].endswith(".json")
    assert (exported["toggleCount"], exported["strategyCount"]) == (2, 1)
    assert json.loads(exported["content"]) == exported["document"]
    assert [it["name"] for it in exported["document"]["toggles"]] == ["plain", "rich"]


async def test_the_export_says_the_same_in_yaml(
    gateway: Gateway, installation: Installation
) -> None:
    exported = await export(gateway, format="YAML")

    assert exported["mediaType"] == "application/yaml"
    assert exported["fileName"].endswith(".yaml")
    loaded = yaml.safe_load(exported["content"])
    assert loaded["toggles"] == exported["document"]["toggles"]


@pytest.mark.parametrize(
    ("arguments", "toggles", "strategies"),
    [
        ({"filter": {"names": ["plain"]}}, ["plain"], 1),
        ({"filter": {"archived": True}}, ["old"], 1),
        ({"toggles": False}, [], 1),
        ({"strategies": False}, ["plain", "rich"], 0),
    ],
)
async def test_the_export_holds_what_is_asked_for(
    gateway: Gateway,
    installation: Installation,
    arguments: Any,
    toggles: list[str],
    strategies: int,
) -> None:
    exported = await export(gateway, **arguments)

    assert [it["name"] for it in exported["document"].get("toggles", ())] == toggles
    assert exported["strategyCount"] == strategies


async def test_the_export_of_one_environment_knows_no_other(
    gateway: Gateway, installation: Installation
) -> None:
    exported = await export(gateway, environments=["production"])

    configured = {
        it["environment"]
        for toggle in exported["document"]["toggles"]
        for it in toggle["environments"]
    }
    assert configured == {"production"}


@pytest.mark.parametrize(
    "arguments", [{"environments": ["nowhere"]}, {"filter": {"names": ["x"] * 501}}]
)
async def test_what_cannot_be_exported_is_refused(gateway: Gateway, arguments: Any) -> None:
    response = await gateway.post(EXPORT, arguments)

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_export_costs_no_statement(
    gateway: Gateway, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store import Store

    monkeypatch.setattr(Store, "read", lambda _: pytest.fail("the database was read"))

    assert (await export(gateway))["toggleCount"] == 2


# ------------------------------------------------------------------ import


@pytest.mark.parametrize("format", ["JSON", "YAML"])
async def test_what_was_exported_comes_in_again(
    gateway: Gateway, installation: Installation, format: str
) -> None:
    before = await export(gateway, format=format)
    await gateway.change("toggleUpdate", {"name": "rich", "description": "Something else."})
    await gateway.change("toggleArchive", {"name": "plain"})

    payload = await take_in(gateway, {"content": before["content"]}, comment="As it was.")

    after = (await export(gateway))["document"]
    assert payload["changeSet"]["comment"] == "As it was."
    assert [it["subjectName"] for it in payload["changes"]] == ["plain", "rich"]
    assert after["toggles"] == before["document"]["toggles"]


async def test_an_import_is_one_change_set_of_which_the_log_tells(gateway: Gateway) -> None:
    payload = await take_in(
        gateway, {"document": document(toggles=[{"name": "a"}, {"name": "b"}])}, comment="Two."
    )

    data = await gateway.run(
        "{ events(filter: { types: [STATE_IMPORTED] }) { nodes { "
        "summary subject { id } changeSet { id changes { subjectName } } } } }"
    )
    (event,) = data["events"]["nodes"]
    assert [it["index"] for it in payload["changes"]] == [0, 1]
    assert event["changeSet"]["id"] == payload["changeSet"]["id"]
    assert [it["subjectName"] for it in event["changeSet"]["changes"]] == ["a", "b"]
    assert event["subject"] is None


async def test_a_dry_run_tells_what_an_import_would_do(
    gateway: Gateway, installation: Installation
) -> None:
    before = gateway.store.snapshot
    incoming = document(
        toggles=[
            {
                "name": "plain",
                "environments": [
                    {"environment": "default", "strategies": [{"name": "unheard-of"}]}
                ],
            }
        ]
    )

    payload = await take_in(gateway, {"document": incoming}, dryRun=True)

    assert payload["changeSet"] is None
    assert payload["changes"][0]["warnings"] == [{"code": "UNKNOWN_STRATEGY"}]
    assert gateway.store.snapshot is before


async def test_modes_decide_what_becomes_of_what_is_there(
    gateway: Gateway, installation: Installation
) -> None:
    incoming = {
        "document": document(toggles=[{"name": "plain", "description": "new"}, {"name": "more"}])
    }

    kept = await take_in(gateway, incoming, mode="KEEP_EXISTING", dryRun=True)
    merged = await take_in(gateway, incoming, dryRun=True)
    replaced = await take_in(gateway, incoming, mode="REPLACE_ALL", dryRun=True)

    names = [{it["subjectName"] for it in found["changes"]} for found in (kept, merged, replaced)]
    assert names[0] == {"more"}
    assert names[1] == {"plain", "more"}
    assert names[2] >= {"plain", "more", "rich", "old", "byWeather"}


async def test_project_and_environment_can_be_chosen(
    gateway: Gateway, installation: Installation
) -> None:
    await gateway.change("projectCreate", {"name": "shop"})
    incoming = document(
        toggles=[{"name": "new", "project": "default", "environments": [{"enabled": True}]}]
    )

    await take_in(gateway, {"document": incoming}, project="shop", environment="development")

    created = gateway.store.snapshot.toggles["new"]
    assert created.project == "shop"
    assert created.in_environment("development").enabled


async def test_one_bad_toggle_among_many_keeps_all_out(gateway: Gateway) -> None:
    toggles: list[Any] = [{"name": f"t{number}"} for number in range(500)]
    toggles[321] = {
        "name": "a b",
        "tags": [{"type": "none", "value": "x"}],
        "environments": [{"environment": "nowhere"}],
    }

    errors = await gateway.refusals(
        "stateImport", {"source": {"document": document(toggles=toggles)}}
    )

    place = ["source", "document", "toggles", "321"]
    assert {error["path"][4] for error in errors} == {"name", "tags", "environments"}
    assert all(error["path"][:4] == place for error in errors)
    assert gateway.store.snapshot.toggles == {}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "document-type"),
        ("{", "document-syntax"),
        ("format: &a flagstaff\nversion: *a", "document-syntax"),
        ("format: !!python/object:os.system x", "document-syntax"),
        ("- " * 100 + "x", "document-syntax"),
        ('{"format": "other", "version": 1}', "document-format"),
        ('{"format": "flagstaff", "version": 2}', "document-version"),
    ],
)
async def test_text_that_is_no_document_is_refused_with_its_place(
    gateway: Gateway, content: str, rule: str
) -> None:
    errors = await gateway.refusals("stateImport", {"source": {"content": content}})

    assert all(error["path"][:2] == ["source", "content"] for error in errors)
    assert {error["code"] for error in errors} == {"INVALID"}
    if rule != "document-type":
        assert {error["rule"] for error in errors} == {rule}


@pytest.mark.parametrize("source", [{}, {"document": None}, {"document": {}, "content": "x"}])
async def test_a_document_comes_from_exactly_one_place(gateway: Gateway, source: Any) -> None:
    response = await gateway.post(
        "mutation M($s: StateSourceInput!) { stateImport(input: { source: $s }) "
        "{ errors { code } } }",
        {"s": source},
    )

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ({"project": "nowhere"}, ["project"]),
        ({"environment": "nowhere"}, ["environment"]),
        ({"comment": "x" * 10_001}, ["comment"]),
    ],
)
async def test_what_is_wrong_beside_the_document_has_its_place(
    gateway: Gateway, option: Any, path: list[str]
) -> None:
    source = {"document": document(toggles=[{"name": "a"}])}

    error = await gateway.refusal("stateImport", {"source": source, **option})

    assert error["path"] == path


async def test_an_import_of_everything_can_be_undone(
    gateway: Gateway, installation: Installation
) -> None:
    everything = (await export(gateway))["document"]
    everything["tags"] = [*everything.get("tags", ()), {"type": "simple", "value": "free"}]
    for name in ("rich", "plain", "old"):
        if name != "old":
            await gateway.change("toggleArchive", {"name": name})
        await gateway.change("toggleDelete", {"name": name})
    await gateway.change("strategyDelete", {"name": "byWeather"})
    for name in ("development", "production"):
        await gateway.change("environmentDelete", {"name": name})
    before = _documents(gateway)

    imported = await take_in(gateway, {"document": everything})
    undone = await gateway.change("changeSetRevert", {"id": imported["changeSet"]["id"]}, CHANGES)
    gone = _documents(gateway)
    again = await gateway.change("changeSetRevert", {"id": undone["changeSet"]["id"]}, CHANGES)

    assert undone["errors"] == []
    assert gone == before
    assert again["errors"] == []
    assert (await export(gateway))["document"]["toggles"] == everything["toggles"]
    assert ("simple", "free") in gateway.store.snapshot.tags


def _documents(gateway: Gateway) -> Any:
    """All documents that an import can touch, without what counts their changes."""
    snapshot, counted = gateway.store.snapshot, {"revision", "updatedAt", "servedRevision"}
    return {
        name: {
            key: {part: it for part, it in document_of(subject).items() if part not in counted}
            for key, subject in getattr(snapshot, name).items()
        }
        for name in ("toggles", "strategies", "segments", "environments", "projects", "tag_types")
    }
