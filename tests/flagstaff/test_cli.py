"""The command line, one line for each thing that goes wrong."""

import re
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from flagstaff import __version__
from graph.federation.subgraph import print_subgraph_sdl
from tests.flagstaff.commands import Outcome


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


@pytest.mark.usefixtures("database_file")
def test_a_created_token_is_printed_alone_and_stored_as_a_hash(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = flagstaff("token", "create", "--name", "shop", "--type", "client")

    secret = outcome.out.strip()
    assert outcome.status == 0
    assert re.fullmatch(r"\*:default\.[0-9a-f]{64}", secret)
    with sqlite3.connect(tmp_path / "flagstaff.db") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert secret not in dump
    assert secret.partition(".")[2] not in dump


@pytest.mark.usefixtures("database_file")
def test_a_token_can_be_scoped(flagstaff: Callable[..., Outcome]) -> None:
    flagstaff(
        *("token", "create", "--name", "shop", "--type", "frontend"),
        *("--environment", "default", "--project", "default", "--expires-at", "2999-01-31"),
    )

    listed = flagstaff("token", "list").out.splitlines()

    assert re.fullmatch(
        r"[0-9a-f-]{36} +frontend +default +default +shop +….{4} +2999-01-31 00:00 +never",
        listed[1],
    )


@pytest.mark.usefixtures("database_file")
def test_listed_tokens_can_be_revoked(flagstaff: Callable[..., Outcome]) -> None:
    flagstaff("token", "create", "--name", "first", "--type", "admin")
    flagstaff("token", "create", "--name", "second", "--type", "viewer")
    first = flagstaff("token", "list").out.splitlines()[1].split()[0]

    outcome = flagstaff("token", "revoke", first)

    assert outcome == (0, "Token 'first' is revoked.\n", "")
    left = flagstaff("token", "list").out.splitlines()[1:]
    assert len(left) == 1
    assert "second" in left[0]


@pytest.mark.usefixtures("database_file")
def test_refusals_are_sentences(flagstaff: Callable[..., Outcome]) -> None:
    nowhere = flagstaff(
        *("token", "create", "--name", "x", "--type", "client", "--environment", "moon")
    )
    nobody = flagstaff("token", "revoke", "42")

    assert nowhere == (1, "", "No environment is named 'moon'.\n")
    assert nobody.status == 1
    assert re.fullmatch(r"No .*42.*\.\n", nobody.err)


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
    assert outcome.err.startswith("The database cannot be reached just now. (")
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
    assert "this version needs" in foreign.err


def test_the_schema_is_printed_written_and_checked(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    printed = flagstaff("schema")
    before = flagstaff("schema", "--check")
    flagstaff("schema", "--output", "schema.graphql")
    after = flagstaff("schema", "--check")

    assert "type Query" in printed.out
    assert before.status == 1
    assert "flagstaff schema --output schema.graphql" in before.err
    nowhere = flagstaff("schema", "--output", "nowhere/schema.graphql")

    assert nowhere.status == 1
    assert len(nowhere.err.splitlines()) == 1
    assert (tmp_path / "schema.graphql").read_text() == printed.out
    assert after == (0, "schema.graphql is up to date.\n", "")


def test_the_schema_is_compared_with_a_released_one(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    flagstaff("schema", "--output", "same.graphql")
    sdl = (tmp_path / "same.graphql").read_text()
    more = sdl.replace("type Query {", "type Query {\n  gone: Int\n", 1)
    (tmp_path / "more.graphql").write_text(more)
    (tmp_path / "none.graphql").write_text("type {")

    same, broken, unreadable = (
        flagstaff("schema", "--released", f"{it}.graphql") for it in ("same", "more", "none")
    )

    assert same == (0, "Operations written for the released schema still work.\n", "")
    assert (broken.status, broken.out) == (1, "")
    assert "Breaking: Field Query.gone was removed." in broken.err
    assert unreadable.status == 1
    assert "cannot be read" in unreadable.err


def test_the_schema_is_printed_as_a_subgraph(flagstaff: Callable[..., Outcome]) -> None:
    printed = flagstaff("schema", "--federation")

    assert printed.status == 0
    assert "federation/v2.11" in printed.out
    assert printed.out == print_subgraph_sdl()
