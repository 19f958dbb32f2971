"""The request that handlers get, with its headers, query and body."""

import asyncio
import math
import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, cast
from urllib.parse import parse_qsl

from msgspec import Struct

from rest_compat.http.asgi import Receive, Scope, client_address, header_of
from rest_compat.http.decoding import decode_json, unpack_body
from rest_compat.http.errors import (
    BadDataError,
    BodyTooLargeError,
    ContentTypeError,
    Detail,
    FilterError,
    RequestTimeoutError,
)
from rest_compat.http.repeating import POLL_KEY, Poll
from store import Snapshot, Store
from store.content_coding import CODINGS
from store.identity import Principal, require_held
from store.json_checks import LARGE_JSON_BYTES
from store.operations.strings import display

BODY_DEADLINE_S = 30.0
MAX_QUERY_FIELDS = 500
# Matches the names that clients such as Node's `qs` use for several values: `tag[]` or `tag[0]`.
_LIST_NAME = re.compile(r"[^\[\]]+\[(?P<index>\d*)\]", re.ASCII)
# The maximum number of bytes of a refused body that the server reads and discards. Many clients
# read the response only after they have sent the whole body. The limit protects against endless
# bodies.
MAX_DISCARDED_BYTES = 32_000_000
# Larger compressed bodies are decompressed in a thread.
LARGE_PACKED_BYTES = 10_000
_MEDIA_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.ASCII)


class ClientGoneError(Exception):
    """The client disconnected before its request was complete."""


class Request(Struct):
    """A request that has passed the token check.

    `snapshot` is the configuration for the answer. `path` is decoded and has no trailing slash.
    `parameters` are the values of the path's parameters. `public_url` and `base_path` are settings.
    """

    scope: Scope
    receive: Receive
    path: str
    principal: Principal
    snapshot: Snapshot
    store: Store
    max_body_bytes: int
    parameters: Mapping[str, str] = {}
    public_url: str = ""
    base_path: str = ""

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return self.scope["method"]

    @property
    def client_ip(self) -> str | None:
        """The address of the client, or None if the address is unknown."""
        return client_address(self.scope)

    def header(self, name: str) -> str | None:
        """Return the value of a header. `name` is in lower case.

        Several values are joined by commas.
        """
        return header_of(self.scope, name.encode())

    def allow_repeating(self) -> None:
        """Allow the server to repeat the response for later requests with the same bytes.

        The response is repeated while `snapshot` is the newest snapshot and the token is valid. The
        response must depend only on the snapshot and the token, and not on the clock or on usage.
        """
        poll: Poll | None = self.scope.get(POLL_KEY)
        if poll is not None:
            poll.snapshot, poll.token = self.snapshot, self.principal.token

    @property
    def media_type(self) -> str:
        """The media type of the body in lower case and without parameters. The default is ""."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def query(self) -> list[tuple[str, str]]:
        """Return the decoded names and values of the query in order, including empty values.

        Raises: BadDataError: there are too many parameters, or a character is not allowed.
        """
        raw: bytes = self.scope["query_string"]
        if b"%00" in raw:
            raise BadDataError("The query contains a NUL character.")
        try:
            return parse_qsl(
                raw.decode(),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_QUERY_FIELDS,
            )
        except UnicodeDecodeError:
            raise BadDataError("The query is not UTF-8.") from None
        except ValueError:
            raise BadDataError(f"The query has more than {MAX_QUERY_FIELDS} parameters.") from None

    def query_lists(self, *names: str) -> dict[str, list[str]]:
        """Return the non-empty values of repeatable query parameters.

        Clients send values as `tag=`, `tag[]=` or `tag[0]=`. Values with an index come first,
        sorted by index.

        Raises: FilterError: the brackets of a name have another form. BadDataError: see `query`.
        """
        found: dict[str, list[tuple[float, str]]] = {name: [] for name in names}
        for key, value in self.query():
            name, bracket, _ = key.partition("[")
            if name not in found:
                continue
            position = math.inf
            if bracket:
                form = _LIST_NAME.fullmatch(key)
                if form is None:
                    message = (
                        f"Write '{name}', '{name}[]' or '{name}[0]' instead of '{display(key)}'."
                    )
                    raise FilterError(Detail(message, name), type="array.base")
                position = float(form["index"] or math.inf)
            if value:
                found[name].append((position, value))
        return {
            name: [value for _, value in sorted(values, key=itemgetter(0))]
            for name, values in found.items()
        }

    async def body(self) -> bytes:
        """Read and decompress a JSON body.

        Raises:
            ContentTypeError: the media type is not JSON, or the content encoding is unknown.
            BodyTooLargeError, RequestTimeoutError: the body exceeds a limit.
            UnauthenticatedError: the token was revoked or expired while the body arrived.
            BadDataError: the body cannot be decompressed.
        """
        media_type = self.media_type
        if media_type and not is_json(media_type):
            raise ContentTypeError(f"The content type must be application/json, not {media_type}.")
        return await self.content()

    async def content(self) -> bytes:
        """Read and decompress a body of any media type.

        Raises: the errors of `body`, except those about the media type.
        """
        coding = (self.header("content-encoding") or "identity").strip().lower()
        if coding != "identity" and coding not in CODINGS:
            raise ContentTypeError(
                f"The content encoding {coding} is not supported, only gzip and deflate.",
                headers={"Accept-Encoding": "gzip, deflate"},
            )
        body = await self._read()
        # The token may have been revoked, or may have expired, while the body arrived.
        require_held(self.principal.actor, self.store.snapshot, now=self.store.clock())
        if coding == "identity":
            return body
        if len(body) > LARGE_PACKED_BYTES:
            return await asyncio.to_thread(unpack_body, body, coding, limit=self.max_body_bytes)
        return unpack_body(body, coding, limit=self.max_body_bytes)

    async def json(self) -> Any:
        """Read the body as JSON. An empty body is read as `{}`.

        Large bodies are decoded in a thread.

        Raises: the errors of `body` and `decode_json`.
        """
        body = await self.body()
        if len(body) > LARGE_JSON_BYTES:
            return await asyncio.to_thread(decode_json, body)
        return decode_json(body)

    async def json_object(self) -> dict[str, Any]:
        """Read the body as a JSON object.

        As in Unleash 3.17.6, a JSON value that is not an object is read as `{}`.

        Raises: the errors of `json`.
        """
        document = await self.json()
        return cast("dict[str, Any]", document) if isinstance(document, dict) else {}

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
        """Read and discard the unread part of a body. Return whether it ended within the limits."""
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


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON or a format based on JSON."""
    return _MEDIA_TYPE.fullmatch(media_type) is not None
