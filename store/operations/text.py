"""Which texts can be stored."""

import re

from store.errors import Path, Problems
from store.operations.limits import LONGEST_DESCRIPTION

LONGEST_SHOWN = 60

# Beside the control characters: line breaks of Unicode, and halves of surrogate pairs, which no
# encoding can carry. PostgreSQL cannot hold NUL at all.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(value: str) -> str:
    """A value as a sentence can repeat it: shortened, and with unprintable characters spelt out."""
    if len(value) > LONGEST_SHOWN:
        value = value[: LONGEST_SHOWN - 1] + "…"
    return _UNSHOWABLE.sub(lambda found: f"<U+{ord(found.group()):04X}>", value)


def check_line(
    value: str, *, what: str, path: Path, problems: Problems, longest: int, shortest: int = 0
) -> bool:
    """Note what keeps a text of one line from being stored; `what` begins the sentence."""
    return _check(value, _NOT_IN_A_LINE, what, path, problems, longest, shortest)


def check_text(
    value: str, *, what: str, path: Path, problems: Problems, longest: int, shortest: int = 0
) -> bool:
    """Note what keeps a text of any number of lines from being stored."""
    return _check(value, _NOT_IN_TEXT, what, path, problems, longest, shortest)


def check_description(
    value: str, *, path: Path, problems: Problems, longest: int = LONGEST_DESCRIPTION
) -> bool:
    """Note what keeps a description from being stored."""
    return check_text(value, what="The description", path=path, problems=problems, longest=longest)


def _check(
    value: str,
    forbidden: re.Pattern[str],
    what: str,
    path: Path,
    problems: Problems,
    longest: int,
    shortest: int,
) -> bool:
    if len(value) < shortest:
        problems.invalid(f"{what} must not be empty.", rule="text-length", path=path)
        return False
    if len(value) > longest:
        problems.invalid(
            f"{what} '{shown(value)}' has {len(value):,} characters; "
            f"at most {longest:,} are allowed.",
            rule="text-length",
            path=path,
        )
        return False
    found = forbidden.search(value)
    if found is not None:
        problems.invalid(
            f"{what} '{shown(value)}' holds the character U+{ord(found.group()):04X}, "
            "which is not allowed there.",
            rule="text-characters",
            path=path,
        )
        return False
    return True
