"""Flags as code: comparing configurations, and applying files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from flagstaff.commands.as_code_states import DatabaseTarget
from flagstaff.commands.local_store import with_store
from store import Store
from store.errors import Refusal
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from tests.flagstaff.outcome import Outcome
from tests.server import ADMIN_TOKEN, TOKENS, ForkedServer

Flagstaff: TypeAlias = Callable[..., Outcome]


def document(*toggles: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": "flagstaff", "version": 1, "toggles": list(toggles), **more}


def write(file: Path, content: dict[str, Any]) -> str:
    file.write_text(json.dumps(content), "utf-8")
    return str(file)


def exported() -> Any:
    async def export(store: Store) -> Any:
        content = export_document(store.snapshot, archived=True)
        return content.toggles, content.strategies, content.segments

    return with_store(export)


@pytest.mark.usefixtures("database_file")
def test_an_applied_file_is_the_configuration(flagstaff: Flagstaff, tmp_path: Path) -> None:
    file = write(tmp_path / "flags.json", document({"name": "one"}))

    applied = flagstaff("apply", "-f", file, "--prune", "--json")
    compared = flagstaff("diff", "database", file)

    assert (applied.status, compared.status) == (0, 0)
    assert json.loads(applied.out)["changeSet"] is not None


@pytest.mark.usefixtures("database_file")
def test_a_toggle_that_an_archived_one_needs_is_not_removed(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    child = {
        "name": "old",
        "archivedAt": "2026-01-01T00:00:00Z",
        "dependencies": [{"toggle": "parent"}],
    }
    flagstaff("apply", "-f", write(tmp_path / "all.json", document({"name": "parent"}, child)))

    refused = flagstaff("apply", "-f", write(tmp_path / "none.json", document()), "--prune")

    assert refused.status == 2
    assert refused.err == (
        "Toggle 'old', which is kept, depends on the toggle 'parent', which the file omits.\n"
    )


@pytest.mark.usefixtures("database_file")
def test_a_dry_run_shows_the_changes_and_stores_nothing(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    file = write(tmp_path / "flags.json", document({"name": "one"}))

    first = flagstaff("apply", "-f", file, "--dry-run")
    report = flagstaff("apply", "-f", file, "--dry-run", "--markdown")

    assert (first.status, first.out) == (1, "+ toggle 'one'\n1 created.\n")
    assert report.out == "### Flags\n\n1 created.\n\n```diff\n+ toggle 'one'\n```\n"


@pytest.mark.usefixtures("database_file")
def test_a_plan_made_before_a_change_is_refused(flagstaff: Flagstaff, tmp_path: Path) -> None:
    file = write(tmp_path / "flags.json", document({"name": "one"}))
    plan = json.loads(flagstaff("apply", "-f", file, "--dry-run", "--json").out)
    revision = plan["revision"]
    with_store(create_other)

    refused = flagstaff("apply", "-f", file, "--expected-revision", str(revision))

    assert refused.status == 2
    assert "somebody has changed it since the plan was made" in refused.err
    assert not any(toggle.name == "one" for toggle in exported()[0])


@pytest.mark.usefixtures("database_file", "flagstaff")
def test_a_change_between_reading_and_applying_is_noticed() -> None:
    target = DatabaseTarget()
    state = target.read()
    assert state.revision is not None
    with_store(create_other)

    with pytest.raises(Refusal, match="has changed since revision"):
        target.change(
            state.document, ImportMode.MERGE, comment="", expected_revision=state.revision
        )


async def create_other(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="other")


@pytest.mark.thorough
@pytest.mark.usefixtures("database_file")
def test_a_file_of_one_project_leaves_other_projects_alone(
    flagstaff: Flagstaff, tmp_path: Path
) -> None:
    first = document({"name": "a"}, {"name": "b", "project": "shop"}, projects=[{"name": "shop"}])
    flagstaff("apply", "-f", write(tmp_path / "all.json", first))
    file = write(tmp_path / "shop.json", document({"name": "c"}, project="shop"))

    applied = flagstaff("apply", "-f", file, "--prune")

    assert applied.status == 0, applied.err
    assert {toggle.name: toggle.project for toggle in exported()[0]} == {
        "a": "default",
        "c": "shop",
    }
    assert flagstaff("diff", "database", file).status == 0
    assert flagstaff("diff", file, file).status == 0
    foreign = write(tmp_path / "foreign.json", document({"name": "a"}, project="shop"))
    refused = flagstaff("apply", "-f", foreign)
    assert refused.status == 2
    assert "belongs to the project 'default', not 'shop'" in refused.err


def test_a_server_is_changed_over_graphql(
    flagstaff: Flagstaff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    file = write(tmp_path / "flags.json", document({"name": "one"}))
    with ForkedServer(folder, **TOKENS) as server:
        refused = flagstaff("diff", server.url, file)
        monkeypatch.setenv("FLAGSTAFF_TOKEN", ADMIN_TOKEN)
        before = flagstaff("diff", server.url, file)
        applied = flagstaff("apply", "-f", file, "--server", server.url, "--comment", "Why.")
        after = flagstaff("diff", server.url, file)

    assert (refused.status, before.status, applied.status, after.status) == (2, 1, 0, 0)
    assert "Applied as the change set" in applied.out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"features": []}, "The file must be Flagstaff's own document"),
        (document(project=3), "project: The project must be a name."),
        (document({"name": "a b"}), "toggles[0].name"),
    ],
)
@pytest.mark.usefixtures("database_file")
def test_wrong_files_are_refused_with_status_2(
    flagstaff: Flagstaff, tmp_path: Path, content: dict[str, Any], problem: str
) -> None:
    outcome = flagstaff("diff", "database", write(tmp_path / "wrong.json", content))

    assert outcome.status == 2
    assert problem in outcome.err
