"""Send requests of concurrent clients.

wrk sends requests for a given time. This process sends a given number of requests.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop
from msgspec import Struct

from tests.benchmarks.peers.measuring import load_core

DEADLINE_S = 60
WRK_CONNECTIONS = 64


class Request(Struct, frozen=True):
    """An HTTP request, and the required status of the answer."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    body: bytes = b""
    expected: int = 200

    def encode(self) -> bytes:
        """Return the bytes that a client sends."""
        parts = urlsplit(self.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, **self.headers}
        if self.method != "GET":
            headers["Content-Length"] = str(len(self.body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + self.body


def find_wrk() -> str | None:
    """The program wrk, or None if it is not installed."""
    return shutil.which("wrk")


def run_wrk(request: Request, seconds: float) -> int:
    """Send a request without a body repeatedly. Return the number of answers.

    Raises:
        RuntimeError: an answer was an error.
    """
    program = find_wrk()
    assert program is not None, "wrk is not installed"
    options = ["-t", "1", "-c", str(WRK_CONNECTIONS), "-d", f"{max(round(seconds), 1)}s"]
    headers = [f"-H{name}: {value}" for name, value in request.headers.items()]
    with _on_load_core():
        ran = subprocess.run(
            [program, *options, *headers, request.url],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
        )
    found = re.search(r"(\d+) requests in", ran.stdout)
    if found is None or "Non-2xx" in ran.stdout or "Socket errors" in ran.stdout:
        raise RuntimeError(f"wrk with {request.url}: {ran.stdout}{ran.stderr}")
    return int(found[1])


def send_all(requests: Sequence[Request], count: int, connections: int) -> int:
    """Send `count` requests by cycling through the given requests. Return `count`.

    Raises:
        RuntimeError: an answer has another status than expected, or reports an error of GraphQL.
    """
    encoded = islice(cycle([request.encode() for request in requests]), count)
    with _on_load_core():
        uvloop.run(_send_all(requests[0], encoded, min(connections, count)))
    return count


class _Connection(asyncio.Protocol):
    """A connection that sends the next request when the previous answer is complete."""

    def __init__(self, waiting: Iterator[bytes], expected: int) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._expected = expected

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods of `asyncio.Transport`, but is not a subclass.
        self._transport = cast(asyncio.Transport, transport)
        self._send_next()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(RuntimeError(f"not HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or RuntimeError("the server closed the connection"))

    def on_body(self, body: bytes) -> None:
        if not self._start:
            self._start = body

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        start = self._start[:200].replace(b" ", b"")
        if status != self._expected or start.startswith(b'{"errors"') or b'"errors":[{' in start:
            self._fail(RuntimeError(f"answer {status}: {self._start[:500]!r}"))
        else:
            self._send_next()

    def _send_next(self) -> None:
        self._start = b""
        self._parser = httptools.HttpResponseParser(self)
        request = next(self._waiting, None)
        if request is not None:
            self._transport.write(request)
        elif not self.ended.done():
            self.ended.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


async def _send_all(first: Request, encoded: Iterator[bytes], connections: int) -> None:
    loop = asyncio.get_running_loop()
    parts = urlsplit(first.url)
    assert parts.hostname is not None
    assert parts.port is not None
    opened: list[_Connection] = []
    try:
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: _Connection(encoded, first.expected), parts.hostname, parts.port
            )
            opened.append(connection)
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(*(connection.ended for connection in opened))
    finally:
        for connection in opened:
            connection.close()


@contextmanager
def _on_load_core() -> Iterator[None]:
    """Run this thread and the programs that it starts on the core of the load generator."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, load_core())
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
