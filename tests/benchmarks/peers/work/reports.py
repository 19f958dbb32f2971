"""Metrics reports of 20 toggles, including their aggregation, compared with Unleash."""

from collections.abc import Iterator

from tests.benchmarks.peers.data import metrics_bodies
from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.loads import Request, send_all
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import cpu_when_quiet_s
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.unleash import CLIENT_TOKEN as UNLEASH_TOKEN
from tests.server import CLIENT_TOKEN

CONNECTIONS = 64
FLAGSTAFF_REPORTS, UNLEASH_REPORTS = 5_000, 500
# The background work of servers uses less CPU time than this.
IDLE_S = 0.05


def measurements() -> Iterator[Measurement]:
    """Measure each server."""
    yield Measurement(
        ("flagstaff metrics",),
        lambda lab: _measure(lab, lab.flagstaff(FEW), CLIENT_TOKEN, FLAGSTAFF_REPORTS),
    )
    yield Measurement(
        ("unleash metrics",),
        lambda lab: _measure(lab, lab.unleash(), UNLEASH_TOKEN, UNLEASH_REPORTS),
        frozenset({"unleash"}),
    )


def _measure(lab: Laboratory, peer: Peer, token: str, reports: int) -> tuple[float]:
    headers = {"Authorization": token, "Content-Type": "application/json"}
    requests = [
        Request(f"{peer.url}/api/client/metrics", "POST", headers, body, expected=202)
        for body in metrics_bodies(50)
    ]
    began = cpu_when_quiet_s(peer.pids, idle_s=IDLE_S)
    sent = send_all(requests, lab.times(reports), CONNECTIONS)
    return ((cpu_when_quiet_s(peer.pids, idle_s=IDLE_S) - began) / sent * 1e6,)
