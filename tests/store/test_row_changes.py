"""Only columns whose values differ are written."""

from typing import Any

import pytest

from store.row_changes import _same


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"a": [1]}, {"a": [1]}, True),
        (10**30, 10**30, True),
        (None, None, True),
        (1, True, False),
        (1, 1.0, False),
        ({"a": 0}, {"a": False}, False),
        ("a", "b", False),
        (None, "", False),
    ],
)
def test_values_are_the_same_if_they_are_the_same_in_json(
    left: Any, right: Any, expected: bool
) -> None:
    assert _same(left, right) is expected
    assert _same(right, left) is expected


def test_an_object_is_the_same_as_itself() -> None:
    not_a_number = float("nan")

    assert _same(not_a_number, not_a_number)
