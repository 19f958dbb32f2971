"""Send requests to the primary."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time
from typing import Any, NamedTuple, cast

import httpx
import msgspec
from msgspec import Struct

from flagstaff import __version__
from store.model import ApiTokenType
from store.operations.strings import display

CONNECT_S = 5.0
ANSWER_S = 10.0
# The primary sends a comment every 15 seconds, so a longer silence means a lost connection.
SILENCE_S = 40.0
# Retry-After is obeyed up to this time.
MAX_RETRY_S = 600.0
# A larger event or body is not from a primary.
MAX_BYTES = 256_000_000
INSTALLATION = "flagstaff-installation"
# The first version of the client specification with segments is 4.2.0; see `rest_compat.sdk`.
_SPEC = "5.2.0"
_TOKEN_TYPES = frozenset(ApiTokenType)


class UpstreamError(Exception):
    """The primary cannot be reached, or its answer cannot be used.

    `retry_after_s` is the time after which the primary wants to be asked again.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TokenRefusedError(UpstreamError):
    """The primary does not accept the token of this reader."""


class ReportsRefusedError(UpstreamError):
    """The primary does not accept these reports, although it accepts others."""


class WrongInstallationError(UpstreamError):
    """The server at the primary's address is of another installation than before."""


class NoStreamError(UpstreamError):
    """The primary does not stream changes, so the reader must poll."""


class ValidToken(Struct, frozen=True):
    """A token that the primary accepts. `*` means all projects or environments."""

    token: str
    type: str
    environment: str
    projects: tuple[str, ...] = ("*",)


class _ValidTokens(Struct):
    tokens: list[ValidToken]


class ServerEvent(NamedTuple):
    """A server-sent event; `data` is empty for a comment."""

    name: str
    data: bytes


_decode_tokens = msgspec.json.Decoder(_ValidTokens).decode


class Upstream:
    """The primary at a URL. Call `close` at the end.

    `installation` is the ID of the installation that the primary must have. If it is empty,
    `on_installation` is called with the ID in the first answer that has one.
    """

    def __init__(
        self,
        url: str,
        *,
        installation: str = "",
        on_installation: Callable[[str], Awaitable[object]] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self._installation = installation
        self._on_installation = on_installation
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=10),
            headers={
                "user-agent": f"Flagstaff-Reader/{__version__}",
                "unleash-appname": "flagstaff-reader",
                "unleash-client-spec": _SPEC,
            },
            transport=transport,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def validate(self, *secrets: str) -> list[ValidToken]:
        """Return the tokens that the primary accepts, without those of unknown types.

        A newer primary may have other types of tokens, which this reader cannot serve.

        Raises: UpstreamError.
        """
        response, content = await self._send("POST", "/edge/validate", json={"tokens": [*secrets]})
        try:
            tokens = _decode_tokens(content).tokens
        except msgspec.DecodeError as error:
            raise _unreadable(response, error) from None
        return [token for token in tokens if token.type in _TOKEN_TYPES]

    async def features(self, secret: str, etag: str | None) -> tuple[bytes | None, str | None]:
        """Return the features body and its tag; the body is None if the tag is unchanged.

        Raises: UpstreamError.
        """
        headers = {"authorization": secret} | ({"if-none-match": etag} if etag else {})
        response, content = await self._send("GET", "/api/client/features", headers=headers)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return None, etag
        return content, response.headers.get("etag")

    async def report(self, secret: str, body: Mapping[str, Any]) -> None:
        """Send reports, and return when the primary has stored them.

        Raises: UpstreamError. ReportsRefusedError: another body may be accepted.
        """
        await self._send(
            "POST",
            "/api/client/metrics/bulk",
            content=msgspec.json.encode(body),
            headers={"authorization": secret, "content-type": "application/json"},
        )

    @asynccontextmanager
    async def stream(self, secret: str) -> AsyncGenerator[AsyncGenerator[ServerEvent]]:
        """Open the stream of changes; return its events.

        Raises: UpstreamError, also while the events are read. NoStreamError.
        """
        headers = {"authorization": secret, "accept": "text/event-stream"}
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S, read=SILENCE_S)
        try:
            async with self._client.stream(
                "GET", "/api/client/streaming", headers=headers, timeout=timeout
            ) as response:
                if response.status_code != HTTPStatus.OK:
                    _require_success(response, streams=True)
                if not response.headers.get("content-type", "").startswith("text/event-stream"):
                    raise NoStreamError(f"{self.url} answers the request for a stream otherwise.")
                await self._check_installation(response)
                events = _events(response)
                try:
                    yield events
                finally:
                    await events.aclose()
        except httpx.HTTPError as error:
            raise _unreachable(self.url, error) from None

    async def _send(self, method: str, path: str, **parts: Any) -> tuple[httpx.Response, bytes]:
        """Send a request; return the response and its body.

        Raises: UpstreamError.
        """
        try:
            async with (
                asyncio.timeout(ANSWER_S + CONNECT_S),
                self._client.stream(method, path, **parts) as response,
            ):
                _require_success(response)
                content = await _read_body(response)
        except (httpx.HTTPError, TimeoutError) as error:
            raise _unreachable(self.url, error) from None
        media_type = response.headers.get("content-type", "")
        if content and not media_type.startswith("application/json"):
            raise UpstreamError(
                f"{self.url}{path} answers with {display(media_type) or 'no media type'} instead "
                "of JSON; is FLAGSTAFF_UPSTREAM the address of a server?"
            )
        await self._check_installation(response)
        return response, content

    async def _check_installation(self, response: httpx.Response) -> None:
        """Check that an answer is from the same installation as earlier answers.

        Raises: WrongInstallationError.
        """
        found = response.headers.get(INSTALLATION, "")
        if not found or found == self._installation:
            return
        if self._installation:
            raise WrongInstallationError(
                f"The server at {self.url} is of the installation {display(found)}, but this "
                f"reader has followed {self._installation}. To follow the other one, give the "
                "reader a new file (FLAGSTAFF_READER_FILE)."
            )
        if self._on_installation is not None:
            await self._on_installation(found)
        self._installation = found


