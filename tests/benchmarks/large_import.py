"""Measure the effect of a large import on other clients.

    python -m tests.benchmarks.large_import [TOGGLES ...]

For each number of toggles and each kind of database, a server imports two documents over REST. One
document fills an empty database. The other document changes all toggles. Meanwhile other clients
change another toggle, report usage and poll features. For each import the program prints the
longest time for which the writer's lock is held, the longest CPU time for which the event loop is
blocked, and the longest waits of the other clients. On a busy machine, the CPU times are more
reliable than the times of the lock.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.measured_server import MeasuredServer
from tests.benchmarks.processes import cpu_of_process_s
from tests.postgresql import find_programs, running_cluster
from tests.server import ROOT, TOKENS, Server

MODULE = "tests.benchmarks.large_import"
BEAT_S = 0.001
# Shorter blocks of the event loop are not recorded.
MIN_HELD_S = 0.02
# Clients are measured for this time after an import, because its effects last longer than the
# answer.
REST_S = 3.0
UPDATE = """mutation ($text: String!) {
  toggleUpdate(input: {name: "other", description: $text}) { errors { message } } }"""
CREATE = """mutation { toggleCreate(input: {name: "other"}) { errors { message } } }"""


@contextmanager
def take_notes() -> Iterator[dict[str, Any]]:
    """Record the times for which the lock is held, and the blocks of the event loop in CPU time."""
    from store import Store
    from store.database import Database

    notes: dict[str, Any] = {"locked": [], "held": []}
    open_store = Store.open

    def timed(begin: Callable[..., Any]) -> Callable[..., Any]:
        @asynccontextmanager
        async def beginning(*arguments: Any) -> AsyncIterator[Any]:
            async with begin(*arguments) as write:
                raw = await write.connection.get_raw_connection()
                server = getattr(raw.driver_connection, "get_server_pid", lambda: None)()
                began, used = time.monotonic(), time.process_time()
                there = cpu_of_process_s(server) if server else 0.0
                yield write
                there = (cpu_of_process_s(server) if server else 0.0) - there
            notes["locked"].append((time.monotonic() - began, time.process_time() - used, there))

        return beginning

    async def beat() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.thread_time()
            if now - last > MIN_HELD_S:
                notes["held"].append((time.monotonic(), now - last))
            last = now

    async def opened(*arguments: Any, **options: Any) -> Store:
        store = await open_store(*arguments, **options)
        store.beating = asyncio.create_task(beat())  # type: ignore[attr-defined]
        return store

    Database.begin_staged_write = timed(Database.begin_staged_write)  # type: ignore[method-assign]
    Store.open = opened  # type: ignore[method-assign, assignment]
    yield notes


def document_of(count: int, text: str) -> bytes:
    """Return a state document with the given number of toggles."""
    features = [
        {
            "name": f"toggle-{number:06}",
            "description": text,
            "enabled": number % 2 == 0,
            "strategies": [{"name": "flexibleRollout", "parameters": {"rollout": "50"}}],
        }
        for number in range(count)
    ]
    return json.dumps({"version": 1, "features": features}, separators=(",", ":")).encode()


class Waits:
    """The waits of a client that repeats one request, and the number of refused requests."""

    def __init__(self, ask: Callable[[], Awaitable[httpx.Response]], pause_s: float) -> None:
        self._ask = ask
        self._pause_s = pause_s
        self.max_s = 0.0
        self.count = 0
        self.refused: list[str] = []

    async def run(self) -> None:
        """Send the request repeatedly until cancelled."""
        while True:
            began = time.monotonic()
            answer = await self._ask()
            self.max_s = max(self.max_s, time.monotonic() - began)
            self.count += 1
            if not answer.is_success or (b'"errors":[{' in answer.content):
                self.refused.append(f"{answer.status_code} {answer.text[:80]}")
            await asyncio.sleep(self._pause_s)

    def __str__(self) -> str:
        refused = f", {len(self.refused)} REFUSED: {self.refused[0]}" if self.refused else ""
        return f"{self.max_s:.2f} s of {self.count}{refused}"


async def measure(server: Server, count: int) -> list[tuple[str, float, dict[str, Waits]]]:
    """Import twice. Return the name and the start of each import, and the waits of all clients."""
    admin = {"Authorization": server.admin_token}
    client = {"Authorization": server.client_token}
    found: list[tuple[str, float, dict[str, Waits]]] = []
    async with httpx.AsyncClient(base_url=server.url, timeout=300, verify=False) as http:
        await http.post("/graphql", json={"query": CREATE}, headers=admin)

        def change() -> Awaitable[httpx.Response]:
            body = {"query": UPDATE, "variables": {"text": str(time.monotonic())}}
            return http.post("/graphql", json=body, headers=admin)

        def report() -> Awaitable[httpx.Response]:
            used = {"toggles": {"other": {"yes": 1, "no": 0}}}
            at = "2026-01-01T00:00:00Z"
            body = {"appName": "a", "instanceId": "i", "bucket": {"start": at, "stop": at, **used}}
            return http.post("/api/client/metrics", json=body, headers=client)

        def poll() -> Awaitable[httpx.Response]:
            return http.get("/api/client/features", headers=client)

        def look() -> Awaitable[httpx.Response]:
            return http.get("/health")

        for name in ("created", "overwritten"):
            waits = {
                "changes": Waits(change, 0.05),
                "metrics": Waits(report, 0.02),
                "polls": Waits(poll, 1.0),
                "health": Waits(look, 0.01),
            }
            tasks = [asyncio.create_task(wait.run()) for wait in waits.values()]
            await asyncio.sleep(0.5)
            began = time.monotonic()
            document = document_of(count, name)
            headers = {**admin, "Content-Type": "application/json"}
            answer = await http.post("/api/admin/state/import", content=document, headers=headers)
            assert answer.is_success, answer.text
            print(f"  {count} toggles {name} in {time.monotonic() - began:.1f} s", flush=True)
            await asyncio.sleep(REST_S)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            found.append((name, began, waits))
    return found


def run(url: str, count: int) -> None:
    """Measure with one database and print the results."""
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{folder}/flagstaff.db"
        print(f"{url.partition(':')[0]}:")
        variables = {**TOKENS, "FLAGSTAFF_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
        with MeasuredServer(MODULE, Path(folder), **variables) as server:
            found = asyncio.run(measure(server, count))
            server.stop()
            noted = server.notes()
    for (name, began, waits), (locked, used, there) in zip(found, noted["locked"], strict=False):
        held = max((cpu for at, cpu in noted["held"] if at > began), default=0.0)
        print(f"  {name}: lock {locked:.2f} s", end="")
        print(f" ({used:.2f} s of CPU here, {there:.2f} s in PostgreSQL)", end="")
        print(f"; loop {held * 1000:.0f} ms of CPU", end="")
        print("".join(f"; {who} {wait}" for who, wait in waits.items()))


def main(counts: Sequence[int]) -> None:
    """Measure with SQLite. If PostgreSQL is installed, also measure with PostgreSQL."""
    programs = find_programs()
    for count in counts:
        run("", count)
        if programs is not None:
            with running_cluster(programs) as cluster:
                run(cluster.new_database(), count)


if __name__ == "__main__":
    main([int(item) for item in sys.argv[1:]] or [8_000, 50_000])
