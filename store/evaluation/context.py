"""The context that an SDK passes to an evaluation."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from random import random
from typing import Any

from msgspec import Struct

from store.constraints.reading import Reader
from store.operations.strings import display

DEFAULT_STICKINESS = "default"
RANDOM = "random"

# These constants limit the length of one value, the total length of names and values, and the
# number of fields. The evaluation of every toggle may hash, search and match each value.
MAX_VALUE_LENGTH = 10_000
MAX_CHARACTERS = 100_000
MAX_FIELDS = 1_000


class Context(Struct, frozen=True, kw_only=True, dict=True):
    """The fields of a context.

    All fields except the time are strings. None means that the field is absent. `chance` returns
    random numbers from 0 (included) to 1 (excluded). Thousands of toggles may be evaluated for one
    context, so the context caches derived values.
    """

    current_time: datetime
    user_id: str | None = None
    session_id: str | None = None
    remote_address: str | None = None
    app_name: str | None = None
    environment: str | None = None
    properties: Mapping[str, str] = {}
    chance: Callable[[], float] = random

    @cached_property
    def max_value_length(self) -> int:
        """The number of characters of the longest value."""
        fields = [getattr(self, name) for name in _STRING_FIELDS]
        values = (*fields, *self.properties.values(), "")
        return max(len(value) for value in values if value is not None)

    @cached_property
    def values(self) -> Mapping[str, str | None]:
        """A mapping of standard fields and properties to values; None for missing fields."""
        values = _Values(self.properties)
        values.update((name, read(self)) for name, read in STANDARD_FIELDS.items())
        return values

    @cached_property
    def readings(self) -> Mapping[Reader, Mapping[str, Any]]:
        """A mapping of parsing functions to the parsed values of all fields.

        The parsed value of a missing or invalid field is None.
        """
        return _ReadingsByReader(self.values)

    @cached_property
    def draws(self) -> Mapping[str, bytes | None]:
        """A mapping of stickinesses to the values to hash.

        For the stickiness `default`, the value is the user ID. Without a user ID, it is the session
        ID. If the field of a stickiness is missing, the value is None. For the stickiness `random`,
        the value is always None.
        """
        draws = _Readings(str.encode, self.values)
        user = draws["userId"] if self.user_id is not None else draws["sessionId"]
        draws.update({DEFAULT_STICKINESS: user, RANDOM: None})
        return draws


def _format_time(context: Context) -> str:
    return context.current_time.isoformat()


STANDARD_FIELDS: Mapping[str, Callable[[Context], str | None]] = {
    "userId": attrgetter("user_id"),
    "sessionId": attrgetter("session_id"),
    "remoteAddress": attrgetter("remote_address"),
    "appName": attrgetter("app_name"),
    "environment": attrgetter("environment"),
    "currentTime": _format_time,
}


_STRING_FIELDS = ("user_id", "session_id", "remote_address", "app_name", "environment")


def value_length_error(name: str, value: str) -> str | None:
    """Return the reason to refuse a value that is too long.

    If the value is short enough, return None.
    """
    if len(value) <= MAX_VALUE_LENGTH:
        return None
    return (
        f"The value of {display(name)} has {len(value):,} characters; "
        f"at most {MAX_VALUE_LENGTH:,} are allowed."
    )


def context_size_error(fields: Iterable[tuple[str, str]]) -> str | None:
    """Return the reason to refuse a context that is too large in total.

    If the context is small enough, return None.
    """
    characters = sum(len(name) + len(value) for name, value in fields)
    if characters <= MAX_CHARACTERS:
        return None
    return (
        f"The names and values of the context's fields have {characters:,} characters in total; "
        f"at most {MAX_CHARACTERS:,} are allowed."
    )


class _Values(dict[str, str | None]):
    def __init__(self, properties: Mapping[str, str]) -> None:
        self._properties = properties

    def __missing__(self, name: str) -> str | None:
        value = self[name] = self._properties.get(name)
        return value


class _Readings(dict[str, Any]):
    def __init__(self, read: Reader, values: Mapping[str, str | None]) -> None:
        self._read = read
        self._values = values

    def __missing__(self, name: str) -> Any:
        value = self._values[name]
        try:
            reading = None if value is None else self._read(value)
        except ValueError:
            reading = None
        self[name] = reading
        return reading


class _ReadingsByReader(dict[Reader, Mapping[str, Any]]):
    def __init__(self, values: Mapping[str, str | None]) -> None:
        self._values = values

    def __missing__(self, read: Reader) -> Mapping[str, Any]:
        readings = self[read] = _Readings(read, self._values)
        return readings
