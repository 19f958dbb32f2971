"""What the bytes of a body say: unpacked, and read as JSON."""

from typing import Any

import orjson

from rest_compat.http.errors import BadDataError, BodyTooLargeError, Detail
from store.content_coding import CodingError, UnpackedTooLargeError, unpack
from store.json_text import value_of_json, violation_of


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

    Raises:
        BadDataError: it is no JSON, or breaks a rule of `store.json_text`.
        MemoryError: it is too large for the memory that is left.
    """
    if not body:
        return {}
    try:
        document = value_of_json(body)
    except orjson.JSONDecodeError as error:
        raise BadDataError(Detail(f"The body is no JSON: {error}.", "/body")) from None
    violation = violation_of(body)
    if violation is not None:
        raise BadDataError(Detail(f"The body {violation}.", "/body"))
    return document
