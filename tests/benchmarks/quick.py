"""Compare the CPU times of different requests, and check that their ratios are within limits.

    python -m tests.benchmarks.quick [--rounds 5]

Three servers have 500, 5,000 and 50,000 toggles. A client sends the same requests to all servers in
turn. The program divides the CPU times of the server processes, because ratios hardly depend on the
machine. It also counts how often a mutation hands work to SQLite's thread. It exits with 1 if a
figure exceeds its limit in `limits.toml`. Linux only.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx

from store import Store
from tests.benchmarks.processes import cpu_of_process_s
from tests.graph.gateway import gateway_over
from tests.operations import operations
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, Server
from tests.turns import counted_turns

FEW, MANY, MOST = 500, 5_000, 50_000
LIMITS = Path(__file__).with_name("limits.toml")
TAGGED = 20
REPORTED = 400
WARM_UP = 3
IMPORT_BYTES = 100_000_000
PAGE = """
query ($filter: ToggleFilter, $orderBy: ToggleOrder, $after: String) {
  toggles(filter: $filter, orderBy: $orderBy, first: 50, after: $after) {
    nodes { id name description stale createdAt environments { enabled } tags { value } }
    pageInfo { endCursor hasNextPage }
  }
}
"""


CHANGE = """
mutation ($text: String!) {
  toggleUpdate(input: { name: "toggle-000499", description: $text }) { errors { message } }
}
"""
_NUMBERS = count()


class Work(NamedTuple):
    """A kind of request, with the number of requests to measure and a function that sends one.

    If `after_change` is true, a toggle changes before each request. Therefore no answer is cached.
    The change is not measured.
    """

    times: int
    send: Callable[[httpx.Client], httpx.Response]
    after_change: bool = False


class Comparison(NamedTuple):
    """The ratio of the CPU times of two kinds of work. Each kind runs on one of the servers."""

    name: str
    work: tuple[str, int]
    other: tuple[str, int]


def document_of(toggles: int) -> bytes:
    """Return a state document with some tagged and some stale toggles."""
    names = [f"toggle-{number:06}" for number in range(toggles)]
    features = [
        {
            "name": name,
            "description": f"Shows part {number % 97} of the shop",
            "type": "release" if number % 3 else "operational",
            "enabled": number % 2 == 0,
            "stale": number % 10 == 0,
            "createdAt": f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}T10:00:00.000Z",
            "strategies": [{"name": "flexibleRollout", "parameters": {"rollout": "50"}}],
        }
        for number, name in enumerate(names)
    ]
    tags = [
        {"featureName": name, "tagType": "simple", "tagValue": f"team-{number % TAGGED}"}
        for number, name in enumerate(names)
    ]
    document = {
        "version": 1,
        "features": features,
        "tags": [{"type": "simple", "value": f"team-{number}"} for number in range(TAGGED)],
        "featureTags": tags,
    }
    return json.dumps(document).encode()


def page(**variables: Any) -> Work:
    """A request for a page of 50 toggles. It is sent after a change."""
    body = {"query": PAGE, "variables": variables}
    headers = {"Authorization": ADMIN_TOKEN}
    return Work(10, lambda client: client.post("/graphql", json=body, headers=headers), True)


def get(path: str, token: str, times: int, **headers: str) -> Work:
    """A request with GET."""
    sent = {"Authorization": token, **headers}
    return Work(times, lambda client: client.get(path, headers=sent))


def workloads(server: Server) -> Mapping[str, Work]:
    """The kinds of work on one server, by name."""
    polls = "/api/client/features"
    with httpx.Client(base_url=server.url, verify=False) as client:
        tag = get(polls, CLIENT_TOKEN, 1).send(client).headers["etag"]
        cursor = page(filter={"namePrefix": "toggle-0004"}).send(client).json()
    after = cursor["data"]["toggles"]["pageInfo"]["endCursor"]
    bucket = {"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T00:01:00Z"}
    toggles = {f"toggle-{number:06}": {"yes": 1, "no": 2} for number in range(20)}
    report = {"appName": "a", "instanceId": "i", "bucket": {**bucket, "toggles": toggles}}
    client_headers = {"Authorization": CLIENT_TOKEN}
    document = {"query": operations()["ToggleListPage"].text, "variables": {}}
    return {
        "health": get("/health", CLIENT_TOKEN, 300),
        "poll without news": get(polls, CLIENT_TOKEN, 300, **{"If-None-Match": tag}),
        "poll": get(polls, CLIENT_TOKEN, 50, **{"Accept-Encoding": "gzip"}),
        "metrics": Work(
            100,
            lambda client: client.post("/api/client/metrics", json=report, headers=client_headers),
        ),
        "frontend": get("/api/frontend?userId=7", FRONTEND_TOKEN, 20),
        "OFREP": Work(
            20,
            lambda client: client.post(
                "/ofrep/v1/evaluate/flags",
                json={"context": {"targetingKey": "7"}},
                headers={"Authorization": FRONTEND_TOKEN},
            ),
        ),
        "list page": Work(
            15,
            lambda client: client.post(
                "/graphql", json=document, headers={"Authorization": ADMIN_TOKEN}
            ),
        ),
        "first page": page(),
        "deep page": page(after=after),
        "search": page(filter={"search": "part 42"}),
        "sorted by last use": page(orderBy={"field": "LAST_SEEN_AT", "direction": "DESC"}),
        "sorted by creation": page(orderBy={"field": "CREATED_AT", "direction": "DESC"}),
        "stale toggles": page(filter={"staleness": ["STALE", "POTENTIALLY_STALE"]}),
        "toggles with a tag": page(filter={"tags": [{"type": "simple", "value": "team-3"}]}),
    }


COMPARISONS = [
    Comparison("poll without news / health", ("poll without news", FEW), ("health", FEW)),
    Comparison("poll / health", ("poll", FEW), ("health", FEW)),
    Comparison("metrics / health", ("metrics", FEW), ("health", FEW)),
    Comparison("OFREP / frontend", ("OFREP", FEW), ("frontend", FEW)),
    Comparison("frontend, 5,000 / 500 toggles", ("frontend", MANY), ("frontend", FEW)),
    Comparison("list page, 5,000 / 500 toggles", ("list page", MANY), ("list page", FEW)),
    *(
        Comparison(f"{name}, 50,000 / 500 toggles", (name, MOST), (name, FEW))
        for name in (
            "first page",
            "deep page",
            "search",
            "sorted by last use",
            "sorted by creation",
            "stale toggles",
            "toggles with a tag",
        )
    ),
]


class FilledServer(Server):
    """A server with a number of toggles."""

    def __init__(self, folder: Path, toggles: int) -> None:
        folder.mkdir()
        super().__init__(
            folder,
            FLAGSTAFF_INIT_FRONTEND_TOKENS=FRONTEND_TOKEN,
            FLAGSTAFF_MAX_ADMIN_BODY_BYTES=str(IMPORT_BYTES),
            **TOKENS,
        )
        headers = {"Authorization": ADMIN_TOKEN, "Content-Type": "application/json"}
        with httpx.Client(base_url=self.url, verify=False, timeout=300) as client:
            answer = client.post(
                "/api/admin/state/import", content=document_of(toggles), headers=headers
            )
            assert answer.is_success, answer.text


def measure(server: FilledServer, client: httpx.Client, work: Work, times: int) -> float:
    """Return the CPU time of the server per request, in microseconds."""
    used = 0.0
    for batch in [1] * times if work.after_change else [times]:
        if work.after_change:
            change(client)
        began = cpu_of_process_s(server.pid)
        for _ in range(batch):
            answer = work.send(client)
            assert answer.status_code in (200, 202, 304), answer.text
            assert b'"errors":[{' not in answer.content[:200], answer.text
        used += cpu_of_process_s(server.pid) - began
    return used / times * 1e6


def change(client: httpx.Client) -> None:
    """Change a toggle without an effect on any page."""
    headers = {"Authorization": ADMIN_TOKEN}
    answer = client.post(
        "/graphql",
        json={"query": CHANGE, "variables": {"text": str(next(_NUMBERS))}},
        headers=headers,
    )
    assert '"errors":[]' in answer.text, answer.text


def measure_all(folder: Path, rounds: int) -> dict[tuple[str, int], float]:
    """Return the median CPU time of each kind of work with each number of toggles."""
    needed = {part for comparison in COMPARISONS for part in comparison[1:]}
    found: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        sizes = {toggles for _, toggles in needed}
        servers = {
            toggles: stack.enter_context(FilledServer(folder / str(toggles), toggles))
            for toggles in sizes
        }
        clients = {
            toggles: stack.enter_context(
                httpx.Client(base_url=server.url, verify=False, timeout=60)
            )
            for toggles, server in servers.items()
        }
        works = {toggles: workloads(server) for toggles, server in servers.items()}
        for name, toggles in needed:
            measure(servers[toggles], clients[toggles], works[toggles][name], WARM_UP)
        for _ in range(rounds):
            for name, toggles in sorted(needed):
                work = works[toggles][name]
                used = measure(servers[toggles], clients[toggles], work, work.times)
                found[name, toggles].append(used)
    return {key: median(figures) for key, figures in found.items()}


async def count_turns(folder: Path) -> int:
    """Return how often `toggleSetEnabled` hands work to SQLite's thread."""
    store = await Store.open(f"sqlite:///{folder / 'turns.db'}", background=False)
    try:
        async with gateway_over(store) as gateway:
            await gateway.change("toggleCreate", {"name": "a"})
            with counted_turns() as turns:
                await gateway.change("toggleSetEnabled", {"name": "a", "enabled": True})
            return len(turns)
    finally:
        await store.close()


