"""The start, the memory and the idle CPU time of new servers."""

import time
from collections.abc import Iterator

import httpx

from tests.benchmarks.peers.flagstaff import run_command, running_flagstaff
from tests.benchmarks.peers.laboratory import FEW, MANY, Laboratory
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.unleash import CLIENT_TOKEN as UNLEASH_TOKEN
from tests.benchmarks.peers.unleash import running_unleash
from tests.benchmarks.processes import cpu_s, memory_mb
from tests.server import CLIENT_TOKEN

IDLE_S = 5.0
_SETTLE_S = 1.0


def measurements() -> Iterator[Measurement]:
    """Measure the command, then servers."""
    yield Measurement(("version",), _version)
    yield Measurement(("flagstaff memory", "idle"), _idle)
    yield Measurement(("unleash memory",), _unleash, frozenset({"unleash"}), max_rounds=3)
    yield Measurement(("ready",), _ready)


def _version(_: Laboratory) -> tuple[float]:
    return (run_command(["--version"]).cpu_s,)


def _idle(lab: Laboratory) -> tuple[float, float]:
    """Return the memory after a poll, and the share of a core that an idle server uses."""
    url = lab.once("idle database", lambda: lab.copy(FEW))
    with running_flagstaff(lab.new_folder(), url) as peer:
        _poll(peer.url, CLIENT_TOKEN)
        time.sleep(_SETTLE_S)
        memory, began, used = memory_mb(peer.pids[0]), time.monotonic(), cpu_s(peer.pids)
        time.sleep(IDLE_S * min(lab.load, 1.0))
        share = (cpu_s(peer.pids) - used) / (time.monotonic() - began)
    return memory, share * 100


def _unleash(lab: Laboratory) -> tuple[float]:
    lab.unleash()
    with running_unleash(lab.new_folder(), lab.cluster("unleash"), lab.unleash_database()) as peer:
        _poll(peer.url, UNLEASH_TOKEN)
        time.sleep(_SETTLE_S)
        return (memory_mb(peer.pids[0]),)


def _ready(lab: Laboratory) -> tuple[float]:
    """Return the CPU time of a server until it answers, in seconds."""
    url = lab.once("start database", lambda: _served(lab))
    with running_flagstaff(lab.new_folder(), url) as peer:
        return (cpu_s(peer.pids),)


def _served(lab: Laboratory) -> str:
    """Return the URL of a database that a server has used before."""
    url = lab.copy(MANY)
    with running_flagstaff(lab.new_folder(), url):
        return url


def _poll(url: str, token: str) -> None:
    headers = {"Authorization": token, "Accept-Encoding": "gzip"}
    answer = httpx.get(f"{url}/api/client/features", headers=headers, timeout=30)
    assert answer.is_success, answer.text
