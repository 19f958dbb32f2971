"""1,000 WebSocket subscribers: the time until all have a change, and the memory of each."""

import asyncio
from collections.abc import Iterator

from tests.benchmarks.idle_subscribers import Figures, measure_subscribers
from tests.benchmarks.peers.flagstaff import running_flagstaff
from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.stock import running_stock

SUBSCRIBERS = 1_000
CHANGES = 5
LIMITS = {
    "FLAGSTAFF_MAX_SOCKETS_PER_TOKEN": str(2 * SUBSCRIBERS),
    "FLAGSTAFF_MAX_SOCKETS_PER_ADDRESS": str(2 * SUBSCRIBERS),
}


def measurements() -> Iterator[Measurement]:
    """Measure both servers. They are new, so that memory depends only on these subscribers."""
    yield Measurement(("flagstaff last subscriber", "flagstaff subscriber memory"), _flagstaff)
    yield Measurement(("stock last subscriber",), _stock, frozenset({"stock"}), max_rounds=3)


def _flagstaff(lab: Laboratory) -> tuple[float, float]:
    with running_flagstaff(lab.new_folder(), lab.copy(FEW), variables=LIMITS) as peer:
        found = _measure(lab, peer)
    return found.last_ms, found.kilobytes


def _stock(lab: Laboratory) -> tuple[float]:
    with running_stock(lab.new_folder()) as peer:
        return (_measure(lab, peer).last_ms,)


def _measure(lab: Laboratory, peer: Peer) -> Figures:
    count, changes = lab.times(SUBSCRIBERS), lab.times(CHANGES)
    return asyncio.run(measure_subscribers(peer, peer.pids[0], count, changes))
