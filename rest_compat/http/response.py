"""Complete and streamed responses."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import msgspec
from msgspec import Struct

from rest_compat.http.asgi import Receive, Send
from rest_compat.http.errors import RestError

# The maximum number of bytes that are passed to the connection at once. The connection copies the
# bytes, so this limit prevents a copy of a whole large piece for each client.
STREAM_PART_BYTES = 65_536

# Readers compare the ID of the installation with the one that they have followed so far.
INSTALLATION_HEADER = b"flagstaff-installation"

_JSON_TYPE = (b"content-type", b"application/json; charset=utf-8")

_encode = msgspec.json.Encoder().encode


class Response(Struct):
    """A complete response. Header names are in lower case; `send` adds `content-length`."""

    status: int
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = []

    async def send(self, send: Send, *, head: bool) -> None:
        """Send the response; omit the body in the response to a HEAD request."""
        headers = self.headers
        if self.status != 304:
            headers = [*headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if head else self.body})


class PieceResponse(Response, kw_only=True):
    """A complete response whose body consists of pieces. Several responses can share a piece."""

    pieces: Sequence[bytes]

    async def send(self, send: Send, *, head: bool) -> None:
        """Send the response; omit the body in the response to a HEAD request."""
        size = sum(map(len, self.pieces))
        headers = [*self.headers, (b"content-length", b"%d" % size)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        *first, last = (b"",) if head else self.pieces
        for piece in first:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": last})


class StreamResponse(Response, kw_only=True):
    """A response that streams its body until the pieces end or the client disconnects.

    `ended` is called once when the stream ends, regardless of the reason.
    """

    pieces: AsyncGenerator[bytes, None]
    receive: Receive
    ended: Callable[[], None]

    async def send(self, send: Send, *, head: bool) -> None:
        """Send the head at once, and each piece when the connection accepts more data."""
        try:
            async with aclosing(self.pieces):
                await self._send(send, head=head)
        finally:
            self.ended()

    async def _send(self, send: Send, *, head: bool) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if not head:
            sending = asyncio.create_task(self._send_pieces(send))
            gone = asyncio.create_task(self._wait_until_gone())
            try:
                await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (sending, gone):
                    task.cancel()
                await asyncio.gather(sending, gone, return_exceptions=True)
            if gone.done() and not gone.cancelled():
                return
            sending.result()
        await send({"type": "http.response.body", "body": b""})

    async def _send_pieces(self, send: Send) -> None:
        async for piece in self.pieces:
            for start in range(0, len(piece), STREAM_PART_BYTES):
                part = piece[start : start + STREAM_PART_BYTES]
                await send({"type": "http.response.body", "body": part, "more_body": True})
                del part
            # Release the piece, because the next one may arrive much later.
            del piece

    async def _wait_until_gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


def json_response(document: Any, *, status: int = 200) -> Response:
    """Return a response with a JSON body; `document` may contain msgspec structs."""
    return Response(status, _encode(document), [_JSON_TYPE])


def error_response(error: RestError) -> Response:
    """Return the response for an error."""
    body = error.body()
    no_body = body is None
    response = Response(error.status) if no_body else json_response(body, status=error.status)
    response.headers += [(k.lower().encode(), v.encode()) for k, v in error.headers.items()]
    return response
