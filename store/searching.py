"""Case-insensitive search in columns and in strings."""

from typing import Any

import sqlalchemy as sa


def column_contains(column: sa.ColumnElement[Any], search: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column contains a string, ignoring case; `%` and `_` are literal.

    SQLite, and PostgreSQL with the collation "C", convert only ASCII letters to lower case. Other
    letters that occur in the search string are therefore translated one by one.
    """
    lowered: sa.ColumnElement[Any] = sa.func.lower(column)
    pairs = {_lower(letter): _lower(letter).upper() for letter in search if not letter.isascii()}
    cased = {lower: upper for lower, upper in pairs.items() if len(upper) == 1 and upper != lower}
    if cased:
        lowered = sa.func.translate(lowered, "".join(cased.values()), "".join(cased))
    return lowered.contains("".join(map(_lower, search)), autoescape=True)


def any_contains(search: str, *fields: str) -> bool:
    """Whether any of the fields contains a string, ignoring case."""
    lowered = "".join(map(_lower, search))
    return any(lowered in "".join(map(_lower, field)) for field in fields)


def _lower(letter: str) -> str:
    """Return a letter in lower case, unchanged if its lower case has several characters."""
    lower = letter.lower()
    return lower if len(lower) == 1 else letter
