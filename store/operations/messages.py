"""Messages about values of wrong types and sizes, in imported documents and request bodies."""

from typing import Any

from store.operations.strings import display


def wrong_type(value: Any, expected: str) -> str:
    """Return the message about a value of a wrong type; `expected` is a noun such as `a list`."""
    return f"The value must be {expected}, not {describe_value(value)}."


def missing_key(key: str) -> str:
    """Return the message about a required key that is missing."""
    return f"The key '{display(key)}' is missing."


def unknown_key(key: str) -> str:
    """Return the message about a key that an object does not have."""
    return f"The key '{display(key)}' is unknown."


def too_short(length: int, min_length: int, unit: str) -> str:
    """Return the message about a string or list that is too short; `unit` is a plural noun."""
    if length == 0:
        return "The value must not be empty."
    return f"The value must have at least {min_length:,} {unit}, not {length:,}."


def too_long(length: int, max_length: int, unit: str) -> str:
    """Return the message about a string or list that is too long; `unit` is a plural noun."""
    return f"The value must have at most {max_length:,} {unit}, not {length:,}."


def duplicate(kind: str, value: str) -> str:
    """Return the message about a value that must be unique; `kind` names the kind of value."""
    return f"The {kind} '{display(value)}' occurs more than once."


def format_count(count: int, noun: str) -> str:
    """Return a number of things, such as `one toggle` or `2,000 rows of counts`.

    `noun` is a singular whose plural ends in s. If the noun has an addition with `of`, the addition
    is the same for all numbers.
    """
    head, of, addition = noun.partition(" of ")
    return f"one {noun}" if count == 1 else f"{count:,} {head}s{of}{addition}"


def not_url_friendly(name: str) -> str:
    """Return the message of 3.x about a name whose characters must be escaped in paths."""
    return f"The name '{display(name)}' must be URL friendly."


def describe_value(value: Any) -> str:
    """Format a JSON value for a message; describe objects and lists only by type."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the string '{display(value)}'"
        case int() | float():
            return (
                f"the number {value:.20g}"
                if abs(value) < 1e300
                else "a number of more than 300 digits"
            )
        case list():
            return "a list"
        case _:
            return "an object"
