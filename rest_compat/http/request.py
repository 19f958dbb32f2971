"""A request as the endpoints see it, and the answer they give: thin on top of ASGI."""

import asyncio
import math
import re
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    MutableMapping,
)
from contextlib import aclosing
from operator import itemgetter
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from rest_compat.http.decoding import decode_json, unpacked
from rest_compat.http.errors import (
    BadDataError,
    BodyTooLargeError,
    ContentTypeError,
    Detail,
    FilterError,
    RequestTimeoutError,
    RestError,
)
from store import Snapshot, Store
from store.content_coding import CODINGS
from store.identity import Principal, require_held
from store.json_text import LARGE_TEXT_BYTES
from store.operations.text import shown

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_DEADLINE_S = 30.0
MAX_QUERY_FIELDS = 500
# `tag[]` or `tag[0]`: how clients, Node's `qs` among them, write that a name has several values.
_LIST_NAME = re.compile(r"[^\[\]]+\[(?P<index>\d*)\]", re.ASCII)
# What a client may still send of a refused body before the connection is closed on it: one that
# writes all before it reads gets to see the answer, an endless one does not keep the server busy.
MAX_DISCARDED_BYTES = 32_000_000
# Unpacking a larger body takes long enough to belong in a thread.
LARGE_PACKED_BYTES = 10_000
# How much of a stream's piece is handed to the connection at a time. The connection copies what it
# is given; the rest of a large piece, which many clients may be sent, waits without a copy.
STREAM_PART_BYTES = 65_536

_JSON_TYPE = (b"content-type", b"application/json; charset=utf-8")
_MEDIA_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.ASCII)

_encode = msgspec.json.Encoder().encode

# Where the headers of a request are kept in its scope, by name.
_HEADERS_KEY = "flagstaff.headers"


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


class StreamAnswer(Answer, kw_only=True):
    """An answer whose body comes piece by piece, until there is no more or the client hangs up.

    `ended` is called once, when nothing more is sent for whatever reason.
    """

    pieces: AsyncGenerator[bytes, None]
    receive: Receive
    ended: Callable[[], None]

    async def send(self, send: Send, *, head: bool = False) -> None:
        """Send the head at once and each piece as it comes; a slow client holds the next one up."""
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

    async def _wait_until_gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


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
    `rest_compat.http.errors` knows, StoreUnavailableError among it.
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
        return client_address(self.scope)

    def header(self, name: str) -> str | None:
        """The value of a header, `name` in lower case; several are joined by commas."""
        return header_of(self.scope, name.encode())

    @property
    def media_type(self) -> str:
        """What the body is said to be, in lower case and without parameters; empty for nothing."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def query(self) -> list[tuple[str, str]]:
        """The names and values of the query, decoded, in order, empty values included.

        Raises: BadDataError: it has too many, or holds what no text may hold.
        """
        raw: bytes = self.scope["query_string"]
        if b"%00" in raw:
            raise BadDataError("The query holds a NUL character.")
        try:
            return parse_qsl(
                raw.decode(),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_QUERY_FIELDS,
            )
        except UnicodeDecodeError:
            raise BadDataError("The query is no UTF-8.") from None
        except ValueError:
            raise BadDataError(f"The query has more than {MAX_QUERY_FIELDS} parameters.") from None

    def query_lists(self, *names: str) -> dict[str, list[str]]:
        """The values of some names of the query that may have several, empty ones left out.

        A value comes as `tag=`, `tag[]=` or `tag[0]=`; those with an index go first, in its order.

        Raises: BadDataError: as `query` says, or a name has anything else in brackets.
        """
        found: dict[str, list[tuple[float, str]]] = {name: [] for name in names}
        for key, value in self.query():
            name, bracket, _ = key.partition("[")
            if name not in found:
                continue
            place = math.inf
            if bracket:
                form = _LIST_NAME.fullmatch(key)
                if form is None:
                    message = f"Write {name}, {name}[] or {name}[0] for '{shown(key)}'."
                    raise FilterError(Detail(message, name), type="array.base")
                place = float(form["index"] or math.inf)
            if value:
                found[name].append((place, value))
        return {
            name: [value for _, value in sorted(values, key=itemgetter(0))]
            for name, values in found.items()
        }

    async def body(self) -> bytes:
        """The body, unpacked.

        Raises:
            ContentTypeError: it is said to be anything but JSON (saying nothing is fine), or is
                packed in an unknown way.
            BodyTooLargeError, RequestTimeoutError: it exceeds a limit.
            UnauthenticatedError: the token was revoked or has expired meanwhile.
            BadDataError: it cannot be unpacked.
        """
        media_type = self.media_type
        if media_type and not is_json(media_type):
            raise ContentTypeError(f"The content type must be application/json, not {media_type}.")
        return await self.content()

    async def content(self) -> bytes:
        """The body, unpacked, of whatever media type it is.

        Raises: as `body` says, the media type aside.
        """
        coding = (self.header("content-encoding") or "identity").strip().lower()
        if coding != "identity" and coding not in CODINGS:
            raise ContentTypeError(
                f"The content encoding {coding} is not known here, only gzip and deflate.",
                headers={"Accept-Encoding": "gzip, deflate"},
            )
        body = await self._read()
        # The token may have been revoked while the body was on its way.
        require_held(self.principal.actor, self.store.snapshot, now=self.store.clock())
        if coding == "identity":
            return body
        if len(body) > LARGE_PACKED_BYTES:
            return await asyncio.to_thread(unpacked, body, coding, limit=self.max_body_bytes)
        return unpacked(body, coding, limit=self.max_body_bytes)

    async def json(self) -> Any:
        """The body as JSON; an empty one counts as an empty object.

        Raises: what `body` and `decode_json` raise.
        """
        return await decoded(await self.body())

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


async def decoded(body: bytes) -> Any:
    """A body as JSON; a large one is parsed in a thread, so that others are answered meanwhile.

    Raises: as `decode_json`.
    """
    if len(body) > LARGE_TEXT_BYTES:
        return await asyncio.to_thread(decode_json, body)
    return decode_json(body)


Handler: TypeAlias = Callable[[Request], Awaitable[Answer]]


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON or a format that is written as JSON."""
    return _MEDIA_TYPE.fullmatch(media_type) is not None


def client_address(scope: Scope) -> str | None:
    """The address that a request comes from, None where the server knows none."""
    client = scope.get("client")
    return client[0] if client else None


def header_of(scope: Scope, name: bytes) -> str | None:
    """The value of a header of an ASGI scope, several joined by commas, decoded as Latin-1."""
    headers = scope.get(_HEADERS_KEY)
    if headers is None:
        headers = scope[_HEADERS_KEY] = _joined(scope["headers"])
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _joined(headers: Collection[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    joined = dict(headers)
    if len(joined) < len(headers):
        joined.clear()
        for name, value in headers:
            joined[name] = joined[name] + b", " + value if name in joined else value
    return joined
