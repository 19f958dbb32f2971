"""Two processes with one database: the delay until both serve a change, and the cost of writes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import httpx

from tests.benchmarks.peers.flagstaff import running_flagstaff
from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.loads import send_all
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.work.switching import send, switches_of
from tests.server import CLIENT_TOKEN

CHANGES = 20
WRITES, CONNECTIONS = 300, 8
_REST_S = 0.05
_PAUSE_S = 0.0005
_DEADLINE_S = 10


def measurements() -> Iterator[Measurement]:
    """Measure the delay on both databases, and the writes on PostgreSQL."""
    postgresql = frozenset({"postgresql"})
    yield Measurement(("other process sqlite",), lambda lab: _delay(lab, "sqlite"))
    yield Measurement(
        ("other process postgresql",), lambda lab: _delay(lab, "postgresql"), postgresql
    )
    yield Measurement(("writes of one", "writes of two"), _writes, postgresql)


def _pair(lab: Laboratory, database: str) -> tuple[Peer, Peer]:
    @contextmanager
    def start() -> Iterator[tuple[Peer, Peer]]:
        if database == "sqlite":
            url = lab.copy(FEW)
        else:
            url = lab.cluster("flagstaff").new_database()
            lab.import_into(url, FEW)
        # The servers may use all cores. Otherwise the second server could not increase the
        # throughput.
        with (
            running_flagstaff(lab.new_folder(), url, pinned=False) as one,
            running_flagstaff(lab.new_folder(), url, pinned=False) as other,
        ):
            yield one, other

    return lab.started(("pair", database), start)


def _delay(lab: Laboratory, database: str) -> tuple[float]:
    one, other = _pair(lab, database)
    switches = switches_of(lab, one, FEW)
    url = f"{other.url}/api/client/features"
    headers = {"Authorization": CLIENT_TOKEN, "Accept-Encoding": "gzip"}
    times: list[float] = []
    with httpx.Client(verify=False) as writer, httpx.Client(verify=False) as reader:
        headers["If-None-Match"] = reader.get(url, headers=headers).headers["etag"]
        for _ in range(lab.times(CHANGES)):
            time.sleep(_REST_S)
            send(writer, switches.next(one))
            began = time.perf_counter()
            while (answer := reader.get(url, headers=headers)).status_code == 304:
                assert time.perf_counter() < began + _DEADLINE_S, "the change did not arrive"
                time.sleep(_PAUSE_S)
            times.append((time.perf_counter() - began) * 1000)
            headers["If-None-Match"] = answer.headers["etag"]
    return (median(times),)


def _writes(lab: Laboratory) -> tuple[float, float]:
    """Return milliseconds per change: with one process, and with two processes."""
    one, other = _pair(lab, "postgresql")
    switches = switches_of(lab, one, FEW)
    count = lab.times(WRITES)
    requests = [switches.next(one) for _ in range(count)]
    began = time.perf_counter()
    send_all(requests, count, CONNECTIONS)
    alone = time.perf_counter() - began
    halves = [[switches.next(peer) for _ in range(count // 2)] for peer in (one, other)]
    began = time.perf_counter()
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda half: send_all(half, len(half), CONNECTIONS // 2), halves))
    return alone / count * 1000, (time.perf_counter() - began) / (2 * (count // 2)) * 1000
