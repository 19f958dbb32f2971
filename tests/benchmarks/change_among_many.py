"""Measure how soon a change among many toggles reaches SDKs, and the server's memory.

    python -m tests.benchmarks.change_among_many [NUMBER_OF_TOGGLES]

Each time starts with the answer to the mutation, which follows its commit. It ends with the last
byte of the SDK's next poll.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from store.operations.toggles import create_toggle
from store.values import Constraint, Variant
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, Server

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


def measure(server: Server, count: int) -> tuple[list[float], list[float], int]:
    """Return milliseconds from commit to payload and of a poll without a change, and the bytes."""
    polls: list[float] = []
    changes: list[float] = []
    size = 0
    headers = {"Authorization": CLIENT_TOKEN, "Accept-Encoding": "gzip"}
    with httpx.Client(base_url=server.url, timeout=30) as client:
        etag = client.get("/api/client/features", headers=headers).headers["etag"]
        for number in range(CHANGES):
            variables = {"name": f"toggle-{number * count // CHANGES:05}", "enabled": False}
            response = client.post(
                "/graphql",
                json={"query": SWITCH, "variables": {"input": variables}},
                headers={"Authorization": ADMIN_TOKEN},
            )
            committed = time.perf_counter()
            assert response.json()["data"]["toggleSetEnabled"]["errors"] == []
            conditional = {**headers, "If-None-Match": etag}
            payload = client.get("/api/client/features", headers=conditional)
            changes.append((time.perf_counter() - committed) * 1000)
            assert payload.status_code == 200
            etag, size = payload.headers["etag"], len(payload.content)
            started = time.perf_counter()
            again = client.get("/api/client/features", headers={**headers, "If-None-Match": etag})
            polls.append((time.perf_counter() - started) * 1000)
            assert again.status_code == 304
    return changes, polls, size


def main() -> None:
    """Fill a database, start a server on it, measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'flagstaff.db'}"
        asyncio.run(fill(url, count))
        with Server(folder, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
            changes, polls, size = measure(server, count)
            memory = server.memory_mb()
    print(f"{count} toggles, payload {size / 1e6:.2f} MB, server's memory {memory:.0f} MB")
    for label, values in (("changed payload (gzip)", changes), ("304", polls)):
        ordered = sorted(values)
        print(
            f"{label}: median {statistics.median(values):.1f} ms, "
            f"95th percentile {ordered[int(len(ordered) * 0.95)]:.1f} ms, "
            f"worst {ordered[-1]:.1f} ms"
        )


if __name__ == "__main__":
    main()