def _require_success(response: httpx.Response, *, streams: bool = False) -> None:
    status = response.status_code
    if status in (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NOT_MODIFIED, 204):
        return
    # The URL of a request contains no secrets.
    message = f"{response.request.url} answered {status}."
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise TokenRefusedError(message)
    if streams and status in (404, 405, 406, 501):
        raise NoStreamError(message)
    retry_after_s = _retry_after_s(response)
    if streams and status == HTTPStatus.TOO_MANY_REQUESTS:
        raise NoStreamError(message, retry_after_s=retry_after_s)
    if response.request.method == "POST" and status in (400, 413, 415, 422, 429):
        raise ReportsRefusedError(message, retry_after_s=retry_after_s)
    raise UpstreamError(message, retry_after_s=retry_after_s)


def _retry_after_s(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return min(float(value[:9]), MAX_RETRY_S)
    try:
        seconds = parsedate_to_datetime(value).timestamp() - time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_S)


def _unreachable(url: str, error: Exception) -> UpstreamError:
    reason = display(str(error)) or type(error).__name__
    return UpstreamError(f"{url} cannot be reached ({reason}).")


def _unreadable(response: httpx.Response, error: Exception) -> UpstreamError:
    return UpstreamError(f"{response.request.url} sent an answer that cannot be read: {error}.")


async def _read_body(response: httpx.Response) -> bytes:
    """Return the body of a response.

    Raises: UpstreamError: the body is too large.
    """
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_BYTES:
            raise UpstreamError(f"{response.request.url} sent an answer that is too large.")
    return bytes(content)


async def _events(response: httpx.Response) -> AsyncGenerator[ServerEvent]:
    """Yield the events of a stream. A comment is an event without data.

    Raises: UpstreamError: an event is too large.
    """
    name, data, size = "message", cast("list[bytes]", []), 0
    async for line in _lines(response):
        if not line:
            if data:
                yield ServerEvent(name, b"\n".join(data))
            name, data, size = "message", [], 0
        elif line.startswith(b":"):
            yield ServerEvent("comment", b"")
        else:
            field, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            size += len(value)
            if size > MAX_BYTES:
                raise UpstreamError(f"{response.request.url} sent an event that is too large.")
            if field == b"event":
                name = value.decode("utf-8", "replace")
            elif field == b"data":
                data.append(value)


async def _lines(response: httpx.Response) -> AsyncGenerator[bytes]:
    """Yield the lines of a response without their ends.

    Raises: UpstreamError: a line is too large.
    """
    parts: Sequence[bytes] = ()
    pending: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        *parts, rest = chunk.split(b"\n")
        for part in parts:
            yield b"".join((*pending, part)).removesuffix(b"\r")
            pending.clear()
            size = 0
        pending.append(rest)
        size += len(rest)
        if size > MAX_BYTES:
            raise UpstreamError(f"{response.request.url} sent a line that is too large.")
