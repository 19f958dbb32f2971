"""Measure the memory per idle subscriber, and the time until all subscribers have a change.

    python -m tests.benchmarks.idle_subscribers [NUMBER]

All subscribers select the same fields of toggleChanged over WebSocket. The program measures three
durations after sending a mutation: until the answer, until the first subscriber has the change, and
until the last subscriber has the change. The figures are medians of CHANGES changes. The CPU time
of the server is printed, because other processes hardly affect it. All subscribers share one
process on the same machine, so the last duration includes the work of that process.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import httpx
from msgspec import Struct

from tests.benchmarks.processes import cpu_of_process_s, memory_mb
from tests.graph.subscribing import Addressed, Socket, socket_to
from tests.server import TOKENS, Server

SUBSCRIPTION = """subscription { toggleChanged {
  toggleId toggle { id name stale archived updatedAt revision environments {
    id enabled environment { name } } } } }"""
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
CHANGES = 11
AT_A_TIME = 50


class Subscribed(Addressed, Protocol):
    """A server with subscriptions."""

    @property
    def admin_token(self) -> str: ...


class Figures(Struct):
    """The figures of a measurement.

    Times are medians in milliseconds since the mutation was sent. The CPU time is the server's time
    per change. The memory is the server's memory per subscriber, in kilobytes.
    """

    kilobytes: float
    answered_ms: float
    first_ms: float
    last_ms: float
    cpu_ms: float


async def open_all(server: Subscribed, count: int, stack: AsyncExitStack) -> list[Socket]:
    """Open subscriptions that wait for a change."""

    async def open_one() -> Socket:
        opened = await stack.enter_async_context(socket_to(server, open_timeout=60))
        await (await opened.initialise()).subscribe("1", SUBSCRIPTION)
        return opened

    sockets: list[Socket] = []
    while len(sockets) < count:
        batch = min(AT_A_TIME, count - len(sockets))
        sockets += await asyncio.gather(*(open_one() for _ in range(batch)))
    return sockets


async def measure_change(
    server: Subscribed, client: httpx.AsyncClient, sockets: list[Socket], name: str
) -> tuple[float, float, float]:
    """Return the durations until the answer, the first event and the last event, in ms."""
    start = time.perf_counter()
    heard: list[float] = []

    async def hear(socket: Socket) -> None:
        await socket.connection.recv()
        heard.append((time.perf_counter() - start) * 1000)

    hearing = [asyncio.create_task(hear(item)) for item in sockets]
    await asyncio.sleep(0)
    body = {"query": CREATE, "variables": {"name": name}}
    headers = {"Authorization": server.admin_token}
    start = time.perf_counter()
    (await client.post(server.url + "/graphql", json=body, headers=headers)).raise_for_status()
    answered = (time.perf_counter() - start) * 1000
    await asyncio.gather(*hearing)
    return answered, min(heard), max(heard)


async def measure_subscribers(server: Subscribed, pid: int, count: int, changes: int) -> Figures:
    """Open subscriptions to the server with the process ID `pid`, and make changes."""
    async with AsyncExitStack() as stack, httpx.AsyncClient(timeout=60, verify=False) as client:
        warm = await open_all(server, 1, stack)
        await measure_change(server, client, warm, "warm")
        before = memory_mb(pid)
        sockets = warm + await open_all(server, count - 1, stack)
        await asyncio.sleep(1)
        each = (memory_mb(pid) - before) * 1000 / max(count - 1, 1)
        spent = cpu_of_process_s(pid)
        times = [
            await measure_change(server, client, sockets, f"change.{number}")
            for number in range(changes)
        ]
        spent = (cpu_of_process_s(pid) - spent) * 1000 / changes
    answered, first, last = (statistics.median(item) for item in zip(*times, strict=True))
    return Figures(each, answered, first, last, spent)


def main(count: int) -> None:
    limits = {"FLAGSTAFF_MAX_SOCKETS_PER_TOKEN": str(count)}
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), **TOKENS, **limits) as server,
    ):
        found = asyncio.run(measure_subscribers(server, server.pid, count, CHANGES))
    print(f"{count} subscribers: {found.kilobytes:.1f} kB each")
    print(
        f"answer {found.answered_ms:.0f} ms, first {found.first_ms:.0f} ms, "
        f"last {found.last_ms:.0f} ms"
    )
    print(f"server {found.cpu_ms:.0f} ms of CPU a change")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
