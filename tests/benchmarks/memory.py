"""Check that the memory of a server stays flat.

    python -m tests.benchmarks.memory [--share 1.0] [--help]

A server with SQLite and 500 toggles gets 50,000 different GraphQL documents, 20,000 changes and
500,000 polls. With `--share`, it gets a share of these requests. The program prints the server's
memory (RSS) after each tenth. The warm-up fills the bounded caches. If the memory after the last
tenth exceeds the memory after the warm-up by more than 5 %, the program exits with 1. Linux only.
"""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any, Self

from tests.filling import Size, fill, toggle_name
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, Server

TOGGLES = 500
DOCUMENTS, CHANGES, POLLS = 50_000, 20_000, 500_000
# The warm-up performs this share of the documents, changes and polls, and at least the minimum
# numbers. These fill the caches of documents, of compiled functions, of answers and of events.
WARM_UP_SHARE = 0.05
WARM_UP_MINIMUM = (3_000, 6_000, 3_000)
STEPS = 10
ROUNDS_IN_STEP = 20
CONNECTIONS = 8
MAX_GROWTH = 0.05
ANSWER_DEADLINE_S = 120
MAX_TRIES = 20
PRODUCTION_TOKEN = "*:production.client-secret-of-the-soak"
PROJECT_TOKEN = "project-1:default.client-secret-of-the-soak"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_FIELDS = (
    "id",
    "description",
    "stale",
    "archived",
    "createdAt",
    "revision",
    "lastSeenAt",
    "type { name title }",
    "project { name }",
    "tags { value type { name } }",
    "environments { enabled strategies { name parameters { name value } } }",
    "dependencies { enabled toggle { name } }",
    "usages(first: 1) { nodes { lastSeenAt } }",
    "events(first: 1) { nodes { summary } }",
)


class Connection:
    """A connection that stays open. Answers must have a Content-Length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, server: Server) -> Self:
        """Connect to a server."""
        port = int(server.url.rpartition(":")[2])
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=16_000_000))

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()

    async def send(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request and return the status, the ETag and the body of the answer.

        After a 503 the request is repeated, because the database may be slow on a busy machine.
        """
        answer = await self._exchange(request)
        for _ in range(MAX_TRIES):
            if answer[0] != 503:
                break
            await asyncio.sleep(1)
            answer = await self._exchange(request)
        return answer

    async def _exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        async with asyncio.timeout(ANSWER_DEADLINE_S):
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await self._reader.readexactly(int(length[1]) if length else 0)
        tag = _ETAG.search(head)
        return int(head[9:12]), tag[1] if tag else b"", body


def get(path: str, token: str, headers: str = "") -> bytes:
    """The bytes of a GET. Each header in `headers` ends with a line end."""
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n{headers}\r\n".encode()


