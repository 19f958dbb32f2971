"""The command line. Each problem is one line on standard error."""

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from flagstaff import __version__
from tests.flagstaff.outcome import Outcome


def test_the_version_is_printed(flagstaff: Callable[..., Outcome]) -> None:
    assert flagstaff("--version") == (0, f"flagstaff {__version__}\n", "")


def test_a_wrong_setting_is_one_line_and_status_2(
    flagstaff: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_PROT", "1")

    outcome = flagstaff("serve")

    assert outcome == (
        2,
        "",
        "FLAGSTAFF_PROT is not a setting of Flagstaff; did you mean FLAGSTAFF_PORT?\n",
    )


def test_an_unknown_command_is_status_2(flagstaff: Callable[..., Outcome]) -> None:
    outcome = flagstaff("sevre")

    assert outcome.status == 2
    assert "sevre" in outcome.err


def test_a_port_in_use_is_one_line(flagstaff: Callable[..., Outcome]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = flagstaff("serve", "--port", str(port))

    assert outcome == (
        1,
        "",
        (
            f"Port {port} on 127.0.0.1 is in use: stop the program that uses it, or choose "
            "another port with --port or FLAGSTAFF_PORT.\n"
        ),
    )


def test_a_reader_with_workers_or_an_example_installation_is_refused(
    flagstaff: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_UPSTREAM", "http://127.0.0.1:1")
    monkeypatch.setenv("FLAGSTAFF_UPSTREAM_TOKENS", "*:default.secret")

    outcome = flagstaff("serve", "--reader", "--workers", "2", "--demo", "--port", "0")

    assert outcome == (
        2,
        "",
        (
            "A reader is one process, so FLAGSTAFF_WORKERS (--workers) must be 1, not 2: start "
            "several readers, each with its own FLAGSTAFF_READER_FILE.\n"
            "A reader has the toggles of its primary: start it without --demo.\n"
        ),
    )


def test_a_file_that_is_no_database_is_one_line(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "flagstaff.db").write_bytes(b"something else\n" * 500)

    outcome = flagstaff("token", "list")

    assert outcome == (1, "", "The database cannot be used. (file is not a database)\n")


def test_a_database_that_cannot_be_reached_is_one_line(
    flagstaff: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", "postgres://u:hush@127.0.0.1:1/x")

    outcome = flagstaff("token", "list")

    assert outcome.status == 1
    assert outcome.err.startswith("The database cannot be reached at the moment. (")
    assert len(outcome.err.splitlines()) == 1
    assert "hush" not in outcome.err


def test_migrate_brings_a_database_up_to_date(flagstaff: Callable[..., Outcome]) -> None:
    migrated = flagstaff("migrate")
    checked = flagstaff("migrate", "--check")

    assert migrated.status == 0
    assert migrated.out.startswith("The database is at migration ")
    assert checked == (0, "The database is up to date.\n", "")


def test_migrate_check_changes_nothing(flagstaff: Callable[..., Outcome], tmp_path: Path) -> None:
    missing = flagstaff("migrate", "--check")
    assert not list(tmp_path.iterdir())
    sqlite3.connect(tmp_path / "flagstaff.db").execute("CREATE TABLE other (id)").connection.close()
    foreign = flagstaff("migrate", "--check")

    assert missing == (1, "", "There is no database at flagstaff.db.\n")
    assert foreign.status == 1
    assert "has the tables other, but none of Flagstaff" in foreign.err


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_tables_of_another_program_are_not_joined(
    flagstaff: Callable[..., Outcome], tmp_path: Path, command: str
) -> None:
    tables = "CREATE TABLE b (id); CREATE TABLE a (id); CREATE TABLE alembic_version (version_num)"
    with closing(sqlite3.connect(tmp_path / "flagstaff.db")) as connection:
        connection.executescript(f"{tables}; INSERT INTO alembic_version VALUES ('0001')")

    options = ("--port", "0") if command == "serve" else ()
    outcome = flagstaff(command, *options)

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "The database belongs to another program: it has the tables a, alembic_version, b, but "
        "none of Flagstaff. Flagstaff has not changed it.\n"
        "Name an empty database in FLAGSTAFF_DATABASE_URL, or an empty schema of this database:\n"
        "  postgresql://…/NAME?options=-csearch_path%3DSCHEMA\n"
    )
    with closing(sqlite3.connect(tmp_path / "flagstaff.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()
    assert names == [("a",), ("alembic_version",), ("b",)]
