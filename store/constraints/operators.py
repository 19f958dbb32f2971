"""The operators of constraints. One row defines one operator.

To add an operator, add a row here and a member to `ConstraintOperator` in `graph/enums.py`.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from store.constraints.building import (
    Operands,
    TestBuilder,
    compare,
    compare_strings,
    compile_in,
    compile_in_cidr,
    compile_not_in,
    compile_regex,
    contains,
    contains_cost,
    ends_with,
    regex_cost,
    starts_with,
)
from store.constraints.reading import (
    parse_constraint_datetime,
    parse_constraint_number,
    parse_constraint_version,
    parse_datetime,
    parse_number,
    parse_version,
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
    """The format of an operator's values.

    `rule` is the rule that errors name. `words` describe a valid value. `fits` returns whether a
    value is valid.
    """

    rule: str
    words: str
    fits: Callable[[str], bool]


class Operator(Struct, frozen=True, kw_only=True):
    """An operator of constraints.

    `words` describe the plain operator and the inverted operator. If `single` is true, SDKs read
    one value from `value`. Otherwise SDKs read a list from `values` (client specification 5,
    "constraints"). If `whole` is true, the operator compares whole strings, so the values can be
    checked against legal values. If `is_pattern` is true, the value is a regular expression, and a
    thread compiles the value.

    If the operator has an `inverse`, an inverted constraint is evaluated with the operator
    `inverse`. Therefore a missing field meets exactly one of the plain and the inverted constraint.

    `cost` returns the maximum time of a test, in nanoseconds per character of the field. If the
    length of the field hardly matters, `cost` is None.
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
    words="a number that SDKs can parse, such as 10 or -0.5",
    fits=is_compared_number,
)
DATE = Format(
    rule="constraint-date",
    words="a date and time that SDKs can parse, such as 2030-01-31T12:00:00Z or "
    "2030-01-31T12:00:00.500+02:00",
    fits=is_compared_datetime,
)
VERSION = Format(
    rule="constraint-version",
    words="a semantic version that SDKs can parse, such as 1.2.3 or 1.2.3-rc.1",
    fits=is_compared_version,
)
ADDRESS = Format(
    rule="constraint-cidr",
    words="an IP address or a block such as 10.0.0.0/8",
    fits=is_address_block,
)


def _number(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = compare(parse_number, parse_constraint_number, holds)
    return Operator(name=name, words=words, build=build, format=NUMBER, single=True)


def _date(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = compare(parse_datetime, parse_constraint_datetime, holds)
    return Operator(name=name, words=words, build=build, format=DATE, single=True)


def _version(name: str, words: tuple[str, str], holds: Callable[[Any, Any], bool]) -> Operator:
    build = compare(parse_version, parse_constraint_version, holds)
    return Operator(name=name, words=words, build=build, format=VERSION, single=True)


def _is_same_number(value: float, expected: float) -> bool:
    return abs(value - expected) < _EPSILON


_ROWS = (
    Operator(
        name="IN",
        words=("is one of", "is none of"),
        build=compile_in,
        whole=True,
        inverse="NOT_IN",
    ),
    Operator(
        name="NOT_IN",
        words=("is none of", "is one of"),
        build=compile_not_in,
        whole=True,
        inverse="IN",
    ),
    Operator(
        name="STR_STARTS_WITH",
        words=("begins with", "does not begin with"),
        build=compare_strings(starts_with),
    ),
    Operator(
        name="STR_ENDS_WITH",
        words=("ends with", "does not end with"),
        build=compare_strings(ends_with),
    ),
    Operator(
        name="STR_CONTAINS",
        words=("contains", "does not contain"),
        build=compare_strings(contains),
        cost=contains_cost,
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
        build=compile_regex,
        single=True,
        is_pattern=True,
        cost=regex_cost,
    ),
    Operator(
        name="IN_CIDR",
        words=("lies in", "does not lie in"),
        build=compile_in_cidr,
        format=ADDRESS,
    ),
)

OPERATORS: Mapping[str, Operator] = {row.name: row for row in _ROWS}
SINGLE_VALUE_OPERATORS = frozenset(row.name for row in _ROWS if row.single)
PATTERN_OPERATORS = frozenset(row.name for row in _ROWS if row.is_pattern)


def compared_values(constraint: Constraint) -> tuple[str, ...]:
    """Return the values of a constraint from `value` or `values`, depending on the operator."""
    if constraint.operator in SINGLE_VALUE_OPERATORS and isinstance(constraint.value, str):
        return (constraint.value,)
    return constraint.values or ()
