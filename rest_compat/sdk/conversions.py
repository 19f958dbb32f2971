"""Values in the bodies of SDKs, taken as loosely as SDKs send them.

Numbers and strings convert into each other where that works (rest-contract.md, "Modern client API,
8.2").
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Never

from rest_compat.http.errors import Detail, ValidationError

# Names that are keys in the database.
MAX_NAME_LENGTH = 255
# Versions and platforms, which are only shown.
MAX_TEXT_LENGTH = 255
MAX_INTERVAL_MS = 2**53 - 1

_MAX_INTEGER = 2**63
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
# What Python's parser refuses of RFC 3339: the year 0, leap seconds and small letters.
_YEAR_ZERO = re.compile(r"0000-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_LEAP_SECOND = re.compile(r"(T\d\d:\d\d):60")
# Milliseconds since 1970 are larger than this from 1973 on, seconds until the year 5138.
_LARGEST_SECONDS = 100_000_000_000
# No SDK reports several times a second; smaller numbers are seconds, which Python's SDK sends.
_SMALLEST_INTERVAL_MS = 1_000


def refuse(message: str, path: str) -> Never:
    """Raises: ValidationError: for the value at a path."""
    raise ValidationError(Detail(message, path))


def present(body: dict[str, Any], key: str, path: str) -> Any:
    """The value of a key that must be there."""
    if key not in body:
        refuse(f"The body must have '{key}'.", f"{path}/{key}")
    return body[key]


def to_name(value: Any, path: str) -> str:
    """A text of 1 to 255 characters, none of them a control character."""
    name = to_text(value, path)
    if len(name) > MAX_NAME_LENGTH:
        refuse(f"The text must have at most {MAX_NAME_LENGTH} characters.", path)
    if _CONTROL.search(name):
        refuse("The text must not contain control characters.", path)
    return name


def to_text(value: Any, path: str) -> str:
    """A text that is not empty."""
    text = _text(value, path)
    if not text:
        refuse("The text must not be empty.", path)
    return text


def is_name(text: str) -> bool:
    """Whether `to_name` takes a text."""
    return 0 < len(text) <= MAX_NAME_LENGTH and not _CONTROL.search(text)


def to_description(value: Any, path: str) -> str | None:
    """A text that is only shown: freed of control characters and cut to length; None when empty."""
    if value is None:
        return None
    return shown(_text(value, path))


def shown(text: str | None) -> str | None:
    """A text fit to be shown, None when nothing is left of it."""
    if not text:
        return None
    return _CONTROL.sub("", text[: 2 * MAX_TEXT_LENGTH])[:MAX_TEXT_LENGTH] or None


def to_count(value: Any, path: str) -> int:
    """A count: a number that is not negative, its fraction dropped; null and empty text are 0."""
    if value is None or value == "":
        return 0
    number = to_number(value, path)
    if number < 0:
        refuse("The count must not be negative.", path)
    return int(number)


def is_number(text: str) -> bool:
    """Whether a text, spaces around it aside, is a number as `to_number` takes it."""
    return _NUMBER.fullmatch(text.strip()[:MAX_TEXT_LENGTH]) is not None


def to_number(value: Any, path: str) -> int | float:
    """A number of at most 64 bits, given as number or text."""
    number = value
    if isinstance(value, str) and is_number(value):
        number = _number(value.strip())
    if isinstance(number, bool) or not isinstance(number, int | float):
        refuse("The value must be a number.", path)
    if not -_MAX_INTEGER <= number < 2 * _MAX_INTEGER:
        refuse("The number must fit into 64 bits.", path)
    return number


def to_interval_ms(value: Any, path: str) -> int | None:
    """A time between two reports, in milliseconds."""
    if value is None:
        return None
    interval = to_number(value, path)
    if interval < _SMALLEST_INTERVAL_MS:
        interval *= 1_000
    return max(0, min(int(interval), MAX_INTERVAL_MS))


def to_time(value: Any, path: str) -> datetime:
    """A time in UTC: RFC 3339, or milliseconds or seconds since 1970, as number or as text.

    A time that parses is never refused; one out of Python's range becomes its first or last moment.
    A text that is a number is never read as a date, although Python takes `1795010112345` for one.
    """
    if isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH:
        if not is_number(value):
            return _time_of_text(value, path)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        refuse("The value must be a date and time as in RFC 3339, or a number.", path)
    number = to_number(value, path)
    seconds = number if abs(number) < _LARGEST_SECONDS else number / 1_000
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _FIRST if number < 0 else _LAST


def _text(value: Any, path: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("The value must be a text.", path)
    return str(value)


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _time_of_text(text: str, path: str) -> datetime:
    with suppress(ValueError):
        return _in_utc(datetime.fromisoformat(text))
    text = text.upper()
    with suppress(ValueError):
        return _in_utc(datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", text)))
    if _YEAR_ZERO.fullmatch(text):
        return _FIRST
    refuse("The value must be a date and time as in RFC 3339, or a number.", path)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST
