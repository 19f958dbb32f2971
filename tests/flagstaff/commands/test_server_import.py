"""Importing the database of an Unleash server on the command line."""

import asyncio
import re
import sys
from collections.abc import Callable

import asyncpg
import pytest

from store.operations.tokens import hash_secret
from tests.flagstaff.outcome import Outcome
from tests.postgresql import Cluster
from tests.store.transfer.unleash.test_server_copy import APPLICATIONS, NEW_HISTORY
from tests.store.transfer.unleash.test_server_database import COMMON, NEW, run

pytestmark = pytest.mark.postgres


async def schemas_of(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    found = await connection.fetch("SELECT nspname::text FROM pg_namespace")
    await connection.close()
    return {row[0] for row in found}


@pytest.fixture
def unleash(cluster: Cluster) -> str:
    """The URL of the database of an Unleash server."""
    url = cluster.new_database()
    asyncio.run(run(url, COMMON, NEW, NEW_HISTORY, APPLICATIONS))
    return url


def test_a_database_is_imported_and_what_is_not_taken_is_named(
    flagstaff: Callable[..., Outcome], unleash: str
) -> None:
    tried = flagstaff("import", "--from-database", unleash, "--dry-run")
    outcome = flagstaff("import", "--from-database", unleash)
    again = flagstaff("import", "--from-database", unleash)

    assert "+ toggle 'a'" in tried.out
    assert "Nothing was stored." in tried.out
    assert outcome.status == 0
    assert "Imported one API token, with the same secrets as before." in outcome.out
    assert "Not taken: 2 users." in outcome.out
    assert "flagstaff token create --type admin --name NAME" in outcome.out
    assert "No environment is named 'staging'." in outcome.err
    assert "Imported 3 events of the history, one application, 4 rows of counts" in outcome.out
    assert "Left out: one row of counts of toggles that do not exist here." in outcome.err
    assert "The application 'imported-last-uses' stands for the applications" in outcome.out
    assert re.search(r"took \d+\.\d seconds, and .* at most \d+\.\d\d seconds", outcome.out)
    assert "Imported: nothing to change.\nImported 0 API tokens." in again.out
    assert "Imported 0 events of the history, 0 applications, 0 rows of counts" in again.out


@pytest.mark.thorough
def test_an_import_can_be_undone_and_repeated(
    flagstaff: Callable[..., Outcome], unleash: str
) -> None:
    imported = flagstaff("import", "--from-database", unleash).out
    import_id = imported.partition("--undo ")[2].split()[0]

    undone = flagstaff("import", "--undo", import_id)
    unknown = flagstaff("import", "--undo", import_id)
    again = flagstaff("import", "--from-database", unleash)

    assert "Removed 3 events, 3 applications" in undone.out
    assert (unknown.status, unknown.err) == (1, f"No import is named '{import_id}'.\n")
    assert "Left out: 3 events of the history" in again.err


@pytest.mark.thorough
def test_a_refused_import_leaves_nothing(flagstaff: Callable[..., Outcome], unleash: str) -> None:
    asyncio.run(run(unleash, "UPDATE features SET name = 'no name' WHERE name = 'gone'"))
    refused = flagstaff("import", "--from-database", unleash)
    asyncio.run(run(unleash, "UPDATE features SET name = 'gone' WHERE name = 'no name'"))

    outcome = flagstaff("import", "--from-database", unleash)

    assert refused.status == 1
    assert "The toggle name 'no name' may contain only letters" in refused.err
    assert "--rename 'no name=no-name'" in refused.err
    # The installation still has no events.
    assert "Imported 3 events of the history" in outcome.out


def test_a_dry_run_creates_no_schema(flagstaff: Callable[..., Outcome], unleash: str) -> None:
    outcome = flagstaff("import", "--from-database", unleash, "--into-same-database", "--dry-run")

    assert outcome.status == 0
    assert "+ toggle 'a'" in outcome.out
    assert "flagstaff" not in asyncio.run(schemas_of(unleash))


@pytest.mark.thorough
def test_both_programs_can_share_a_database(
    flagstaff: Callable[..., Outcome], unleash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", unleash)

    refused = flagstaff("migrate")
    outcome = flagstaff("import", "--from-database", unleash, "--into-same-database")
    again = flagstaff("import", "--from-database", unleash, "--into-same-database")

    assert refused.status == 1
    assert "flagstaff import --from-database" in refused.err
    assert outcome.status == 0
    assert outcome.out.endswith("?options=-csearch_path%3Dflagstaff\n")
    assert "Imported: nothing to change." in again.out
    assert hash_secret("web:production.5bf1d0a1c7") not in outcome.out


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("a.json", "--from-database", "x"),
        ("a", "--schema", "b"),
        ("a.json", "--undo", "x"),
    ],
)
def test_options_that_exclude_each_other_are_refused(
    flagstaff: Callable[..., Outcome], options: tuple[str, ...]
) -> None:
    assert flagstaff("import", *options).status == 2


def test_a_url_of_another_database_is_refused(flagstaff: Callable[..., Outcome]) -> None:
    outcome = flagstaff("import", "--from-database", "sqlite:///a.db")

    assert outcome.status == 1
    assert "must be postgresql://" in outcome.err


def test_a_missing_driver_is_reported(
    flagstaff: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    outcome = flagstaff("import", "--from-database", "postgresql://127.0.0.1:1/unleash")

    assert outcome.status == 1
    assert outcome.err == "PostgreSQL needs the extra: pip install 'flagstaff[postgres]'\n"
