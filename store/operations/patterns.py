"""Regular expressions as SDKs read them: the syntax of RE2, which matches in linear time."""

from collections.abc import Callable
from typing import Any

import re2  # pyright: ignore[reportMissingTypeStubs] (the package brings no types)

_RE2: Any = re2
# Of RE2's own memory; the largest that a stored pattern can ask for.
_MAX_MEMORY_BYTES = 8_000_000


class PatternError(ValueError):
    """Why a text is no regular expression; the message goes on after "The regular expression …"."""


def check_pattern(pattern: str) -> None:
    """Make sure that SDKs can read a regular expression.

    Raises: PatternError.
    """
    compile_pattern(pattern)


def compile_pattern(pattern: str, *, case_sensitive: bool = True) -> Callable[[str], bool]:
    """A function that tells whether the pattern is found anywhere in a text.

    Raises: PatternError.
    """
    options = _RE2.Options()
    options.log_errors = False
    options.case_sensitive = case_sensitive
    options.max_mem = _MAX_MEMORY_BYTES
    try:
        compiled: Any = _RE2.compile(pattern, options)
    except _RE2.error as refused:
        raise PatternError(f"cannot be read: {_reason(refused)}") from None
    return lambda text: compiled.search(text) is not None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
