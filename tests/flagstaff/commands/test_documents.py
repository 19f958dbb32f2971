"""Importing and exporting documents on the command line."""

import gc
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from flagstaff.commands import transfer
from flagstaff.garbage import RARE_THRESHOLDS
from store import Store
from store.model import SYSTEM
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.transfer.yaml_values import parse_yaml
from tests.flagstaff.commands.documents import (
    DATA,
    REAL,
    Flagstaff,
    exported,
    features,
    own,
    written,
)
from tests.store.conftest import Filled, PreparedDatabase

pytestmark = pytest.mark.usefixtures("database_file")


@pytest.fixture(scope="module")
def real_installation(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with the content of a real Unleash server."""

    async def take(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            await import_unleash(work, unleash_document_of(json.loads(REAL.read_text("utf-8"))))

    return filled(prepared_database("sqlite"), take)


@pytest.fixture
def real(real_installation: str, database_file: Path) -> None:
    """The database of the commands. It has the content of a real Unleash server."""
    shutil.copy(real_installation.removeprefix("sqlite:///"), database_file)


@pytest.mark.parametrize("command", [("import", "document.json"), ("export",)])
def test_garbage_is_collected_rarely(
    flagstaff: Flagstaff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Frequent collections would waste time, because commands create little garbage."""
    file = written(tmp_path, features("a"))
    assert flagstaff("import", file).status == 0
    thresholds: list[tuple[int, ...]] = []
    with_store = transfer.with_store

    def note(work: Any) -> Any:
        thresholds.append(gc.get_threshold())
        return with_store(work)

    monkeypatch.setattr(transfer, "with_store", note)
    before = gc.get_threshold()
    outcome = flagstaff(*command)

    assert outcome.status == 0
    assert thresholds == [RARE_THRESHOLDS]
    assert gc.get_threshold() == before != RARE_THRESHOLDS


def test_the_state_of_a_server_with_environments_is_imported(flagstaff: Flagstaff) -> None:
    outcome = flagstaff("import", str(DATA / "unleash-5.12.8-state-export.json"))

    assert outcome.status == 0
    assert outcome.err == (
        "Warning: environments[0].enabled: Environment 'default' is built in and stays enabled.\n"
    )
    own_document = exported(flagstaff)
    assert len(own_document["toggles"]) == 24
    assert [environment["name"] for environment in own_document["environments"]] == [
        "default",
        "development",
        "production",
        "staging",
    ]
    again = flagstaff("import", str(DATA / "unleash-5.12.8-state-export.json"))
    assert again.out == "Imported: nothing to change.\n"


def test_a_batch_export_is_imported_with_the_segments_of_a_client_payload(
    flagstaff: Flagstaff,
) -> None:
    export = str(DATA / "unleash-8.2-batch-export-production.json")
    payload = str(DATA / "unleash-8.2-client-features-production.json")

    refused = flagstaff("import", export)
    outcome = flagstaff("import", export, "--segments", payload, "--project", "shop")

    assert refused.status == 1
    assert "without its constraints" in refused.err
    assert outcome.status == 0
    own_document = exported(flagstaff)
    assert {toggle["project"] for toggle in own_document["toggles"]} == {"shop"}
    assert all(segment["constraints"] for segment in own_document["segments"])
    again = flagstaff("import", export, "--segments", payload, "--project", "shop")
    assert again.out == "Imported: nothing to change.\n"


def test_unknown_keys_are_printed_and_their_number_bounded(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    document = features("a", "b", x=1) | {"environments": [{"name": "lab", "y": 1}]}

    outcome = flagstaff("import", written(tmp_path, document))

    assert outcome.err.splitlines() == [
        "Warning: features[0].x: The key is unknown and has no effect.",
        "Warning: features[1].x: The key is unknown and has no effect.",
        "Warning: environments[0].y: The key is unknown and has no effect.",
    ]
    many = flagstaff("import", written(tmp_path, features(*(f"t{at}" for at in range(220)), x=1)))
    lines = many.err.splitlines()
    assert len(lines) == 51
    assert lines[-1] == "Not shown: 170 more warnings."


@pytest.mark.parametrize("ending", ["json", "yml"])
def test_the_state_of_a_real_server_is_imported(flagstaff: Flagstaff, ending: str) -> None:
    outcome = flagstaff("import", str(DATA / f"unleash-3.17.6-export.{ending}"))

    assert (outcome.status, outcome.out) == (0, "Imported: 59 created.\n")
    left_out = outcome.err.splitlines()
    assert len(left_out) == 4
    assert left_out[0] == (
        "Left out: featureTags[22]: No toggle here or in the document is named "
        "'partner-api.export', so its tag 'team:growth' is left out."
    )
    document = exported(flagstaff, "--document", "3.x")
    assert document["features"] == json.loads(REAL.read_text())["features"]


def test_the_own_document_is_imported_and_makes_the_same_again(
    flagstaff: Flagstaff,
    real: None,
    migrated_database: PreparedDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = exported(flagstaff)
    written(tmp_path, first)
    shutil.copy(migrated_database("sqlite").removeprefix("sqlite:///"), tmp_path / "other.db")
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")

    outcome = flagstaff("import", "document.json")

    # The tags of toggles are exported together with the toggles.
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == "Imported: 59 created.\n"
    assert exported(flagstaff) | {"exportedAt": ""} == first | {"exportedAt": ""}


def test_an_unchanged_document_changes_nothing(
    flagstaff: Flagstaff, real: None, tmp_path: Path
) -> None:
    name = written(tmp_path, exported(flagstaff))

    assert flagstaff("import", name) == (0, "Imported: nothing to change.\n", "")


def test_yaml_is_written_and_read(flagstaff: Flagstaff, real: None, tmp_path: Path) -> None:
    by_name = flagstaff("export", "--output", "out.yml")
    by_option = flagstaff("export", "--format", "yaml", "--output", "out.txt")
    v3 = flagstaff("export", "--format", "yaml", "--document", "3.x")
    again = flagstaff("import", "out.txt")

    assert (by_name, by_option) == ((0, "", ""), (0, "", ""))
    document = parse_yaml((tmp_path / "out.yml").read_text("utf-8"))
    assert document["format"] == "flagstaff"
    assert len(document["toggles"]) == 54
    assert len(parse_yaml(v3.out)["features"]) == 54
    assert again.out == "Imported: nothing to change.\n"


def test_archived_toggles_are_exported_unless_they_are_not_requested(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    flagstaff("import", written(tmp_path, features("a", archived=True)))

    assert [toggle["name"] for toggle in exported(flagstaff)["toggles"]] == ["a"]
    assert "toggles" not in exported(flagstaff, "--no-archived")
    assert exported(flagstaff, "--document", "3.x")["features"] == []


def test_an_export_does_not_make_a_database(flagstaff: Flagstaff, database_file: Path) -> None:
    database_file.unlink()

    outcome = flagstaff("export")

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("There is no database at ")
    assert not database_file.exists()


def test_a_document_comes_from_standard_input(
    flagstaff: Flagstaff, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.TextIOWrapper(io.BytesIO(json.dumps(features("a")).encode()))
    monkeypatch.setattr(sys, "stdin", text)

    assert flagstaff("import", "-") == (0, "Imported: 1 created.\n", "")


def test_a_dry_run_prints_the_difference_and_stores_nothing(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    flagstaff("import", written(tmp_path, features("a", "b", "c", enabled=True)))
    before = exported(flagstaff)
    expected = features("b", enabled=True) | {"strategies": [{"name": "mine", "parameters": []}]}
    expected["features"] += [
        {"name": "a", "description": "A", "strategies": [{"name": "ghost", "parameters": {"x": 1}}]}
    ]
    name = written(tmp_path, expected)

    outcome = flagstaff("import", name, "--dry-run", "--drop")

    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        "~ toggle 'a'\n"
        '    description: null → "A"\n'
        "    environments.default.enabled: true → false\n"
        '    environments.default.strategies.0.name: "default" → "ghost"\n'
        '    environments.default.strategies.0.parameters: {"x":1}\n'
        "    ! No strategy is named 'ghost'.\n"
        "- toggle 'c'\n"
        "+ strategy 'mine'\n"
        "Nothing was stored. An import would make these changes: 1 created, 1 changed, 1 removed.\n"
    )
    assert exported(flagstaff) | {"exportedAt": ""} == before | {"exportedAt": ""}


def test_a_dry_run_reports_what_is_left_out(flagstaff: Flagstaff) -> None:
    outcome = flagstaff("import", str(REAL), "--dry-run")

    assert len(outcome.err.splitlines()) == 4
    assert outcome.out.endswith(
        "Nothing was stored. An import would make these changes: 59 created.\n"
    )


def test_a_toggle_that_becomes_another_is_reported_in_part(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    flagstaff("import", written(tmp_path, features("a")))
    many = {f"p{at:02}": "x" for at in range(30)}
    expected = own(
        {
            "name": "a",
            "environments": [
                {
                    "environment": "default",
                    "strategies": [{"name": "default", "parameters": {}}],
                    "variants": [{"name": item, "weight": 1} for item in many],
                }
            ],
        }
    )
    flagstaff("import", written(tmp_path, expected))
    expected["toggles"][0]["environments"][0]["variants"] = [
        {"name": item, "weight": 2} for item in many
    ]

    outcome = flagstaff("import", written(tmp_path, expected), "--dry-run")

    lines = outcome.out.splitlines()
    assert lines[1] == "    environments.default.variants.0.weight: 1 → 2"
    assert lines[21] == "    and 10 more"
    assert len(lines) == 23


@pytest.mark.parametrize("document", [features("a", description="new"), own({"name": "a"})])
def test_keep_leaves_alone_what_is_there(
    flagstaff: Flagstaff, tmp_path: Path, document: dict[str, Any]
) -> None:
    flagstaff("import", written(tmp_path, features("a", description="old")))

    outcome = flagstaff("import", written(tmp_path, document), "--keep")

    assert outcome == (0, "Imported: nothing to change.\n", "")
    assert exported(flagstaff)["toggles"][0]["description"] == "old"


@pytest.mark.parametrize(
    ("document", "options"),
    [(features("b"), ["--drop"]), (own({"name": "b"}), ["--drop", "--keep"])],
)
def test_drop_removes_what_the_document_does_not_have(
    flagstaff: Flagstaff, tmp_path: Path, document: dict[str, Any], options: list[str]
) -> None:
    flagstaff("import", written(tmp_path, features("a", "b")))

    outcome = flagstaff("import", written(tmp_path, document), *options)

    assert outcome.status == 0
    assert "1 removed" in outcome.out
    assert [toggle["name"] for toggle in exported(flagstaff)["toggles"]] == ["b"]


def test_tokens_are_never_touched(flagstaff: Flagstaff, tmp_path: Path) -> None:
    flagstaff("token", "create", "--name", "shop", "--type", "client")
    tokens = flagstaff("token", "list").out

    flagstaff("import", written(tmp_path, own()), "--drop")

    assert flagstaff("token", "list").out == tokens


def test_at_a_terminal_a_bar_shows_how_far_an_import_is(
    flagstaff: Flagstaff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flagstaff.commands.transfer._is_terminal", lambda: True)

    outcome = flagstaff("import", written(tmp_path, features("a", "b")))

    assert outcome.out == "Imported: 2 created.\n"
    assert "Toggles" in outcome.err
