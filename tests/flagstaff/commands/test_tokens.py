"""`flagstaff token create | list | revoke`."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flagstaff.outcome import Outcome


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
