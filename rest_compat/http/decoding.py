"""Decode bodies: content coding and JSON."""

from typing import Any

import orjson

from rest_compat.http.errors import BadDataError, BodyTooLargeError, Detail
from store.content_coding import CodingError, UnpackedTooLargeError, unpack
from store.json_checks import find_violation, parse_json


def unpack_body(body: bytes, coding: str, *, limit: int) -> bytes:
    """Decode a gzip or deflate body. The result has at most `limit` bytes.

    Raises: BodyTooLargeError, BadDataError.
    """
    try:
        return unpack(body, coding, limit=limit)
    except CodingError as error:
        raise BadDataError(Detail(str(error), "/body")) from None
    except UnpackedTooLargeError as error:
        raise BodyTooLargeError(str(error)) from None


def decode_json(body: bytes) -> Any:
    """Decode JSON from a client; an empty body is decoded as `{}`.

    Raises:
        BadDataError: the body is not JSON, or breaks a rule of `store.json_checks`.
        MemoryError: there is not enough memory to parse the body.
    """
    if not body:
        return {}
    try:
        document = parse_json(body)
    except orjson.JSONDecodeError as error:
        raise BadDataError(Detail(f"The body is not JSON: {error}.", "/body")) from None
    violation = find_violation(body)
    if violation is not None:
        raise BadDataError(Detail(f"The body {violation}.", "/body"))
    return document
