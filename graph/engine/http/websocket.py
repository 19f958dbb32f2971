"""Serve GraphQL over WebSocket, with the sub-protocol `graphql-transport-ws`."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

import orjson
from graphql import OperationType
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from graph.engine.codes import ErrorCode
from graph.engine.errors import mask_fault, request_error
from graph.engine.http.origins import is_foreign
from graph.engine.http.outbox import Outbox
from graph.engine.http.requests import from_content
from graph.engine.http.sessions import Session, Sessions, TooManyConnectionsError
from graph.engine.http.silent_sockets import SilentSocket, SilentSockets
from graph.engine.http.socket_closing import CloseCode, close_message, deny
from graph.engine.run.config import GraphConfig
from graph.engine.run.operations import Operations
from graph.engine.run.request import RequestError
from graph.engine.run.source_events import EndOfFeedError
from graph.engine.run.streaming import RefusedOperationError, Streams
from store.changes import SlowSubscriberError
from store.identity import TOKEN_ID_KEY, ForbiddenError, Principal, UnauthenticatedError
from store.json_checks import parse_json
from store.spreading import stream_life_s
from store.unknown_tokens import TooManyUnknownTokensError

PROTOCOL = "graphql-transport-ws"
MAX_MESSAGE_BYTES = 65_536
MAX_ID_CHARACTERS = 200
# A client must send `connection_init` within this many seconds.
INIT_WAIT_S = 2.0
# A socket is closed if its client reads nothing for this many seconds.
STALL_S = 10.0
CLOSE_WAIT_S = 1.0

_log = logging.getLogger(__name__)


class WebSockets:
    """Serves all sockets of one endpoint."""

    def __init__(
        self, operations: Operations, streams: Streams, sessions: Sessions, config: GraphConfig
    ) -> None:
        self.operations = operations
        self.streams = streams
        self.sessions = sessions
        self.config = config
        self._silent_sockets = SilentSockets(config.max_sockets_per_address)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it closes."""
        message = await receive()
        if message["type"] != "websocket.connect":
            return
        headers = Headers(scope=scope)
        if is_foreign(scope, self.config.origins):
            await deny(scope, send, 403, ErrorCode.FORBIDDEN, "This origin may not connect.")
            return
        address = _address(scope)
        socket = _Socket(self, headers, receive, send)
        silent = SilentSocket(address, socket.time_out)
        try:
            await self._silent_sockets.admit(silent)
        except TooManyConnectionsError as error:
            await deny(scope, send, 429, ErrorCode.RATE_LIMITED, error.message)
            return
        session = self.sessions.open(address, socket.revoke)
        try:
            if PROTOCOL not in scope.get("subprotocols", ()):
                await send({"type": "websocket.accept"})
                reason = f"This server supports only {PROTOCOL}."
                await send(close_message(CloseCode.WRONG_PROTOCOL, reason))
                return
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            await socket.run(session, lambda: self._silent_sockets.leave(silent))
        finally:
            self._silent_sockets.leave(silent)
            if session.principal is not None and session.principal.token is not None:
                scope[TOKEN_ID_KEY] = session.principal.token.id
            self.sessions.close(session)


