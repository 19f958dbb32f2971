"""Middleware that gzips responses."""

import asyncio
from collections.abc import Awaitable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.middleware import header_values
from store.content_coding import gzipped, selects_gzip

# Larger bodies are gzipped in a thread, so that the event loop can answer other requests meanwhile.
MAX_LOOP_BYTES = 50_000
# The handlers of these paths assemble their own gzip bodies from compressed pieces. The handlers
# also set the entity tags.
_SELF_COMPRESSED = frozenset({"/api/client/features", "/api/client/features/"})
_COMPRESSIBLE_TYPES = frozenset(
    {
        b"application/graphql-response+json",
        b"application/json",
        b"application/yaml",
        b"image/svg+xml",
        b"text/css",
        b"text/html",
        b"text/javascript",
        b"text/plain",
    }
)
_VARY = (b"vary", b"Accept-Encoding")
_UNTOUCHED = frozenset({204, 206})


class Compression:
    """Gzips text responses if the client accepts gzip, except streams and encoded responses.

    The entity tag of a gzipped response is weak, because a strong tag identifies only one coding
    (RFC 9110, 8.8.3.3). GraphQL and REST compare tags weakly, so clients get a 304 for the weak tag
    and for the strong tag.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Run the request and compress its response."""
        if scope["type"] != "http" or scope["path"] in _SELF_COMPRESSED:
            return self._app(scope, receive, send)
        return self._compress(scope, receive, send)

    async def _compress(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                if message["status"] == 304:
                    message = _not_modified(scope, message)
                elif _is_compressible(message):
                    held = {**message, "headers": [*message.get("headers", ()), _VARY]}
                    return
            elif held is not None:
                head, held = held, None
                if not message.get("more_body"):
                    head, message = await _compress_body(scope, head, message)
                await send(head)
            await send(message)

        await self._app(scope, receive, send_compressed)


async def _compress_body(scope: Scope, head: Message, message: Message) -> tuple[Message, Message]:
    """Gzip a whole body if the client accepts gzip and the body is large enough.

    Return the message that starts the response, and the message with the body.
    """
    body: bytes = message.get("body", b"")
    if body and selects_gzip(_accept_encoding(scope), len(body)):
        large = len(body) > MAX_LOOP_BYTES
        packed = await asyncio.to_thread(gzipped, body) if large else gzipped(body)
        head = {**head, "headers": _headers_for_gzip(head["headers"], len(packed))}
        message = {**message, "body": packed}
    return head, message


def _not_modified(scope: Scope, message: Message) -> Message:
    """If the client sent a weak entity tag, make the tag of the 304 weak."""
    sent = b", ".join(header_values(scope, b"if-none-match"))
    headers: list[tuple[bytes, bytes]] = []
    for name, value in message.get("headers", ()):
        weak = b"W/" + value
        headers.append((name, weak if name.lower() == b"etag" and weak in sent else value))
    return {**message, "headers": [*headers, _VARY]}


def _headers_for_gzip(
    headers: Iterable[tuple[bytes, bytes]], length: int
) -> list[tuple[bytes, bytes]]:
    changed = [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % length)]
    for name, value in headers:
        lowered = name.lower()
        if lowered == b"etag" and not value.startswith(b"W/"):
            changed.append((name, b"W/" + value))
        elif lowered != b"content-length":
            changed.append((name, value))
    return changed


def _is_compressible(start: Message) -> bool:
    """Whether a response is of a compressible media type and has no content coding."""
    if start["status"] in _UNTOUCHED:
        return False
    headers: Iterable[tuple[bytes, bytes]] = start.get("headers", ())
    media_type = b""
    for name, value in headers:
        lowered = name.lower()
        if lowered == b"content-encoding":
            return False
        if lowered == b"content-type":
            media_type = value.partition(b";")[0].strip().lower()
    return media_type in _COMPRESSIBLE_TYPES


def _accept_encoding(scope: Scope) -> str | None:
    values = header_values(scope, b"accept-encoding")
    return b", ".join(values).decode("latin-1") if values else None
