"""Strawberry without changes, over objects in memory and run by uvicorn."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.process import running
from tests.faults.rolling.site import free_port
from tests.server import ROOT


@contextmanager
def running_stock(folder: Path) -> Iterator[Peer]:
    """Run the application of `stock_app`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    application = "tests.benchmarks.peers.stock_app:app"
    with running(
        [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--no-access-log"],
        folder=ROOT,
        log=folder / "stock.log",
        probe=f"{url}/graphql",
    ) as pid:
        yield Peer(url, (pid,))
