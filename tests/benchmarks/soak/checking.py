"""Check that servers have stored all acknowledged data, and that clients have received the data."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from msgspec import Struct

from tests.benchmarks.soak.people import Subscriber
from tests.benchmarks.soak.record import Record
from tests.benchmarks.soak.sdks import Browser, Client, DeltaPoller, Features, Follower, Poller
from tests.server import CLIENT_TOKEN, FRONTEND_TOKEN, Server

AGGREGATE_DEADLINE_S = 30
COUNTS = """query ($after: String) { toggles(first: 50, after: $after) {
    nodes { name metrics(hoursBack: 3) { yes no } } pageInfo { hasNextPage endCursor } } }"""
EVENTS = """query ($after: String) { events(first: 100, after: $after) {
    nodes { number type subjectName } pageInfo { hasNextPage endCursor } } }"""
NEWEST = "{ events(first: 1) { edges { cursor node { number } } } }"


class Start(Struct):
    """The state of a server before the soak: the newest event and the counts of toggles."""

    cursor: str
    number: int
    counts: dict[str, tuple[int, int]]


def start_of(server: Server) -> Start:
    """Return the newest event and the current counts."""
    edge = server.graphql(NEWEST)["events"]["edges"][0]
    return Start(edge["cursor"], edge["node"]["number"], counts_of(server))


def counts_of(server: Server) -> dict[str, tuple[int, int]]:
    """The yes and no counts of each toggle in the last hours."""
    return {
        toggle["name"]: (
            sum(int(metric["yes"]) for metric in toggle["metrics"]),
            sum(int(metric["no"]) for metric in toggle["metrics"]),
        )
        for toggle in _pages(server, COUNTS, "toggles")
    }


def count_problems(server: Server, start: Start, record: Record) -> list[str]:
    """Return toggles whose counts after aggregation differ from the acknowledged counts."""
    deadline = time.monotonic() + AGGREGATE_DEADLINE_S
    while True:
        found = counts_of(server)
        wrong = [
            f"{name}: counted {counted}, acknowledged {expected}"
            for name, counted in found.items()
            if counted != (expected := _expected(name, start, record))
        ]
        if not wrong or time.monotonic() > deadline:
            return wrong
        time.sleep(1)


def event_problems(
    server: Server, start: Start, record: Record, subscribers: Sequence[Subscriber]
) -> Iterator[str]:
    """Yield changes without events, and subscribers with missing or unordered events."""
    events = list(_events_since(server, start.number))
    found = Counter((event["subjectName"], event["type"]) for event in events)
    for change, count in record.changes.items():
        if found[change] != count:
            yield f"{change}: {found[change]} events for {count} changes"
    numbers = sorted(event["number"] for event in events)
    for number, subscriber in enumerate(subscribers):
        if subscriber.numbers != numbers:
            missed = len(set(numbers) - set(subscriber.numbers))
            yield (
                f"subscriber {number} heard {len(subscriber.numbers)} of {len(numbers)} events, "
                f"missed {missed}, in order: {subscriber.numbers == sorted(subscriber.numbers)}"
            )


def client_problems(server: Server, clients: Sequence[Client]) -> Iterator[str]:
    """Return the number of clients of each kind that differ from the server."""
    features = Features()
    client = {"Authorization": CLIENT_TOKEN}
    features.apply(_get(server, "/api/client/delta", client).content)
    tag = _get(server, "/api/client/features", {**client, "Accept-Encoding": "gzip"})
    expected: dict[type[Client], Any] = {
        Poller: tag.headers["etag"],
        DeltaPoller: features.by_name,
        Follower: features.by_name,
    }
    behind: Counter[str] = Counter()
    for item in clients:
        if isinstance(item, Browser):
            answer = _get(server, item.path, {"Authorization": FRONTEND_TOKEN})
            current = item.held() == json.loads(answer.content)["toggles"]
        else:
            current = item.held() == expected[type(item)]
        behind[type(item).__name__] += not current
    for name, count in behind.items():
        if count:
            yield f"{count} clients of the kind {name} do not hold the final features"


def _expected(name: str, start: Start, record: Record) -> tuple[int, int]:
    yes, no = start.counts.get(name, (0, 0))
    return yes + record.yes[name], no + record.no[name]


def _events_since(server: Server, number: int) -> Iterator[dict[str, Any]]:
    for event in _pages(server, EVENTS, "events"):
        if event["number"] <= number:
            return
        yield event


def _pages(server: Server, document: str, field: str) -> Iterator[dict[str, Any]]:
    after = None
    for _ in range(10_000):
        page = server.graphql(document, after=after)[field]
        yield from page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


def _get(server: Server, path: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, timeout=30).raise_for_status()
