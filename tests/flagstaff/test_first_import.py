"""The import at the first start of an installation."""

import json
from pathlib import Path

import pytest

from flagstaff.first_import import import_first
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from store import Store
from store.model import SYSTEM
from store.operations.projects import create_project
from store.operations.toggles import archive_toggle, delete_toggle
from tests.store.operations.conftest import beginning

# One kind of database suffices, because imports have their own tests.
__all__ = ["beginning"]

DATA = Path(__file__).parents[1] / "data"


def settings(file: Path, **given: str) -> Settings:
    return Settings(import_file=str(file), **given)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    content = {
        "format": "flagstaff",
        "version": 1,
        "toggles": [{"name": "checkout", "environments": [{"enabled": True}]}],
    }
    file = tmp_path / "flags.json"
    file.write_text(json.dumps(content))
    return file


async def test_the_first_start_imports_a_file(store: Store, document: Path) -> None:
    await import_first(store, settings(document))

    assert store.snapshot.toggles["checkout"].project == "default"


async def test_later_starts_import_nothing(store: Store, document: Path) -> None:
    await import_first(store, settings(document))
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "checkout")
    revision = store.snapshot.revision

    await import_first(store, settings(document))

    assert store.snapshot.revision == revision


async def test_a_start_without_toggles_imports_nothing_after_the_last_one_was_deleted(
    store: Store, document: Path
) -> None:
    await import_first(store, settings(document))
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "checkout")
        await delete_toggle(work, "checkout")

    await import_first(store, settings(document))
    async with store._database.begin_write() as connection:
        await connection.exec_driver_sql(
            "DELETE FROM event WHERE number < (SELECT max(number) FROM event)"
        )
    await import_first(store, settings(document))

    assert not store.snapshot.toggles


async def test_the_first_start_may_follow_other_changes(store: Store, document: Path) -> None:
    async with store.write(SYSTEM) as work:
        await create_project(work, name="shop")

    await import_first(store, settings(document))

    assert "checkout" in store.snapshot.toggles


async def test_a_batch_export_is_imported_into_another_environment(store: Store) -> None:
    file = DATA / "unleash-8.2-batch-export-development.json"

    with pytest.raises(SettingsError) as caught:
        await import_first(store, settings(file, import_environment="nowhere"))

    assert caught.value.problems[0].startswith("FLAGSTAFF_IMPORT_FILE: ")
    assert not store.snapshot.toggles


async def test_files_that_cannot_be_imported_stop_the_start(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("{}")

    for file, problem in (
        (tmp_path / "missing", "the file '{}' cannot be read (No such file or directory)."),
        (tmp_path / "empty.json", "The document is neither Flagstaff's own document"),
    ):
        with pytest.raises(SettingsError) as caught:
            await import_first(store, settings(file))
        assert problem.format(file) in caught.value.problems[0]


async def test_a_project_for_a_state_export_stops_the_start(store: Store) -> None:
    file = DATA / "unleash-5.12.8-state-export.json"

    with pytest.raises(SettingsError) as caught:
        await import_first(store, settings(file, import_project="default"))

    assert caught.value.problems == (
        "FLAGSTAFF_IMPORT_PROJECT is not an option for state exports, which name it themselves.",
    )
