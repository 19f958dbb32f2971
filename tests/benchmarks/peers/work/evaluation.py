"""Decisions on the server: the frontend API and OFREP, with 500 and 5,000 toggles."""

import json
from collections.abc import Iterator

from tests.benchmarks.peers.laboratory import FEW, MANY, Laboratory
from tests.benchmarks.peers.loads import Request, send_all
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import cost_us
from tests.benchmarks.peers.peer import Peer
from tests.server import FRONTEND_TOKEN

CONNECTIONS = 8
USERS = 50
REQUESTS = {FEW: 800, MANY: 80}


def measurements() -> Iterator[Measurement]:
    """Measure each request with few and with many toggles."""
    for toggles in REQUESTS:
        yield Measurement((f"frontend {toggles}",), lambda lab, n=toggles: _frontend(lab, n))
        yield Measurement((f"ofrep {toggles}",), lambda lab, n=toggles: _ofrep(lab, n))


def _frontend(lab: Laboratory, toggles: int) -> tuple[float]:
    peer = lab.flagstaff(toggles)
    headers = {"Authorization": FRONTEND_TOKEN}
    return _measure(
        lab,
        peer,
        [
            Request(f"{peer.url}/api/frontend?userId=user-{number}", headers=headers)
            for number in range(USERS)
        ],
        REQUESTS[toggles],
    )


def _ofrep(lab: Laboratory, toggles: int) -> tuple[float]:
    peer = lab.flagstaff(toggles)
    headers = {"Authorization": FRONTEND_TOKEN, "Content-Type": "application/json"}
    bodies = [
        json.dumps({"context": {"targetingKey": f"user-{number}"}}).encode()
        for number in range(USERS)
    ]
    url = f"{peer.url}/ofrep/v1/evaluate/flags"
    requests = [Request(url, "POST", headers, body) for body in bodies]
    return _measure(lab, peer, requests, REQUESTS[toggles])


def _measure(lab: Laboratory, peer: Peer, requests: list[Request], count: int) -> tuple[float]:
    send_all(requests, CONNECTIONS, CONNECTIONS)
    return (cost_us(peer.pids, lambda: send_all(requests, lab.times(count), CONNECTIONS)),)