class _Socket:
    """One socket, from acceptance to close."""

    def __init__(self, server: WebSockets, headers: Headers, receive: Receive, send: Send) -> None:
        self._server = server
        self._headers = headers
        self._receive = receive
        self._send = send
        self._outbox = Outbox()
        self._pong = b""
        self._pong_sent = asyncio.Event()
        self._pong_sent.set()
        self._running: dict[str, asyncio.Task[None]] = {}
        # The IDs of the running subscriptions.
        self._subscriptions: set[str] = set()
        self._too_old = False
        self._everything_sent = True
        self._principal: Principal | None = None
        self._initialised = False
        # The close code and reason; None if the peer has disconnected.
        self._end: asyncio.Future[tuple[CloseCode, str] | None] = (
            asyncio.get_running_loop().create_future()
        )

    def revoke(self) -> None:
        """Close the socket because its token is no longer valid."""
        self._close(CloseCode.FORBIDDEN, "The API token was revoked or has expired.")

    def time_out(self) -> None:
        """Close the socket because `connection_init` did not arrive in time."""
        self._close(CloseCode.INIT_TIMEOUT, "Connection initialisation timeout")

    async def run(self, session: Session, on_init: Callable[[], None]) -> None:
        """Run the protocol until either side closes the socket.

        When `connection_init` arrives, call `on_init`.
        """
        self._session = session
        self._on_init = on_init
        self._late = asyncio.get_running_loop().call_later(INIT_WAIT_S, self.time_out)
        aging = asyncio.get_running_loop().call_later(
            stream_life_s(self._server.config.max_stream_age_s), self._reach_max_age
        )
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        for task in tasks:
            task.add_done_callback(self._on_fault)
        try:
            end = await self._end
        finally:
            self._late.cancel()
            aging.cancel()
            tasks += self._running.values()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if end is not None:
            with suppress(Exception):  # the peer has disconnected, or does not answer
                async with asyncio.timeout(CLOSE_WAIT_S):
                    await self._send(close_message(*end))

    # ------------------------------------------------------------------ receiving

    async def _read(self) -> None:
        while not self._end.done():
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                if not self._end.done():
                    self._end.set_result(None)
                return
            content: str | None = message.get("text")
            if content is None:
                self._close(CloseCode.BAD_MESSAGE, "Messages must be JSON text.")
            elif len(content.encode()) > MAX_MESSAGE_BYTES:
                self._close(CloseCode.TOO_LARGE, f"A message may have {MAX_MESSAGE_BYTES:,} bytes.")
            else:
                await self._handle(content)

    async def _handle(self, content: str) -> None:
        try:
            parsed: Any = parse_json(content)
        except orjson.JSONDecodeError:
            self._close(CloseCode.BAD_MESSAGE, "The message is not JSON.")
            return
        except MemoryError as error:
            self._close(CloseCode.TRY_AGAIN_LATER, mask_fault(error)["message"])
            return
        message = cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else {}
        payload = message.get("payload")
        match message.get("type"):
            case "connection_init":
                await self._initialise(payload)
            case "ping":
                await self._answer_ping(payload)
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message.get("id"), payload)
            case "complete":
                self._complete(message.get("id"))
            case _:
                self._close(CloseCode.BAD_MESSAGE, "The message has no known type.")

    async def _initialise(self, payload: Any) -> None:
        if self._initialised:
            self._close(CloseCode.TOO_MANY_INITS, "Too many initialisation requests")
            return
        self._initialised = True
        self._late.cancel()
        self._on_init()
        if payload is not None and not isinstance(payload, dict):
            self._close(CloseCode.BAD_MESSAGE, "The payload of connection_init must be an object.")
            return
        parameters = _strings(cast("Mapping[str, Any]", payload or {}))
        try:
            self._principal = self._server.sessions.authenticate(
                self._session,
                authorization=parameters.get("authorization")
                or ", ".join(self._headers.getlist("authorization")),
                user=parameters.get("x-flagstaff-user") or self._headers.get("x-flagstaff-user"),
            )
        except (UnauthenticatedError, TooManyUnknownTokensError, ForbiddenError) as error:
            self._close(CloseCode.FORBIDDEN, error.message)
        except TooManyConnectionsError as error:
            self._close(CloseCode.TRY_AGAIN_LATER, error.message)
        else:
            await self._send_message({"type": "connection_ack"})

    async def _answer_ping(self, payload: Any) -> None:
        """After the previous pong was sent, answer a ping with a pong that has the same payload.

        Therefore a client that reads nothing makes the server store at most one payload.
        """
        if payload is not None and not isinstance(payload, dict):
            self._close(CloseCode.BAD_MESSAGE, "The payload of ping must be an object.")
            return
        pong: dict[str, Any] = (
            {"type": "pong"} if payload is None else {"type": "pong", "payload": payload}
        )
        try:
            message = orjson.dumps(pong)
        except orjson.JSONEncodeError:
            self._close(CloseCode.BAD_MESSAGE, "The payload of ping is nested too deeply.")
            return
        await self._pong_sent.wait()
        self._pong_sent.clear()
        self._pong = message
        await self._outbox.put(message)

    async def _subscribe(self, id: Any, payload: Any) -> None:
        principal = self._principal
        if principal is None:
            self._close(CloseCode.UNAUTHORIZED, "Unauthorized")
            return
        if not self._server.sessions.is_valid(principal):
            self.revoke()
            return
        if not isinstance(id, str) or not 0 < len(id) <= MAX_ID_CHARACTERS:
            self._close(CloseCode.BAD_MESSAGE, "The message needs an id.")
            return
        if id in self._running:
            self._close(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {id[:50]} already exists")
            return
        if len(self._running) >= self._server.config.max_subscriptions_per_socket:
            # Send the error before reading more messages, so that refusals cannot pile up.
            await self._send_message({"id": id, "type": "error", "payload": [self._too_many()]})
            return
        task = asyncio.create_task(self._operate(principal, id, payload))
        self._running[id] = task
        task.add_done_callback(self._on_fault)

    def _complete(self, id: Any) -> None:
        task = self._running.pop(id, None) if isinstance(id, str) else None
        if task is not None:
            self._subscriptions.discard(id)
            task.cancel()
            self._close_if_too_old()

    # ------------------------------------------------------------------ operations

    async def _operate(self, principal: Principal, id: str, payload: Any) -> None:
        try:
            await self._stream(principal, id, payload)
            await self._send_message({"id": id, "type": "complete"})
        except RefusedOperationError as refused:
            await self._send_message({"id": id, "type": "error", "payload": refused.errors})
        except EndOfFeedError:
            self._close(CloseCode.GOING_AWAY, "The feed has ended: subscribe again.")
        except SlowSubscriberError:
            self._close(CloseCode.TRY_AGAIN_LATER, "The client reads too slowly.")
        except Exception as fault:
            await self._send_message({"id": id, "type": "error", "payload": [mask_fault(fault)]})
        finally:
            if self._running.get(id) is asyncio.current_task():
                del self._running[id]
                self._subscriptions.discard(id)
                self._close_if_too_old()

    async def _stream(self, principal: Principal, id: str, payload: Any) -> None:
        try:
            graphql_request = from_content(payload)
            document = await self._server.operations.document_for(principal, graphql_request)
        except RequestError as error:
            raise RefusedOperationError([request_error(error.code, error.message)]) from None
        operation = document.operation(graphql_request.operation_name)
        if operation is not None and operation.type is OperationType.SUBSCRIPTION:
            self._subscriptions.add(id)
        results = await self._server.streams.open(principal, graphql_request, document)
        beginning = b'{"id":%s,"type":"next","payload":' % orjson.dumps(id)
        try:
            async for result in results:
                await self._outbox.put(beginning, result, b"}")
                # Free the memory of this result, because the next result may take long to arrive.
                del result
        finally:
            await results.aclose()

    def _too_many(self) -> dict[str, Any]:
        maximum = self._server.config.max_subscriptions_per_socket
        return request_error(
            ErrorCode.COST_LIMIT,
            f"A socket may run at most {maximum} operations at a time.",
            limit="subscriptions",
            actual=len(self._running) + 1,
            maximum=maximum,
        )

    # ------------------------------------------------------------------ sending

    async def _send_message(self, message: Mapping[str, Any]) -> None:
        await self._outbox.put(orjson.dumps(message))

    async def _write(self) -> None:
        while True:
            pieces = await self._outbox.get()
            self._everything_sent = False
            try:
                async with asyncio.timeout(STALL_S):
                    await self._send(_message_of(pieces))
            except TimeoutError:
                self._close(CloseCode.TRY_AGAIN_LATER, "The client does not read.")
                return
            if pieces[0] is self._pong:
                self._pong = b""
                self._pong_sent.set()
            # Free the memory of this message, because the next message may take long to arrive.
            del pieces
            self._everything_sent = self._outbox.is_empty()
            self._close_if_too_old()

    def _reach_max_age(self) -> None:
        self._too_old = True
        self._close_if_too_old()

    def _close_if_too_old(self) -> None:
        """Close the socket if it has reached its maximum age and no query or mutation is running.

        After reconnecting, clients repeat unanswered queries and mutations, and a mutation must not
        run twice. Subscriptions do not keep the socket open, because clients resume them from their
        cursors.
        """
        answered = self._running.keys() <= self._subscriptions
        if self._too_old and answered and self._everything_sent and self._outbox.is_empty():
            self._close(CloseCode.GOING_AWAY, "The connection has reached its maximum age.")

    def _close(self, code: CloseCode, reason: str) -> None:
        if not self._end.done():
            # The reason in a close frame has at most 123 bytes.
            self._end.set_result((code, reason.encode()[:120].decode(errors="ignore")))

    def _on_fault(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            _log.debug("A socket ended", exc_info=fault)
            self._close(CloseCode.INTERNAL, "The connection failed.")


def _strings(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return the strings of a payload under their names in lower case, like headers."""
    return {name.lower(): value for name, value in payload.items() if isinstance(value, str)}


def _message_of(pieces: Iterable[bytes]) -> dict[str, Any]:
    return {"type": "websocket.send", "text": b"".join(pieces).decode()}


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
