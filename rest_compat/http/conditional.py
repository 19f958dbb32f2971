"""Answers that a client may have already (RFC 9110, "Conditional Requests")."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from rest_compat.http.request import Answer, Request

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_DIGEST_SIZE = 16
_PRIVATE = ((b"cache-control", b"private, no-cache"),)


def names_etag(if_none_match: str | None, etag: str) -> bool:
    """Whether a header If-None-Match holds the tag, weakly compared, or `*`."""
    if if_none_match is None:
        return False
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in _ENTITY_TAG.findall(if_none_match)


def conditional(
    request: Request,
    answer: Answer,
    *,
    caching: Sequence[tuple[bytes, bytes]] = _PRIVATE,
    salt: bytes = b"",
) -> Answer:
    """An answer with a tag of its content; 304 where the client names that tag.

    3.17.6 tags every JSON answer so, and scripts that poll its lists rely on it (rest-contract.md,
    "ETag"). `salt` parts equal bodies that must not stand for each other.
    """
    etag = f'"{blake2b(answer.body + salt, digest_size=_DIGEST_SIZE).hexdigest()}"'
    headers = [(b"etag", etag.encode()), *caching]
    if names_etag(request.header("if-none-match"), etag):
        return Answer(304, headers=headers)
    return Answer(answer.status, answer.body, [*answer.headers, *headers])
