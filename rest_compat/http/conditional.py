"""Conditional requests: entity tags and 304 responses (RFC 9110, "Conditional Requests")."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from rest_compat.http.operation import Answer, Parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response

IF_NONE_MATCH = Parameter(
    "If-None-Match",
    "The ETag of the response that the client has.",
    str,
    location="header",
    example='"0c4f6a2e9b1d4c7f8a3e5b6d7c8f9a0b"',
)
UNCHANGED = Answer("The client already has the newest toggles.")

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
_DIGEST_SIZE = 16
_PRIVATE = ((b"cache-control", b"private, no-cache"),)


def names_etag(if_none_match: str | None, etag: str) -> bool:
    """Return whether the header If-None-Match is `*` or contains the tag.

    Weak tags in the header also match.
    """
    if if_none_match is None:
        return False
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return etag in _ENTITY_TAG.findall(if_none_match)


def conditional(
    request: Request,
    response: Response,
    *,
    caching: Sequence[tuple[bytes, bytes]] = _PRIVATE,
    salt: bytes = b"",
) -> Response:
    """Add an ETag to a response, or return a 304 if the client already has the body.

    Unleash 3.17.6 adds an ETag to every JSON body. Scripts that poll lists rely on these ETags
    (rest-contract.md, "ETag"). Equal bodies with different values of `salt` get different ETags.
    """
    etag = f'"{blake2b(response.body + salt, digest_size=_DIGEST_SIZE).hexdigest()}"'
    headers = [(b"etag", etag.encode()), *caching]
    if names_etag(request.header("if-none-match"), etag):
        return Response(304, headers=headers)
    return Response(response.status, response.body, [*response.headers, *headers])
