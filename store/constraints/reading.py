"""Parse numbers, datetimes and versions as the official engine does.

The functions return comparable values. If the engine rejects a string, the functions raise
ValueError. The engine parses the values of constraints more strictly than the values of contexts.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from store.operations.formats import is_version

# A reader parses a string into a comparable value. If the string is invalid, the reader raises
# ValueError.
Reader: TypeAlias = Callable[[str], Any]

_NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|infinity)", re.ASCII | re.IGNORECASE
)
_CONSTRAINT_NUMBER = re.compile(r"[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?", re.ASCII)
_DATETIME = re.compile(
    r"""\s* (?P<year>[+-]?\d{1,4}|[+-]\d{5,6}) \s*-\s* (?P<month>\d\d?) \s*-\s* (?P<day>\d\d?)
    (?:\s*[Tt]\s*|\s+) (?P<hour>\d\d?) \s*:\s* (?P<minute>\d\d?) \s*:\s* (?P<second>\d\d?)
    (?:\.(?P<fraction>\d+))? \s* (?:[Zz]|[Uu][Tt][Cc]|(?P<offset>[+\u2212-]\d\d[:\s]*\d\d)) \s*""",
    re.ASCII | re.VERBOSE,
)
_CONSTRAINT_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
# The Gregorian calendar repeats after 400 years.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_LARGEST_VERSION = 2**64 - 1
_MAX_VERSION_NUMBER_DIGITS = len(str(_LARGEST_VERSION))


def parse_number(value: str) -> float:
    """Parse a number in a context."""
    if _NUMBER.fullmatch(value) is None:
        raise ValueError(value)
    return float(value)


def parse_constraint_number(value: str) -> float:
    """Parse a number in a constraint."""
    value = value.strip(" ")
    if _CONSTRAINT_NUMBER.fullmatch(value) is None:
        raise ValueError(value)
    return float(value)


def parse_datetime(value: str) -> tuple[int, int]:
    """Parse a datetime in a context into seconds and nanoseconds.

    A year may have up to six digits, so the result may exceed the range of `datetime`.
    """
    found = _DATETIME.fullmatch(value)
    if found is None:
        raise ValueError(value)
    hour, minute, second = (int(found[group]) for group in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(value)
    cycles, year = divmod(int(found["year"]) - 1, _CYCLE_YEARS)
    day = date(year + 1, int(found["month"]), int(found["day"])).toordinal() + cycles * _CYCLE_DAYS
    nanoseconds = int((found["fraction"] or "")[:9].ljust(9, "0"))
    if second == 60:  # a leap second extends the second before it
        second, nanoseconds = 59, nanoseconds + 10**9
    seconds = ((day * 24 + hour) * 60 + minute) * 60 + second
    return seconds - _offset_s(found["offset"]), nanoseconds


def parse_constraint_datetime(value: str) -> tuple[int, int]:
    """Parse a datetime in a constraint."""
    value = value.strip(" ")
    if _CONSTRAINT_DATETIME.fullmatch(value) is None:
        raise ValueError(value)
    return parse_datetime(value)


def parse_version(value: str) -> tuple[Any, ...]:
    """Parse a version into a sort key without the build metadata."""
    if not is_version(value):
        raise ValueError(value)
    core, _, prerelease = value.partition("+")[0].partition("-")
    numbers = tuple(_version_number(number) for number in core.split("."))
    return numbers, not prerelease, _identifiers(prerelease)


def parse_constraint_version(value: str) -> tuple[Any, ...]:
    """Parse a version in a constraint."""
    return parse_version(value.strip(" "))


def _offset_s(offset: str | None) -> int:
    if offset is None:
        return 0
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(offset)
    seconds = (hours * 60 + minutes) * 60
    return seconds if offset[0] == "+" else -seconds


def _version_number(digits: str) -> int:
    if len(digits) > _MAX_VERSION_NUMBER_DIGITS or int(digits) > _LARGEST_VERSION:
        raise ValueError(digits)
    return int(digits)


def _identifiers(prerelease: str) -> tuple[tuple[bool, int, str], ...]:
    parts = prerelease.split(".") if prerelease else []
    # Numbers have no leading zeros, so more digits make a larger number.
    return tuple(
        (False, len(part), part) if part.isdecimal() else (True, 0, part) for part in parts
    )
