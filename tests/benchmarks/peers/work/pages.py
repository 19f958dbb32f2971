"""The page queries of an admin frontend, with content for each page."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.peers.documents import graphql
from tests.benchmarks.peers.flagstaff import running_flagstaff
from tests.benchmarks.peers.laboratory import FEW, Laboratory
from tests.benchmarks.peers.loads import send_all
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import cost_us
from tests.benchmarks.peers.peer import Peer
from tests.filling import Size, fill
from tests.graph.pages import PAGES
from tests.operations import operations

NAMES = (
    "ToggleListPage",
    "ToggleDetailPage",
    "EventLogPage",
    "CleanUpPage",
    "PlaygroundPage",
    "ChangeSetsPage",
)
REQUESTS = 40
_WARM_UP = 3
_SIZE = Size(toggles=FEW, applications=FEW // 10, reference_data=50)


def measurements() -> Iterator[Measurement]:
    """Measure each page."""
    for name in NAMES:
        yield Measurement((name,), lambda lab, page=name: _measure(lab, page))


def _measure(lab: Laboratory, name: str) -> tuple[float]:
    peer = lab.started("pages", lambda: _running(lab))
    # The event log is measured without the filter of its test, so it shows all types of events.
    variables = {} if name == "EventLogPage" else PAGES[name].variables
    request = graphql(peer, operations()[name].text, variables)
    send_all([request], _WARM_UP, 1)
    used = cost_us(peer.pids, lambda: send_all([request], lab.times(REQUESTS), 1))
    return (used / 1000,)


@contextmanager
def _running(lab: Laboratory) -> Iterator[Peer]:
    folder = lab.new_folder()
    url = f"sqlite:///{folder / 'flagstaff.db'}"
    asyncio.run(fill(url, _SIZE))
    with running_flagstaff(folder, url) as peer:
        yield peer
