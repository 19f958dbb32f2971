"""Constraints made into functions; a value that cannot be read meets no condition."""

import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeAlias

from store.evaluation.context import Context, Getter, getter
from store.evaluation.reading import (
    Reader,
    moment,
    number,
    plain_moment,
    plain_number,
    plain_version,
    version,
)
from store.operations.patterns import PatternError, compile_pattern
from store.values import Constraint

Test: TypeAlias = Callable[[Context], bool]
Condition: TypeAlias = Callable[[str], bool]
# What reads a context's value, what reads the constraint's, and what has to hold between the two.
Comparison: TypeAlias = tuple[tuple[Reader, Reader], Callable[[Any, Any], bool]]

_LONGEST_ADDRESS = 45
_EPSILON = 2.0**-52


def never(_: Any) -> bool:
    """What nothing meets."""
    return False


def compile_constraint(constraint: Constraint) -> Test:
    """A function that tells whether a context meets the constraint.

    A field that is missing meets only NOT_IN. `inverted` turns every answer round, also that for
    missing or unreadable fields; of what cannot be read in the constraint itself, such as a number
    that is none or an operator that nobody knows, the answer is no in any case.
    """
    if constraint.operator == "NOT_IN":
        condition, missing = _not_in(constraint.values or ()), True
    else:
        known = _condition(constraint)
        if known is None:
            return never
        condition, missing = known, False
    test = _test(getter(constraint.context_name), condition, missing=missing)
    return (lambda context: not test(context)) if constraint.inverted else test


def _test(read: Getter, condition: Condition, *, missing: bool) -> Test:
    def test(context: Context) -> bool:
        value = read(context)
        return missing if value is None else condition(value)

    return test


def _not_in(values: Sequence[str]) -> Condition:
    allowed = frozenset(values)
    return lambda value: value not in allowed


def _condition(constraint: Constraint) -> Condition | None:
    """What the value of the context is put to, None where SDKs cannot read the constraint."""
    name = constraint.operator
    values = constraint.compared_values
    if name == "IN":
        return frozenset(values).__contains__
    if name in _LISTS and not values:
        return None
    if name in _TEXT_TESTS:
        return _text_condition(_TEXT_TESTS[name], values, bool(constraint.case_insensitive))
    if name == "IN_CIDR":
        return _address_condition(values)
    if name == "REGEX":
        return _pattern_condition(values, bool(constraint.case_insensitive))
    comparison = _COMPARISONS.get(name)
    if comparison is None:
        return None
    return _comparing(comparison, values)


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "STR_STARTS_WITH": str.startswith,
    "STR_ENDS_WITH": str.endswith,
    "STR_CONTAINS": operator.contains,
}


_LISTS = frozenset({*_TEXT_TESTS, "IN_CIDR"})


def _text_condition(
    holds: Callable[[str, str], bool], values: Sequence[str], case_insensitive: bool
) -> Condition:
    if case_insensitive:
        lowered = [it.lower() for it in values]
        return lambda value: any(holds(lower, it) for lower in (value.lower(),) for it in lowered)
    return lambda value: any(holds(value, it) for it in values)


def _address_condition(values: Sequence[str]) -> Condition:
    blocks = address_blocks(values)
    return lambda value: is_in_blocks(value, blocks)


def address_blocks(values: Sequence[str]) -> list[Any]:
    """The addresses and blocks that can be read."""
    blocks: list[Any] = []
    for value in values:
        try:
            blocks.append(ip_network(value, strict=False))
        except ValueError:
            continue
    return blocks


def is_in_blocks(address: str, blocks: Sequence[Any]) -> bool:
    """Whether one of the blocks holds the address, which may be no address at all."""
    found = _address(address)
    return found is not None and any(found in block for block in blocks)


@lru_cache(maxsize=4_096)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    if len(text) > _LONGEST_ADDRESS or "%" in text:
        return None  # a zone of IPv6 means something on the machine that wrote it only
    try:
        return ip_address(text)
    except ValueError:
        return None


def _pattern_condition(values: Sequence[str], case_insensitive: bool) -> Condition:
    pattern = values[0] if values else ""
    try:
        return compile_pattern(pattern, case_sensitive=not case_insensitive)
    except PatternError:
        return never


def _comparing(comparison: Comparison, values: Sequence[str]) -> Condition | None:
    (read, read_expected), holds = comparison
    try:
        (value,) = values
        expected = read_expected(value)
    except ValueError:
        return None

    def condition(value: str) -> bool:
        try:
            return holds(read(value), expected)
        except ValueError:
            return False

    return condition


def _same_number(value: float, expected: float) -> bool:
    return abs(value - expected) < _EPSILON


_NUMBERS = (number, plain_number)
_MOMENTS = (moment, plain_moment)
_VERSIONS = (version, plain_version)
_COMPARISONS: dict[str, Comparison] = {
    "NUM_EQ": (_NUMBERS, _same_number),
    "NUM_GT": (_NUMBERS, operator.gt),
    "NUM_GTE": (_NUMBERS, operator.ge),
    "NUM_LT": (_NUMBERS, operator.lt),
    "NUM_LTE": (_NUMBERS, operator.le),
    "DATE_AFTER": (_MOMENTS, operator.gt),
    "DATE_BEFORE": (_MOMENTS, operator.lt),
    "SEMVER_EQ": (_VERSIONS, operator.eq),
    "SEMVER_GT": (_VERSIONS, operator.gt),
    "SEMVER_GTE": (_VERSIONS, operator.ge),
    "SEMVER_LT": (_VERSIONS, operator.lt),
    "SEMVER_LTE": (_VERSIONS, operator.le),
}
