"""A real server with two workers: it loses none of its requests, counts or changes."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server import TOKENS, ForkedServer, Server
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

START_S = 180
# Runs Python with the terminal on its standard input, as the program of a terminal's window.
IN_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def workers_of(server: Server) -> set[int]:
    """The IDs of the processes that the supervisor has started and that still run."""
    found: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(server.pid) and fields[0] != "Z":
            found.add(int(folder.name))
    return found


def count(server: Server, name: str, **labels: str) -> float:
    """The value of a metric of all workers."""
    text = httpx.get(f"{server.url}/metrics", verify=False).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == f"flagstaff_{name}" and labels.items() <= sample.labels.items()
    )


def create(server: Server, name: str) -> None:
    """Create a toggle over a new connection."""
    answer = httpx.post(
        f"{server.url}/api/admin/features",
        json={"name": name, "strategies": [{"name": "default"}]},
        headers={"Authorization": server.admin_token},
        verify=False,
    )
    assert answer.status_code == 201, answer.text


def polled(server: Server) -> set[str]:
    """The toggles that an SDK gets over a new connection."""
    answer = httpx.get(
        f"{server.url}/api/client/features",
        headers={"Authorization": server.client_token},
        verify=False,
    )
    return {feature["name"] for feature in answer.json()["features"]}


def are_ready(server: Server) -> bool:
    return count(server, "workers") == 2


class PatientServer(ForkedServer):
    """A server whose workers import the whole program, which takes long on a busy machine."""

    start_deadline_s = START_S


class ServerInTerminal(Server):
    """A server in the foreground of a terminal, which `close_terminal` closes."""

    start_deadline_s = START_S

    def close_terminal(self) -> None:
        os.close(self._terminal)

    def _run(
        self, arguments: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        self._terminal, inner = os.openpty()
        try:
            with self._log_file.open("ab") as log:
                return subprocess.Popen(
                    [sys.executable, "-c", IN_TERMINAL, "-m", "flagstaff", *arguments],
                    cwd=self._folder,
                    env=environment,
                    stdin=inner,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        finally:
            os.close(inner)


def test_a_killed_worker_and_a_restart_lose_no_change_and_no_count(tmp_path: Path) -> None:
    with PatientServer(tmp_path, "--workers", "2", **TOKENS) as server:
        wait_until(lambda: are_ready(server), seconds=START_S)
        before = workers_of(server)
        create(server, "first")
        wait_until(lambda: polled(server) == {"first"})
        polls = count(server, "http_requests_total", route="/api/client/features")
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in workers_of(server))
        # The other worker serves, and the counts of the killed worker remain.
        create(server, "second")
        assert polled(server) == {"first", "second"}
        wait_until(lambda: are_ready(server), seconds=START_S)
        assert count(server, "http_requests_total", route="/api/client/features") == polls + 1

        between = workers_of(server)
        server.send(signal.SIGHUP)
        wait_until(lambda: "All workers have been restarted" in server.log, seconds=2 * START_S)
        after = workers_of(server)
        create(server, "third")
        wait_until(lambda: polled(server) == {"first", "second", "third"})

        assert len(before) == len(between) == len(after) == 2
        assert len(before & between) == 1
        assert not between & after
        assert count(server, "http_requests_total", status="201") == 3
        assert "was ended by SIGKILL" in server.log
        assert server.lines.count("Flagstaff") == 1
        assert server.stop() == 0
        assert not [pid for pid in after if Path(f"/proc/{pid}").exists()]


def test_a_suspended_worker_is_killed_and_replaced(tmp_path: Path) -> None:
    with PatientServer(tmp_path, "--workers", "2", **TOKENS) as server:
        wait_until(lambda: are_ready(server), seconds=START_S)
        victim = max(workers_of(server))

        os.kill(victim, signal.SIGSTOP)
        wait_until(lambda: victim not in workers_of(server), seconds=START_S)
        wait_until(lambda: len(workers_of(server)) == 2, seconds=START_S)

        assert f"(process {victim}) has not run for" in server.log
        assert server.stop() == 0


def test_workers_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    with PatientServer(tmp_path, "--workers", "2", **TOKENS) as server:
        wait_until(lambda: are_ready(server), seconds=START_S)
        workers = workers_of(server)

        server.kill()

        wait_until(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()])
        assert server.log.count("The supervisor has ended, so this worker stops") == 2


def test_workers_end_with_the_terminal_of_their_command(tmp_path: Path) -> None:
    with ServerInTerminal(tmp_path, "--workers", "2", **TOKENS) as server:
        wait_until(lambda: are_ready(server), seconds=START_S)
        workers = workers_of(server)

        server.close_terminal()

        assert server.wait() == 0
        assert "Stopping all workers after SIGHUP" in server.log
        assert "Traceback" not in server.log
        assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_settings_that_are_refused_are_reported_as_without_workers(tmp_path: Path) -> None:
    server = PatientServer(tmp_path, "--workers", "2", FLAGSTAFF_INIT_ADMIN_TOKENS="nonsense")

    assert server.wait() == 2, server.log
    assert server.lines == ""
    assert "FLAGSTAFF_INIT_ADMIN_TOKENS: token 1 does not have the form" in server.log
