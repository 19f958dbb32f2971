"""A request as the endpoints see it, and the answer they give: thin on top of ASGI."""

import asyncio
import re
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from itertools import chain
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl

import msgspec
import orjson
from msgspec import Struct

from rest_compat.errors import (
    BadDataError,
    BodyTooLargeError,
    ContentTypeError,
    Detail,
    RequestTimeoutError,
    RestError,
)
from store import Snapshot, Store
from store.identity import Principal

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_DEADLINE_S = 30.0
MAX_NESTING = 64
# What a client may still send of a refused body before the connection is closed on it: one that
# writes all before it reads gets to see the answer, an endless one does not keep the server busy.
MAX_DISCARDED_BYTES = 32_000_000

_JSON_TYPE = (b"content-type", b"application/json; charset=utf-8")
_MEDIA_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.ASCII)
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_DEFLATE = -15

_encode = msgspec.json.Encoder().encode


class ClientGoneError(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


class Answer(Struct):
    """A whole answer. Header names are lower-case bytes; the length is added when it is sent."""

    status: int
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = []

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send the answer, without its body where the request was a HEAD."""
        headers = self.headers
        if self.status != 304:
            headers = [*headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if head else self.body})


def json_answer(document: Any, *, status: int = 200) -> Answer:
    """An answer with a JSON body; structs of msgspec may be part of the document."""
    return Answer(status, _encode(document), [_JSON_TYPE])


def accepted() -> Answer:
    """202 without a body: what SDKs expect of a registration or a metrics report."""
    return Answer(202)


def error_answer(error: RestError) -> Answer:
    """The answer for an error, in the contract's body."""
    document = error.body()
    empty = document is None
    answer = Answer(error.status) if empty else json_answer(document, status=error.status)
    answer.headers += [(k.lower().encode(), v.encode()) for k, v in error.headers.items()]
    return answer


class Request(Struct):
    """A request that has passed the token check.

    `snapshot` is the one to answer from; `path` is decoded, without a slash at its end;
    `parameters` holds the texts in it that stand for something, such as a name.
    Handlers are `async def handler(request: Request) -> Answer`; they raise what
    `rest_compat.errors` knows, StoreUnavailableError among it.
    """

    scope: Scope
    receive: Receive
    path: str
    principal: Principal
    snapshot: Snapshot
    store: Store
    max_body_bytes: int
    parameters: Mapping[str, str] = {}

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return self.scope["method"]

    @property
    def client_ip(self) -> str | None:
        """The address of the peer, where the server knows one."""
        client = self.scope.get("client")
        return client[0] if client else None

    def header(self, name: str) -> str | None:
        """The value of a header, `name` in lower case; several are joined by commas."""
        return header_of(self.scope, name.encode())

    def query(self) -> list[tuple[str, str]]:
        """The names and values of the query, decoded, in order, empty values included."""
        try:
            return parse_qsl(
                self.scope["query_string"].decode("latin-1"),
                keep_blank_values=True,
                max_num_fields=500,
            )
        except ValueError:
            raise BadDataError("The query has too many parameters.") from None

    async def body(self) -> bytes:
        """The body, unpacked.

        Raises:
            ContentTypeError: it is said to be anything but JSON (saying nothing is fine), or is
                packed in an unknown way.
            BodyTooLargeError, RequestTimeoutError: it exceeds a limit.
            BadDataError: it cannot be unpacked.
        """
        media_type = (self.header("content-type") or "").partition(";")[0].strip().lower()
        if media_type and not _MEDIA_TYPE.fullmatch(media_type):
            raise ContentTypeError(f"The content type must be application/json, not {media_type}.")
        coding = (self.header("content-encoding") or "identity").strip().lower()
        if coding != "identity" and coding not in _WINDOW_BITS:
            raise ContentTypeError(
                f"The content encoding {coding} is not known here, only gzip and deflate."
            )
        body = await self._read()
        return body if coding == "identity" else unpacked(body, coding, limit=self.max_body_bytes)

    async def json(self) -> Any:
        """The body as JSON; an empty one counts as an empty object.

        Raises: BadDataError: if it is no JSON, is nested too deep, or holds a NUL character.
        """
        return decode_json(await self.body())

    async def _read(self) -> bytes:
        limit = self.max_body_bytes
        declared = self.header("content-length") or ""
        if declared.isdecimal() and int(declared[:20]) > limit:
            raise await self._too_large()
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_DEADLINE_S):
                while True:
                    chunk, more = await self._next_chunk()
                    size += len(chunk)
                    if size > limit:
                        break
                    chunks.append(chunk)
                    if not more:
                        return b"".join(chunks)
        except TimeoutError:
            raise RequestTimeoutError(
                f"The body did not arrive within {BODY_DEADLINE_S:g} seconds.",
                headers={"Connection": "close"},
            ) from None
        chunks.clear()
        raise await self._too_large()

    async def _next_chunk(self) -> tuple[bytes, bool]:
        message = await self.receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        return message.get("body", b""), message.get("more_body", False)

    async def _too_large(self) -> BodyTooLargeError:
        ended = (self.header("expect") or "").lower() != "100-continue" and await self._discard()
        return BodyTooLargeError(
            f"The body is larger than {self.max_body_bytes} bytes.",
            headers={} if ended else {"Connection": "close"},
        )

    async def _discard(self) -> bool:
        """Read what is left of the body and forget it; False if that is too much or too slow."""
        left = MAX_DISCARDED_BYTES
        try:
            async with asyncio.timeout(BODY_DEADLINE_S):
                while left > 0:
                    chunk, more = await self._next_chunk()
                    left -= len(chunk)
                    if not more:
                        return True
        except TimeoutError:
            pass
        return False


