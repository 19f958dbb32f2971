"""Add security headers to all responses, and answer HEAD like GET."""

from collections.abc import Awaitable, Iterable
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header: TypeAlias = tuple[bytes, bytes]

# The default headers of responses. They forbid browsers to load resources, to show the response in
# a frame, and to cache the response. Pages set other headers.
SAFE_HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)


def with_safe_headers(headers: Iterable[Header]) -> list[Header]:
    """Add the `SAFE_HEADERS` that are missing in the headers of a response.

    Names are in lower case, as ASGI requires.
    """
    headers = list(headers)
    present = dict(headers)
    return headers + [header for header in SAFE_HEADERS if header[0] not in present]


class HeadAsGet:
    """Answers HEAD with the status and headers of GET, and with an empty body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Run the request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return self._app(scope, receive, send)
        return self._answer_head(scope, receive, send)

    async def _answer_head(self, scope: Scope, receive: Receive, send: Send) -> None:
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                await send(message)
            elif not ended:
                # A stream stops when its response ends.
                ended = True
                await send({"type": "http.response.body", "body": b""})

        await self._app({**scope, "method": "GET"}, receive, send_head)
