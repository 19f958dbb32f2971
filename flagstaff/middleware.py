"""ASGI middleware around every request."""

import logging
import re
from collections.abc import Awaitable
from http import HTTPStatus
from itertools import count
from secrets import token_hex
from uuid import uuid4

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.answers import with_safe_headers
from flagstaff.logs import may_hold_secret, request_id
from flagstaff.settings import is_loopback
from graph.engine.http.origins import parse_host
from rest_compat.http.asgi import headers_of
from rest_compat.http.errors import RestError
from rest_compat.http.refusals import InternalError, rest_error_of
from rest_compat.http.response import error_response
from rest_compat.sdk.ofrep_errors import error_at

_log = logging.getLogger(__name__)

# A client's request ID is used if it matches this pattern. Matching IDs are safe in logs and
# headers.
_SAFE_ID = re.compile(rb"[A-Za-z0-9._:~+/=@-]{1,128}")
# Generated IDs contain a counter, because generating a random ID takes ten times as long.
_PROCESS_ID = token_hex(6).encode()
_numbers = count(1)
_RESPONSE_STARTS = frozenset({"http.response.start", "websocket.http.response.start"})


class RequestIds:
    """Gives every request an ID, which appears in its response and its log lines.

    Each response also gets the missing headers of `SAFE_HEADERS`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        own_id = id_for(scope)
        request_id.set(own_id.decode())

        def send_with_id(message: Message) -> Awaitable[None]:
            if message["type"] in _RESPONSE_STARTS:
                headers = message.get("headers", ())
                # A 304 must not change the headers of the response in the client's cache.
                if message["status"] != 304:
                    headers = with_safe_headers(headers)
                message["headers"] = [*headers, (b"x-request-id", own_id)]
            elif message["type"] == "websocket.accept":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", own_id)]
            return send(message)

        await self._app(scope, receive, send_with_id)


class LastResort:
    """Answers unhandled errors with 503 if the database is unavailable, otherwise with 500.

    The body of a 500 contains an incident ID, under which the log has the traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request. If it raises an exception, respond with an error."""
        started = False

        def send_observed(message: Message) -> Awaitable[None]:
            nonlocal started
            started = True
            return send(message)

        try:
            await self._app(scope, receive, send_observed)
        except ClientDisconnect:
            return
        except Exception as error:
            # Another function sends the response, so that no frame of the traceback refers to the
            # error.
            await self._answer(error, scope, send, started=started)

    async def _answer(self, error: Exception, scope: Scope, send: Send, *, started: bool) -> None:
        answer = rest_error_of(error)
        if answer is None:
            incident = str(uuid4())
            _log.exception("Incident %s: %s failed", incident, scope.get("path", ""))
            answer = InternalError(incident)
        # The response has started and remains incomplete, so the server closes the connection.
        if not started:
            await refuse(scope, send, answer)


class LoopbackNamesOnly:
    """Refuses requests whose Host header is not a loopback name.

    This check protects servers without tokens from DNS rebinding. In this attack, the host name of
    a malicious page resolves to 127.0.0.1, so that the page reaches the server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request or answer 403."""
        if scope["type"] in ("http", "websocket"):
            hosts = header_values(scope, b"host")
            host = parse_host(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
            if host is None or not is_loopback(host[0]):
                await refuse(scope, send, _ForeignHostError())
                return
        await self._app(scope, receive, send)


class _ForeignHostError(RestError):
    status = HTTPStatus.FORBIDDEN
    name = "ForbiddenError"

    def __init__(self) -> None:
        super().__init__(
            "Without tokens (FLAGSTAFF_AUTH=none) this server answers only requests to localhost, "
            "127.0.0.1 or [::1]."
        )


async def refuse(scope: Scope, send: Send, error: RestError) -> None:
    """Send an error: respond to a request, or reject the handshake of a WebSocket."""
    answer = error_response(error_at(scope["path"], error))
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1011, "reason": ""})
            return
        start = {"type": "websocket.http.response.start", "status": answer.status}
        await send({**start, "headers": answer.headers})
        await send({"type": "websocket.http.response.body", "body": answer.body})
        return
    await answer.send(send, head=scope["method"] == "HEAD")


def id_for(scope: Scope) -> bytes:
    """Return the ID in a request's X-Request-Id header; if the ID is not safe, return a new ID.

    An ID that looks like a token is not safe, because logs and responses contain IDs. The IDs of
    several headers are not safe either, because the joined value contains a comma.
    """
    sent = headers_of(scope).get(b"x-request-id")
    if sent is None or not _SAFE_ID.fullmatch(sent) or may_hold_secret(sent.decode()):
        return new_id()
    return sent


def header_values(scope: Scope, name: bytes) -> list[bytes]:
    """Return all values of a request header; `name` is in lower case."""
    return [value for key, value in scope["headers"] if key == name]


def new_id() -> bytes:
    """Return a request ID that no other request has."""
    return b"%s-%x" % (_PROCESS_ID, next(_numbers))
