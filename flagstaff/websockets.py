"""uvicorn's WebSocket protocol, with timeouts for clients that do not read or close."""

import asyncio
import logging
from typing import Any, ClassVar

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from flagstaff.answers import SAFE_HEADERS

# This logger replaces uvicorn's logger, which logs the query of each socket at level info. A query
# may contain secrets.
_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)


class _Handshake(ServerProtocol):
    """A WebSocket connection that adds SAFE_HEADERS when it rejects a handshake."""

    def reject(self, status: StatusLike, text: str) -> Response:
        response = super().reject(status, text)
        for name, value in SAFE_HEADERS:
            response.headers[name.decode()] = value.decode()
        return response


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """One socket.

    Soon after the application ends, the connection is closed, even if the client does not respond.
    """

    # The last messages and the close frame must reach the client within this many seconds.
    linger_s: ClassVar[float] = 3.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.logger = _log
        self.conn = _Handshake(max_size=self.config.ws_max_size, logger=_log)

    async def send(self, message: ASGISendEvent) -> None:
        """Send a message. A close is sent even if the client has not read earlier messages."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            # Without this value uvicorn logs an error for each rejected handshake.
            self.handshake_complete = True

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Close the connection `linger_s` seconds after the application ends.

        Unsent data is dropped.
        """
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(self.linger_s, self.transport.abort)

    def shutdown(self) -> None:
        """Close the socket with 1012, and abort the connection after `linger_s` seconds."""
        super().shutdown()
        self.loop.call_later(self.linger_s, self.transport.abort)
