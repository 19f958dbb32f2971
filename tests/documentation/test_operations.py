"""The commands of the page about operations back up, restore, upgrade and fail over."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.documentation.pages import DOCS, blocks
from tests.faults.rolling.site import free_port
from tests.postgresql import Cluster, find_programs, plain_user, running_cluster
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer
from tests.waiting import wait_until

PAGE = DOCS / "operations.md"
BACKUP, UPGRADE, FOLLOW, PROMOTE = blocks(PAGE, "sh")
# `tests/faults/test_pooler.py` runs PgBouncer with these settings.
(PGBOUNCER,) = blocks(PAGE, "ini")
RUN = (BACKUP, UPGRADE, FOLLOW, PROMOTE, PGBOUNCER)
COMMAND_S = 600


def run(folder: Path, script: str, **variables: str) -> str:
    """Run commands with the `flagstaff` of this environment; return the output."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(DOCS.parent),
        **variables,
    }
    ran = subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.thorough
@pytest.mark.slow
def test_the_commands_of_backups_restore_the_tokens(tmp_path: Path) -> None:
    printed = run(tmp_path, f"flagstaff token create --name ci --type admin\n{BACKUP.text}")

    assert "are restored and compared." in printed
    assert " ci " in printed


@pytest.mark.slow
@pytest.mark.thorough
def test_the_commands_of_upgrades_accept_a_new_server(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server:
        commands = UPGRADE.text.replace("http://127.0.0.1:4242", server.url)
        assert commands != UPGRADE.text

        printed = run(tmp_path, commands)

    assert f"{server.url} is ready" in printed


@contextmanager
def standby_of(cluster: Cluster, port: int) -> Iterator[Mapping[str, str]]:
    """Create a standby as the page says; yield the variables of its commands."""
    programs = find_programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="flagstaff-standby-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        variables = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PRIMARY": f"host=127.0.0.1 port={cluster.port} user=flagstaff",
            "STANDBY": str(folder / "standby"),
            # The standby usually runs on another machine. Here it has another port.
            "PGPORT": str(port),
        }
        run_plainly(folder, FOLLOW.text, variables)
        try:
            yield variables
        finally:
            stop = 'pg_ctl --pgdata="$STANDBY" --mode=immediate --wait stop'
            run_plainly(folder, stop, variables)


def run_plainly(folder: Path, script: str, variables: Mapping[str, str]) -> None:
    """Run commands of PostgreSQL, which refuse to run as root."""
    subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env=dict(variables),
        user=plain_user() if os.geteuid() == 0 else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=COMMAND_S,
    )


async def has_toggle(port: int, url: str, name: str) -> bool:
    """Whether the PostgreSQL server at a port has a toggle."""
    database = url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(
        host="127.0.0.1", port=port, user="flagstaff", database=database
    )
    try:
        return await connection.fetchval("SELECT count(*) FROM toggle WHERE name = $1", name) > 0
    finally:
        await connection.close()


def create_toggle(server: ForkedServer, name: str) -> int:
    return httpx.post(
        f"{server.url}/api/admin/features",
        headers={"Authorization": ADMIN_TOKEN},
        json={"name": name, "strategies": [{"name": "default"}]},
    ).status_code


def toggles_of(server: ForkedServer) -> set[str]:
    headers = {"Authorization": CLIENT_TOKEN}
    polled = httpx.get(f"{server.url}/api/client/features", headers=headers)
    return {feature["name"] for feature in polled.raise_for_status().json()["features"]}


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL is not installed")
def test_servers_use_the_promoted_standby(tmp_path: Path) -> None:
    programs = find_programs()
    assert programs is not None
    other = free_port()
    with running_cluster(programs) as primary:
        # The primary got its settings as options, which the standby does not copy.
        with (primary.socket_folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"unix_socket_directories = '{primary.socket_folder}'\n")
            settings.write("max_connections = 200\n")
        here = f"127.0.0.1:{primary.port}"
        url = primary.new_database().replace(here, f"{here},127.0.0.1:{other}")
        url += "?target_session_attrs=read-write"
        with (
            standby_of(primary, other) as variables,
            ForkedServer(tmp_path, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server,
        ):
            before = create_toggle(server, "before")
            wait_until(lambda: asyncio.run(has_toggle(other, url, "before")))
            os.kill(primary.pid, signal.SIGQUIT)
            wait_until(lambda: create_toggle(server, "meanwhile") == 503)
            polled = toggles_of(server)
            run_plainly(primary.socket_folder, PROMOTE.text, variables)
            wait_until(lambda: create_toggle(server, "after") == 201)
            assert (before, polled) == (201, {"before"})
            assert toggles_of(server) == {"before", "after"}
            assert server.stop() == 0
            assert "Traceback" not in server.log
