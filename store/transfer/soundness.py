"""Decide whether a JSON value has the type of documents, without finding out where it has not.

Nearly all documents are sound. A document of 5,000 toggles has half a million values, so the paths
of errors are built only for documents that are not sound; see `checking`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias, cast

import msgspec
from msgspec import Meta, inspect
from msgspec.inspect import Type

from store.transfer.document import fields_of

Fits: TypeAlias = Callable[[Any], bool]

# Signed integers of 64 bits are less than this number.
BEYOND = 2**63
DEEPEST = 64
_DateTime = Annotated[datetime, Meta(tz=True)]


def soundness_of(expected: Type) -> Fits:
    """Return a function that decides whether a value and all nested values have a type."""
    match expected:
        case inspect.UnionType():
            return _of_union(expected)
        case inspect.StructType():
            return _of_object(expected)
        case inspect.VarTupleType():
            fits = soundness_of(expected.item_type)
            return lambda value: (
                isinstance(value, list) and all(map(fits, cast("list[Any]", value)))
            )
        case inspect.DictType():
            fits = soundness_of(expected.value_type)
            return lambda value: (
                isinstance(value, dict) and all(map(fits, cast("dict[str, Any]", value).values()))
            )
        case inspect.AnyType():
            return has_small_numbers
        case _:
            return scalar_rule(expected)[0]


def union_member(expected: inspect.UnionType) -> tuple[bool, Type]:
    """Return whether a union type allows null, and the type of all other values.

    The union is either a type with null, or integers with floats.
    """
    rest = [member for member in expected.types if not isinstance(member, inspect.NoneType)]
    return len(rest) < len(expected.types), rest[-1]


def scalar_rule(expected: Type) -> tuple[Fits, str]:
    """Return a function that decides whether a value has a scalar type, and the type in words."""
    match expected:
        case inspect.StrType():
            return _is_string, "a string"
        case inspect.BoolType():
            return _is_bool, "true or false"
        case inspect.IntType():
            return _is_int, "a 64-bit integer"
        case inspect.FloatType():
            return _is_number, "a number"
        case inspect.DateTimeType():
            return _is_datetime, "a date and time such as 2030-01-31T12:00:00Z"
        case inspect.EnumType():
            choices = [member.value for member in expected.cls]
            return choices.__contains__, f"one of {', '.join(choices)}"
        case _:
            raise TypeError(f"{expected} is not a type of documents")


def has_small_numbers(value: Any, depth: int = 0) -> bool:
    """Whether all numbers have 64 bits, and nothing is nested too deeply."""
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        values = cast("dict[str, Any]", value).values()
        return all(has_small_numbers(item, depth + 1) for item in values)
    if isinstance(value, list):
        return all(has_small_numbers(item, depth + 1) for item in cast("list[Any]", value))
    return not isinstance(value, int | float) or -BEYOND <= value < BEYOND


def _of_union(expected: inspect.UnionType) -> Fits:
    allows_null, member = union_member(expected)
    fits = soundness_of(member)
    return (lambda value: value is None or fits(value)) if allows_null else fits


def _of_object(expected: inspect.StructType) -> Fits:
    fields = fields_of(expected.cls)
    rules = {key: soundness_of(field.type) for key, field in fields.items()}
    required = {key for key, field in fields.items() if field.required}

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        given = cast("dict[str, Any]", value)
        for key, item in given.items():
            rule = rules.get(key)
            if rule is None or not rule(item):
                return False
        return required <= given.keys()

    return fits


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -BEYOND <= value < BEYOND


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and -BEYOND <= value < BEYOND


def _is_datetime(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        msgspec.convert(value, _DateTime).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError):
        # A time before year 1 in UTC raises OverflowError. A lone surrogate raises
        # UnicodeEncodeError.
        return False
    return True
