"""Sockets are refused with an HTTP answer. If the server cannot send an answer, it closes the
socket.
"""

from typing import Any

import pytest
from starlette.types import Message

from graph.engine.codes import ErrorCode
from graph.engine.http.socket_closing import deny


async def messages_of_refusal(extensions: dict[str, Any], status: int) -> list[Message]:
    """Return the ASGI messages for a socket that is refused with an HTTP status."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "extensions": extensions}
    await deny(scope, send, status, ErrorCode.RATE_LIMITED, "Too many sockets.")
    return sent


async def test_a_server_without_http_answers_to_sockets_closes_them() -> None:
    assert await messages_of_refusal({}, 429) == [{"type": "websocket.close", "code": 4403}]


@pytest.mark.parametrize(("status", "has_retry_after"), [(429, True), (403, False)])
async def test_a_refusal_is_an_http_answer(status: int, has_retry_after: bool) -> None:
    start, body = await messages_of_refusal({"websocket.http.response": {}}, status)

    assert (start["type"], start["status"]) == ("websocket.http.response.start", status)
    assert ("retry-after" in [name.decode() for name, _ in start["headers"]]) == has_retry_after
    assert body["type"] == "websocket.http.response.body"
    assert b"Too many sockets." in body["body"]