def main() -> None:
    """Measure, print a table, and compare the figures with their limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    limits: Mapping[str, float] = tomllib.loads(LIMITS.read_text())["limits"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        turns = asyncio.run(count_turns(folder))
        used = measure_all(folder, parser.parse_args().rounds)
    figures = {"turns of SQLite's thread for toggleSetEnabled": float(turns)} | {
        comparison.name: used[comparison.work] / used[comparison.other]
        for comparison in COMPARISONS
    }
    assert figures.keys() == limits.keys(), figures.keys() ^ limits.keys()
    print(f"| {'compared':46} | figure | limit | {'CPU, µs':>17} |")
    print(f"|{'-' * 48}|-------:|------:|{'-' * 18}:|")
    pairs = {comparison.name: comparison for comparison in COMPARISONS}
    for name, figure in figures.items():
        pair = pairs.get(name)
        cpu = f"{used[pair.work]:,.0f} / {used[pair.other]:,.0f}" if pair else ""
        print(f"| {name:46} | {figure:6.2f} | {limits[name]:5} | {cpu:>17} |")
    exceeded = [name for name, figure in figures.items() if figure > limits[name]]
    if exceeded:
        sys.exit(f"Above the limit: {'; '.join(exceeded)}")


if __name__ == "__main__":
    main()
