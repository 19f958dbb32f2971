"""Custom scalars."""

import re
from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)

_LARGEST = 2**53 - 1
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def format_datetime(value: datetime) -> str:
    """Format an aware datetime in UTC, with six decimals of a second and a trailing Z."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_datetime(value: object) -> datetime:
    """Parse a string in RFC 3339 format, and return the datetime in UTC.

    Raises: StrawberryInputCoercionError: for other values, such as times without an offset.
    """
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # the date is invalid, or outside the years 1 to 9999
    raise StrawberryInputCoercionError(
        f"{value!r} is not a date and time in RFC 3339 format with an offset, such as "
        f"2026-01-31T12:00:00Z."
    )


def parse_big_int(value: object) -> int:
    """Parse an integer below 2^53.

    Raises: StrawberryInputCoercionError: for other values.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    raise StrawberryInputCoercionError(f"{value!r} is not an integer below 2^53.")


def pass_unchanged(value: Any) -> Any:
    """Return the value unchanged. Scalars that accept any value use this function."""
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A date and time in RFC 3339 format, always returned in UTC with microseconds and "
            "a trailing Z."
        ),
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=format_datetime,
        parse_value=parse_datetime,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description=(
            "Any JSON value; used where the schema does not define the structure, as in event "
            "documents and state documents."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=pass_unchanged,
        parse_value=pass_unchanged,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description=(
            "An integer below 2^53, sent as a JSON number. It is used for usage counts, which may "
            "exceed 32 bits."
        ),
        serialize=pass_unchanged,
        parse_value=parse_big_int,
    ),
}
