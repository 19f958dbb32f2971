"""mercurius with its JIT, over objects in memory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.peers import node
from tests.benchmarks.peers.data import listed
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.process import running
from tests.faults.rolling.site import free_port


@contextmanager
def running_mercurius(folder: Path, count: int) -> Iterator[Peer]:
    """Run mercurius with some toggles."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    data = folder / "toggles.json"
    data.write_text(json.dumps(listed(count)))
    program = node.find_node()
    assert program is not None
    with running(
        [program, "mercurius.js", data, str(port)],
        folder=node.FOLDER,
        log=folder / "mercurius.log",
        probe=f"{url}/graphql",
        env=node.environment(),
    ) as pid:
        yield Peer(url, (pid,))
