"""An exported configuration is imported as one change set."""

import json
from typing import Any

import pytest

from store import Store
from store.events import document_of
from store.transfer.document import FORMAT
from store.transfer.reading import MAX_BYTES
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.state_documents import export, something_to_export

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANGES = """
  changeSet { id comment }
  changes { index type summary subjectName warnings { code } }
"""


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with toggles to export."""
    return filled(furnished_database, something_to_export)


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def take_in(gateway: Gateway, source: Any, **options: Any) -> Any:
    """Run an import that succeeds, and return the payload."""
    payload = await gateway.change("stateImport", {"source": source, **options}, CHANGES)
    assert payload["errors"] == []
    return payload


def document(**sections: Any) -> dict[str, Any]:
    """A document with some sections only."""
    return {"format": FORMAT, "version": 1, **sections}


@pytest.mark.parametrize("format", ["JSON", "YAML"])
async def test_what_was_exported_comes_in_again(own_gateway: Gateway, format: str) -> None:
    before = await export(own_gateway, format=format)
    await own_gateway.change("toggleUpdate", {"name": "rich", "description": "Something else."})
    await own_gateway.change("toggleArchive", {"name": "plain"})

    payload = await take_in(own_gateway, {"content": before["content"]}, comment="As it was.")

    after = (await export(own_gateway))["document"]
    assert payload["changeSet"]["comment"] == "As it was."
    assert [change["subjectName"] for change in payload["changes"]] == ["plain", "rich"]
    assert after["toggles"] == before["document"]["toggles"]


async def test_an_import_is_one_change_set_that_the_log_reports(own_gateway: Gateway) -> None:
    payload = await take_in(
        own_gateway, {"document": document(toggles=[{"name": "a"}, {"name": "b"}])}, comment="Two."
    )

    data = await own_gateway.run(
        "{ events(filter: { types: [STATE_IMPORTED] }) { nodes { "
        "summary subject { id } changeSet { id changes { subjectName } } } } }"
    )
    (event,) = data["events"]["nodes"]
    assert [change["index"] for change in payload["changes"]] == [0, 1]
    assert event["changeSet"]["id"] == payload["changeSet"]["id"]
    assert [change["subjectName"] for change in event["changeSet"]["changes"]] == ["a", "b"]
    assert event["subject"] is None


async def test_a_dry_run_reports_what_an_import_would_do(shared_gateway: Gateway) -> None:
    before = shared_gateway.store.snapshot
    imported = document(
        toggles=[
            {
                "name": "plain",
                "environments": [
                    {"environment": "default", "strategies": [{"name": "unheard-of"}]}
                ],
            }
        ]
    )

    payload = await take_in(shared_gateway, {"document": imported}, dryRun=True)

    assert payload["changeSet"] is None
    assert payload["changes"][0]["warnings"] == [{"code": "UNKNOWN_STRATEGY"}]
    assert shared_gateway.store.snapshot is before


async def test_a_dry_run_compares_only_the_changes_of_the_page(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Any] = []
    checked: list[Any] = []
    monkeypatch.setattr(
        "graph.events.change.events.field_changes",
        lambda _before, after: compared.append(after["name"]) or [],
    )
    monkeypatch.setattr("store.transfer.checking._check", lambda *args: checked.append(args))
    toggles = [{"name": f"t{number:03}"} for number in range(300)]

    payload = await shared_gateway.change(
        "stateImport",
        {"source": {"document": document(toggles=toggles)}, "dryRun": True},
        "changes(first: 3, offset: 100) { index subjectName changes { path } } changeCount "
        'found: changeCount(search: "T29") risks: changeCount(withWarnings: true)',
    )

    assert [change["subjectName"] for change in payload["changes"]] == ["t100", "t101", "t102"]
    assert compared == ["t100", "t101", "t102"]
    assert (payload["changeCount"], payload["found"], payload["risks"]) == (300, 10, 0)
    # A sound document needs no search for the paths of errors.
    assert checked == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 501", "The argument 'first' is 501; it must be from 0 to 500."),
        ("first: -1", "The argument 'first' is -1; it must be from 0 to 500."),
        ("offset: -1", "The argument 'offset' is -1; it must not be negative."),
    ],
)
async def test_a_page_of_changes_out_of_range_is_refused(
    shared_gateway: Gateway, arguments: str, message: str
) -> None:
    response = await shared_gateway.post(
        f"mutation($input: StateImportInput!) {{ stateImport(input: $input) "
        f"{{ changes({arguments}) {{ index }} }} }}",
        {"input": {"source": {"document": document()}, "dryRun": True}},
    )

    (error,) = response.json()["errors"]
    assert error["message"] == message


async def test_changes_with_warnings_can_be_found_by_their_warning(
    shared_gateway: Gateway,
) -> None:
    unknown = {"environment": "default", "strategies": [{"name": "unheard-of"}]}
    toggles = [{"name": "safe"}, {"name": "risky", "environments": [unknown]}]

    payload = await shared_gateway.change(
        "stateImport",
        {"source": {"document": document(toggles=toggles)}, "dryRun": True},
        "changes(withWarnings: true) { subjectName } count: changeCount(withWarnings: true) "
        'found: changes(search: "UNHEARD") { subjectName } none: changeCount(search: "zz")',
    )

    assert payload["changes"] == payload["found"] == [{"subjectName": "risky"}]
    assert (payload["count"], payload["none"]) == (1, 0)


async def test_modes_decide_what_becomes_of_what_is_there(shared_gateway: Gateway) -> None:
    imported = {
        "document": document(toggles=[{"name": "plain", "description": "new"}, {"name": "more"}])
    }

    preview = await take_in(shared_gateway, imported, mode="KEEP_EXISTING", dryRun=True)
    merged = await take_in(shared_gateway, imported, dryRun=True)
    replaced = await take_in(shared_gateway, imported, mode="REPLACE_ALL", dryRun=True)

    names = [
        {change["subjectName"] for change in found["changes"]}
        for found in (preview, merged, replaced)
    ]
    assert names[0] == {"more"}
    assert names[1] == {"plain", "more"}
    assert names[2] >= {"plain", "more", "rich", "old", "byWeather"}


async def test_project_and_environment_can_be_chosen(own_gateway: Gateway) -> None:
    await own_gateway.change("projectCreate", {"name": "shop"})
    imported = document(
        toggles=[{"name": "new", "project": "default", "environments": [{"enabled": True}]}]
    )

    await take_in(own_gateway, {"document": imported}, project="shop", environment="development")

    created = own_gateway.store.snapshot.toggles["new"]
    assert created.project == "shop"
    assert created.in_environment("development").enabled


async def test_one_bad_toggle_among_many_rejects_everything(shared_gateway: Gateway) -> None:
    toggles: list[Any] = [{"name": f"t{number}"} for number in range(500)]
    toggles[321] = {
        "name": "a b",
        "tags": [{"type": "none", "value": "x"}],
        "environments": [{"environment": "nowhere"}],
    }

    errors = await shared_gateway.refusals(
        "stateImport", {"source": {"document": document(toggles=toggles)}}
    )

    path = ["source", "document", "toggles", "321"]
    assert {error["path"][4] for error in errors} == {"name", "tags", "environments"}
    assert all(error["path"][:4] == path for error in errors)


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
async def test_text_that_is_no_document_is_refused_with_its_path(
    shared_gateway: Gateway, content: str, rule: str
) -> None:
    errors = await shared_gateway.refusals("stateImport", {"source": {"content": content}})

    assert all(error["path"][:2] == ["source", "content"] for error in errors)
    assert {error["code"] for error in errors} == {"INVALID"}
    if rule != "document-type":
        assert {error["rule"] for error in errors} == {rule}


async def test_a_document_may_be_as_large_as_the_body_of_an_admin(shared_store: Store) -> None:
    content = " " * MAX_BYTES + json.dumps(document(toggles=[{"name": "a"}]))
    async with gateway_over(shared_store, max_admin_body_bytes=2 * MAX_BYTES) as gateway:
        payload = await take_in(gateway, {"content": content}, dryRun=True)

    assert [change["subjectName"] for change in payload["changes"]] == ["a"]


@pytest.mark.parametrize("source", [{}, {"document": None}, {"document": {}, "content": "x"}])
async def test_a_document_comes_from_exactly_one_source(
    shared_gateway: Gateway, source: Any
) -> None:
    response = await shared_gateway.post(
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
async def test_what_is_wrong_next_to_the_document_has_its_path(
    shared_gateway: Gateway, option: Any, path: list[str]
) -> None:
    source = {"document": document(toggles=[{"name": "a"}])}

    error = await shared_gateway.refusal("stateImport", {"source": source, **option})

    assert error["path"] == path


async def test_an_import_of_everything_can_be_undone(own_gateway: Gateway) -> None:
    everything = (await export(own_gateway))["document"]
    everything["tags"] = [*everything.get("tags", ()), {"type": "simple", "value": "free"}]
    for name in ("rich", "plain", "old"):
        if name != "old":
            await own_gateway.change("toggleArchive", {"name": name})
        await own_gateway.change("toggleDelete", {"name": name})
    await own_gateway.change("strategyDelete", {"name": "byWeather"})
    for name in ("development", "production"):
        await own_gateway.change("environmentDelete", {"name": name})
    before = _documents(own_gateway)

    imported = await take_in(own_gateway, {"document": everything})
    undone = await own_gateway.change(
        "changeSetRevert", {"id": imported["changeSet"]["id"]}, CHANGES
    )
    gone = _documents(own_gateway)
    again = await own_gateway.change("changeSetRevert", {"id": undone["changeSet"]["id"]}, CHANGES)

    assert undone["errors"] == []
    assert gone == before
    assert again["errors"] == []
    assert (await export(own_gateway))["document"]["toggles"] == everything["toggles"]
    assert ("simple", "free") in own_gateway.store.snapshot.tags


def _documents(gateway: Gateway) -> Any:
    """Return all documents that an import can change, without their revisions."""
    snapshot, counted = gateway.store.snapshot, {"revision", "updatedAt", "servedRevision"}
    return {
        name: {
            key: {part: item for part, item in document_of(subject).items() if part not in counted}
            for key, subject in getattr(snapshot, name).items()
        }
        for name in ("toggles", "strategies", "segments", "environments", "projects", "tag_types")
    }
