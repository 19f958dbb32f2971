"""How a moment is written wherever Unleash servers write one."""

from datetime import UTC, datetime
from typing import overload


@overload
def format_time(moment: datetime) -> str: ...
@overload
def format_time(moment: datetime | None) -> str | None: ...
def format_time(moment: datetime | None) -> str | None:
    """An aware moment in UTC with exactly three decimals of a second and a trailing Z, as
    JavaScript's `toISOString` writes it; None stays None.

    What is beyond a millisecond is cut off, so a moment is never written as a later one.
    """
    if moment is None:
        return None
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{text.removesuffix('+00:00')}Z"