def post(path: str, body: Any) -> bytes:
    """The bytes of a POST with the admin token."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: {ADMIN_TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def document(number: int, first: int) -> bytes:
    """A GraphQL request with fields, aliases and arguments that no other number has.

    Every fourth request is an automatic persisted query.
    """
    chosen = [field for bit, field in enumerate(_FIELDS) if (number * 2_654_435_761 >> bit) & 1]
    selection = " ".join(f"f{number}x{index}: {field}" for index, field in enumerate(chosen))
    text = (
        f"query Soak{number}($first{number}: Int = {first}) {{ a{number}: toggles("
        f'first: $first{number}, filter: {{ search: "{number % 500}" }}) '
        f"{{ totalCount nodes {{ name ...F{number} }} }} }} "
        f"fragment F{number} on Toggle {{ n{number}: name {selection} }}"
    )
    body: dict[str, Any] = {"query": text}
    if number % 4 == 0:
        hashed = hashlib.sha256(text.encode()).hexdigest()
        body["extensions"] = {"persistedQuery": {"version": 1, "sha256Hash": hashed}}
    return post("/graphql", body)


def change(number: int) -> bytes:
    """A request that changes one toggle."""
    name = toggle_name(number % TOGGLES)
    inputs: tuple[tuple[str, dict[str, Any]], ...] = (
        ("toggleUpdate", {"name": name, "description": f"Change {number}."}),
        ("toggleSetEnabled", {"name": name, "enabled": number // TOGGLES % 2 == 0}),
        ("toggleUpdate", {"name": name, "stale": number // TOGGLES % 2 == 0}),
    )
    mutation, input = inputs[number % len(inputs)]
    input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
    text = (
        f"mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    )
    return post("/graphql", {"query": text, "variables": {"input": input}})


class Soak:
    """Sends requests of all kinds to one server. The numbers of requests never repeat."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._connections = connections
        self._warms_up = True
        self._documents, self._changes, self._polls = count(), count(), count()
        self._tags: dict[bytes, bytes] = {}

    async def run(self, documents: int, changes: int, polls: int) -> None:
        """Send the given number of requests of each kind, in mixed order."""
        for number in range(ROUNDS_IN_STEP):
            parts = [_part(total, number, ROUNDS_IN_STEP) for total in (documents, changes, polls)]
            await asyncio.gather(
                self._share(parts[0], self._send_document, self._connections[:2]),
                self._share(parts[1], self._send_change, self._connections[2:3]),
                self._share(parts[2], self._poll, self._connections[3:]),
            )
        self._warms_up = False

    async def _share(self, times: int, send: Any, connections: Sequence[Connection]) -> None:
        left = iter(range(times))

        async def use(connection: Connection) -> None:
            for _ in left:
                await send(connection)

        await asyncio.gather(*map(use, connections))

    async def _send_document(self, connection: Connection) -> None:
        number = next(self._documents)
        # The large answers of the warm-up fill the caches of answers.
        request = document(number, 20 if self._warms_up else 1)
        # Compiled functions and answers are cached from the second request on.
        for _ in range(2 if self._warms_up or number % 3 == 0 else 1):
            status, _, body = await connection.send(request)
            assert (status, b'"errors"' in body) == (200, False), body[:300]

    async def _send_change(self, connection: Connection) -> None:
        status, _, body = await connection.send(change(next(self._changes)))
        assert (status, b'"errors":[]' in body) == (200, True), body[:300]

    async def _poll(self, connection: Connection) -> None:
        number = next(self._polls)
        request = self._poll_requests(number)
        tag = self._tags.get(request)
        # Every tenth poll has no ETag, like the first poll of an SDK.
        if tag is not None and number % 10:
            request = request[:-2] + b"If-None-Match: " + tag + b"\r\n\r\n"
        status, new, body = await connection.send(request)
        assert status in (200, 304), body[:300]
        if status == 200 and new:
            self._tags[self._poll_requests(number)] = new

    def _poll_requests(self, number: int) -> bytes:
        token = (CLIENT_TOKEN, PRODUCTION_TOKEN, PROJECT_TOKEN)[number // 7 % 3]
        coding = ("gzip", "identity")[number // 21 % 2]
        headers = f"Accept-Encoding: {coding}\r\n"
        if number % 100 == 0:
            # The user differs, so no request is repeated.
            return get(f"/api/frontend?userId={number}", FRONTEND_TOKEN)
        if number % 50 == 1:
            return get(f"/api/client/features?namePrefix=toggle-00{number % 7}", token, headers)
        if number % 50 == 2:
            return get("/api/client/delta", token, headers)
        return get("/api/client/features", token, headers)


def _part(total: int, index: int, parts: int) -> int:
    """Divide a number into parts that are as equal as possible. Return the size of one part."""
    return total * (index + 1) // parts - total * index // parts


async def soak(server: Server, share: float) -> list[float]:
    """Warm up and soak. Return the memory after the warm-up and after each tenth."""
    found: list[float] = []
    totals = [round(total * share) for total in (DOCUMENTS, CHANGES, POLLS)]
    async with AsyncExitStack() as stack:
        connections = [await Connection.open(server) for _ in range(CONNECTIONS)]
        for connection in connections:
            stack.push_async_callback(connection.close)
        work = Soak(connections)
        warm_up = [
            max(minimum, round(total * WARM_UP_SHARE))
            for minimum, total in zip(WARM_UP_MINIMUM, totals, strict=True)
        ]
        for number in range(STEPS + 1):
            began = time.monotonic()
            parts = [_part(total, number - 1, STEPS) for total in totals] if number else warm_up
            await work.run(*parts)
            found.append(server.memory_mb())
            name = f"tenth {number}" if number else "warm-up"
            print(f"{name:>9}: {found[-1]:7.1f} MB, {time.monotonic() - began:.0f} s", flush=True)
    return found


def main() -> None:
    """Soak, print the memory, and compare it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="the share of all requests")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flagstaff-memory-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'flagstaff.db'}"
        asyncio.run(fill(url, Size(TOGGLES, 5, 5)))
        variables = {
            **TOKENS,
            "FLAGSTAFF_INIT_CLIENT_TOKENS": f"{CLIENT_TOKEN},{PRODUCTION_TOKEN},{PROJECT_TOKEN}",
            "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN,
            "FLAGSTAFF_DATABASE_URL": url,
            # A busy machine must not cause timeouts, because this program measures only memory.
            "FLAGSTAFF_GRAPHQL_TIMEOUT_S": "60",
        }
        with Server(folder, **variables) as server:
            warm, *found = asyncio.run(soak(server, options.share))
    growth = found[-1] / warm - 1
    print(f"grown by {growth:+.1%} since the warm-up; the limit is {MAX_GROWTH:.0%}")
    if growth > MAX_GROWTH:
        sys.exit("The memory grows.")


if __name__ == "__main__":
    main()
