"""What the bytes of a body say: unpacked, and read as JSON."""

import re
from collections.abc import Collection, Iterable
from itertools import chain
from typing import Any, cast

import orjson

from rest_compat.errors import BadDataError, BodyTooLargeError, Detail
from store.content_coding import CodingError, UnpackedTooLargeError, unpack

MAX_NESTING = 64

# The first whole number that 64 bits do not hold.
_BEYOND = 2**63
# Where numbers of as many digits are is found out in two steps; the first is quick.
_DIGITS = bytes(b"0"[0] if chr(byte).isdecimal() else b" "[0] for byte in range(128)) + b" " * 128
_LONG = b"0" * 19
_LONG_NUMBER = re.compile(rb"(?<![\w.+-])-?\d{19,}(?![\d.eE])")


def unpacked(body: bytes, coding: str, *, limit: int) -> bytes:
    """A body freed of its content coding (gzip or deflate), never larger than `limit` in memory.

    Raises: BodyTooLargeError, BadDataError.
    """
    try:
        return unpack(body, coding, limit=limit)
    except CodingError as error:
        raise BadDataError(Detail(str(error), "/body")) from None
    except UnpackedTooLargeError as error:
        raise BodyTooLargeError(str(error)) from None


def decode_json(body: bytes) -> Any:
    """JSON from a client; no bytes count as an empty object.

    Raises: BadDataError: it is no JSON, is nested too deep, or holds a NUL character or a whole
        number of more than 64 bits.
    """
    if not body:
        return {}
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadDataError(Detail(f"The body is no JSON: {error}.", "/body")) from None
    long_numbers: set[float] = set()
    if _LONG in body.translate(_DIGITS):
        long_numbers = {float(it) for it in _LONG_NUMBER.findall(body)}
    if long_numbers or b"\\u0000" in body or body.count(b"[") + body.count(b"{") > MAX_NESTING:
        _check(document, long_numbers)
    return document


def _check(document: Any, long_numbers: Collection[float]) -> None:
    level: list[Any] = [document]
    for depth in range(MAX_NESTING + 1):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if "\0" in value:
                    raise BadDataError(Detail("The body holds a NUL character.", "/body"))
            elif isinstance(value, dict | list):
                if depth == MAX_NESTING:
                    message = f"The body is nested deeper than {MAX_NESTING} levels."
                    raise BadDataError(Detail(message, "/body"))
                below += _contents(cast("dict[str, Any] | list[Any]", value))
            elif isinstance(value, int | float) and _is_beyond(value, long_numbers):
                message = "The body holds a whole number of more than 64 bits."
                raise BadDataError(Detail(message, "/body"))
        level = below


def _is_beyond(number: float, long_numbers: Collection[float]) -> bool:
    """Whether a number was written as a whole one that is too large; of most of those the parser
    has made floating-point numbers."""
    if isinstance(number, float):
        return abs(number) >= _BEYOND and number in long_numbers
    return number >= _BEYOND


def _contents(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return chain.from_iterable(container.items()) if isinstance(container, dict) else container
