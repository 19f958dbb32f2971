"""Refuse and close sockets."""

from enum import IntEnum
from typing import Any

import orjson
from starlette.types import Scope, Send

from graph.engine.codes import ErrorCode
from graph.engine.errors import request_error
from graph.engine.http.sessions import RETRY_AFTER_S


class CloseCode(IntEnum):
    """The close codes of WebSocket and of the sub-protocol."""

    GOING_AWAY = 1012  # clients reconnect
    TRY_AGAIN_LATER = 1013
    TOO_LARGE = 1009
    INTERNAL = 1011
    BAD_MESSAGE = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    WRONG_PROTOCOL = 4406
    INIT_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITS = 4429


def close_message(code: CloseCode, reason: str) -> dict[str, Any]:
    """Return the ASGI message that closes a socket."""
    return {"type": "websocket.close", "code": int(code), "reason": reason}


async def deny(scope: Scope, send: Send, status: int, code: ErrorCode, message: str) -> None:
    """Refuse a socket before it is accepted."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": int(CloseCode.FORBIDDEN)})
        return
    body = orjson.dumps({"errors": [request_error(code, message)]})
    headers = [(b"content-type", b"application/json; charset=utf-8")]
    if status == 429:
        headers.append((b"retry-after", b"%d" % RETRY_AFTER_S))
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
