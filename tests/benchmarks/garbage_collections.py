"""Measure how long garbage collections block the event loop of a busy server.

    python -m tests.benchmarks.garbage_collections [CONNECTIONS] [TOGGLES] [SECONDS]

Durations are CPU times of the event loop's thread, because other processes hardly affect CPU times.
All connections poll `/api/client/features` every POLL_INTERVAL_S seconds and stay open. Meanwhile
an admin lists and changes toggles over GraphQL. After half of the time, the admin imports all
toggles. Then all frozen objects are examined for garbage. Finally all connections are closed and
opened again.
"""

import asyncio
import gc
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import uvloop

from tests.benchmarks.measured_server import MeasuredServer
from tests.filling import Size, fill
from tests.server import ROOT, TOKENS, Server

POLL_INTERVAL_S = 4.0
MAX_TRIES = 20
LIST = """{ toggles(first: 100) { nodes { name tags { value } environments { enabled
  strategies { name } } events(first: 1) { nodes { summary } } } } }"""
UPDATE = """mutation ($name: String!, $text: String!) {
  toggleUpdate(input: {name: $name, description: $text}) { errors { message } } }"""
# A collection consists of its end, generation, CPU time in seconds and number of freed objects.
Collection: TypeAlias = tuple[float, int, float, int]


