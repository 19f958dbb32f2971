"""Differences between the data of two events, in the notation of 3.x."""

from typing import Any

import pytest

from rest_compat.unleash3.diffs import MAX_DIFFERENCES, differences


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}, []),
        ({}, {"a": None}, [{"kind": "N", "path": ("a",), "rhs": None}]),
        ({"a": []}, {}, [{"kind": "D", "path": ("a",), "lhs": []}]),
        ({"a": 1}, {"a": 2}, [{"kind": "E", "path": ("a",), "lhs": 1, "rhs": 2}]),
        ({"a": 1}, {"a": True}, [{"kind": "E", "path": ("a",), "lhs": 1, "rhs": True}]),
        ({"a": 0}, {"a": False}, [{"kind": "E", "path": ("a",), "lhs": 0, "rhs": False}]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": None}, {"a": []}, [{"kind": "E", "path": ("a",), "lhs": None, "rhs": []}]),
        ({"a": {}}, {"a": []}, [{"kind": "E", "path": ("a",), "lhs": {}, "rhs": []}]),
        (
            {"a": [{"b": 1}]},
            {"a": [{"b": 2}]},
            [{"kind": "E", "path": ("a", 0, "b"), "lhs": 1, "rhs": 2}],
        ),
        (
            {"a": ["x"]},
            {"a": ["x", "y"]},
            [{"kind": "A", "path": ("a",), "index": 1, "item": {"kind": "N", "rhs": "y"}}],
        ),
        (
            {"a": ["x", None, {}]},
            {"a": ["z"]},
            [
                {"kind": "E", "path": ("a", 0), "lhs": "x", "rhs": "z"},
                {"kind": "A", "path": ("a",), "index": 1, "item": {"kind": "D", "lhs": None}},
                {"kind": "A", "path": ("a",), "index": 2, "item": {"kind": "D", "lhs": {}}},
            ],
        ),
    ],
)
def test_each_difference_has_its_kind_and_its_path(
    older: Any, newer: Any, expected: list[dict[str, Any]]
) -> None:
    assert differences(older, newer) == expected


def test_what_has_very_many_differences_inside_is_reported_as_a_whole() -> None:
    long = [{"x": number} for number in range(MAX_DIFFERENCES + 1)]
    other = [{"x": -1 - number} for number in range(MAX_DIFFERENCES + 1)]

    assert differences({"a": long, "b": 1}, {"a": other, "b": 2}) == [
        {"kind": "E", "path": ("a",), "lhs": long, "rhs": other},
        {"kind": "E", "path": ("b",), "lhs": 1, "rhs": 2},
    ]
    assert len(differences({"a": long[1:]}, {"a": other[1:]})) == MAX_DIFFERENCES
