"""Parse the subset of YAML that maps to JSON values."""

import math
import re
from collections.abc import Callable
from typing import Any

import yaml

MAX_DEPTH = 32
MAX_EVENTS = 500_000

# The C scanner is a hundred times as fast as the Python scanner.
_parser_of: Callable[[str], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_KEYWORDS: dict[str, Any] = {
    word: value
    for words, value in (
        ("null ~", None),
        # YAML 1.1 defines `yes`, `no`, `on` and `off` as booleans, so this parser does too.
        ("true yes on", True),
        ("false no off", False),
    )
    for spelt in words.split()
    for word in (spelt, spelt.capitalize(), spelt.upper())
} | {"": None}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_MAX_INTEGER_LENGTH = 20  # the length of -2**63 as a string


class YamlError(ValueError):
    """The content is not YAML or uses unsupported features; the message contains the position."""


def parse_yaml(content: str) -> Any:
    """Parse a YAML document into JSON values.

    Unquoted scalars have the same meaning as in JSON. YAML's additional words for true, false and
    null are supported. Dates are read as strings.

    Raises: YamlError: the content is invalid, too deeply nested or too large, or contains anchors,
        aliases, tags or merge keys.
    """
    events = _Events(content)
    events.expect(yaml.StreamStartEvent)
    if isinstance(events.next(), yaml.StreamEndEvent):
        return None
    value = _value(events, events.next(), depth=1)
    events.expect(yaml.DocumentEndEvent)
    if not isinstance(event := events.next(), yaml.StreamEndEvent):
        raise _error(event, "a second document begins")
    return value


def plain_value(scalar: str) -> Any:
    """Return the value of an unquoted scalar.

    Raises: ValueError: the number is too large.
    """
    if scalar in _KEYWORDS:
        return _KEYWORDS[scalar]
    if _INTEGER.fullmatch(scalar):
        if len(scalar) > _MAX_INTEGER_LENGTH:
            raise ValueError
        return int(scalar)
    if _FRACTION.fullmatch(scalar):
        if not math.isfinite(number := float(scalar)):
            raise ValueError
        return number
    return scalar


class _Events:
    """The events of a YAML parser.

    Too many events and unsupported kinds of events raise an error.
    """

    def __init__(self, content: str) -> None:
        self._parser = _parser_of(content)
        self._left = MAX_EVENTS

    def next(self) -> Any:
        try:
            event = self._parser.get_event()
        except yaml.YAMLError as error:
            raise YamlError(f"The text is not YAML: {_one_line(error)}.") from None
        self._left -= 1
        if self._left < 0:
            raise _error(event, f"the document has more than {MAX_EVENTS:,} parts")
        if isinstance(event, yaml.AliasEvent):
            raise _error(event, "aliases are not allowed")
        if getattr(event, "anchor", None) is not None:
            raise _error(event, "anchors are not allowed")
        if getattr(event, "tag", None) is not None:
            raise _error(event, "tags are not allowed")
        return event

    def expect(self, kind: type[Any]) -> None:
        event = self.next()
        if not isinstance(event, kind):
            raise _error(event, "the document has an unexpected end")


def _value(events: _Events, event: Any, depth: int) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if depth > MAX_DEPTH:
        raise _error(event, f"the document is nested more than {MAX_DEPTH} deep")
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := events.next(), yaml.SequenceEndEvent):
            items.append(_value(events, event, depth + 1))
        return items
    members: dict[str, Any] = {}
    while not isinstance(event := events.next(), yaml.MappingEndEvent):
        key = _key(event)
        if key in members:
            raise _error(event, "a key occurs twice")
        members[key] = _value(events, events.next(), depth + 1)
    return members


def _key(event: Any) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _error(event, "a key must be a string")
    if event.value == "<<" and event.implicit[0]:
        raise _error(event, "merge keys are not allowed")
    key = _scalar(event)
    if not isinstance(key, str):
        raise _error(
            event, "a key must be a string; a key that looks like another type needs quotes"
        )
    return key


def _scalar(event: yaml.ScalarEvent) -> Any:
    if not event.implicit[0]:
        return event.value
    try:
        return plain_value(event.value)
    except ValueError:
        raise _error(event, "a number does not fit into 64 bits") from None


def _error(event: Any, what: str) -> YamlError:
    mark = event.start_mark
    return YamlError(f"In line {mark.line + 1}, column {mark.column + 1}, {what}.")


def _one_line(error: yaml.YAMLError) -> str:
    problem = (
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it is unreadable"
    )
    mark = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
    return f"{problem}{where}"