@contextmanager
def take_notes() -> Iterator[list[Collection]]:
    """Record the garbage collections of this process. On SIGUSR1, examine the frozen objects."""
    collections: list[Collection] = []
    began = 0.0

    def note(phase: str, info: Mapping[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.thread_time()
        else:
            took = time.thread_time() - began
            collections.append((time.monotonic(), info["generation"], took, info["collected"]))

    def find_frozen_garbage(_number: int, _frame: object) -> None:
        frozen = gc.get_freeze_count()
        gc.unfreeze()
        print(f"of {frozen} frozen objects {gc.collect()} were garbage", file=sys.stderr)
        gc.freeze()

    signal.signal(signal.SIGUSR1, find_frozen_garbage)
    gc.callbacks.insert(0, note)
    yield collections


class Poller:
    """An SDK with a separate connection."""

    def __init__(self, server: Server) -> None:
        _, _, address = server.url.partition("//")
        self._host, _, port = address.partition(":")
        self._port = int(port)
        head = f"GET /api/client/features HTTP/1.1\r\nHost: {address}\r\n"
        # SDKs request compressed bodies. Thousands of plain bodies would keep this process busy.
        self._head = head + f"Authorization: {server.client_token}\r\nAccept-Encoding: gzip\r\n"
        self._etag = ""
        self.polls = 0
        self.lost = 0

    async def run(self) -> None:
        """Poll until cancelled. If the connection is lost, reconnect."""
        while True:
            try:
                await self._poll()
            except (OSError, EOFError):
                self.lost += 1

    async def _poll(self) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            while True:
                condition = f"If-None-Match: {self._etag}\r\n" if self._etag else ""
                writer.write((self._head + condition + "\r\n").encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                self._etag = fields.get("etag", self._etag)
                await reader.readexactly(int(fields.get("content-length", "0")))
                self.polls += 1
                await asyncio.sleep(POLL_INTERVAL_S)
        finally:
            writer.close()


async def open_pollers(server: Server, count: int) -> tuple[list[Poller], list[asyncio.Task[None]]]:
    """Start connections that poll. The starts are spread over an interval."""
    pollers = [Poller(server) for _ in range(count)]
    tasks: list[asyncio.Task[None]] = []
    for poller in pollers:
        tasks.append(asyncio.create_task(poller.run()))
        await asyncio.sleep(POLL_INTERVAL_S / count)
    return pollers, tasks


async def close_pollers(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Close all connections."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def send(
    server: Server, client: httpx.AsyncClient, method: str, path: str, body: Any = None
) -> httpx.Response:
    """Send an admin's request and return its answer.

    If the connection is lost, the request is repeated. Busy machines lose connections.
    """
    headers = {"Authorization": server.admin_token, "Connection": "close"}
    for _ in range(MAX_TRIES - 1):
        with suppress(httpx.TransportError):
            return await client.request(method, server.url + path, json=body, headers=headers)
    return await client.request(method, server.url + path, json=body, headers=headers)


async def administer(server: Server, client: httpx.AsyncClient, toggles: int) -> None:
    """Read and change toggles until cancelled."""
    for number in cycle(range(toggles)):
        body = {"query": UPDATE, "variables": {"name": f"toggle-{number:05}", "text": f"{number}"}}
        if number % 10:
            body = {"query": LIST}
        answer = await send(server, client, "POST", "/graphql", body)
        if "errors" in answer.json():
            print(answer.text[:200])
        await asyncio.sleep(0.2)


async def measure(server: Server, count: int, toggles: int, seconds: float) -> dict[str, float]:
    """Run the phases. Return the start time of each phase."""
    began = {"connecting": time.monotonic()}
    async with httpx.AsyncClient(timeout=120, verify=False) as client:
        pollers, tasks = await open_pollers(server, count)
        began["polling"] = time.monotonic()
        admin = asyncio.create_task(administer(server, client, toggles))
        await asyncio.sleep(seconds / 2)
        began["importing"] = time.monotonic()
        export = await send(server, client, "GET", "/api/admin/state/export")
        state: Any = export.json()
        for feature in state["features"]:
            feature["description"] = "imported"
        answer = await send(server, client, "POST", "/api/admin/state/import", state)
        assert answer.is_success, answer.text
        began["polling on"] = time.monotonic()
        await asyncio.sleep(seconds / 2)
        began["looking through all"] = time.monotonic()
        assert server._process is not None
        server._process.send_signal(signal.SIGUSR1)
        await asyncio.sleep(2)
        print(server.log.strip().rpartition("\n")[2])
        began["reconnecting"] = time.monotonic()
        await close_pollers(tasks)
        others, tasks = await open_pollers(server, count)
        await close_pollers(tasks)
        admin.cancel()
    polls, lost = (
        sum(getattr(poller, name) for poller in pollers + others) for name in ("polls", "lost")
    )
    print(f"{polls} polls, {lost} connections lost; {server.memory_mb():.0f} MB")
    return began


def report(began: dict[str, float], collections: list[Collection]) -> None:
    """Print the garbage collections by phase and generation."""
    starts = sorted((at, name) for name, at in began.items())
    max_s = 0.0
    for index, (start, name) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else float("inf")
        within = [collection for collection in collections if start <= collection[0] < end]
        for generation in range(3):
            took = [item[2] * 1000 for item in within if item[1] == generation]
            garbage = sum(item[3] for item in within if item[1] == generation)
            if took:
                if name != "looking through all":
                    max_s = max(max_s, max(took))
                print(
                    f"{name:>19}, generation {generation}: {len(took)} collections, "
                    f"longest {max(took):.1f} ms, {sum(took):.0f} ms in all, {garbage} objects"
                )
    print(f"the longest while serving {max_s:.1f} ms of CPU")


def main(count: int, toggles: int, seconds: float) -> None:
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/flagstaff.db"
        asyncio.run(fill(url, Size(toggles, 5, 5)))
        paths = os.pathsep.join(sys.path[:1] or [str(ROOT)])
        variables = {**TOKENS, "FLAGSTAFF_DATABASE_URL": url, "PYTHONPATH": paths}
        server = MeasuredServer("tests.benchmarks.garbage_collections", Path(folder), **variables)
        with server:
            began = uvloop.run(measure(server, count, toggles, seconds))
            server.stop()
            report(began, [*map(tuple, server.notes())])


if __name__ == "__main__":
    numbers = [int(item) for item in sys.argv[1:]]
    main(*[*numbers, *(2_500, 2_000, 30)[len(numbers) :]])
