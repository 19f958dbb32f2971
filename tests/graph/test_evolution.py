"""Changes of the schema since a release are classified as breaking, dangerous or safe."""

import pytest
from graphql import build_schema

from graph.evolution import compare
from graph.federation.subgraph import ENTITIES, SHAREABLE, subgraph_sdl
from graph.schema import print_sdl

DIRECTIVES = """
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT
directive @link(url: String, import: [String]) on SCHEMA
directive @shareable on OBJECT
"""
RELEASED = """
  type Query { toggle(name: String!, depth: Int): Toggle old: Int @deprecated }
  type Toggle { name: String! kind: Kind colour(bright: Boolean @deprecated): String }
  enum Kind { RELEASE OPS @deprecated }
  input Filter { name: String }
"""


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ("name: String! kind", "kind", "Field Toggle.name was removed."),
        ("name: String! kind", "name: String kind", "Field Toggle.name changed type"),
        (", depth: Int", "", "Argument Query.toggle(depth:) was removed."),
        ("RELEASE OPS", "OPS", "Enum value Kind.RELEASE was removed."),
        ("name: String }", "name: String! }", "Field Filter.name changed type"),
    ],
)
def test_what_operations_may_use_is_not_taken_away(was: str, now: str, change: str) -> None:
    evolution = compare(RELEASED, RELEASED.replace(was, now))

    (sentence,) = evolution.breaking
    assert sentence.startswith(change)


@pytest.mark.parametrize(
    ("was", "name"),
    [
        ("old: Int @deprecated", "Query.old"),
        ("(bright: Boolean @deprecated)", "Toggle.colour(bright:)"),
        ("OPS @deprecated", "Kind.OPS"),
    ],
)
def test_what_was_deprecated_may_go_with_a_warning(was: str, name: str) -> None:
    evolution = compare(RELEASED, RELEASED.replace(was, ""))

    assert evolution.breaking == []
    assert evolution.dangerous == [f"{name}, deprecated before, was removed."]


def test_additions_break_nothing() -> None:
    evolution = compare(RELEASED, RELEASED.replace("RELEASE OPS", "RELEASE NEW OPS"))

    assert evolution.breaking == []
    assert evolution.dangerous == ["Enum value Kind.NEW was added."]


def test_the_schema_does_not_differ_from_itself() -> None:
    evolution = compare(print_sdl(), print_sdl())

    assert (evolution.breaking, evolution.dangerous) == ([], [])


def test_the_subgraph_is_the_plain_schema_with_keys() -> None:
    sdl = subgraph_sdl(print_sdl())

    for name in ENTITIES:
        keys = '@key(fields: "name") @key(fields: "id") {'
        assert f"type {name} implements Node {keys}" in sdl
    for name in SHAREABLE:
        assert f"type {name} @shareable {{" in sdl
    assert sdl.count("@key(fields") == 2 * len(ENTITIES)
    assert build_schema(DIRECTIVES + sdl).get_type("Toggle") is not None
