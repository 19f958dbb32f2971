"""What pages of other origins may do: CORS, and the refusal of all else that they send."""

import re
from collections.abc import Awaitable, Collection
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.middleware import refuse
from graph.engine.codes import ErrorCode
from graph.engine.errors import request_error
from graph.engine.http.answers import write
from graph.engine.http.origins import ANY_ORIGIN, is_foreign, is_listed
from rest_compat.http.errors import RestError
from rest_compat.http.identity import OFREP_PREFIX

FRONTEND_PREFIXES = ("/api/frontend/", OFREP_PREFIX)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
# What scripts may read beyond the headers that browsers show them anyway.
_EXPOSED = (
    b"Allow, Date, ETag, Location, Retry-After, WWW-Authenticate, "
    b"X-Flagstaff-Warnings, X-Request-Id"
)
# Chromium asks again after two hours at the latest, whatever a server allows.
_MAX_AGE_S = b"7200"
_HEADER_NAMES = re.compile(rb"[\w!#$%&'*+.^`|~, \t-]*", re.ASCII)
_PREFLIGHT_VARY = b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

_Headers = list[tuple[bytes, bytes]]


class CrossOriginError(RestError):
    """A page of another origin asks for what it may not."""

    status = HTTPStatus.FORBIDDEN
    name = "ForbiddenError"


class CrossOrigin:
    """Lets pages of listed origins call the server, and refuses what all others could change.

    `origins` may call everything, `frontend_origins` also what frontends call. Nothing allows a
    browser to send credentials by itself, so `*` is as good as a list. An unsafe request of a
    foreign page is refused (403) because a browser may send one without asking first, and may hold
    credentials of HTTP Basic or reach a server without tokens.

    Preflights are answered here, so they need no token.
    """

    def __init__(
        self, app: ASGIApp, *, origins: Collection[str], frontend_origins: Collection[str]
    ) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._frontend_origins = self._origins | frozenset(frontend_origins)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Run the request, answer it as a preflight, or refuse it."""
        # WebSockets are checked where they are opened. Reading is open to every page, and where no
        # page may read the answer there is nothing to add to it: polls of SDKs end here.
        if scope["type"] != "http" or (
            scope["method"] == "GET" and not self._origins_at(scope["path"])
        ):
            return self._app(scope, receive, send)
        return self._check(scope, receive, send)

    async def _check(self, scope: Scope, receive: Receive, send: Send) -> None:
        origins = self._origins_at(scope["path"])
        headers: dict[bytes, bytes] = dict(scope["headers"])
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
        """Allow whatever headers a preflight asks for: nothing is decided by their names."""
        if not is_listed(origin.decode("latin-1"), origins):
            await refuse(scope, send, CrossOriginError(_sentence(scope, origin)))
            return
        asked = b", ".join(
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
        if asked and _HEADER_NAMES.fullmatch(asked):
            headers.append((b"access-control-allow-headers", asked))
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _headers_for(origin: bytes | None, origins: Collection[str]) -> _Headers:
    """What an answer needs so that a page of an origin, if it is one of some, may read it."""
    if not origins:
        return []
    exposed = (b"access-control-expose-headers", _EXPOSED)
    if ANY_ORIGIN in origins:
        return [] if origin is None else [(b"access-control-allow-origin", b"*"), exposed]
    vary = (b"vary", b"Origin")  # without an origin, too: caches must not mix the answers up
    if origin is None or not is_listed(origin.decode("latin-1"), origins):
        return [vary]
    return [(b"access-control-allow-origin", origin), exposed, vary]


async def _refuse(scope: Scope, receive: Receive, send: Send, origin: bytes | None) -> None:
    """Answer 403 in the form of the edge."""
    message = _sentence(scope, origin)
    if scope["path"].startswith("/graphql"):
        body = {"errors": [request_error(ErrorCode.FORBIDDEN, message)]}
        await write(HTTPStatus.FORBIDDEN, body)(scope, receive, send)
    else:
        await refuse(scope, send, CrossOriginError(message))


def _sentence(scope: Scope, origin: bytes | None) -> str:
    name = "another origin" if origin is None else f"'{origin.decode('latin-1')[:200]}'"
    listed = "FLAGSTAFF_CORS_ORIGINS lists"
    if f"{scope['path']}/".startswith(FRONTEND_PREFIXES):
        listed = "FLAGSTAFF_FRONTEND_ORIGINS and FLAGSTAFF_CORS_ORIGINS list"
    return (
        f"Pages of {name} may not call this path; {listed} those that may. "
        "Behind a proxy, pages of the server itself need the header Host passed on."
    )
