"""The cost of a change, and the time until SDKs get the new features body."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import httpx

from tests.benchmarks.peers.laboratory import FEW, MANY, MOST, Laboratory
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.work.switching import send, switches_of
from tests.benchmarks.processes import cpu_s
from tests.benchmarks.quick import count_turns
from tests.server import CLIENT_TOKEN, ROOT

SWITCHED = 200
CHANGES = 20


def measurements() -> Iterator[Measurement]:
    """Measure the change alone, then the change with the next poll."""
    yield Measurement(("toggleSetEnabled",), _switch)
    yield Measurement(("trips to SQLite",), _trips, max_rounds=1)
    for toggles in (MANY, MOST):
        yield Measurement(
            (f"new payload {toggles}", f"health {toggles}"),
            lambda lab, n=toggles: _new_payload(lab, n),
        )


def _switch(lab: Laboratory) -> tuple[float]:
    peer = lab.flagstaff(FEW)
    switches = switches_of(lab, peer, FEW)
    count = lab.times(SWITCHED)
    with httpx.Client(verify=False) as client:
        send(client, switches.next(peer))
        began = cpu_s(peer.pids)
        for _ in range(count):
            send(client, switches.next(peer))
        return ((cpu_s(peer.pids) - began) / count * 1000,)


def _trips(lab: Laboratory) -> tuple[float]:
    return (float(asyncio.run(count_turns(lab.new_folder()))),)


def _new_payload(lab: Laboratory, toggles: int) -> tuple[float, float]:
    peer = lab.flagstaff(toggles)
    switches = switches_of(lab, peer, toggles)
    url = f"{peer.url}/api/client/features"
    headers = {"Authorization": CLIENT_TOKEN, "Accept-Encoding": "gzip"}
    times: list[float] = []
    with httpx.Client(verify=False, timeout=60) as client:

        def poll() -> None:
            with client.stream("GET", url, headers=headers) as answer:
                assert answer.status_code == 200, "the body is not new"
                for _ in answer.iter_raw():
                    pass
            headers["If-None-Match"] = answer.headers["etag"]

        def change() -> None:
            request = switches.next(peer)
            began = time.perf_counter()
            send(client, request)
            poll()
            times.append((time.perf_counter() - began) * 1000)

        poll()
        longest = _longest_health(peer, lambda: [change() for _ in range(lab.times(CHANGES))])
    return median(times), longest


def _longest_health(peer: Peer, work: Callable[[], object]) -> float:
    """Return the longest time that `/health` took during some work, in ms.

    Another process sends the requests.
    """
    command = [sys.executable, "-m", "tests.benchmarks.peers.health", peer.url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout is not None
        try:
            # The process prints a line after its first answer.
            asking.stdout.readline()
            work()
            printed, _ = asking.communicate(timeout=60)
        except BaseException:
            asking.kill()
            raise
    return float(printed)
