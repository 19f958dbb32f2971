"""`flagstaff schema` prints, writes, checks and compares the GraphQL schema."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.federation.subgraph import print_subgraph_sdl
from tests.flagstaff.outcome import Outcome


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


@pytest.mark.thorough
def test_the_schema_is_compared_with_a_released_one(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    flagstaff("schema", "--output", "same.graphql")
    sdl = (tmp_path / "same.graphql").read_text()
    more = sdl.replace("type Query {", "type Query {\n  gone: Int\n", 1)
    (tmp_path / "more.graphql").write_text(more)
    (tmp_path / "none.graphql").write_text("type {")

    same, broken, unreadable = (
        flagstaff("schema", "--released", f"{name}.graphql") for name in ("same", "more", "none")
    )

    assert same == (0, "Operations for the released schema still work.\n", "")
    assert (broken.status, broken.out) == (1, "")
    assert "Breaking: Field Query.gone was removed." in broken.err
    assert unreadable.status == 1
    assert "cannot be read" in unreadable.err


@pytest.mark.thorough
def test_a_change_that_may_surprise_clients_is_listed_and_allowed(
    flagstaff: Callable[..., Outcome], tmp_path: Path
) -> None:
    flagstaff("schema", "--output", "less.graphql")
    sdl = (tmp_path / "less.graphql").read_text()
    less = re.sub(r'  """[^"]*"""\n  NUM_GT\n', "", sdl)
    (tmp_path / "less.graphql").write_text(less)

    compared = flagstaff("schema", "--released", "less.graphql")

    assert less != sdl
    assert compared.status == 0
    assert "Dangerous: Enum value ConstraintOperator.NUM_GT was added" in compared.err


def test_the_schema_is_printed_as_a_subgraph(flagstaff: Callable[..., Outcome]) -> None:
    printed = flagstaff("schema", "--federation")

    assert printed.status == 0
    assert "federation/v2.11" in printed.out
    assert printed.out == print_subgraph_sdl()
