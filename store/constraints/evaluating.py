"""Constraints made into functions; a value that cannot be read meets no condition."""

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from store.constraints.addresses import address, in_blocks
from store.constraints.patterns import PatternError, compile_pattern, key_of
from store.constraints.reading import (
    Reader,
    moment,
    number,
    plain_moment,
    plain_number,
    plain_version,
    version,
)
from store.threads import LIGHT_NS, require_thread
from store.values import Constraint

if TYPE_CHECKING:
    from store.evaluation.context import Context

Test: TypeAlias = Callable[["Context"], bool]
# What reads a context's value, what reads the constraint's, and what has to hold between the two.
Comparison: TypeAlias = tuple[Reader, Reader, Callable[[Any, Any], bool]]

_EPSILON = 2.0**-52
# What looking for a text takes at most for each character of a value.
_SEARCH_NS = 10


def never(_: "Context") -> bool:
    """What no context meets."""
    return False


def always(_: "Context") -> bool:
    """What every context meets."""
    return True


def compile_constraint(constraint: Constraint) -> Test:
    """A function that tells whether a context meets the constraint.

    A field that is missing meets only NOT_IN. `inverted` turns every answer round, also that for
    missing or unreadable fields; of what cannot be read in the constraint itself, such as a number
    that is none or an operator that nobody knows, the answer is no in any case.
    """
    if constraint.operator in _MEMBERSHIPS:
        # An inverted one is the other one, missing fields included.
        wanted = _MEMBERSHIPS[constraint.operator] is not bool(constraint.inverted)
        return _membership(constraint.context_name, constraint.values or (), wanted=wanted)
    test = _test(constraint)
    if test is None:
        return never
    return (lambda context: not test(context)) if constraint.inverted else test


_MEMBERSHIPS = {"IN": True, "NOT_IN": False}


def _membership(name: str, values: Sequence[str], *, wanted: bool) -> Test:
    if not values:
        return never if wanted else always
    allowed = frozenset(values)
    if wanted:
        return lambda context: context.values[name] in allowed
    return lambda context: context.values[name] not in allowed


def _test(constraint: Constraint) -> Test | None:
    """What the constraint asks without its inversion; None where SDKs cannot read it."""
    name, values = constraint.context_name, constraint.compared_values
    kind, case_insensitive = constraint.operator, bool(constraint.case_insensitive)
    if kind in _COMPARISONS:
        return _comparing(_COMPARISONS[kind], name, values)
    if kind == "REGEX":
        return _pattern_test(name, values, case_insensitive=case_insensitive)
    if not values:
        return None
    if kind == "IN_CIDR":
        return address_test(name, values)
    return _text_test(kind, name, values, case_insensitive=case_insensitive)


def _text_test(
    kind: str, name: str, values: Sequence[str], *, case_insensitive: bool
) -> Test | None:
    read = str.lower if case_insensitive else str
    texts = tuple(read(it) for it in values)
    match kind:
        case "STR_STARTS_WITH":
            return _reading(read, name, lambda value: value.startswith(texts))
        case "STR_ENDS_WITH":
            return _reading(read, name, lambda value: value.endswith(texts))
        case "STR_CONTAINS":
            return _reading(read, name, _containing(texts))
        case _:
            return None


def _containing(texts: Sequence[str]) -> Callable[[str], bool]:
    max_light_characters = LIGHT_NS // (_SEARCH_NS * len(texts))

    def condition(value: str) -> bool:
        if len(value) > max_light_characters:
            require_thread()
        for text in texts:  # noqa: SIM110 (a generator would cost more than the tests)
            if text in value:
                return True
        return False

    return condition


def address_test(name: str, blocks: Sequence[str]) -> Test:
    """What tells whether an address, which may be none at all, is in one of the blocks."""
    return _reading(address, name, in_blocks(blocks))


def _pattern_test(name: str, values: Sequence[str], *, case_insensitive: bool) -> Test:
    pattern = values[0] if values else ""
    try:
        found_in = compile_pattern(pattern, case_sensitive=not case_insensitive).found_in
    except PatternError:
        return never
    return _reading(str, name, found_in)


def search_cost(constraint: Constraint) -> int:
    """The nanoseconds that testing the constraint takes at most for each character of a value.

    Nothing but searching takes noticeably longer for longer values.
    """
    match constraint.operator:
        case "REGEX":
            pattern, case_sensitive = key_of(constraint) or ("", True)
            try:
                return compile_pattern(pattern, case_sensitive=case_sensitive).cost
            except PatternError:
                return 0
        case "STR_CONTAINS":
            return _SEARCH_NS * len(constraint.values or ())
        case _:
            return 0


def _reading(read: Reader, name: str, condition: Callable[[Any], bool]) -> Test:
    """What puts a field, as it is read, to a condition, which a field that is None never meets."""

    def test(context: "Context") -> bool:
        value = context.readings[read][name]
        return value is not None and condition(value)

    return test


def _comparing(comparison: Comparison, name: str, values: Sequence[str]) -> Test | None:
    read, read_expected, holds = comparison
    try:
        (value,) = values
        expected = read_expected(value)
    except ValueError:
        return None

    def test(context: "Context") -> bool:
        value = context.readings[read][name]
        return value is not None and holds(value, expected)

    return test


def _same_number(value: float, expected: float) -> bool:
    return abs(value - expected) < _EPSILON


_COMPARISONS: dict[str, Comparison] = {
    "NUM_EQ": (number, plain_number, _same_number),
    "NUM_GT": (number, plain_number, operator.gt),
    "NUM_GTE": (number, plain_number, operator.ge),
    "NUM_LT": (number, plain_number, operator.lt),
    "NUM_LTE": (number, plain_number, operator.le),
    "DATE_AFTER": (moment, plain_moment, operator.gt),
    "DATE_BEFORE": (moment, plain_moment, operator.lt),
    "SEMVER_EQ": (version, plain_version, operator.eq),
    "SEMVER_GT": (version, plain_version, operator.gt),
    "SEMVER_GTE": (version, plain_version, operator.ge),
    "SEMVER_LT": (version, plain_version, operator.lt),
    "SEMVER_LTE": (version, plain_version, operator.le),
}
