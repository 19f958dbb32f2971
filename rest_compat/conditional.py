"""Answers that a client may have already (RFC 9110, "Conditional Requests")."""

import re
from hashlib import blake2b

from rest_compat.wire import Answer, Request

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_DIGEST_SIZE = 16


def names_etag(if_none_match: str | None, etag: str) -> bool:
    """Whether a header If-None-Match holds the tag, weakly compared, or `*`."""
    if if_none_match is None:
        return False
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in _ENTITY_TAG.findall(if_none_match)


def conditional(request: Request, answer: Answer) -> Answer:
    """An answer to a GET with a tag of its content; 304 where the client names that tag.

    3.17.6 tags every JSON answer so, and scripts that poll its lists rely on it (contract/NOTES.md,
    "ETag").
    """
    etag = f'"{blake2b(answer.body, digest_size=_DIGEST_SIZE).hexdigest()}"'
    headers = [(b"etag", etag.encode()), (b"cache-control", b"private, no-cache")]
    if names_etag(request.header("if-none-match"), etag):
        return Answer(304, headers=headers)
    return Answer(answer.status, answer.body, [*answer.headers, *headers])
