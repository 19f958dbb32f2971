"""Polls of server SDKs, compared with nginx that serves the same body as a static file."""

from collections.abc import Callable, Iterator

import httpx

from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.loads import Request, run_wrk
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import cost_us
from tests.benchmarks.peers.nginx import FILE
from tests.benchmarks.peers.peer import Peer
from tests.server import CLIENT_TOKEN

SECONDS = 2.0
CODINGS = {"304": "gzip", "gzip": "gzip", "plain": "identity"}


def measurements() -> Iterator[Measurement]:
    """Measure each kind of answer of both servers."""
    for kind in CODINGS:
        yield Measurement((f"flagstaff {kind}",), _flagstaff(kind), frozenset({"wrk"}))
        yield Measurement((f"nginx {kind}",), _nginx(kind), frozenset({"wrk", "nginx"}))


def _flagstaff(kind: str) -> Callable[[Laboratory], tuple[float]]:
    headers = {"Authorization": CLIENT_TOKEN}
    return lambda lab: _measure(lab, lab.flagstaff(FEW), "/api/client/features", kind, headers)


def _nginx(kind: str) -> Callable[[Laboratory], tuple[float]]:
    return lambda lab: _measure(lab, lab.nginx(), f"/{FILE}", kind, {})


def _measure(
    lab: Laboratory, peer: Peer, path: str, kind: str, headers: dict[str, str]
) -> tuple[float]:
    headers = {**headers, "Accept-Encoding": CODINGS[kind]}
    answer = httpx.get(peer.url + path, headers=headers)
    if kind == "304":
        headers["If-None-Match"] = answer.headers["etag"]
        answer = httpx.get(peer.url + path, headers=headers)
    assert answer.status_code == (304 if kind == "304" else 200), answer
    assert answer.headers.get("content-encoding") == ("gzip" if kind == "gzip" else None)
    request = Request(peer.url + path, headers=headers)
    return (cost_us(peer.pids, lambda: run_wrk(request, SECONDS * lab.load)),)
