"""The rules for names and other strings."""

import re

import pytest

from store.errors import Problems
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.names import NAME_PATTERN, check_name, is_name
from store.operations.strings import check_line, check_lines, display
from tests.store.operations.doing import noted


@pytest.mark.parametrize("name", ["a", "A.b-c_d~e!f*g'h(i)9", "...", "-", "x" * 100, "constructor"])
def test_names_of_letters_digits_and_unreserved_characters_are_fine(name: str):
    assert noted(check_name, name, kind="toggle") == []
    assert is_name(name)
    assert re.fullmatch(NAME_PATTERN, name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "name-length"),
        ("x" * 101, "name-length"),
        ("a b", "name-pattern"),
        ("a/b", "name-pattern"),
        ("a\n", "name-pattern"),
        ("a\x00b", "name-pattern"),
        ("\ud800", "name-pattern"),
        ("größe", "name-pattern"),
        ("٣", "name-pattern"),
        ("a%20b", "name-pattern"),
        (".", "name-reserved"),
        ("..", "name-reserved"),
    ],
)
def test_other_names_are_refused_by_a_stable_rule(name: str, rule: str):
    assert noted(check_name, name, kind="toggle") == [(rule, ())]
    assert not is_name(name)
    assert len(name) > MAX_NAME_LENGTH or not re.fullmatch(NAME_PATTERN, name)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
def test_no_string_holds_control_characters_or_lone_surrogates(character: str):
    value = f"a{character}b"

    assert noted(check_line, value, what="The title", max_length=9) == [("text-characters", ())]
    assert noted(check_lines, value, what="The description", max_length=9) == [
        ("text-characters", ())
    ]


@pytest.mark.parametrize("character", ["\n", "\r", "\t"])
def test_only_multiline_strings_hold_line_breaks_and_tabs(character: str):
    value = f"a{character}b"

    assert noted(check_line, value, what="The title", max_length=9) == [("text-characters", ())]
    assert noted(check_lines, value, what="The description", max_length=9) == []


def test_any_other_character_is_fine_in_a_line():
    assert noted(check_line, "Größe 😀 \u202ename", what="The title", max_length=99) == []


def test_the_length_of_a_string_has_two_limits():
    assert noted(check_line, "abc", what="The title", max_length=3, min_length=1) == []
    assert noted(check_line, "abcd", what="The title", max_length=3) == [("text-length", ())]
    assert noted(check_line, "", what="The title", max_length=3, min_length=1) == [
        ("text-length", ())
    ]


@pytest.mark.parametrize("value", ["", "abc", "abcd", "a\0", "a\n", "a b"])
def test_a_check_returns_whether_it_found_nothing(value: str):
    for check in (check_line, check_lines):
        problems = Problems()
        valid = check(
            value, what="The title", path=(), problems=problems, max_length=3, min_length=1
        )
        assert valid is (not problems.errors)
    problems = Problems()
    assert check_name(value, kind="toggle", path=(), problems=problems) is (not problems.errors)


def test_a_sentence_shows_a_value_short_and_printable():
    problems = Problems()

    check_line("x\x00" * 100, what="The title", path=(), problems=problems, max_length=100)

    message = problems.errors[0].message
    assert message.startswith("The title 'x<U+0000>x")
    assert message.endswith("…' has 200 characters; at most 100 are allowed.")
    assert message.isprintable()


@pytest.mark.parametrize("hostile", ["\ud800", "\x00", "a\nb", "\u202e", "x" * 10**6])
def test_displayed_values_can_be_encoded_and_are_short(hostile: str):
    assert len(display(hostile).encode()) < 1000
    assert display(hostile).isprintable()


def test_a_list_that_is_too_long_exceeds_a_limit():
    assert noted(check_count, range(500), what="tags") == []
    assert noted(check_count, range(501), what="tags") == [("LIMIT_EXCEEDED", ())]
