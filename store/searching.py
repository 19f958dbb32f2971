"""Text found in columns and in other texts, ignoring case."""

from typing import Any

import sqlalchemy as sa


def contains_text(column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds a text, ignoring case; `%` and `_` mean themselves.

    SQLite lowers ASCII only, as does PostgreSQL in columns in the order of bytes, so that those of
    the other letters that the text has are lowered one by one.
    """
    lowered: sa.ColumnElement[Any] = sa.func.lower(column)
    pairs = {_lower(it): _lower(it).upper() for it in text if not it.isascii()}
    cased = {lower: upper for lower, upper in pairs.items() if len(upper) == 1 and upper != lower}
    if cased:
        lowered = sa.func.translate(lowered, "".join(cased.values()), "".join(cased))
    return lowered.contains("".join(map(_lower, text)), autoescape=True)


def any_contains(text: str, *fields: str) -> bool:
    """Whether one of some texts holds a text, ignoring case."""
    wanted = "".join(map(_lower, text))
    return any(wanted in "".join(map(_lower, field)) for field in fields)


def _lower(letter: str) -> str:
    """A letter in lower case, as it is where that takes more than one."""
    lower = letter.lower()
    return lower if len(lower) == 1 else letter