Handler: TypeAlias = Callable[[Request], Awaitable[Answer]]


def header_of(scope: Scope, name: bytes) -> str | None:
    """The value of a header of an ASGI scope, several joined by commas, decoded as Latin-1."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def unpacked(body: bytes, coding: str, *, limit: int) -> bytes:
    """A body freed of its content coding (gzip or deflate), never larger than `limit` in memory.

    Raises: BodyTooLargeError, BadDataError.
    """
    bits = _WINDOW_BITS[coding]
    # "deflate" means zlib, but some clients send the bare stream; the first byte tells them apart.
    if coding == "deflate" and (not body or body[0] & 0x0F != 8):
        bits = _RAW_DEFLATE
    unpacker = zlib.decompressobj(bits)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise BadDataError(Detail(f"The body is no {coding} data.", "/body")) from None
    if len(plain) > limit:
        raise BodyTooLargeError(f"The body is larger than {limit} bytes once unpacked.")
    if not unpacker.eof or unpacker.unused_data:
        raise BadDataError(Detail(f"The body is cut off, or more than {coding} data.", "/body"))
    return plain


def decode_json(body: bytes) -> Any:
    """JSON from a client; no bytes count as an empty object.

    Raises: BadDataError: as `Request.json` says.
    """
    if not body:
        return {}
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadDataError(Detail(f"The body is no JSON: {error}.", "/body")) from None
    if body.count(b"[") + body.count(b"{") > MAX_NESTING or b"\\u0000" in body:
        _check_depth_and_text(document)
    return document


def _check_depth_and_text(document: Any) -> None:
    level: list[Any] = [document]
    for depth in range(MAX_NESTING + 1):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                if "\0" in value:
                    raise BadDataError(Detail("The body holds a NUL character.", "/body"))
            elif isinstance(value, dict | list):
                if depth == MAX_NESTING:
                    message = f"The body is nested deeper than {MAX_NESTING} levels."
                    raise BadDataError(Detail(message, "/body"))
                below += _contents(cast("dict[str, Any] | list[Any]", value))
        level = below


def _contents(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return chain.from_iterable(container.items()) if isinstance(container, dict) else container
