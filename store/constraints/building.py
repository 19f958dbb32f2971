"""Compile the tests of operators.

A test is a function that returns whether a context meets a condition. If the field is missing or
the operator cannot parse the field, the result is False.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from store.constraints.addresses import compile_blocks, parse_address
from store.constraints.patterns import PatternError, compile_pattern
from store.constraints.reading import Reader
from store.threads import LIGHT_NS, require_thread

if TYPE_CHECKING:
    from store.evaluation.context import Context

Test: TypeAlias = Callable[["Context"], bool]

# Searching for one string takes at most this time, in nanoseconds per character of the value.
SEARCH_NS = 10


class Operands(Struct, frozen=True):
    """The operands of a constraint: the name of a context field, and the values."""

    name: str
    values: Sequence[str]
    case_insensitive: bool


# A test builder compiles the test of an operator. If SDKs cannot parse the values, the test builder
# returns None.
TestBuilder: TypeAlias = Callable[[Operands], Test | None]


def never(_: "Context") -> bool:
    """Return False for every context."""
    return False


def always(_: "Context") -> bool:
    """Return True for every context."""
    return True


def compile_test(read: Reader, name: str, condition: Callable[[Any], bool]) -> Test:
    """Compile a test of whether the parsed value of a field meets a condition."""

    def test(context: "Context") -> bool:
        value = context.readings[read][name]
        return value is not None and condition(value)

    return test


def compile_in(operands: Operands) -> Test:
    """Compile a test of whether a field equals one of the values."""
    if not operands.values:
        return never
    name, allowed = operands.name, frozenset(operands.values)
    return lambda context: context.values[name] in allowed


def compile_not_in(operands: Operands) -> Test:
    """Compile a test of whether a field differs from all values.

    A missing field meets the test.
    """
    if not operands.values:
        return always
    name, excluded = operands.name, frozenset(operands.values)
    return lambda context: context.values[name] not in excluded


def compare(read: Reader, read_expected: Reader, holds: Callable[[Any, Any], bool]) -> TestBuilder:
    """Return a builder of tests that compare a field with the single value of a constraint."""

    def build(operands: Operands) -> Test | None:
        name = operands.name
        try:
            (value,) = operands.values
            expected = read_expected(value)
        except ValueError:
            return None

        def test(context: "Context") -> bool:
            value = context.readings[read][name]
            return value is not None and holds(value, expected)

        return test

    return build


def compare_strings(condition: Callable[[tuple[str, ...]], Callable[[str], bool]]) -> TestBuilder:
    """Return a builder of string tests; `condition` returns a condition for the given values."""

    def build(operands: Operands) -> Test | None:
        if not operands.values:
            return None
        read = str.lower if operands.case_insensitive else str
        return compile_test(read, operands.name, condition(tuple(map(read, operands.values))))

    return build


def starts_with(prefixes: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the condition that a value starts with one of the prefixes."""
    return lambda value: value.startswith(prefixes)


def ends_with(suffixes: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the condition that a value ends with one of the suffixes."""
    return lambda value: value.endswith(suffixes)


def contains(parts: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the condition that a value contains one of the strings."""
    max_light_characters = LIGHT_NS // (SEARCH_NS * len(parts))

    def condition(value: str) -> bool:
        if len(value) > max_light_characters:
            require_thread()
        for part in parts:  # noqa: SIM110 (a generator would cost more than the tests)
            if part in value:
                return True
        return False

    return condition


def contains_cost(operands: Operands) -> int:
    """Return the maximum time of the search, in nanoseconds per character of the field."""
    return SEARCH_NS * len(operands.values)


def compile_address_test(name: str, blocks: Sequence[str]) -> Test:
    """Compile a test of whether a field is an address in one of the blocks."""
    return compile_test(parse_address, name, compile_blocks(blocks))


def compile_in_cidr(operands: Operands) -> Test | None:
    """Compile a test of whether a field is an address in one of the blocks."""
    return compile_address_test(operands.name, operands.values) if operands.values else None


def compile_regex(operands: Operands) -> Test:
    """Compile a test of whether a regular expression matches anywhere in a field."""
    pattern = operands.values[0] if operands.values else ""
    try:
        compiled = compile_pattern(pattern, case_sensitive=not operands.case_insensitive)
    except PatternError:
        return never
    return compile_test(str, operands.name, compiled.found_in)


def regex_cost(operands: Operands) -> int:
    """Return the maximum matching time, in nanoseconds per character of the field."""
    pattern = operands.values[0] if operands.values else ""
    try:
        return compile_pattern(pattern, case_sensitive=not operands.case_insensitive).cost
    except PatternError:
        return 0
