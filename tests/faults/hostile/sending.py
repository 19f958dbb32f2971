"""Send requests as exact bytes over a socket or through ASGI."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

from msgspec import Struct

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
ANSWER_DEADLINE_S = 20.0
_HOST = b"localhost"


class Attack(Struct, frozen=True):
    """A request. `name` describes the fault of the request.

    If `repeats` is not 0, the body is sent this many times in chunks without a declared length.
    """

    name: str
    method: str
    target: bytes
    headers: Headers = ()
    body: bytes = b""
    repeats: int = 0

    def __str__(self) -> str:
        headers = b"; ".join(
            b"%s: %s" % header for header in self.headers if header[0] != b"authorization"
        )
        text = f"{self.name}: {self.method} {_format_data(self.target)} [{_format_data(headers)}]"
        return f"{text} {_format_data(self.body)}{f' {self.repeats} times' if self.repeats else ''}"


class Reply(Struct, frozen=True):
    """The answer and its duration."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Sender(Protocol):
    """Sends one request. Returns None if the connection was closed without an answer."""

    async def send(self, attack: Attack) -> Reply | None:
        """Send a request and wait for the answer."""
        ...


def _format_data(data: bytes, max_length: int = 120) -> str:
    return repr(data[:max_length])[2:-1] + ("…" if len(data) > max_length else "")


class AsgiSender:
    """Calls an ASGI application as uvicorn does."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def send(self, attack: Attack) -> Reply | None:
        """Call the application once."""
        path, _, query = attack.target.partition(b"?")
        given = {name for name, _ in attack.headers}
        headers = [*attack.headers]
        if b"host" not in given:
            headers.append((b"host", _HOST))
        if attack.body and not attack.repeats and b"content-length" not in given:
            headers.append((b"content-length", b"%d" % len(attack.body)))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": attack.method,
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 40_000),
            "server": ("127.0.0.1", 4242),
        }
        received = _messages(attack)
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return await anext(received)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        start = time.perf_counter()
        async with asyncio.timeout(ANSWER_DEADLINE_S):
            await self._app(scope, receive, send)
        if not sent:
            return None
        body = b"".join(item.get("body", b"") for item in sent[1:])
        names = {k.decode().lower(): v.decode("latin-1") for k, v in sent[0]["headers"]}
        return Reply(sent[0]["status"], names, body, time.perf_counter() - start)


async def _messages(attack: Attack) -> AsyncIterator[dict[str, Any]]:
    for _ in range(attack.repeats):
        yield {"type": "http.request", "body": attack.body, "more_body": True}
    last = b"" if attack.repeats else attack.body
    yield {"type": "http.request", "body": last, "more_body": False}
    while True:
        yield {"type": "http.disconnect"}


class SocketSender:
    """Writes requests to a server's socket. Each request has a separate connection."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)

    async def send(self, attack: Attack) -> Reply | None:
        """Write a request and read one answer."""
        return await self.exchange(_head(attack), attack)

    async def exchange(self, data: bytes, attack: Attack | None = None) -> Reply | None:
        """Write any bytes and the body of the attack, and read one answer."""
        start = time.perf_counter()
        # asyncio's streams are unsuitable. Once the server disconnects, they hide its earlier data.
        with socket.socket() as connection:
            connection.setblocking(False)
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                loop = asyncio.get_running_loop()
                address = self._address.hostname, self._address.port
                await loop.sock_connect(connection, address)
                writing = asyncio.create_task(_write(connection, data, attack))
                try:
                    return await _read(connection, attack, start)
                except ConnectionError:
                    return None
                finally:
                    writing.cancel()
                    with suppress(asyncio.CancelledError):
                        await writing


def _head(attack: Attack) -> bytes:
    given = {name for name, _ in attack.headers}
    headers = [*attack.headers]
    if b"host" not in given:
        headers.append((b"host", _HOST))
    if attack.repeats:
        headers.append((b"transfer-encoding", b"chunked"))
    elif b"content-length" not in given and (attack.body or attack.method in ("POST", "PUT")):
        headers.append((b"content-length", b"%d" % len(attack.body)))
    lines = [b"%s %s HTTP/1.1" % (attack.method.encode(), attack.target)]
    lines += [b"%s: %s" % header for header in headers]
    return b"\r\n".join([*lines, b"", b""])


async def _write(connection: socket.socket, head: bytes, attack: Attack | None) -> None:
    loop = asyncio.get_running_loop()
    # The server may answer and disconnect before it has read everything.
    with suppress(ConnectionError):
        if attack is None or not attack.repeats:
            await loop.sock_sendall(connection, head + (attack.body if attack else b""))
            return
        await loop.sock_sendall(connection, head)
        chunk = b"%x\r\n%s\r\n" % (len(attack.body), attack.body)
        for _ in range(attack.repeats):
            await loop.sock_sendall(connection, chunk)
        await loop.sock_sendall(connection, b"0\r\n\r\n")


class _Receiver:
    """Reads the data that a server sends.

    Raises: ConnectionError: the server disconnects first.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._data = b""

    async def until(self, end: bytes) -> bytes:
        while end not in self._data:
            await self._more()
        found, _, self._data = self._data.partition(end)
        return found

    async def exactly(self, size: int) -> bytes:
        while len(self._data) < size:
            await self._more()
        found, self._data = self._data[:size], self._data[size:]
        return found

    async def _more(self) -> None:
        received = await asyncio.get_running_loop().sock_recv(self._connection, 65_536)
        if not received:
            raise ConnectionResetError
        self._data += received


async def _read(connection: socket.socket, attack: Attack | None, start: float) -> Reply:
    received = _Receiver(connection)
    head = await received.until(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    status = int(status_line.split(" ")[1])
    empty = status in (204, 304) or (attack is not None and attack.method == "HEAD")
    body = b"" if empty else await received.exactly(int(headers.get("content-length", 0)))
    return Reply(status, headers, body, time.perf_counter() - start)
