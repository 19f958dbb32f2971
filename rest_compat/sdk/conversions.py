"""Convert values in the bodies of SDKs. SDKs send the same value in different types.

Where possible, numbers are converted to strings, and strings to numbers (rest-contract.md, "Modern
client API, 8.2").
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Never

from rest_compat.http.errors import Detail, ValidationError

# The maximum length of names. Names are keys in the database.
MAX_NAME_LENGTH = 255
# The maximum length of versions and platforms. Versions and platforms are only displayed.
MAX_DESCRIPTION_LENGTH = 255
MAX_INTERVAL_MS = 2**53 - 1

_MAX_INTEGER = 2**63
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
# Python's parser does not support two features of RFC 3339: the year 0 and leap seconds.
_YEAR_ZERO = re.compile(r"0000-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_LEAP_SECOND = re.compile(r"(T\d\d:\d\d):60")
# Numbers up to this limit are seconds since 1970. Seconds exceed the limit in the year 5138. Larger
# numbers are milliseconds since 1970, which exceed the limit from 1973 on.
_MAX_SECONDS = 100_000_000_000
# Numbers below this limit are seconds, because the Python SDK sends seconds. No SDK reports more
# than once a second.
_MIN_INTERVAL_MS = 1_000


def refuse(message: str, path: str) -> Never:
    """Raise ValidationError for the value at a path."""
    raise ValidationError(Detail(message, path))


def require_key(body: dict[str, Any], key: str, path: str) -> Any:
    """Return the value of a required key.

    Raises: ValidationError: the key is missing.
    """
    if key not in body:
        refuse(f"The body must have '{key}'.", f"{path}/{key}")
    return body[key]


def to_name(value: Any, path: str) -> str:
    """Convert a value to a string of 1 to 255 characters without control characters."""
    name = to_string(value, path)
    if len(name) > MAX_NAME_LENGTH:
        refuse(f"The string must have at most {MAX_NAME_LENGTH} characters.", path)
    if _CONTROL.search(name):
        refuse("The string must not contain control characters.", path)
    return name


def to_string(value: Any, path: str) -> str:
    """Convert a value to a string. The string must not be empty."""
    string = _to_string(value, path)
    if not string:
        refuse("The string must not be empty.", path)
    return string


def is_name(value: str) -> bool:
    """Return whether `to_name` accepts a string."""
    return 0 < len(value) <= MAX_NAME_LENGTH and not _CONTROL.search(value)


def to_description(value: Any, path: str) -> str | None:
    """Convert a value that is only displayed. If the cleaned string is empty, return None."""
    if value is None:
        return None
    return clean_description(_to_string(value, path))


def clean_description(value: str | None) -> str | None:
    """Remove control characters and truncate the string. If the result is empty, return None."""
    if not value:
        return None
    shortened = value[: 2 * MAX_DESCRIPTION_LENGTH]
    return _CONTROL.sub("", shortened)[:MAX_DESCRIPTION_LENGTH] or None


def to_count(value: Any, path: str) -> int:
    """Convert a value to an integer count. Null and "" become 0. Refuse negative numbers."""
    if value is None or value == "":
        return 0
    number = to_number(value, path)
    if number < 0:
        refuse("The count must not be negative.", path)
    return int(number)


def is_number(value: str) -> bool:
    """Return whether `to_number` accepts a string. Spaces around the number are allowed."""
    return _NUMBER.fullmatch(value.strip()[:MAX_DESCRIPTION_LENGTH]) is not None


def to_number(value: Any, path: str) -> int | float:
    """Convert a number or a string to a number of at most 64 bits."""
    number = value
    if isinstance(value, str) and is_number(value):
        number = _parse_number(value.strip())
    if isinstance(number, bool) or not isinstance(number, int | float):
        refuse("The value must be a number.", path)
    if not -_MAX_INTEGER <= number < 2 * _MAX_INTEGER:
        refuse("The number must fit into 64 bits.", path)
    return number


def to_interval_ms(value: Any, path: str) -> int | None:
    """Convert a value to the time between two reports, in milliseconds."""
    if value is None:
        return None
    interval = to_number(value, path)
    if interval < _MIN_INTERVAL_MS:
        interval *= 1_000
    return max(0, min(int(interval), MAX_INTERVAL_MS))


def to_time(value: Any, path: str) -> datetime:
    """Convert a time in RFC 3339, or in milliseconds or seconds since 1970, to UTC.

    Milliseconds and seconds may be numbers or strings. A time that is too early for Python becomes
    the earliest datetime. A time that is too late becomes the latest datetime. Numeric strings are
    never parsed as dates, because Python would parse `1795010112345` as a date.
    """
    if isinstance(value, str) and len(value) <= MAX_DESCRIPTION_LENGTH:
        if not is_number(value):
            return _parse_time(value, path)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        refuse("The value must be a date and time as in RFC 3339, or a number.", path)
    number = to_number(value, path)
    seconds = number if abs(number) < _MAX_SECONDS else number / 1_000
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _FIRST if number < 0 else _LAST


def _to_string(value: Any, path: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("The value must be a string.", path)
    return str(value)


def _parse_number(value: str) -> int | float:
    try:
        return int(value)
    except ValueError:
        return float(value)


def _parse_time(value: str, path: str) -> datetime:
    with suppress(ValueError):
        return _to_utc(datetime.fromisoformat(value))
    # Python's parser requires capital letters.
    value = value.upper()
    with suppress(ValueError):
        return _to_utc(datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", value)))
    if _YEAR_ZERO.fullmatch(value):
        return _FIRST
    refuse("The value must be a date and time as in RFC 3339, or a number.", path)


def _to_utc(time: datetime) -> datetime:
    if time.tzinfo is UTC:
        return time
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return _FIRST if time.year == 1 else _LAST
