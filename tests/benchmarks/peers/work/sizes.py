"""Pages of a list among 50,000 toggles and among 500.

Before each round, a toggle changes and the page is requested once. The measured requests ask for
pages of other lengths. Therefore no answer is cached, but the sorted list is cached.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tests.benchmarks.peers.data import REPORTED, metrics_bodies
from tests.benchmarks.peers.documents import graphql
from tests.benchmarks.peers.laboratory import FEW, MOST, Laboratory
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.work.switching import send, switches_of
from tests.benchmarks.processes import cpu_s
from tests.server import CLIENT_TOKEN

PAGE = """query ($filter: ToggleFilter, $orderBy: ToggleOrder, $first: Int!, $after: String) {
  toggles(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id name description stale createdAt environments { enabled } tags { value } }
    pageInfo { endCursor hasNextPage }
  }
}"""
LENGTHS = range(50, 40, -1)
ROUNDS = 5
_DESCENDING = {"direction": "DESC"}
VARIABLES: Mapping[str, dict[str, Any]] = {
    "first page": {},
    "deep page": {"after": None},
    "search": {"filter": {"search": "part 42"}},
    "by last use": {"orderBy": {"field": "LAST_SEEN_AT", **_DESCENDING}},
    "by creation": {"orderBy": {"field": "CREATED_AT", **_DESCENDING}},
    "stale toggles": {"filter": {"staleness": ["STALE", "POTENTIALLY_STALE"]}},
    "toggles with a tag": {"filter": {"tags": [{"type": "simple", "value": "team-3"}]}},
}


def measurements() -> Iterator[Measurement]:
    """Measure each page with both numbers of toggles."""
    for name in VARIABLES:
        for toggles in (FEW, MOST):
            yield Measurement(
                (f"{name} {toggles}",), lambda lab, page=name, n=toggles: _measure(lab, page, n)
            )


def _measure(lab: Laboratory, name: str, toggles: int) -> tuple[float]:
    peer = lab.flagstaff(toggles)
    switches = switches_of(lab, peer, toggles)
    lab.once(("reported", toggles), lambda: _report(peer))
    used, sent = 0.0, 0
    with httpx.Client(verify=False, timeout=60) as client:
        variables = dict(VARIABLES[name])
        if "after" in variables:
            cursor = lab.once(("cursor", toggles), lambda: _middle(client, peer, toggles))
            variables["after"] = cursor
        for _ in range(lab.times(ROUNDS)):
            send(client, switches.next(peer))
            send(client, graphql(peer, PAGE, {**variables, "first": LENGTHS[0]}))
            for length in LENGTHS[1:]:
                request = graphql(peer, PAGE, {**variables, "first": length})
                began = cpu_s(peer.pids)
                send(client, request)
                used += cpu_s(peer.pids) - began
                sent += 1
    return (used / sent * 1e6,)


def _middle(client: httpx.Client, peer: Peer, toggles: int) -> str:
    """Return the cursor of a toggle in the middle of the list."""
    prefix = f"toggle-{toggles // 2:06}"
    variables = {"filter": {"namePrefix": prefix}, "first": 1}
    answer = json.loads(send(client, graphql(peer, PAGE, variables)).content)
    return answer["data"]["toggles"]["pageInfo"]["endCursor"]


def _report(peer: Peer) -> int:
    """Report the use of some toggles."""
    headers = {"Authorization": CLIENT_TOKEN, "Content-Type": "application/json"}
    (body,) = metrics_bodies(1)
    answer = httpx.post(f"{peer.url}/api/client/metrics", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return REPORTED
