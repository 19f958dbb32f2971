"""Numbers, moments and versions, read as the official engine reads them.

Each is made into something that can be compared. The engine is stricter with what stands in a
constraint than with what comes in a context. What it does not read raises ValueError.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from store.operations.formats import is_version

# Makes something comparable of a text; ValueError says that the text is nothing of the kind.
Reader: TypeAlias = Callable[[str], Any]

_NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|infinity)", re.ASCII | re.IGNORECASE
)
_PLAIN_NUMBER = re.compile(r"[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?", re.ASCII)
_MOMENT = re.compile(
    r"""\s* (?P<year>[+-]?\d{1,4}|[+-]\d{5,6}) \s*-\s* (?P<month>\d\d?) \s*-\s* (?P<day>\d\d?)
    (?:\s*[Tt]\s*|\s+) (?P<hour>\d\d?) \s*:\s* (?P<minute>\d\d?) \s*:\s* (?P<second>\d\d?)
    (?:\.(?P<fraction>\d+))? \s* (?:[Zz]|[Uu][Tt][Cc]|(?P<offset>[+\u2212-]\d\d[:\s]*\d\d)) \s*""",
    re.ASCII | re.VERBOSE,
)
_PLAIN_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
# The calendar repeats itself after so many years, which are so many days.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_LARGEST_VERSION = 2**64 - 1
_LONGEST_VERSION_NUMBER = len(str(_LARGEST_VERSION))


def number(text: str) -> float:
    """The number that a context gives."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return float(text)


def plain_number(text: str) -> float:
    """The number in a constraint."""
    text = text.strip(" ")
    if _PLAIN_NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return float(text)


def moment(text: str) -> tuple[int, int]:
    """The moment that a context gives: seconds, and billionths beyond them.

    Years have up to six digits, so it may lie where `datetime` does not reach.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour, minute, second = (int(found[it]) for it in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(text)
    cycles, year = divmod(int(found["year"]) - 1, _CYCLE_YEARS)
    day = date(year + 1, int(found["month"]), int(found["day"])).toordinal() + cycles * _CYCLE_DAYS
    billionths = int((found["fraction"] or "")[:9].ljust(9, "0"))
    if second == 60:  # a leap second is the end of the one before it
        second, billionths = 59, billionths + 10**9
    seconds = ((day * 24 + hour) * 60 + minute) * 60 + second
    return seconds - _offset_s(found["offset"]), billionths


def plain_moment(text: str) -> tuple[int, int]:
    """The moment in a constraint."""
    text = text.strip(" ")
    if _PLAIN_MOMENT.fullmatch(text) is None:
        raise ValueError(text)
    return moment(text)


def version(text: str) -> tuple[Any, ...]:
    """The key by which versions are put in order, whatever they say of their build."""
    if not is_version(text):
        raise ValueError(text)
    core, _, preview = text.partition("+")[0].partition("-")
    numbers = tuple(_version_number(it) for it in core.split("."))
    return numbers, not preview, _identifiers(preview)


def plain_version(text: str) -> tuple[Any, ...]:
    """The version in a constraint."""
    return version(text.strip(" "))


def _offset_s(text: str | None) -> int:
    if text is None:
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    seconds = (hours * 60 + minutes) * 60
    return seconds if text[0] == "+" else -seconds


def _version_number(text: str) -> int:
    if len(text) > _LONGEST_VERSION_NUMBER or int(text) > _LARGEST_VERSION:
        raise ValueError(text)
    return int(text)


def _identifiers(text: str) -> tuple[tuple[bool, int, str], ...]:
    parts = text.split(".") if text else []
    # Numbers have no leading zeros, so the longer one is larger.
    return tuple((False, len(it), it) if it.isdecimal() else (True, 0, it) for it in parts)
