"""PostGraphile over tables of PostgreSQL that have the shape of the list."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.benchmarks.peers import node
from tests.benchmarks.peers.data import listed
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.process import running
from tests.faults.rolling.site import free_port
from tests.postgresql import Cluster


@contextmanager
def running_postgraphile(folder: Path, cluster: Cluster, count: int) -> Iterator[Peer]:
    """Run PostGraphile with some toggles."""
    database_url = cluster.new_database()
    asyncio.run(_fill(database_url, count))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = node.find_node()
    assert program is not None
    with running(
        [program, "postgraphile.js", database_url, str(port)],
        folder=node.FOLDER,
        log=folder / "postgraphile.log",
        probe=f"{url}/graphql",
        env=node.environment(GRAPHILE_ENV="production"),
    ) as pid:
        yield Peer(url, (pid, cluster.pid))


async def _fill(url: str, count: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((Path(__file__).parent / "postgraphile.sql").read_text())
        await connection.execute("SELECT pg_temp.fill($1)", json.dumps(listed(count)))
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
