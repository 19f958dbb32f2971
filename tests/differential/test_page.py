"""The page of known differences and the rules of `tests.differential` have the same keys."""

from collections import Counter

from tests.differential.declared import RULES, SILENT_RULES
from tests.differential.page import OF_TODAY, OMITTED, PAGE, keys_of_page

RULE_KEYS = {item.key for item in (*RULES, *SILENT_RULES)}


def test_each_row_of_the_page_has_a_key_of_its_own() -> None:
    rows = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| Key ")
    ]

    assert len(keys_of_page()) == len(rows)
    assert [key for key, count in Counter(keys_of_page()).items() if count > 1] == []


def test_each_rule_is_on_the_page() -> None:
    assert RULE_KEYS - set(keys_of_page()) == set()


def test_each_row_has_a_rule_or_is_said_to_be_without() -> None:
    without = {key for key in keys_of_page() if key not in RULE_KEYS}

    assert {key for key in without if not key.startswith(OF_TODAY)} == OMITTED
