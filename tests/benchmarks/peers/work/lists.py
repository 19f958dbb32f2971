"""A GraphQL list: with warm caches, after a change, and with documents new to the server."""

import time
from collections.abc import Callable, Iterator

import httpx

from tests.benchmarks.peers.documents import (
    list_request,
    new_list_request,
    postgraphile_list_request,
)
from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.loads import Request, send_all
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import cost_us
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.work.switching import send, switches_of
from tests.benchmarks.processes import cpu_s

CONNECTIONS = 8
LISTED = 100
# The number of requests for each server. The requests take about a second.
FLAGSTAFF, MERCURIUS, POSTGRAPHILE, STOCK = 4_000, 800, 100, 40
NEW, NEW_LONG = 200, 50
CHANGES = 40
# After this time, the work after a commit has ended. It must not be measured with the next request.
_REST_S = 0.02


def measurements() -> Iterator[Measurement]:
    """Measure the warm list on all servers, and new documents on Flagstaff and stock Strawberry."""
    yield _warm("flagstaff", lambda lab: list_request(lab.flagstaff(FEW), LISTED), FLAGSTAFF)
    yield _warm("mercurius", lambda lab: list_request(lab.mercurius(), LISTED), MERCURIUS)
    yield _warm(
        "postgraphile",
        lambda lab: postgraphile_list_request(lab.postgraphile(), LISTED),
        POSTGRAPHILE,
    )
    yield _warm("stock", lambda lab: list_request(lab.stock(), LISTED), STOCK)
    yield Measurement(("flagstaff list after a change",), _after_change)
    for first, count in ((1, NEW), (LISTED, NEW_LONG)):
        yield Measurement(
            (f"flagstaff new document {first}",),
            lambda lab, n=first, c=count: _new(lab, lab.flagstaff(FEW), n, c),
        )
        yield Measurement(
            (f"stock new document {first}",),
            lambda lab, n=first, c=count: _new(lab, lab.stock(), n, c),
            frozenset({"stock"}),
        )


def _warm(name: str, request_of: Callable[[Laboratory], Request], count: int) -> Measurement:
    def measure(lab: Laboratory) -> tuple[float]:
        request = request_of(lab)
        peer = _peer(lab, name)
        send_all([request], 2 * CONNECTIONS, CONNECTIONS)
        return (cost_us(peer.pids, lambda: send_all([request], lab.times(count), CONNECTIONS)),)

    needs = frozenset({name}) - {"flagstaff"}
    return Measurement((f"{name} list",), measure, needs)


def _peer(lab: Laboratory, name: str) -> Peer:
    return lab.flagstaff(FEW) if name == "flagstaff" else getattr(lab, name)()


def _after_change(lab: Laboratory) -> tuple[float]:
    peer = lab.flagstaff(FEW)
    switches = switches_of(lab, peer, FEW)
    request = list_request(peer, LISTED)
    used, changes = 0.0, lab.times(CHANGES)
    with httpx.Client(verify=False) as client:
        for _ in range(changes):
            send(client, switches.next(peer))
            time.sleep(_REST_S)
            began = cpu_s(peer.pids)
            send(client, request)
            used += cpu_s(peer.pids) - began
    return (used / changes * 1e6,)


def _new(lab: Laboratory, peer: Peer, first: int, count: int) -> tuple[float]:
    requests = [new_list_request(peer, first) for _ in range(lab.times(count))]
    return (cost_us(peer.pids, lambda: send_all(requests, len(requests), CONNECTIONS)),)
