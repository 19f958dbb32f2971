"""Log every request and WebSocket."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.identity import TOKEN_ID_KEY

_log = logging.getLogger("flagstaff.access")


class AccessLog:
    """Logs the method, path, status, milliseconds, client address and token ID of each request.

    A WebSocket is logged when it closes, with the method `WEBSOCKET` and the status 101. A refused
    handshake is logged with its own status. Queries and headers are not logged, because they may
    contain secrets.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request and log it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status: int | None = None

        async def send_observed(message: Message) -> None:
            nonlocal status
            if status is None:
                status = _status_of(message)
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            _log_request(scope, status, (time.perf_counter() - start) * 1000)


def _log_request(scope: Scope, status: int | None, duration_ms: float) -> None:
    method = scope.get("method", "WEBSOCKET")
    client = scope["client"][0] if scope.get("client") else None
    token_id = scope.get(TOKEN_ID_KEY)
    _log.info(
        "%s %s %s %.1f ms from %s with token %s",
        method,
        scope["path"],
        status or "-",
        duration_ms,
        client or "-",
        token_id or "-",
        extra={
            "fields": {
                "method": method,
                "path": scope["path"],
                "status": status,
                "duration_ms": round(duration_ms, 1),
                "client": client,
                "token_id": token_id,
            }
        },
    )


def _status_of(message: Message) -> int | None:
    """Return the HTTP status of a message that starts a response; None for other messages."""
    match message["type"]:
        case "http.response.start" | "websocket.http.response.start":
            return message["status"]
        case "websocket.accept":
            return 101
        case "websocket.close":
            return 403  # If a handshake is closed before it is accepted, ASGI servers answer 403
        case _:
            return None
