"""Handle CORS, and refuse unsafe requests from pages of other origins."""

import re
from collections.abc import Awaitable, Collection
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.middleware import refuse
from graph.engine.codes import ErrorCode
from graph.engine.errors import request_error
from graph.engine.http.answers import write
from graph.engine.http.origins import ANY_ORIGIN, is_foreign, is_listed
from rest_compat.http.asgi import headers_of
from rest_compat.http.errors import RestError
from rest_compat.http.identity import OFREP_PREFIX

FRONTEND_PREFIXES = ("/api/frontend/", OFREP_PREFIX)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
# Scripts may read these response headers in addition to the CORS-safelisted headers.
_EXPOSED = (
    b"Allow, Date, ETag, Location, Retry-After, WWW-Authenticate, "
    b"X-Flagstaff-Warnings, X-Request-Id"
)
# Chromium caches a preflight for two hours at most.
_MAX_AGE_S = b"7200"
_HEADER_NAMES = re.compile(rb"[\w!#$%&'*+.^`|~, \t-]*", re.ASCII)
_PREFLIGHT_VARY = b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

_Headers = list[tuple[bytes, bytes]]


class CrossOriginError(RestError):
    """A page of another origin may not send this request."""

    status = HTTPStatus.FORBIDDEN
    name = "ForbiddenError"


class CrossOrigin:
    """Lets pages of allowed origins call the server, and refuses unsafe requests of other pages.

    Pages of `origins` may call every path. Pages of `frontend_origins` may call only the frontend
    paths. Browsers add no credentials to allowed calls, so `*` is as safe as a list.

    Unsafe requests of other pages are refused (403), because browsers may send them without a
    preflight. An unsafe request could contain HTTP Basic credentials, or reach a server that
    requires no token.

    The middleware answers preflights itself, so that preflights need no token.
    """

    def __init__(
        self, app: ASGIApp, *, origins: Collection[str], frontend_origins: Collection[str]
    ) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._frontend_origins = self._origins | frozenset(frontend_origins)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Run the request, answer it as a preflight, or refuse it."""
        # WebSockets check the origin when they open. Every page may send GET. If the path allows no
        # origins, the response to a GET needs no CORS headers. Therefore most polls of SDKs skip
        # the checks.
        if scope["type"] != "http" or (
            scope["method"] == "GET" and not self._origins_at(scope["path"])
        ):
            return self._app(scope, receive, send)
        return self._check(scope, receive, send)

    async def _check(self, scope: Scope, receive: Receive, send: Send) -> None:
        origins = self._origins_at(scope["path"])
        headers = headers_of(scope)
        origin = headers.get(b"origin")
        method: str = scope["method"]
        if origin is None and not origins and b"sec-fetch-site" not in headers:
            await self._app(scope, receive, send)
            return
        if method == "OPTIONS" and origin is not None:
            requested = headers.get(b"access-control-request-method")
            if requested is not None:
                await self._answer_preflight(scope, send, origin, origins)
                return
        allowed = _headers_for(origin, origins)
        if method not in SAFE_METHODS and is_foreign(scope, origins):
            await _refuse(scope, receive, send, origin)
            return
        if not allowed:
            await self._app(scope, receive, send)
            return

        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *allowed]}
            await send(message)

        await self._app(scope, receive, send_allowed)

    def _origins_at(self, path: str) -> frozenset[str]:
        return self._frontend_origins if f"{path}/".startswith(FRONTEND_PREFIXES) else self._origins

    async def _answer_preflight(
        self, scope: Scope, send: Send, origin: bytes, origins: Collection[str]
    ) -> None:
        """Answer a preflight and allow all requested headers."""
        if not is_listed(origin.decode("latin-1"), origins):
            await refuse(scope, send, CrossOriginError(_refusal_message(scope, origin)))
            return
        requested = b", ".join(
            value for key, value in scope["headers"] if key == b"access-control-request-headers"
        )
        anyone = ANY_ORIGIN in origins
        headers: _Headers = [
            (b"access-control-allow-origin", b"*" if anyone else origin),
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-max-age", _MAX_AGE_S),
            (b"vary", _PREFLIGHT_VARY),
            (b"content-length", b"0"),
        ]
        if requested and _HEADER_NAMES.fullmatch(requested):
            headers.append((b"access-control-allow-headers", requested))
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _headers_for(origin: bytes | None, origins: Collection[str]) -> _Headers:
    """Return the CORS headers that let pages of allowed origins read a response."""
    if not origins:
        return []
    exposed = (b"access-control-expose-headers", _EXPOSED)
    if ANY_ORIGIN in origins:
        return [] if origin is None else [(b"access-control-allow-origin", b"*"), exposed]
    # Responses to requests without an origin also need this header, because caches may store them.
    vary = (b"vary", b"Origin")
    if origin is None or not is_listed(origin.decode("latin-1"), origins):
        return [vary]
    return [(b"access-control-allow-origin", origin), exposed, vary]


async def _refuse(scope: Scope, receive: Receive, send: Send, origin: bytes | None) -> None:
    """Answer 403 in the error format of GraphQL or REST."""
    message = _refusal_message(scope, origin)
    if scope["path"].startswith("/graphql"):
        body = {"errors": [request_error(ErrorCode.FORBIDDEN, message)]}
        await write(HTTPStatus.FORBIDDEN, body)(scope, receive, send)
    else:
        await refuse(scope, send, CrossOriginError(message))


def _refusal_message(scope: Scope, origin: bytes | None) -> str:
    name = "another origin" if origin is None else f"'{origin.decode('latin-1')[:200]}'"
    listed = "FLAGSTAFF_CORS_ORIGINS lists"
    if f"{scope['path']}/".startswith(FRONTEND_PREFIXES):
        listed = "FLAGSTAFF_FRONTEND_ORIGINS and FLAGSTAFF_CORS_ORIGINS list"
    return (
        f"Pages of {name} may not call this path; {listed} the allowed origins. "
        "For the server's own pages, a proxy must forward the Host header."
    )
