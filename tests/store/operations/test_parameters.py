"""The rules for the values of strategy parameters."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from store.model import Strategy
from store.operations.parameters import MAX_PARAMETER_DEPTH, check_json, check_parameters
from store.values import StrategyParameter
from tests.store.operations.doing import noted

DEFINITION = Strategy(
    name="custom",
    title="Custom",
    parameters=(
        StrategyParameter("share", "percentage", required=True),
        StrategyParameter("count", "number"),
        StrategyParameter("flag", "boolean"),
        StrategyParameter("users", "list"),
        StrategyParameter("odd", "whatever"),
    ),
    created_at=datetime(2030, 1, 1, tzinfo=UTC),
)


def strictly(parameters: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return noted(check_parameters, parameters, DEFINITION)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"share": "0", "count": "-1.5", "flag": "true", "users": "a,b", "odd": "x"},
        {"share": "100", "flag": "false"},
        {"share": "33.3"},
        {"share": "", "count": "", "flag": ""},
        {"unknown": "anything\nat all"},
    ],
)
def test_values_that_fit_are_accepted(parameters: dict[str, Any]):
    assert strictly(parameters) == []


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("share", "101", "parameter-percentage"),
        ("share", "-1", "parameter-percentage"),
        ("share", "half", "parameter-percentage"),
        ("share", "nan", "parameter-percentage"),
        ("count", "one", "parameter-number"),
        ("flag", "True", "parameter-boolean"),
        ("flag", "yes", "parameter-boolean"),
        ("share", 50, "parameter-text"),
        ("users", ["a"], "parameter-text"),
        ("unknown", "\x00", "text-characters"),
        ("users", "x" * 100_001, "text-length"),
    ],
)
def test_other_values_are_refused_with_their_path(name: str, value: Any, rule: str):
    assert strictly({"first": "1", name: value}) == [(rule, ("1", "value"))]


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 101])
def test_parameter_names_have_one_line(name: str):
    assert [path for _, path in strictly({name: "1"})] == [("0", "name")]


def test_without_a_definition_every_string_is_valid():
    assert noted(check_parameters, {"share": "many"}, None) == []


@pytest.mark.parametrize(
    "value", [{}, {"a": [1, 2.5, None, True, {"b": "c"}]}, {"n": 2**63 - 1}, {"": ""}]
)
def test_rest_may_send_any_json(value: Any):
    assert noted(check_json, value) == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": ["x", "\x00"]}, ("text-characters", ("a", "1"))),
        ({"a\ud800": 1}, ("text-characters", ("a<U+D800>",))),
        ({"a": float("nan")}, ("parameter-number", ("a",))),
        ({"a": float("inf")}, ("parameter-number", ("a",))),
        ({"a": 2**63}, ("parameter-number", ("a",))),
    ],
)
def test_what_cannot_be_stored_is_refused(value: Any, problem: tuple[str, tuple[str, ...]]):
    assert noted(check_json, value) == [problem]


@pytest.mark.parametrize("nest", [lambda value: [value], lambda value: {"a": value}])
@pytest.mark.parametrize(("more", "rules"), [(0, []), (1, ["parameter-depth"])])
def test_nesting_is_bound(nest: Callable[[Any], Any], more: int, rules: list[str]):
    value: Any = "x"
    for _ in range(MAX_PARAMETER_DEPTH + more):
        value = nest(value)

    assert [rule for rule, _ in noted(check_json, value)] == rules


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ({"a": [1] * 9_998}, []),
        ({"a": [1] * 9_999}, [("LIMIT_EXCEEDED", ())]),
        ({"a": [["x"] * 100] * 100}, [("LIMIT_EXCEEDED", ())]),
        ({"a": {str(at): {} for at in range(10_000)}}, [("LIMIT_EXCEEDED", ())]),
    ],
)
def test_the_number_of_values_is_bound(value: Any, problems: list[Any]):
    assert noted(check_json, value) == problems
