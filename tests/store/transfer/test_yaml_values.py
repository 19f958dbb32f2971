"""YAML is read as the expected values, and some values are refused."""

from pathlib import Path
from typing import Any

import pytest

from store.transfer.yaml_values import MAX_DEPTH, YamlError, parse_yaml

SCALARS: list[tuple[str, Any]] = [
    ("null", None),
    ("~", None),
    ("", None),
    ("true", True),
    ("False", False),
    ("no", False),
    ("ON", True),
    ("7", 7),
    ("-9223372036854775808", -(2**63)),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    ("007", "007"),
    ("0x1F", "0x1F"),
    ("1_000", "1_000"),
    (".inf", ".inf"),
    ("12:30:45", "12:30:45"),
    ("2030-01-31", "2030-01-31"),
    ("2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z"),
    ("'no'", "no"),
    ('"1e3"', "1e3"),
    ("'<<'", "<<"),
    ("yesterday", "yesterday"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_a_scalar_is_what_json_takes_it_for(text: str, value: Any):
    assert parse_yaml(f"a: {text}\n") == {"a": value}


def test_objects_and_lists_are_read_in_either_style():
    text = "a:\n- b: [1, {c: d}]\n  e: |\n    two\n    lines\n"

    assert parse_yaml(text) == {"a": [{"b": [1, {"c": "d"}], "e": "two\nlines\n"}]}


def test_a_text_without_a_document_is_null():
    assert parse_yaml("# nothing\n") is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &x [*x]", "line 1, column 4, anchors"),
        ("a: *x", "line 1, column 4, aliases"),
        ("a:\n  <<: {b: 1}", "line 2, column 3, merge keys"),
        ("a: !!python/object/apply:os.system ['true']", "line 1, column 4, tags"),
        ("!!map {a: 1}", "line 1, column 1, tags"),
        ("a: ! b", "line 1, column 4, tags"),
        ("1: a", "line 1, column 1, a key must be a string"),
        ("no: a", "line 1, column 1, a key must be a string"),
        ("? [a]\n: b", "line 1, column 3, a key must be a string"),
        ("a: 1\na: 2", "line 2, column 1, a key occurs twice"),
        ("--- 1\n--- 2", "line 2, column 1, a second document"),
        ("a: " + "9" * 21, "line 1, column 4, a number does not fit"),
        ("a: 1e400", "line 1, column 4, a number does not fit"),
        ("a: 'b", "not YAML: .* in line 1"),
        ("a: \x07", "not YAML: control characters"),
        ("- " * (MAX_DEPTH + 1), "nested more than 32 deep"),
    ],
)
def test_what_json_cannot_say_is_refused_with_its_path(text: str, what: str):
    with pytest.raises(YamlError, match=what):
        parse_yaml(text)


def test_a_tag_runs_nothing(tmp_path: Path):
    victim = tmp_path / "ran"

    with pytest.raises(YamlError):
        parse_yaml(f"!!python/object/apply:pathlib.Path.touch [!!python/name:{victim}]")

    assert not victim.exists()


@pytest.mark.parametrize(
    "bomb",
    [
        "\n".join(
            ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
        ),
        "a: &a\n  <<: *a\n",
        "&a [*a]",
        "[" * 1_000_000,
        "{" * 1_000_000,
        "- " * 1_000_000,
        "? " * 1_000_000,
        "".join(f"{' ' * depth}a:\n" for depth in range(2_000)),
    ],
    ids=["aliases", "merge cycle", "self", "lists", "objects", "dashes", "questions", "indents"],
)
def test_a_bomb_is_refused(bomb: str):
    with pytest.raises(YamlError):
        parse_yaml(bomb)


def test_a_document_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("store.transfer.yaml_values.MAX_EVENTS", 2_000)
    # Each dash is one part. The text, the document and the list add a start and an end each.
    assert parse_yaml("- a\n" * 1_994) == ["a"] * 1_994

    with pytest.raises(YamlError, match="more than 2,000 parts"):
        parse_yaml("- a\n" * 1_995)
