"""A worker that ends sends its last metrics completely."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from flagstaff.monitoring.families import Family
from flagstaff.workers import link
from flagstaff.workers.messages import FROM_WORKER, Counts

pytestmark = pytest.mark.thorough

# Longer than what the kernel keeps for a socket.
FAMILY = Family("flagstaff_example", "x" * 8_000_000, "gauge", [])


def test_the_last_metrics_arrive_although_the_loop_ends_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link, "CLOSE_WITHIN_S", 20.0)
    ours, theirs = socket.socketpair()

    async def work() -> None:
        supervisor = link.SupervisorLink(ours, is_first=True)
        supervisor.collect = collect
        await supervisor.open()
        await supervisor.close()

    with theirs, theirs.makefile("rb") as received, ThreadPoolExecutor(1) as threads:
        reading = threads.submit(received.read)
        with ours:
            asyncio.run(work())
        sent = reading.result(20)

    length, message = int.from_bytes(sent[:4]), sent[4:]
    assert len(message) == length
    assert FROM_WORKER.decode(message) == Counts(0, [FAMILY])


async def collect() -> list[Family]:
    """Return many bytes of metrics."""
    return [FAMILY]
