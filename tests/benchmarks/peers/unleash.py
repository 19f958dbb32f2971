"""Unleash on PostgreSQL, with the same toggles and tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.peers import node
from tests.benchmarks.peers.data import unleash_document
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.process import running
from tests.faults.rolling.site import free_port
from tests.postgresql import Cluster

# Older versions of Node are accepted, because Unleash needs twice as much memory with Node 24 as
# with Node 20.
OLDEST_NODE = 20
ENVIRONMENT = "development"
CLIENT_TOKEN = f"*:{ENVIRONMENT}.client-secret-of-the-benchmark"
_FIRST_USER = {"username": "admin", "password": "unleash4all"}
_FILL_DEADLINE_S = 120


@contextmanager
def running_unleash(folder: Path, cluster: Cluster, database_url: str) -> Iterator[Peer]:
    """Run Unleash on a database. Unleash migrates the database."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = node.find_node(OLDEST_NODE)
    assert program is not None
    with running(
        [program, "unleash.js", database_url, str(port)],
        folder=node.FOLDER,
        log=folder / "unleash.log",
        probe=f"{url}/health",
        env=node.environment(INIT_CLIENT_API_TOKENS=CLIENT_TOKEN),
    ) as pid:
        yield Peer(url, (pid, cluster.pid))


def fill(peer: Peer, count: int) -> None:
    """Import the toggles as the first user of a new server, because tokens must not import."""
    with httpx.Client(base_url=peer.url, timeout=_FILL_DEADLINE_S) as client:
        answer = client.post("/auth/simple/login", json=_FIRST_USER)
        assert answer.is_success, answer.text
        answer = client.post(
            "/api/admin/features-batch/import", json=unleash_document(count, ENVIRONMENT)
        )
        assert answer.is_success, answer.text


def features(peer: Peer) -> bytes:
    """Return the body that SDKs get."""
    headers = {"Authorization": CLIENT_TOKEN}
    answer = httpx.get(f"{peer.url}/api/client/features", headers=headers, timeout=60)
    assert answer.is_success, answer.text
    return answer.content
