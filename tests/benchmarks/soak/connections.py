"""HTTP/1.1 over plain sockets, because it costs little CPU time. Each client has one connection."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from tests.benchmarks.soak.record import Record

ANSWER_DEADLINE_S = 30
MAX_TRIES = 100
# The maximum number of bytes between two line ends of a body.
LIMIT_BYTES = 16_000_000
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
# Errors have unique IDs. The IDs are removed, so that equal errors are counted together.
_ID = re.compile(rb'"id":"[^"]*",')
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class GaveUpError(Exception):
    """A request was never answered, despite all retries."""


class Answer(Struct):
    """The answer of a server."""

    status: int
    etag: str
    body: bytes


class Connection:
    """A connection that stays open. If it is lost, the client connects to the next server."""

    def __init__(self, record: Record, ports: Sequence[int], number: int, token: str) -> None:
        self._record = record
        self._ports = ports
        self._number = number
        self._head = f"Host: 127.0.0.1\r\nAuthorization: {token}\r\n"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    def close(self) -> None:
        """Close the connection. The next request opens another connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def send(
        self, kind: str, method: str, path: str, *, headers: str = "", body: bytes = b""
    ) -> Answer:
        """Send a request and return the answer. Repeat the request after a failure, a 429 or a 503.

        Repeating a report is safe, because the server counts reports with equal bodies once.

        Raises: GaveUpError: MAX_TRIES attempts failed.
        """
        if body:
            headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        request = f"{method} {path} HTTP/1.1\r\n{self._head}{headers}\r\n".encode() + body
        for _ in range(MAX_TRIES):
            fresh = self._reader is None or self._reader.at_eof()
            try:
                answer = await self._exchange(kind, request, fresh)
            except (OSError, EOFError, TimeoutError) as error:
                self.close()
                self._number += 1
                # A server may close a connection while the client sends a request.
                if fresh:
                    self._record.fault(kind, type(error).__name__)
                    await asyncio.sleep(random.uniform(0.2, 1.0))
                continue
            if answer.status < 400:
                return answer
            self._record.fault(kind, f"{answer.status} {_ID.sub(b'', answer.body)[:200]!r}")
            if answer.status not in (429, 503):
                return answer
            await asyncio.sleep(random.uniform(0.5, 2.0))
        raise GaveUpError(kind)

    async def _exchange(self, kind: str, request: bytes, fresh: bool) -> Answer:
        async with asyncio.timeout(ANSWER_DEADLINE_S):
            if fresh:
                await self._open()
            assert self._reader is not None
            assert self._writer is not None
            began = time.monotonic()
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
            if _CHUNKED.search(head):
                body = b"".join([part async for part in chunks(self._reader)])
            else:
                length = _LENGTH.search(head)
                body = await self._reader.readexactly(int(length[1]) if length else 0)
            self._record.took(kind, time.monotonic() - began)
        etag = _ETAG.search(head)
        return Answer(int(head[9:12]), etag[1].decode() if etag else "", body)

    async def stream(self, path: str, last_event_id: str) -> AsyncIterator[tuple[str, bytes]]:
        """Yield the id and the data of each server-sent event until the server ends the stream.

        Raises: OSError, EOFError: the connection is lost, or the stream is refused.
        """
        self.close()
        self._number += 1
        async with asyncio.timeout(ANSWER_DEADLINE_S):
            await self._open()
            assert self._reader is not None
            assert self._writer is not None
            headers = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id else ""
            self._writer.write(f"GET {path} HTTP/1.1\r\n{self._head}{headers}\r\n".encode())
            head = await self._reader.readuntil(b"\r\n\r\n")
        if head[9:12] != b"200":
            raise ConnectionError(head[9:12].decode())
        rest = b""
        async for part in chunks(self._reader):
            *events, rest = (rest + part).split(b"\n\n")
            for event in events:
                fields: dict[bytes, bytes] = {}
                for line in event.split(b"\n"):
                    name, _, value = line.partition(b": ")
                    fields[name] = value
                if b"data" in fields:
                    yield fields.get(b"id", b"").decode(), fields[b"data"]

    async def _open(self) -> None:
        self.close()
        port = self._ports[self._number % len(self._ports)]
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", port, limit=LIMIT_BYTES
        )


async def chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The chunks of a body. The last chunk is empty."""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
