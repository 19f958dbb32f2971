"""Measure the server's memory, and the delay until SDKs get a change of one among many toggles.

    python -m tests.benchmarks.change_among_many [NUMBER_OF_TOGGLES]

A measured time begins when the client has the answer to the mutation. It ends with the last byte of
the answer to the SDK's next poll. CPU times are those of the server. They include the mutation.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from store.operations.toggles import create_toggle
from store.values import Constraint, Variant
from tests.benchmarks.large_import import BEAT_S
from tests.benchmarks.measured_server import MeasuredServer
from tests.benchmarks.processes import cpu_of_process_s
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, Server

MODULE = "tests.benchmarks.change_among_many"
CHANGES = 50
SWITCH = """
mutation Switch($input: ToggleSetEnabledInput!) {
  toggleSetEnabled(input: $input) { toggleEnvironment { revision } errors { message } }
}
"""


async def fill(url: str, count: int) -> None:
    """Create toggles with a rollout, a constraint and two variants each."""
    store = await Store.open(url)
    strategy = StrategySpec(
        name="flexibleRollout",
        parameters={"rollout": "50", "stickiness": "default", "groupId": "benchmark"},
        constraints=(Constraint("country", "IN", values=("NO", "SE", "DK")),),
    )
    variants = (Variant("blue", 500), Variant("green", 500))
    for start in range(0, count, 500):
        async with store.write(SYSTEM) as work:
            for number in range(start, min(start + 500, count)):
                await create_toggle(
                    work,
                    name=f"toggle-{number:05}",
                    enabled=True,
                    strategies=[strategy],
                    variants=variants,
                )
    await store.close()


@contextmanager
def take_notes() -> Iterator[dict[str, Any]]:
    """Record the blocks of the event loop: the end and the CPU time of each block, in seconds."""
    from store import Store as OpenedStore

    notes: dict[str, Any] = {"held": []}
    open_store = OpenedStore.open

    async def beat() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.thread_time()
            notes["held"].append((time.monotonic(), now - last))
            last = now

    async def opened(*arguments: Any, **options: Any) -> OpenedStore:
        store = await open_store(*arguments, **options)
        store.beating = asyncio.create_task(beat())  # type: ignore[attr-defined]
        return store

    OpenedStore.open = opened  # type: ignore[method-assign, assignment]
    yield notes


class Measured(Struct):
    """The durations of polls with one content coding, in ms, and the size of the answer.

    `began` and `ended` are times of the monotonic clock. `cpu_ms` is the server's CPU time for a
    change and the next two polls.
    """

    label: str
    began: float
    ended: float
    first_cpu_ms: float
    changes: list[float]
    polls: list[float]
    cpu_ms: float
    size: int


def measure(server: Server, count: int, coding: str) -> Measured:
    """Measure several changes. Two polls with a content coding follow each change."""
    polls: list[float] = []
    changes: list[float] = []
    size = 0
    headers = {"Authorization": CLIENT_TOKEN, "Accept-Encoding": coding}
    with httpx.Client(base_url=server.url, timeout=30) as client:
        used = cpu_of_process_s(server.pid)
        etag = client.get("/api/client/features", headers=headers).headers["etag"]
        first_cpu_ms = (cpu_of_process_s(server.pid) - used) * 1000
        began, used = time.monotonic(), cpu_of_process_s(server.pid)
        for number in range(CHANGES):
            name = f"toggle-{number * count // CHANGES:05}"
            variables = {"name": name, "enabled": coding == "identity"}
            response = client.post(
                "/graphql",
                json={"query": SWITCH, "variables": {"input": variables}},
                headers={"Authorization": ADMIN_TOKEN},
            )
            committed = time.perf_counter()
            assert response.json()["data"]["toggleSetEnabled"]["errors"] == []
            conditional = {**headers, "If-None-Match": etag}
            with client.stream("GET", "/api/client/features", headers=conditional) as payload:
                size = sum(map(len, payload.iter_raw()))
            changes.append((time.perf_counter() - committed) * 1000)
            assert payload.status_code == 200
            etag = payload.headers["etag"]
            started = time.perf_counter()
            again = client.get("/api/client/features", headers={**headers, "If-None-Match": etag})
            polls.append((time.perf_counter() - started) * 1000)
            assert again.status_code == 304
        cpu_ms = (cpu_of_process_s(server.pid) - used) * 1000 / CHANGES
    ended = time.monotonic()
    return Measured(coding, began, ended, first_cpu_ms, changes, polls, cpu_ms, size)


def main() -> None:
    """Fill a database, start a server on the database, measure, and print the results."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'flagstaff.db'}"
        asyncio.run(fill(url, count))
        variables = {"FLAGSTAFF_DATABASE_URL": url, **TOKENS}
        with MeasuredServer(MODULE, folder, **variables) as server:
            httpx.get(server.url + "/health")
            began = time.monotonic()
            measured = [measure(server, count, coding) for coding in ("gzip", "identity")]
            memory = server.memory_mb()
        held: list[tuple[float, float]] = server.notes()["held"]
    print(f"{count} toggles, server's memory {memory:.0f} MB")
    for each in measured:
        ordered = sorted(each.changes)
        print(
            f"{each.label}, {each.size / 1e6:.2f} MB: first payload {each.first_cpu_ms:.0f} ms CPU "
            f"(blocked the loop for {longest(held, began, each.began):.0f} ms); change with its "
            f"payload and a 304: {each.cpu_ms:.1f} ms CPU "
            f"(blocked for {longest(held, each.began, each.ended):.0f} ms); on the clock "
            f"{statistics.median(ordered):.1f} ms, at worst {ordered[-1]:.1f} ms, "
            f"304 {statistics.median(each.polls):.1f} ms"
        )
        began = each.ended


def longest(held: list[tuple[float, float]], began: float, ended: float) -> float:
    """Return the longest block of the event loop in a period, as CPU time in ms."""
    return max((cpu for at, cpu in held if began < at <= ended), default=0.0) * 1000


if __name__ == "__main__":
    main()
