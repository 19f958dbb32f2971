"""The ASGI layers around every request."""

import logging
import re
from collections.abc import Iterable
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
from rest_compat.http.errors import InternalError, RestError, rest_error_of
from rest_compat.http.response import error_response
from rest_compat.sdk.ofrep_errors import error_at

_log = logging.getLogger(__name__)

# Ids of callers are taken over when they can do no harm in a log or a header.
_SANE_ID = re.compile(rb"[A-Za-z0-9._:~+/=@-]{1,128}")
# Own ids are counted up, which costs a tenth of drawing them at random.
_PROCESS = token_hex(6).encode()
_numbers = count(1)
_BEGINNINGS = frozenset({"http.response.start", "websocket.http.response.start"})


class RequestIds:
    """Gives every request an id, which its answer and all its log lines carry.

    Each answer also gets the safe headers that it does not set itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        own = id_for(scope["headers"])
        request_id.set(own.decode())

        async def send_with_id(message: Message) -> None:
            if message["type"] in _BEGINNINGS:
                headers = message.get("headers", ())
                # A 304 leaves the headers of the answer that the client has as they are.
                if message["status"] != 304:
                    headers = with_safe_headers(headers)
                message["headers"] = [*headers, (b"x-request-id", own)]
            elif message["type"] == "websocket.accept":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", own)]
            await send(message)

        await self._app(scope, receive, send_with_id)


class LastResort:
    """Answers what nothing else did: 503 while the database is away, 500 for bugs.

    The body of a 500 names an incident; what happened stands in the log under it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request and turn what it raises into an answer."""
        started = False

        async def observed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:
            answer = rest_error_of(error)
            if answer is None:
                incident = str(uuid4())
                _log.exception("Incident %s: %s failed", incident, scope.get("path", ""))
                answer = InternalError(incident)
            # The server closes the connection of an answer that was begun and never ended.
            if not started:
                await refuse(scope, send, answer)


class LoopbackNamesOnly:
    """Refuses requests that were made to another name than this machine's own.

    Without tokens anything may be done by whoever gets a request through. A page in a browser on
    this machine could, by a host name of its own that it lets point to 127.0.0.1; but that name
    stands in the header Host.
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
            "Without tokens (FLAGSTAFF_AUTH=none) this server answers only requests made to "
            "localhost, 127.0.0.1 or [::1]."
        )


async def refuse(scope: Scope, send: Send, error: RestError) -> None:
    """Answer a request with an error, a WebSocket by not accepting it."""
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


def id_for(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The id of a request: the one that came with it if that is sane, else a new one.

    An id that looks like a token is not: ids stand in logs and answers.
    """
    sent = [value for key, value in headers if key == b"x-request-id"]
    if len(sent) == 1 and _SANE_ID.fullmatch(sent[0]) and not may_hold_secret(sent[0].decode()):
        return sent[0]
    return _new_id()


def header_values(scope: Scope, name: bytes) -> list[bytes]:
    """All values of a request's header, whose name is given in lower case."""
    return [value for key, value in scope["headers"] if key == name]


def _new_id() -> bytes:
    return b"%s-%x" % (_PROCESS, next(_numbers))
