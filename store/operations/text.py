"""Which texts can be stored."""

import re

from store.errors import Path, Problems
from store.operations.limits import MAX_DESCRIPTION_LENGTH

MAX_DISPLAY_LENGTH = 60

# Beside the control characters: line breaks of Unicode, and halves of surrogate pairs, which no
# encoding can carry. PostgreSQL cannot hold NUL at all.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def display(value: str) -> str:
    """A value as a sentence can repeat it: shortened, and with unprintable characters spelt out."""
    if len(value) > MAX_DISPLAY_LENGTH:
        value = value[: MAX_DISPLAY_LENGTH - 1] + "…"
    return _UNSHOWABLE.sub(lambda found: f"<U+{ord(found.group()):04X}>", value)


def check_line(
    value: str, *, what: str, path: Path, problems: Problems, max_length: int, min_length: int = 0
) -> bool:
    """Note what keeps a text of one line from being stored; `what` begins the sentence."""
    return _check(value, _NOT_IN_A_LINE, what, path, problems, max_length, min_length)


def check_text(
    value: str, *, what: str, path: Path, problems: Problems, max_length: int, min_length: int = 0
) -> bool:
    """Note what keeps a text of any number of lines from being stored."""
    return _check(value, _NOT_IN_TEXT, what, path, problems, max_length, min_length)


def check_description(
    value: str, *, path: Path, problems: Problems, max_length: int = MAX_DESCRIPTION_LENGTH
) -> bool:
    """Note what keeps a description from being stored."""
    return check_text(
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
            "which is not allowed there.",
            rule="text-characters",
            path=path,
        )
        return False
    return True
