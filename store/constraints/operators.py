"""The operators of constraints, each in one row that says all there is to know of it.

To add an operator, add a row here and a member to `ConstraintOperator` in `graph/enums.py`.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from store.constraints.building import (
    Operands,
    TestBuilder,
    beginning_with,
    comparing,
    comparing_text,
    containing,
    containing_cost,
    ending_with,
    exclusion,
    in_blocks_of,
    matching,
    matching_cost,
    membership,
)
from store.constraints.reading import (
    moment,
    number,
    plain_moment,
    plain_number,
    plain_version,
    version,
)
from store.operations.formats import (
    is_address_block,
    is_compared_datetime,
    is_compared_number,
    is_compared_version,
)
from store.values import Constraint

_EPSILON = 2.0**-52


class Format(Struct, frozen=True, kw_only=True):
    """What each value of an operator must be: the rule's name, the words for it, and the check."""

    rule: str
    words: str
    fits: Callable[[str], bool]


class Operator(Struct, frozen=True, kw_only=True):
    """An operator.

    `words` say how it is read, plain and inverted. SDKs read a `single` value from `value`, all
    others from `values` (client specification 5, "constraints").
    `whole` values are compared as they are, so that they can be checked against legal values.
    `is_pattern` tells that the value is a regular expression, which is compiled in a thread.
    An inverted operator is its `inverse` where it has one: missing fields meet one of the two.
    `cost` is what testing takes at most, in nanoseconds for each character of a context value; None
    where longer values do not take noticeably longer.
    """

    name: str
    words: tuple[str, str]
    build: TestBuilder
    format: Format | None = None
    single: bool = False
    whole: bool = False
    is_pattern: bool = False
    inverse: str | None = None
    cost: Callable[[Operands], int] | None = None


NUMBER = Format(
    rule="constraint-number",
    words="a number that SDKs can read, such as 10 or -0.5",
    fits=is_compared_number,
)
DATE = Format(
    rule="constraint-date",
    words="a date and time that SDKs can read, such as 2030-01-31T12:00:00Z or "
    "2030-01-31T12:00:00.500+02:00",
    fits=is_compared_datetime,
)
VERSION = Format(
    rule="constraint-version",
    words="a semantic version that SDKs can read, such as 1.2.3 or 1.2.3-rc.1",
    fits=is_compared_version,
)
ADDRESS = Format(
    rule="constraint-cidr",
    words="an IP address or a block such as 10.0.0.0/8",
    fits=is_address_block,
)


def _number(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = comparing(number, plain_number, holds)
    return Operator(name=name, words=words, build=build, format=NUMBER, single=True)


def _date(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = comparing(moment, plain_moment, holds)
    return Operator(name=name, words=words, build=build, format=DATE, single=True)


def _version(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = comparing(version, plain_version, holds)
    return Operator(name=name, words=words, build=build, format=VERSION, single=True)


def _is_same_number(value: float, expected: float) -> bool:
    return abs(value - expected) < _EPSILON


_ROWS = (
    Operator(
        name="IN",
        words=("is one of", "is none of"),
        build=membership,
        whole=True,
        inverse="NOT_IN",
    ),
    Operator(
        name="NOT_IN",
        words=("is none of", "is one of"),
        build=exclusion,
        whole=True,
        inverse="IN",
    ),
    Operator(
        name="STR_STARTS_WITH",
        words=("begins with", "does not begin with"),
        build=comparing_text(beginning_with),
    ),
    Operator(
        name="STR_ENDS_WITH",
        words=("ends with", "does not end with"),
        build=comparing_text(ending_with),
    ),
    Operator(
        name="STR_CONTAINS",
        words=("contains", "does not contain"),
        build=comparing_text(containing),
        cost=containing_cost,
    ),
    _number("NUM_EQ", ("is", "is not"), _is_same_number),
    _number("NUM_GT", ("is above", "is not above"), operator.gt),
    _number("NUM_GTE", ("is at least", "is not at least"), operator.ge),
    _number("NUM_LT", ("is below", "is not below"), operator.lt),
    _number("NUM_LTE", ("is at most", "is not at most"), operator.le),
    _date("DATE_AFTER", ("is after", "is not after"), operator.gt),
    _date("DATE_BEFORE", ("is before", "is not before"), operator.lt),
    _version("SEMVER_EQ", ("is version", "is not version"), operator.eq),
    _version("SEMVER_GT", ("is later than version", "is not later than version"), operator.gt),
    _version("SEMVER_GTE", ("is at least version", "is not at least version"), operator.ge),
    _version("SEMVER_LT", ("is earlier than version", "is not earlier than version"), operator.lt),
    _version("SEMVER_LTE", ("is at most version", "is not at most version"), operator.le),
    Operator(
        name="REGEX",
        words=("matches", "does not match"),
        build=matching,
        single=True,
        is_pattern=True,
        cost=matching_cost,
    ),
    Operator(
        name="IN_CIDR",
        words=("lies in", "does not lie in"),
        build=in_blocks_of,
        format=ADDRESS,
    ),
)

OPERATORS: Mapping[str, Operator] = {row.name: row for row in _ROWS}
SINGLE_VALUE_OPERATORS = frozenset(row.name for row in _ROWS if row.single)
PATTERN_OPERATORS = frozenset(row.name for row in _ROWS if row.is_pattern)


def compared_values(constraint: Constraint) -> tuple[str, ...]:
    """The values that a constraint compares with, wherever its operator keeps them."""
    if constraint.operator in SINGLE_VALUE_OPERATORS and isinstance(constraint.value, str):
        return (constraint.value,)
    return constraint.values or ()
