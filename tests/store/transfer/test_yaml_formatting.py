"""Written YAML is read as the same value, also by other YAML libraries."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from store.transfer.yaml_formatting import format_yaml
from store.transfer.yaml_values import parse_yaml
from tests.store.transfer.test_yaml_values import SCALARS

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
) | st.sampled_from([text.strip("'\"") for text, _ in SCALARS])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e15, 1e15) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
@settings(max_examples=30)
def test_what_is_written_is_read_again(value: Any):
    assert parse_yaml(format_yaml(value)) == value


@given(VALUES)
@settings(max_examples=30)
def test_another_reader_takes_strings_for_texts(value: Any):
    assert _texts_of(yaml.safe_load(format_yaml(value))) == _texts_of(value)


def _texts_of(value: Any) -> Any:
    """Return the value without numbers, because some libraries read 1e-07 as a string."""
    if isinstance(value, dict):
        return {key: _texts_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts_of(item) for item in value]
    return value if isinstance(value, str) and "e" not in value else None


def test_it_is_laid_out_for_reading():
    value = {
        "name": "a b",
        "none": None,
        "empty": [[], {}, ""],
        "list": [{"one": 1, "b": [True]}, [1.5, "no"]],
        "no": {"x": {"y": "z: #"}},
    }

    assert format_yaml(value).splitlines() == [
        "name: a b",
        "none: null",
        "empty:",
        "  - []",
        "  - {}",
        '  - ""',
        "list:",
        "  - one: 1",
        '    "b":',
        "      - true",
        "  - - 1.5",
        '    - "no"',
        '"no":',
        '  "x":',
        '    "y": "z: #"',
    ]


@pytest.mark.parametrize("value", [None, [], {}, "text", 5])
def test_what_is_no_document_is_written_nevertheless(value: Any):
    assert parse_yaml(format_yaml(value)) == value
