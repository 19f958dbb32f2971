"""Parse JSON from clients, and reject values that databases or SDKs cannot represent.

The checks scan bytes instead of parsed values, because a small body can expand to a large value.
GraphQL and REST share the checks, so that the two APIs reject the same values.
"""

import re
from typing import Any

import orjson

MAX_NESTING = 64
# Parse larger bodies in a thread.
LARGE_JSON_BYTES = 50_000

# The first integer that does not fit in 64 bits, and its number of digits.
_BEYOND = 2**63
_DIGITS_OF_BEYOND = 19
# A fast search finds sequences of at least this many digits. Only such sequences are checked
# exactly.
_DIGITS = bytes(b"0"[0] if chr(byte).isdecimal() else b" "[0] for byte in range(128)) + b" " * 128
_LONG_RUN = b"0" * _DIGITS_OF_BEYOND
_LONG_NUMBER = re.compile(rb"(?<![\w.+-])(-?)(\d{19,})(?![\d.eE])")

# The prefix of the parser's out-of-memory error. Parsing needs about 12 bytes per byte of JSON.
_NO_MEMORY = "Not enough memory"

_BRACKETS = b"[]{}"
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_AS_ARRAYS = bytes.maketrans(b"{}", b"[]")


def parse_json(source: bytes | str) -> Any:
    """Parse JSON.

    Raises:
        orjson.JSONDecodeError: the source is not JSON.
        MemoryError: there is not enough memory to parse the source.
    """
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError as error:
        if error.msg.startswith(_NO_MEMORY):
            raise MemoryError(_NO_MEMORY) from None
        raise


def find_violation(source: bytes) -> str | None:
    """Return why valid JSON is refused, as the end of a sentence; None if the JSON is accepted.

    JSON is refused if it contains the character NUL or an integer of more than 64 bits. JSON is
    also refused if it is nested deeper than `MAX_NESTING` levels.
    """
    if b"\\u0000" in source and b"\\u0000" in source.replace(rb"\\", b""):
        return "holds the character NUL, which cannot be stored"
    has_long_run = _LONG_RUN in source.translate(_DIGITS)
    may_be_deep = source.count(b"[") + source.count(b"{") > MAX_NESTING
    if not (has_long_run or may_be_deep):
        return None
    outside = _outside_strings(source)
    if has_long_run and any(
        _is_beyond(sign, digits) for sign, digits in _LONG_NUMBER.findall(outside)
    ):
        return "holds an integer of more than 64 bits"
    if may_be_deep and _is_deep(outside):
        return f"is nested deeper than {MAX_NESTING} levels"
    return None


def _outside_strings(source: bytes) -> bytes:
    """Return JSON without its strings."""
    return b"".join(source.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])


def _is_beyond(sign: bytes, digits: bytes) -> bool:
    if len(digits) > _DIGITS_OF_BEYOND:
        return True
    return int(digits) >= _BEYOND + (1 if sign else 0)


def _is_deep(outside: bytes) -> bool:
    """Whether brackets are nested too deeply. Each iteration removes the innermost level."""
    brackets = outside.translate(_AS_ARRAYS, _NOT_BRACKETS)
    for _ in range(MAX_NESTING):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
