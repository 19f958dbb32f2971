"""The rule for names that are parts of URLs and are sent to SDKs."""

import re

from store.errors import Path, Problems
from store.operations.limits import MAX_NAME_LENGTH
from store.operations.strings import display

# Names consist of characters that encodeURIComponent does not escape. Therefore names need no
# escaping in paths.
_CHARACTERS = r"[A-Za-z0-9\-_.!~*'\(\)]+"
_ALLOWED = re.compile(_CHARACTERS)
# Names must not equal these path segments, because clients resolve the segments before they send a
# request.
_RESERVED = frozenset({".", ".."})
# This regular expression checks the whole rule except the length, in Python and in JavaScript.
NAME_PATTERN = rf"^(?!\.{{1,2}}$){_CHARACTERS}$"


def is_name(value: str) -> bool:
    """Whether the string is a valid name."""
    return (
        len(value) <= MAX_NAME_LENGTH
        and value not in _RESERVED
        and _ALLOWED.fullmatch(value) is not None
    )


def check_name(name: str, *, kind: str, path: Path, problems: Problems) -> bool:
    """Check the name of a new object; return whether the name is valid. `kind` is a noun."""
    if not name:
        problems.invalid(f"The {kind} name must not be empty.", rule="name-length", path=path)
    elif len(name) > MAX_NAME_LENGTH:
        problems.invalid(
            f"The {kind} name '{display(name)}' has {len(name):,} characters; "
            f"at most {MAX_NAME_LENGTH} are allowed.",
            rule="name-length",
            path=path,
        )
    elif not _ALLOWED.fullmatch(name):
        problems.invalid(
            f"The {kind} name '{display(name)}' may contain only letters A to Z, digits and "
            "-_.~!*'().",
            rule="name-pattern",
            path=path,
        )
    elif name in _RESERVED:
        article = "An" if kind[0] in "aeiou" else "A"
        problems.invalid(
            f"{article} {kind} cannot be named '{name}'.", rule="name-reserved", path=path
        )
    else:
        return True
    return False
