"""What the tests of operators are built of.

A test is a function that tells whether a context meets a condition. A field that is missing, or
that cannot be read as the operator reads it, meets none.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from store.constraints.addresses import address, in_blocks
from store.constraints.patterns import PatternError, compile_pattern
from store.constraints.reading import Reader
from store.threads import LIGHT_NS, require_thread

if TYPE_CHECKING:
    from store.evaluation.context import Context

Test: TypeAlias = Callable[["Context"], bool]

# What looking for a text takes at most for each character of a value.
SEARCH_NS = 10


class Operands(Struct, frozen=True):
    """What a constraint compares: the name of a context field, and the values."""

    name: str
    values: Sequence[str]
    case_insensitive: bool


# Makes the test of an operator; None where SDKs cannot read the values.
TestBuilder: TypeAlias = Callable[[Operands], Test | None]


def never(_: "Context") -> bool:
    """What no context meets."""
    return False


def always(_: "Context") -> bool:
    """What every context meets."""
    return True


def reading(read: Reader, name: str, condition: Callable[[Any], bool]) -> Test:
    """The test that a field meets a condition once it is read."""

    def test(context: "Context") -> bool:
        value = context.readings[read][name]
        return value is not None and condition(value)

    return test


def membership(operands: Operands) -> Test:
    """The test that a field is one of the values."""
    if not operands.values:
        return never
    name, allowed = operands.name, frozenset(operands.values)
    return lambda context: context.values[name] in allowed


def exclusion(operands: Operands) -> Test:
    """The test that a field is none of the values, which a missing field meets."""
    if not operands.values:
        return always
    name, excluded = operands.name, frozenset(operands.values)
    return lambda context: context.values[name] not in excluded


def comparing(
    read: Reader, read_expected: Reader, holds: Callable[[Any, Any], bool]
) -> TestBuilder:
    """Builds tests that something holds between a field and the one value."""

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


def comparing_text(condition: Callable[[tuple[str, ...]], Callable[[str], bool]]) -> TestBuilder:
    """Builds tests that a condition, made of the values, holds for the text of a field."""

    def build(operands: Operands) -> Test | None:
        if not operands.values:
            return None
        read = str.lower if operands.case_insensitive else str
        return reading(read, operands.name, condition(tuple(map(read, operands.values))))

    return build


def beginning_with(texts: tuple[str, ...]) -> Callable[[str], bool]:
    """The condition that a value begins with one of the texts."""
    return lambda value: value.startswith(texts)


def ending_with(texts: tuple[str, ...]) -> Callable[[str], bool]:
    """The condition that a value ends with one of the texts."""
    return lambda value: value.endswith(texts)


def containing(texts: tuple[str, ...]) -> Callable[[str], bool]:
    """The condition that a value contains one of the texts."""
    max_light_characters = LIGHT_NS // (SEARCH_NS * len(texts))

    def condition(value: str) -> bool:
        if len(value) > max_light_characters:
            require_thread()
        for text in texts:  # noqa: SIM110 (a generator would cost more than the tests)
            if text in value:
                return True
        return False

    return condition


def containing_cost(operands: Operands) -> int:
    """The nanoseconds that looking for the texts takes at most for each character of a value."""
    return SEARCH_NS * len(operands.values)


def address_test(name: str, blocks: Sequence[str]) -> Test:
    """The test that a field, which may be no address at all, is an address in one of the blocks."""
    return reading(address, name, in_blocks(blocks))


def in_blocks_of(operands: Operands) -> Test | None:
    """The test that a field is an address in one of the blocks."""
    return address_test(operands.name, operands.values) if operands.values else None


def matching(operands: Operands) -> Test:
    """The test that a regular expression is found in a field."""
    pattern = operands.values[0] if operands.values else ""
    try:
        compiled = compile_pattern(pattern, case_sensitive=not operands.case_insensitive)
    except PatternError:
        return never
    return reading(str, operands.name, compiled.found_in)


def matching_cost(operands: Operands) -> int:
    """The nanoseconds that matching takes at most for each character of a value."""
    pattern = operands.values[0] if operands.values else ""
    try:
        return compile_pattern(pattern, case_sensitive=not operands.case_insensitive).cost
    except PatternError:
        return 0
