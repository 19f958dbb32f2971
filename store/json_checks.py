"""Reads JSON texts from clients, and checks them for values no database column and no SDK can hold.

The checks read bytes, never parsed values: what a small text expands to costs nothing here. They
lie below both edges, which must refuse the same and do not import each other.
"""

import re
from typing import Any

import orjson

MAX_NESTING = 64
# Parsing a larger text takes long enough to belong in a thread.
LARGE_JSON_BYTES = 50_000

# The first whole number that 64 bits do not hold, and how many digits it has.
_BEYOND = 2**63
_DIGITS_OF_BEYOND = 19
# Runs of so many digits are found in two steps; the first one is fast.
_DIGITS = bytes(b"0"[0] if chr(byte).isdecimal() else b" "[0] for byte in range(128)) + b" " * 128
_LONG_RUN = b"0" * _DIGITS_OF_BEYOND
_LONG_NUMBER = re.compile(rb"(?<![\w.+-])(-?)(\d{19,})(?![\d.eE])")

# How the parser's error begins where it lacks memory: it needs about 12 bytes for each of the text.
_NO_MEMORY = "Not enough memory"

_BRACKETS = b"[]{}"
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_AS_ARRAYS = bytes.maketrans(b"{}", b"[]")


def parse_json(text: bytes | str) -> Any:
    """The value of a JSON text.

    Raises:
        orjson.JSONDecodeError: it is no JSON.
        MemoryError: there is not enough memory to tell.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if error.msg.startswith(_NO_MEMORY):
            raise MemoryError(_NO_MEMORY) from None
        raise


def find_violation(text: bytes) -> str | None:
    """The rule that a valid JSON text breaks, as the end of a sentence; None for none.

    Texts must not hold the character NUL, nest deeper than `MAX_NESTING` levels, or hold a whole
    number of more than 64 bits.
    """
    if b"\\u0000" in text and b"\\u0000" in text.replace(rb"\\", b""):
        return "holds the character NUL, which cannot be stored"
    has_long_run = _LONG_RUN in text.translate(_DIGITS)
    may_be_deep = text.count(b"[") + text.count(b"{") > MAX_NESTING
    if not (has_long_run or may_be_deep):
        return None
    outside = _outside_strings(text)
    if has_long_run and any(
        _is_beyond(sign, digits) for sign, digits in _LONG_NUMBER.findall(outside)
    ):
        return "holds a whole number of more than 64 bits"
    if may_be_deep and _is_deep(outside):
        return f"is nested deeper than {MAX_NESTING} levels"
    return None


def _outside_strings(text: bytes) -> bytes:
    """A JSON text without its strings."""
    return b"".join(text.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])


def _is_beyond(sign: bytes, digits: bytes) -> bool:
    if len(digits) > _DIGITS_OF_BEYOND:
        return True
    return int(digits) >= _BEYOND + (1 if sign else 0)


def _is_deep(outside: bytes) -> bool:
    """Whether brackets nest too deeply: each pass takes the innermost level away."""
    brackets = outside.translate(_AS_ARRAYS, _NOT_BRACKETS)
    for _ in range(MAX_NESTING):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
