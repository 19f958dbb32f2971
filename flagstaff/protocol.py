"""uvicorn's HTTP protocol with limits on what a client may send before the application sees it."""

import logging
import re
from asyncio import TimerHandle, Transport
from functools import lru_cache
from http import HTTPStatus
from typing import ClassVar, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from flagstaff.answers import with_safe_headers
from flagstaff.logs import request_id
from flagstaff.middleware import id_for
from flagstaff.proxies import TrustedProxies
from rest_compat.http.errors import BadDataError, RequestTimeoutError, RestError
from rest_compat.http.response import error_response

_log = logging.getLogger(__name__)

# RFC 9110, 7.2: a name or an address in brackets, then a port; it may be empty.
_HOST = re.compile(rb"(?:\[[\w.:~%-]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?")


@lru_cache(maxsize=64)
def _is_host(value: bytes) -> bool:
    # Clients of a server send few different ones, so most requests skip the expression.
    return _HOST.fullmatch(value) is not None


class HeadTooLargeError(RestError):
    """The request line and headers are larger than the limit."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    name = "HeaderFieldsTooLargeError"


class LimitedProtocol(HttpToolsProtocol):
    """One connection, whose request heads are limited in size and time.

    What is no HTTP, too large or too slow is answered in the form of all other errors, after the
    answers to earlier requests, or by hanging up where an answer would be taken for another one's.
    """

    max_head_bytes: ClassVar[int] = 32_768
    head_deadline_s: ClassVar[float] = 10.0
    # How long a refused client may go on sending before it is cut off: one that writes all before
    # it reads gets to see why it was refused.
    linger_s: ClassVar[float] = 2.0
    # How long a client may read nothing of what is ready for it before it is cut off.
    stall_s: ClassVar[float] = 60.0
    proxies: ClassVar[TrustedProxies] = TrustedProxies(())

    # Beside the attributes of uvicorn's class, which are as many as Python keeps fast.
    __slots__ = ("_refused", "_room", "_stalled", "_started", "_timer")

    def connection_made(self, transport: Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] # asyncio names a wider type, uvicorn this one
        """Take a new connection, which may be silent for as long as a head may take."""
        super().connection_made(transport)
        # How many bytes may come before a head is complete or a body goes on. Trailers and
        # extensions of chunks move neither, so the limit holds for them, too. Zero: nothing is
        # parsed any more.
        self._room = self.max_head_bytes
        # The newest request whose head is complete; in the middle of a head `scope` is another.
        self._started: object = None
        # The request that is being answered; uvicorn knows only the newest one.
        self._running: RequestResponseCycle | None = None
        self._timer: TimerHandle | None = None
        self._stalled: TimerHandle | None = None
        self._refused = False
        self.timeout_keep_alive_task = self.loop.call_later(
            self.head_deadline_s, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and let the request that is being answered know."""
        self._unset_keepalive_if_required()
        self._unset_timer()
        self._unset_stalled()
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.stall_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        self._unset_stalled()
        super().resume_writing()

    def _unset_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def data_received(self, data: bytes) -> None:
        """Parse what came, up to the first fault or limit."""
        if len(data) < self._room:
            self._room -= len(data)
            self._parse(data)
        else:
            self._parse_by_pieces(memoryview(data))

    def on_headers_complete(self) -> None:
        """Start the request, unless it is parsed anew because it asks for an upgrade.

        Raises: BadDataError: the head breaks a rule that the parser does not know.
        """
        self._check_head()
        if self.parser.should_upgrade() and not self._should_upgrade():
            return
        answering = self._is_answering()
        super().on_headers_complete()
        if not answering:
            self._running = self.cycle
        self._started = self.scope
        self._room = self.max_head_bytes
        self._unset_keepalive_if_required()
        if self._timer is not None:
            self._unset_timer()

    def on_response_complete(self) -> None:
        """Go on with the next request that has come."""
        if self.pipeline:
            self._running, _ = self.pipeline[-1]
        super().on_response_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a part of the body on."""
        self._room = self.max_head_bytes
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of the body; the parser ends a request that asks for an upgrade early."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise BadDataError(f"This server speaks HTTP/1.1 and HTTP/1.0, not HTTP/{version}.")
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 and (hosts or version == "1.1"):
            raise BadDataError(f"A request needs one header Host; this one has {len(hosts)}.")
        if hosts and not _is_host(hosts[0]):
            raise BadDataError("The header Host is not a host with an optional port.")
        if self.parser.get_method() == b"CONNECT":
            raise BadDataError("This server is no proxy, so CONNECT is not possible.")

    def _should_upgrade(self) -> bool:
        """Whether a request that asks for an upgrade opens a WebSocket.

        Only a GET of HTTP/1.1 without a body does, once all earlier requests are answered.
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
        """Parse so that each byte beyond the limit is noticed before it is looked at."""
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
        except HttpParserError as fault:
            known = fault.__context__
            if not isinstance(known, RestError):
                known = BadDataError("The request is not valid HTTP.")
            self._refuse(known, fault)
        else:
            if self.scope is not self._started and self._timer is None:
                self._await_head()

    def _feed(self, data: bytes | memoryview) -> None:
        """Parse data that may hold any number of requests that ask for an upgrade.

        Raises: HttpParserError: with a RestError as its context where a rule is known.
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
        """Parse the newest head again without its header Upgrade, so that its body is read.

        A server may ignore an upgrade (RFC 9110, 7.8). The parser does not offer that: it takes
        what follows such a head for another protocol.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        head = [b"%s %s HTTP/%s\r\n" % (method, self.url, version), *lines, b"\r\n"]
        self.parser = HttpRequestParser(self)
        # As uvicorn does: answer a request although data follow its `Connection: close`.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"".join(head))

    def _open_websocket(self) -> None:
        """Hand the connection over; nothing more of it is HTTP."""
        self._refused = True
        self._room = 0
        self._unset_stalled()
        self.handle_websocket_upgrade()

    def _await_head(self) -> None:
        # Only a head that has begun ends the time that a connection may be idle. Empty lines do
        # not, nor does the rest of a body whose request was answered without it.
        self._unset_keepalive_if_required()
        self._timer = self.loop.call_later(self.head_deadline_s, self._on_head_overdue)

    def _on_head_overdue(self) -> None:
        if self._is_answering():
            # Nothing more may have been read because the server is busy with earlier requests.
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
        # uvicorn declares it as always there, and begins with None.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _refuse(self, error: RestError, fault: Exception | None = None) -> None:
        """Parse nothing any more, say why if that can be said, and hang up."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._room = 0
        self._unset_timer()
        in_head = self.scope is not self._started
        answering = self._is_answering()
        if answering and (in_head or self.pipeline or not self.cycle.more_body):
            # It came after whole requests: they are answered, then the connection is closed.
            self.cycle.keep_alive = False
            self._tell(error, fault)
        elif in_head or (answering and not self.cycle.response_started):
            if answering:  # the application waits for a body that is broken
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self._answer(error, fault)
        else:
            self._tell(error, fault)
            self.transport.close()

    def _answer(self, error: RestError, fault: Exception | None) -> None:
        own = id_for(self.headers)
        outer = request_id.set(own.decode())
        self._tell(error, fault)
        request_id.reset(outer)
        answer = error_response(error)
        headers = [
            *self.server_state.default_headers,
            *with_safe_headers(answer.headers),
            (b"content-length", b"%d" % len(answer.body)),
            (b"connection", b"close"),
            (b"x-request-id", own),
        ]
        head = b"HTTP/1.1 %d %s\r\n" % (error.status, error.status.phrase.encode())
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"".join([head, *lines, b"\r\n", answer.body]))
        self.transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(self.linger_s, self.transport.close)

    def _tell(self, error: RestError, fault: Exception | None) -> None:
        """Log at level debug: any client could fill the log with anything above."""
        client = self.proxies.client(self.client, self.headers or ())
        address = client[0] if client else "a client"
        reason = (fault.__context__ or fault) if fault else "-"
        _log.debug("Refused a request of %s: %s (%s)", address, error, reason)
