"""Check strings before they are stored, and format them for messages."""

import re

from store.errors import Path, Problems
from store.operations.limits import MAX_DESCRIPTION_LENGTH

MAX_DISPLAY_LENGTH = 60

# Characters that a line must not contain: control characters, the line breaks of Unicode, and lone
# surrogates, which cannot be encoded. PostgreSQL cannot store NUL.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def display(value: str) -> str:
    """Format a value for a message: shorten it, and replace unprintable characters by `<U+…>`."""
    if len(value) > MAX_DISPLAY_LENGTH:
        value = value[: MAX_DISPLAY_LENGTH - 1] + "…"
    return _UNSHOWABLE.sub(lambda found: f"<U+{ord(found.group()):04X}>", value)


def check_line(
    value: str, *, what: str, path: Path, problems: Problems, max_length: int, min_length: int = 0
) -> bool:
    """Check a string of one line; return whether it is valid. Messages begin with `what`."""
    return _check(value, _NOT_IN_A_LINE, what, path, problems, max_length, min_length)


def check_lines(
    value: str, *, what: str, path: Path, problems: Problems, max_length: int, min_length: int = 0
) -> bool:
    """Check a string of any number of lines; return whether the string is valid."""
    return _check(value, _NOT_IN_LINES, what, path, problems, max_length, min_length)


def check_description(
    value: str, *, path: Path, problems: Problems, max_length: int = MAX_DESCRIPTION_LENGTH
) -> bool:
    """Check a description; return whether it is valid."""
    return check_lines(
        value, what="The description", path=path, problems=problems, max_length=max_length
    )


def _check(
    value: str,
    forbidden: re.Pattern[str],
    what: str,
    path: Path,
    problems: Problems,
    max_length: int,
    min_length: int,
) -> bool:
    if len(value) < min_length:
        problems.invalid(f"{what} must not be empty.", rule="text-length", path=path)
        return False
    if len(value) > max_length:
        problems.invalid(
            f"{what} '{display(value)}' has {len(value):,} characters; "
            f"at most {max_length:,} are allowed.",
            rule="text-length",
            path=path,
        )
        return False
    found = forbidden.search(value)
    if found is not None:
        problems.invalid(
            f"{what} '{display(value)}' holds the character U+{ord(found.group()):04X}, "
            "which is not allowed here.",
            rule="text-characters",
            path=path,
        )
        return False
    return True
