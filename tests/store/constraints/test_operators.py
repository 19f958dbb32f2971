"""The table of operators agrees with the code that uses operators."""

import pytest

from graph.enums import ConstraintOperator
from store.constraints.operators import (
    OPERATORS,
    PATTERN_OPERATORS,
    SINGLE_VALUE_OPERATORS,
    Operator,
    compared_values,
)
from store.values import Constraint


def test_graphql_has_the_operators_in_the_order_of_the_table() -> None:
    assert [item.value for item in ConstraintOperator] == [*OPERATORS]


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda operator: operator.name)
def test_each_operator_reads_another_way_when_it_is_inverted(operator: Operator) -> None:
    plain, inverted = operator.words

    assert plain != inverted


@pytest.mark.parametrize(
    "operator",
    [item for item in OPERATORS.values() if item.inverse],
    ids=lambda operator: operator.name,
)
def test_an_inverse_is_mutual(operator: Operator) -> None:
    inverse = OPERATORS[operator.inverse or ""]

    assert inverse.inverse == operator.name
    assert inverse.words == operator.words[::-1]


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        (Constraint("age", "NUM_EQ", value="7"), ("7",)),
        (Constraint("age", "NUM_EQ", values=("7",)), ("7",)),
        (Constraint("age", "NUM_EQ", values=("1", "2"), value="7"), ("7",)),
        (Constraint("age", "IN", values=("1", "2"), value="7"), ("1", "2")),
        (Constraint("age", "UNHEARD_OF", value="7"), ()),
        (Constraint("age", "IN"), ()),
    ],
)
def test_values_are_read_where_the_operator_stores_them(
    constraint: Constraint, values: tuple[str, ...]
) -> None:
    assert compared_values(constraint) == values


def test_sdks_read_a_single_value_of_numbers_dates_versions_and_patterns() -> None:
    beginnings = ("NUM_", "DATE_", "SEMVER_", "REGEX")

    assert {name for name in OPERATORS if name.startswith(beginnings)} == SINGLE_VALUE_OPERATORS
    assert {"REGEX"} == PATTERN_OPERATORS
    assert {row.name for row in OPERATORS.values() if row.whole} == {"IN", "NOT_IN"}
