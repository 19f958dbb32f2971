"""HTTP answers: statuses, bodies, headers and entity tags."""

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from graph.engine.codes import ErrorCode
from graph.engine.errors import request_error
from graph.engine.http.negotiation import JSON

NOT_STORED = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}

# An answer depends on these request headers.
_VARY = "Accept, Authorization, X-Flagstaff-Cost"

_ENTITY_TAG = re.compile(r'"[^"]*"')


class RefusedError(Exception):
    """The request is refused with an error, and no operation runs."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [request_error(code, message)]
        self.headers = headers


def method_not_allowed(allowed: str, message: str = "") -> RefusedError:
    """Create a 405 refusal; `allowed` lists the allowed methods."""
    message = message or f"The methods allowed here are {allowed}."
    return RefusedError(405, ErrorCode.BAD_USER_INPUT, message, {"Allow": allowed})


def write(
    status: int,
    answer: Mapping[str, Any],
    *,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Create an answer that caches must not store."""
    return Response(
        orjson.dumps(answer),
        status,
        headers={
            "Content-Type": f"{media_type}; charset=utf-8",
            "Vary": _VARY,
            **NOT_STORED,
            **(headers or {}),
        },
    )


def revalidate(request: Request, response: Response) -> Response:
    """Add an entity tag to the answer to a GET. If the client already has the answer, return 304.

    The tag is a digest of the media type and the body.
    """
    digest = sha256(response.headers["content-type"].encode() + b"\n" + bytes(response.body))
    etag = f'"{digest.hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    if not _names(request.headers.get("if-none-match"), etag):
        return response
    headers = ("ETag", "Cache-Control", "Vary")
    return Response(status_code=304, headers={name: response.headers[name] for name in headers})


def _names(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header contains `*`, or the tag by weak comparison."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _ENTITY_TAG.findall(if_none_match)


# The most significant error determines the status when no operation ran. Errors of the request
# itself, such as invalid variables, outrank errors of the document.
_STATUSES = (
    (ErrorCode.INTERNAL_SERVER_ERROR, 500),
    (ErrorCode.UNAVAILABLE, 503),
    (ErrorCode.RATE_LIMITED, 429),
    (ErrorCode.FORBIDDEN, 403),
    (ErrorCode.BAD_USER_INPUT, 400),
    (ErrorCode.GRAPHQL_PARSE_FAILED, 400),
    (ErrorCode.GRAPHQL_VALIDATION_FAILED, 422),
    (ErrorCode.COST_LIMIT, 422),
)


def status_of_refusal(codes: Collection[str], *, uses_error_status: bool) -> int:
    """Return the status of an answer without `data`.

    The status for refused documents is 200 unless `uses_error_status` is true.
    """
    status = next((status for code, status in _STATUSES if code in codes), 400)
    return 200 if status in (400, 422) and not uses_error_status else status
