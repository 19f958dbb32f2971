"""uvicorn's HTTP protocol, with limits on requests before they reach the application."""

import logging
import re
import select
from asyncio import TimerHandle, Transport
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import ClassVar, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from flagstaff.answers import with_safe_headers
from flagstaff.logs import request_id
from flagstaff.middleware import id_for
from flagstaff.monitoring.traffic import Traffic
from flagstaff.proxies import TrustedProxies
from rest_compat.http.asgi import Scope, headers_of
from rest_compat.http.errors import BadDataError, RequestTimeoutError, RestError
from rest_compat.http.response import error_response

_log = logging.getLogger(__name__)

# Matches a name or a bracketed address, possibly empty, with an optional port (RFC 9110, 7.2).
_HOST = re.compile(rb"(?:\[[\w.:~%-]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?")


@lru_cache(maxsize=64)
def _is_host(value: bytes) -> bool:
    # The cache avoids the regular expression in most requests, because clients send few hosts.
    return _HOST.fullmatch(value) is not None


def _has_unread_data(transport: Transport) -> bool:
    """Whether the event loop has yet to read data, or the end of the connection."""
    waiting = select.poll()
    waiting.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(waiting.poll(0))


class HeadTooLargeError(RestError):
    """The request line and headers are larger than the limit."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    name = "HeaderFieldsTooLargeError"


# The names of refusals in the counts.
_REASONS: Mapping[type[RestError], str] = {
    HeadTooLargeError: "head_too_large",
    RequestTimeoutError: "head_too_slow",
}


class LimitedProtocol(HttpToolsProtocol):
    """One connection with limits on the size and duration of request heads.

    Malformed, oversized and slow requests get an error response. The responses to earlier requests
    are sent first. If the client could mistake the error for the response to another request, the
    connection is closed without the error.
    """

    max_head_bytes: ClassVar[int] = 32_768
    head_deadline_s: ClassVar[float] = 10.0
    # A refused client may continue to send for this time before the connection is closed. Therefore
    # even clients that read only after sending everything get the error response.
    linger_s: ClassVar[float] = 2.0
    # When the server stops, an idle connection stays open for this time, or until the answer to its
    # next request. A proxy may have sent this request before it can notice the end.
    idle_grace_s: ClassVar[float] = 0.5
    # A client may leave the response unread for this time before the connection is closed.
    stall_s: ClassVar[float] = 60.0
    proxies: ClassVar[TrustedProxies] = TrustedProxies(())
    traffic: ClassVar[Traffic] = Traffic()

    # These attributes are slots, because uvicorn's class already has as many attributes as Python
    # can access fast.
    __slots__ = (
        "_between_messages",
        "_refused",
        "_room",
        "_stall_timer",
        "_started",
        "_stopping",
        "_timer",
    )

    def connection_made(self, transport: Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] # asyncio names a wider type, uvicorn this one
        """Start a connection.

        If the client sends nothing for `head_deadline_s`, the connection is closed.
        """
        super().connection_made(transport)
        self.traffic.connections += 1
        self.traffic.open_connections += 1
        # The current head may have this many more bytes. Trailers and chunk extensions of a body
        # also reduce this number. At zero, parsing stops.
        self._room = self.max_head_bytes
        # The scope of the newest request with a complete head. While a head is parsed, `scope` is
        # the scope of the next request.
        self._started: object = None
        # The request that is being answered. uvicorn tracks only the newest request.
        self._running: RequestResponseCycle | None = None
        self._timer: TimerHandle | None = None
        self._stall_timer: TimerHandle | None = None
        self._refused = False
        # Whether the connection ends after the next answer, because the server stops.
        self._stopping = False
        # Whether the last request has ended. If so, the next byte begins another request.
        self._between_messages = True
        self.timeout_keep_alive_task = self.loop.call_later(
            self.head_deadline_s, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up, and report the disconnect to the request that is being answered."""
        self.traffic.open_connections -= 1
        self._unset_keepalive_if_required()
        self._unset_timer()
        self._unset_stall_timer()
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Stop writing, and close the connection if the client reads nothing for `stall_s`."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(self.stall_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Continue writing when the client reads again."""
        self._unset_stall_timer()
        super().resume_writing()

    def _unset_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def data_received(self, data: bytes) -> None:
        """Parse the data up to the first error or limit."""
        if len(data) < self._room:
            self._room -= len(data)
            self._parse(data)
        else:
            self._parse_by_pieces(memoryview(data))

    def on_headers_complete(self) -> None:
        """Start the request.

        If the server ignores an upgrade of the request, do nothing, because the head is parsed
        again.

        Raises: BadDataError: the head breaks a rule that the parser does not check.
        """
        self._check_head()
        if self.parser.should_upgrade() and not self._should_upgrade():
            return
        answering = self._is_answering()
        super().on_headers_complete()
        if not answering:
            self._running = self.cycle
        if self._stopping:
            self.cycle.keep_alive = False
        self._started = self.scope
        self._between_messages = False
        self._room = self.max_head_bytes
        self._unset_keepalive_if_required()
        if self._timer is not None:
            self._unset_timer()

    def shutdown(self) -> None:
        """End the connection after the answer to its request.

        A connection without a request may get one for `idle_grace_s`.
        """
        self._stopping = True
        if self._is_answering():
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(self.idle_grace_s, self._close_if_idle)

    def _close_if_idle(self) -> None:
        is_in_head = self.scope is not self._started
        if is_in_head or self._is_answering() or self.transport.is_closing():
            return
        if _has_unread_data(self.transport):
            # Closing now would reset the connection, and the client could not know whether its
            # request has had an effect.
            self.loop.call_later(self.idle_grace_s, self._close_if_idle)
            return
        self.transport.close()

    def on_response_complete(self) -> None:
        """Continue with the next request in the pipeline."""
        if self.pipeline:
            self._running, _ = self.pipeline[-1]
        super().on_response_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        self._room = self.max_head_bytes
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body.

        If the request has an upgrade, do nothing, because the parser reports the end too early.
        """
        if not self.parser.should_upgrade():
            self._between_messages = True
            super().on_message_complete()

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise BadDataError(f"This server supports HTTP/1.1 and HTTP/1.0, not HTTP/{version}.")
        # `headers_of` caches the mapping in the scope, so the application does not build it again.
        host = headers_of(cast("Scope", self.scope)).get(b"host")
        if host is None:
            if version == "1.1":
                raise BadDataError("A request must have exactly one Host header; this one has 0.")
        # Several Host headers are joined by a comma and a space. No host contains a space.
        elif not _is_host(host):
            count = sum(name == b"host" for name, _ in self.headers)
            if count > 1:
                raise BadDataError(
                    f"A request must have exactly one Host header; this one has {count}."
                )
            raise BadDataError("The Host header is not a host with an optional port.")
        if self.parser.get_method() == b"CONNECT":
            raise BadDataError("This server is not a proxy, so it does not support CONNECT.")

    def _should_upgrade(self) -> bool:
        """Whether a request with an upgrade opens a WebSocket.

        The request must be a GET in HTTP/1.1 without a body, and all earlier requests must have
        been answered.
        """
        headers = self.headers
        return (
            self.parser.get_method() == b"GET"
            and self.parser.get_http_version() == "1.1"
            and [value.lower() for name, value in headers if name == b"upgrade"] == [b"websocket"]
            and not any(name == b"transfer-encoding" for name, _ in headers)
            and not any(name == b"content-length" and value.strip(b"0") for name, value in headers)
            and self._should_upgrade_to_ws()
            and not self._is_answering()
        )

    def _parse_by_pieces(self, data: memoryview) -> None:
        """Parse the data in pieces, so that no byte beyond the limit is parsed."""
        while data and self._room:
            piece, data = data[: self._room], data[self._room :]
            self._room -= len(piece)
            self._parse(piece)
            if not self._room:
                self._refuse(
                    HeadTooLargeError(
                        "The request line and headers are larger than "
                        f"{self.max_head_bytes:,} bytes."
                    )
                )

    def _parse(self, data: bytes | memoryview) -> None:
        try:
            self._feed(data)
        except HttpParserError as cause:
            error = cause.__context__
            if not isinstance(error, RestError):
                error = BadDataError("The request is not valid HTTP.")
            self._refuse(error, cause)
        else:
            if self.scope is not self._started and self._timer is None:
                self._await_head()

    def _feed(self, data: bytes | memoryview) -> None:
        """Parse data that may contain any number of requests with upgrades.

        Raises: HttpParserError: if `on_headers_complete` raised a RestError, this error is the
            context.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                if self._should_upgrade():
                    self._open_websocket()
                    return
                data = memoryview(data)[upgrade.args[0] :]
                self._feed_head_without_upgrade()
            else:
                return

    def _feed_head_without_upgrade(self) -> None:
        """Parse the newest head again without its Upgrade header, to make the parser read the body.

        A server may ignore an upgrade (RFC 9110, 7.8). The parser, however, treats all data after a
        head with an Upgrade header as another protocol.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        head = [b"%s %s HTTP/%s\r\n" % (method, self.url, version), *lines, b"\r\n"]
        self.parser = HttpRequestParser(self)
        # As in uvicorn, a request with `Connection: close` is answered even if more data follows.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"".join(head))

    def _open_websocket(self) -> None:
        """Let the WebSocket protocol handle the connection, and stop parsing HTTP."""
        self._refused = True
        self._room = 0
        self._unset_stall_timer()
        self.handle_websocket_upgrade()

    def _await_head(self) -> None:
        # Only the start of a head ends the idle time of a connection. Empty lines, and the
        # remaining bytes of a request that was already answered, do not end the idle time.
        self._unset_keepalive_if_required()
        self._timer = self.loop.call_later(self.head_deadline_s, self._on_head_overdue)

    def _on_head_overdue(self) -> None:
        if self._is_answering():
            # While the server handles earlier requests, it may not have read the whole head.
            self._await_head()
            return
        self._refuse(
            RequestTimeoutError(
                "The request line and headers did not arrive within "
                f"{self.head_deadline_s:g} seconds."
            )
        )

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_answering(self) -> bool:
        # uvicorn declares the attribute as not optional, although its first value is None.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _refuse(self, error: RestError, cause: Exception | None = None) -> None:
        """Stop parsing, send the error if it can answer a request, and close the connection."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._room = 0
        self._unset_timer()
        self.traffic.refusals[_REASONS.get(type(error), "malformed")] += 1
        in_head = self.scope is not self._started
        answering = self._is_answering()
        if answering and (in_head or self.pipeline or not self.cycle.more_body):
            # Earlier complete requests are answered first, then the connection is closed.
            self.cycle.keep_alive = False
            self._log_refusal(error, cause)
        elif in_head or (answering and not self.cycle.response_started):
            if answering:  # the application is waiting for the body, which is malformed
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self._answer(error, cause)
        else:
            self._log_refusal(error, cause)
            self.transport.close()

    def _answer(self, error: RestError, cause: Exception | None) -> None:
        own_id = id_for(cast("Scope", self.scope))
        outer = request_id.set(own_id.decode())
        self._log_refusal(error, cause)
        request_id.reset(outer)
        answer = error_response(error)
        headers = [
            *self.server_state.default_headers,
            *with_safe_headers(answer.headers),
            (b"content-length", b"%d" % len(answer.body)),
            (b"connection", b"close"),
            (b"x-request-id", own_id),
        ]
        head = b"HTTP/1.1 %d %s\r\n" % (error.status, error.status.phrase.encode())
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"".join([head, *lines, b"\r\n", answer.body]))
        self.transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(self.linger_s, self.transport.close)

    def _log_refusal(self, error: RestError, cause: Exception | None) -> None:
        """Log a refusal at level debug, because clients could fill the log at a higher level."""
        client = self.proxies.client(self.client, self.headers or ())
        address = client[0] if client else "a client"
        reason = (cause.__context__ or cause) if cause else "-"
        _log.debug("Refused a request from %s: %s (%s)", address, error, reason)
