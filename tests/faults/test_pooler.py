"""PgBouncer in transaction mode between two servers and PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.documentation.pages import DOCS, blocks
from tests.postgresql import Cluster, plain_user
from tests.server import TOKENS, ForkedServer, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
DEADLINE_S = 30


@pytest.fixture
def pooler(cluster: Cluster) -> Iterator[int]:
    """The port of a pooler with three connections to the server."""
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    user = plain_user()
    folder = Path(tempfile.mkdtemp(prefix="flagstaff-pgbouncer-"))
    settings = folder / "pgbouncer.ini"
    (documented,) = blocks(DOCS / "operations.md", "ini")
    text = documented.text
    for line, replacement in (
        (
            "flagstaff = host=db-1 port=5432",
            f"* = host=127.0.0.1 port={cluster.port} user=flagstaff",
        ),
        ("listen_port = 6432", f"listen_port = {port}\nunix_socket_dir ="),
        ("auth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt", "auth_type = any"),
        # The smallest size that the page allows.
        ("default_pool_size = 10", "default_pool_size = 3"),
    ):
        assert line in text
        text = text.replace(line, replacement)
    settings.write_text(text)
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, user)
    running = subprocess.Popen(
        [PROGRAM, settings], stderr=subprocess.DEVNULL, user=user if as_root else None
    )
    try:
        wait_until(lambda: accepts(port))
        yield port
    finally:
        running.terminate()
        running.wait(DEADLINE_S)
        shutil.rmtree(folder)


def accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def names(server: Server) -> set[str]:
    features = server.request("GET", "/api/admin/features").json()["features"]
    return {feature["name"] for feature in features}


@pytest.mark.thorough
def test_servers_behind_a_pooler_work_and_say_once_that_they_poll(
    pooler: int, cluster: Cluster, migrated_database: Callable[[str], str], tmp_path: Path
) -> None:
    url = cluster.new_database(template=migrated_database("postgresql"))
    url = url.replace(f":{cluster.port}/", f":{pooler}/")
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with (
        ForkedServer(folders[0], FLAGSTAFF_DATABASE_URL=url, **TOKENS) as one,
        ForkedServer(folders[1], FLAGSTAFF_DATABASE_URL=url, **TOKENS) as two,
    ):
        created: set[str] = set()
        for number in range(20):
            for server in (one, two):
                created.add(f"t{len(created)}")
                toggle = {"name": f"t{len(created) - 1}", "strategies": [{"name": "default"}]}
                server.request("POST", "/api/admin/features", json=toggle)
                server.graphql("{ events(first: 5) { totalCount } }")
            assert server.request("GET", "/ready").json()["database"] == "available", number
        for server in (one, two):
            wait_until(lambda server=server: names(server) == created)
            assert server.stop() == 0
            assert server.log.count("pooler") == 1
            assert "Traceback" not in server.log
