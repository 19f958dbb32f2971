"""Format datetimes as Unleash servers do."""

from datetime import UTC, datetime
from typing import overload


@overload
def format_time(value: datetime) -> str: ...
@overload
def format_time(value: datetime | None) -> str | None: ...
def format_time(value: datetime | None) -> str | None:
    """Format an aware datetime like JavaScript's `toISOString`: UTC, milliseconds, trailing Z.

    Fractions of a millisecond are truncated, so the result is never later than the datetime. For
    None, return None.
    """
    if value is None:
        return None
    formatted = value.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{formatted.removesuffix('+00:00')}Z"
