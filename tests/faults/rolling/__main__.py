"""Nine real SDKs behind nginx, while two servers and their database fail and restart.

    python -m tests.faults.rolling [--seconds 60] [--workers 1] [--promote]

The servers share one PostgreSQL. Three faults follow one another: both servers restart, PostgreSQL
freezes, and the network between the second server and PostgreSQL is cut. If the servers have
several workers, SIGHUP also restarts the workers of both servers. With `--promote`, PostgreSQL is
killed at the end, and its hot standby is promoted, which has all acknowledged commits. A toggle
changes after each fault.

The program exits with 1 if an SDK reports an error, warns during a restart, or does not have the
last state at the end. It also exits with 1 if the counts differ from the acknowledged usage, or if
the servers disagree about `lastSeenAt`. When PostgreSQL is killed, it may have committed a report
without an answer, and the SDK then reports these evaluations again. With `--promote`, one repeated
report per SDK is therefore permitted, and the column "repeated" has its evaluations. If
PostgreSQL, nginx or Node is missing, the program does nothing.
"""

import os
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.clients.packages import fetch_packages
from tests.faults.proxy import Proxy
from tests.faults.rolling.processes import PYTHON_SDK, TOGGLE, Sdk, running_sdks, wait_for
from tests.faults.rolling.site import Nginx, find_nginx, free_port, running_nginx
from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import TOKENS, ForkedServer, Server

JAVASCRIPT = Path(__file__).parent / "javascript"
FEATURE = f"/api/admin/features/{TOGGLE}"
CHANGE_DEADLINE_S = 10
AGREE_S = 5
# SDKs wait longer after each refused report.
FLUSH_DEADLINE_S = 60
RESTARTED = "All workers have been restarted"
# Workers import the whole program, which takes long on a busy machine.
RESTART_DEADLINE_S = 300
SEEN = """query Seen($name: String!) {
  toggle(name: $name) { lastSeenAt environments { lastSeenAt }
    usages(first: 100) { nodes { application { name } lastSeenAt } }
    metrics(hoursBack: 2, groupBy: [APPLICATION]) { application { name } yes no } } }"""


class RollingServer(ForkedServer):
    """A server whose workers have time to start."""

    start_deadline_s = RESTART_DEADLINE_S


class Run:
    """The servers, nginx and the SDKs, and all errors."""

    def __init__(
        self, servers: list[Server], nginx: Nginx, sdks: list[Sdk], *, promotes: bool
    ) -> None:
        self._promotes = promotes
        self.problems: list[str] = []
        self._servers = servers
        self._nginx = nginx
        self._sdks = sdks
        self._enabled = False
        self._began = time.monotonic()
        self._complained = 0

    @contextmanager
    def phase(self, name: str, *, is_silent: bool = False) -> Iterator[None]:
        """Run the context. Then switch the toggle, and wait until all SDKs have the change.

        In a silent phase, no SDK may warn.
        """
        yield
        self._enabled = not self._enabled
        took_s = self._switch()
        began = time.monotonic()
        if not wait_for(lambda: not self._behind(), CHANGE_DEADLINE_S):
            self.problems.append(f"{name}: not at the newest state: {self._behind()}")
        warnings = sum(len(sdk.warnings) + len(sdk.errors) for sdk in self._sdks)
        if is_silent and warnings != self._complained:
            self.problems.append(f"{name}: {warnings - self._complained} errors and warnings")
        print(
            f"{time.monotonic() - self._began:5.0f} s  {name}: the change took {took_s:.1f} s, all "
            f"SDKs had it {time.monotonic() - began:.1f} s later; "
            f"{warnings - self._complained} errors and warnings of SDKs",
            flush=True,
        )
        self._complained = warnings

    def restart(self, pause_s: float) -> None:
        """Restart one server after the other."""
        for server in self._servers:
            status = server.stop()
            if status != 0:
                self.problems.append(f"a server ended with {status}")
            server.start()
            time.sleep(pause_s)

    def restart_workers(self) -> None:
        """Restart the workers of both servers at the same time."""
        for server in self._servers:
            server.send(signal.SIGHUP)
        for server in self._servers:
            if not wait_for(partial(_has_restarted, server), RESTART_DEADLINE_S):
                self.problems.append("the workers of a server were not restarted")

    def finish(self) -> None:
        """Stop the requests of the SDKs, and compare the counts."""
        for sdk in self._sdks:
            sdk.send_line()
        wait_for(lambda: all(item.evaluations is not None for item in self._sdks), 10)
        wait_for(self._all_reported, FLUSH_DEADLINE_S)
        self._compare_counts()
        self._compare_servers()
        for sdk in self._sdks:
            self.problems += [f"{sdk.app_name}: {error}" for error in sdk.errors]

    def _switch(self) -> float:
        """Switch the toggle. Return the time until the change was acknowledged."""
        began = time.monotonic()
        path = f"{FEATURE}/toggle/{'on' if self._enabled else 'off'}"
        headers = {"Authorization": self._servers[0].admin_token}
        answers: list[int] = []

        def switched() -> bool:
            answer = httpx.post(self._nginx.url + path, headers=headers, timeout=30)
            answers.append(answer.status_code)
            return answer.is_success

        if not wait_for(switched, CHANGE_DEADLINE_S):
            self.problems.append(f"a change is refused: {answers}")
        return time.monotonic() - began

    def _behind(self) -> list[str]:
        return [sdk.app_name for sdk in self._sdks if sdk.enabled is not self._enabled]

    def _all_reported(self) -> bool:
        reported = self._nginx.acknowledged(TOGGLE)
        return all(
            reported[sdk.app_name] == sdk.evaluations
            for sdk in self._sdks
            if sdk.app_name != PYTHON_SDK
        )

    def _compare_counts(self) -> None:
        acknowledged = self._nginx.acknowledged(TOGGLE)
        wait_for(lambda: self._counted() >= acknowledged, AGREE_S)
        counted = self._counted()
        refused = self._nginx.largest_refused(TOGGLE)
        print(
            f"{'SDK':20} {'asked':>6} {'acknowledged':>12} {'counted':>8} {'repeated':>8} "
            f"{'warnings':>8}"
        )
        for sdk in self._sdks:
            name = sdk.app_name
            repeated = counted[name] - acknowledged[name]
            print(
                f"{name:20} {sdk.evaluations or 0:6} {acknowledged[name]:12} {counted[name]:8} "
                f"{repeated:8} {len(sdk.warnings):8}"
            )
            if not 0 <= repeated <= (refused[name] if self._promotes else 0):
                self.problems.append(f"{name}: counted {counted[name]} of {acknowledged[name]}")
            # UnleashClient drops a refused report. The other SDKs send the counts of a refused
            # report again.
            if name != PYTHON_SDK and acknowledged[name] != sdk.evaluations:
                self.problems.append(
                    f"{name}: acknowledged {acknowledged[name]}, asked {sdk.evaluations}"
                )

    def _counted(self) -> Counter[str]:
        series = self._servers[0].graphql(SEEN, name=TOGGLE)["toggle"]["metrics"]
        return Counter(
            {sery["application"]["name"]: int(sery["yes"]) + int(sery["no"]) for sery in series}
        )

    def _compare_servers(self) -> None:
        def differences() -> list[str]:
            first, second = (
                server.graphql(SEEN, name=TOGGLE)["toggle"] for server in self._servers
            )
            return [
                f"{item}: {first[item]} and {second[item]}"
                for item in first
                if first[item] != second[item]
            ]

        if not wait_for(lambda: not differences(), AGREE_S):
            self.problems += [
                f"the servers disagree about {difference}" for difference in differences()
            ]


def _promote(primary: Cluster, standby: Cluster, pause_s: float) -> None:
    """Kill the primary, and promote the standby after a pause."""
    os.kill(primary.pid, signal.SIGQUIT)
    time.sleep(pause_s)
    standby.execute("SELECT pg_promote()")


def _others(standby: Cluster | None) -> str:
    """Return the part of a URL that names the standby after the primary."""
    return f",127.0.0.1:{standby.port}" if standby else ""


def _follow(stack: ExitStack, primary: Cluster) -> Cluster:
    """Start a hot standby that has each change before the change is answered."""
    standby = stack.enter_context(primary.standby())
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    return standby


def _has_restarted(server: Server) -> bool:
    return RESTARTED in server.log


def main() -> int:
    """Run all phases, print the results, and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.rolling", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="about how long the phases take")
    parser.add_argument("--workers", type=int, default=1, help="the workers of each server")
    parser.add_argument("--promote", action="store_true", help="promote a standby at the end")
    options = parser.parse_args()
    seconds, workers = options.seconds, options.workers
    programs = find_programs()
    if programs is None or find_nginx() is None:
        print("SKIPPED: PostgreSQL (initdb, pg_ctl) and nginx have to be installed")
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flagstaff-rolling-")))
        folder.chmod(0o755)
        for name in ("first", "second", "nginx", "javascript"):
            (folder / name).mkdir()
        try:
            fetch_packages(JAVASCRIPT, folder / "javascript", what="the SDKs for Node")
        except pytest.skip.Exception as reason:
            print(f"SKIPPED: {reason}")
            return 0
        cluster = stack.enter_context(running_cluster(programs))
        url = cluster.new_database()
        proxy = stack.enter_context(Proxy(cluster.port))
        standby = _follow(stack, cluster) if options.promote else None
        urls = {
            name: url.replace(f":{cluster.port}/", f":{its_port}{_others(standby)}/")
            + ("?target_session_attrs=read-write" if standby else "")
            for name, its_port in (("first", cluster.port), ("second", proxy.port))
        }
        ports = [free_port() for _ in urls]
        servers: list[Server] = []
        for (name, its_url), its_port in zip(urls.items(), ports, strict=True):
            variables = {**TOKENS, "FLAGSTAFF_DATABASE_URL": its_url}
            arguments = ("--port", str(its_port), "--workers", str(workers))
            server = RollingServer(folder / name, *arguments, **variables)
            servers.append(stack.enter_context(server))
        servers[0].request(
            "POST",
            "/api/admin/features",
            json={"name": TOGGLE, "enabled": False, "strategies": [{"name": "default"}]},
        )
        nginx = stack.enter_context(running_nginx(folder / "nginx", ports))
        sdks = stack.enter_context(running_sdks(folder / "javascript", nginx.url))
        run = Run(servers, nginx, sdks, promotes=options.promote)
        with run.phase("nothing"):
            time.sleep(seconds / 12)
        with run.phase("rolling restart", is_silent=True):
            run.restart(seconds / 12)
        if workers > 1:
            with run.phase("workers restarted", is_silent=True):
                run.restart_workers()
        with run.phase("PostgreSQL frozen"), cluster.frozen():
            time.sleep(seconds / 4)
        with run.phase("the second server cut off"), proxy.cut():
            time.sleep(seconds / 4)
        if standby is not None:
            with run.phase("standby promoted"):
                _promote(cluster, standby, seconds / 4)
        with run.phase("nothing"):
            time.sleep(seconds / 12)
        run.finish()
        print(
            *(f"{count:7} {statuse}" for statuse, count in sorted(nginx.statuses().items())),
            sep="\n",
        )
    for problem in run.problems:
        print(f"PROBLEM: {problem}")
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main())
