"""Count the instructions of ordinary requests, and compare them with another checkout.

    python -m tests.benchmarks.instructions [--against FOLDER]

Runs `flagstaff serve` under `valgrind --tool=callgrind`, and sends one request after the other over
one connection. The program counts the instructions of the server process. Other processes do not
affect this number. The server's timers are stopped first, so timed work such as aggregating reports
is not counted. Repeated runs differ by less than one percent.

FOLDER is another checkout of this repository, such as a git worktree of an older commit. The
checkout runs in this Python environment, and its code fills its database.
"""

import argparse
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx

from tests.benchmarks.metrics_posts import TOGGLES as REPORTED
from tests.benchmarks.metrics_posts import bodies
from tests.filling import toggle_name
from tests.graph.pages import PAGES
from tests.operations import operations
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ROOT, TOKENS, Process, Server

TOGGLES = 200
WARM_UP = 20
# Under callgrind the server is about fifty times slower than usual.
TIMEOUT_S = 300
# On a busy machine, the process reacts late to commands.
CONTROL_TIMEOUT_S = 600
SETTLE_S = 5.0
# An idle server spends fewer instructions than this in a second.
QUIET = 20_000
TRIES = 60
_STOPPED_CLOCK = Path(__file__).with_name("stopped_clock.py")

_FILL = """
import asyncio, sys
from tests.filling import Size, fill
asyncio.run(fill(sys.argv[1], Size(int(sys.argv[2]), 20, 10)))
"""
_SWITCH = """
mutation ($enabled: Boolean!) {
  toggleSetEnabled(input: { name: "toggle-00001", enabled: $enabled }) {
    toggleEnvironment { enabled }
    errors { message }
  }
}
"""


class Workload(NamedTuple):
    """A kind of request, with the number of requests to measure and the expected status."""

    kind: str
    times: int
    status: int
    request: Callable[[int], httpx.Request]


class Connection:
    """A connection. Equal requests result in equal bytes. A request is sent in one piece."""

    def __init__(self, url: str) -> None:
        parsed = httpx.URL(url)
        assert parsed.port is not None
        self._socket = socket.create_connection((parsed.host, parsed.port), TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def send(self, request: httpx.Request) -> tuple[HTTPResponse, bytes]:
        """Send a request. Return the answer and its body."""
        target = request.url.raw_path
        lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target)]
        lines += [b"%s: %s" % header for header in request.headers.raw]
        self._socket.sendall(b"\r\n".join([*lines, b"", request.read()]))
        answer = HTTPResponse(self._socket, method=request.method)
        answer.begin()
        return answer, answer.read()


class CountedServer(Server):
    """A server under callgrind, from the checkout in a folder."""

    start_deadline_s = TIMEOUT_S

    def __init__(self, checkout: Path, folder: Path, **variables: str) -> None:
        self._checkout = checkout
        super().__init__(folder, PYTHONPATH=str(checkout), PYTHONHASHSEED="0", **variables)

    def stop(self, number: int = signal.SIGKILL) -> int:
        """Kill the process, because its shutdown would wait for timers."""
        return super().stop(number)

    def stop_timers(self) -> None:
        """Stop all timers, so that only requests cause work afterwards."""
        self.send(signal.SIGUSR1)
        for _ in range(TRIES):
            if self.count(lambda: time.sleep(1)) < QUIET:
                return
        raise AssertionError("the server executes instructions although no request is open")

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                [
                    "valgrind",
                    "--tool=callgrind",
                    "--instr-atstart=no",
                    f"--callgrind-out-file={self._folder}/callgrind.out",
                    sys.executable,
                    "-P",
                    str(_STOPPED_CLOCK),
                    *arguments,
                ],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def count(self, act: Callable[[], None]) -> int:
        """Return the number of instructions that the server executes while `act` runs."""
        self._control("--zero")
        self._control("--instr=on")
        act()
        self._control("--instr=off")
        self._control("--dump")
        newest = max(self._folder.glob("callgrind.out.*"), key=lambda file: file.stat().st_mtime)
        found = re.search(r"^totals: (\d+)", newest.read_text(), re.MULTILINE)
        assert found is not None, f"{newest} holds no sum"
        return int(found[1])

    def _control(self, option: str) -> None:
        assert self._process is not None
        command = ["callgrind_control", option, str(self._process.pid)]
        subprocess.run(command, check=True, capture_output=True, timeout=CONTROL_TIMEOUT_S)


def workloads(url: str) -> Iterator[Workload]:
    """The workloads to measure."""
    # Requests do not accept compression, because compression costs as much as the answer itself.
    client = httpx.Client(base_url=url, headers={"Accept-Encoding": "identity"})
    sdk = {"Authorization": CLIENT_TOKEN}
    admin = {"Authorization": ADMIN_TOKEN}
    tag = ""

    def poll(_number: int) -> httpx.Request:
        return client.build_request("GET", "/api/client/features", headers=sdk)

    def poll_again(number: int) -> httpx.Request:
        nonlocal tag
        request = poll(number)
        if not tag:
            with Connection(url) as connection:
                answer, _ = connection.send(request)
            tag = answer.headers["etag"]
        request.headers["If-None-Match"] = tag
        return request

    reports = [_of_existing_toggles(body) for body in bodies(1_000)]

    def report(number: int) -> httpx.Request:
        headers = {**sdk, "Content-Type": "application/json"}
        return client.build_request(
            "POST", "/api/client/metrics", content=reports[number], headers=headers
        )

    def ask(document: str, variables: Mapping[str, Any]) -> httpx.Request:
        body = {"query": document, "variables": variables}
        return client.build_request("POST", "/graphql", json=body, headers=admin)

    page = PAGES["ToggleListPage"].variables

    def list_toggles(_number: int) -> httpx.Request:
        return ask(operations()["ToggleListPage"].text, page)

    def switch(number: int) -> httpx.Request:
        return ask(_SWITCH, {"enabled": number % 2 == 0})

    yield Workload("poll without news (304)", 300, HTTPStatus.NOT_MODIFIED, poll_again)
    yield Workload("poll (200)", 300, HTTPStatus.OK, poll)
    yield Workload("metrics of 20 toggles", 300, HTTPStatus.ACCEPTED, report)
    yield Workload("list page", 100, HTTPStatus.OK, list_toggles)
    yield Workload("toggleSetEnabled", 100, HTTPStatus.OK, switch)


def _of_existing_toggles(report: bytes) -> bytes:
    for number in range(REPORTED):
        name = toggle_name(number).encode()
        report = report.replace(b'"some-toggle-%d"' % number, b'"%s"' % name)
    return report


def measure(checkout: Path) -> dict[str, float]:
    """Return the number of instructions per request. The keys are kinds of requests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'flagstaff.db'}"
        command = [sys.executable, "-c", _FILL, url, str(TOGGLES)]
        subprocess.run(command, check=True, cwd=checkout, timeout=TIMEOUT_S)
        with CountedServer(checkout, folder, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
            measured = list(workloads(server.url))
            with Connection(server.url) as connection:
                # Polls come last, because the first poll after a change of a toggle costs more.
                for workload in reversed(measured):
                    _send(connection, workload, range(WARM_UP), tries=TRIES)
            _settle(folder / "flagstaff.db")
            server.stop_timers()
            # The server may have closed the other connection as idle.
            with Connection(server.url) as connection:
                return {
                    workload.kind: _count(server, connection, workload) for workload in measured
                }


def _settle(file: Path) -> None:
    """Wait until the server has aggregated all reports, and empty the write-ahead log.

    Otherwise the time of this work would affect the number of instructions.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for _ in range(TRIES):
            (waiting,) = connection.execute("SELECT count(*) FROM metrics_journal").fetchone()
            if not waiting:
                break
            time.sleep(1)
        else:
            raise AssertionError("the reports are not aggregated")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # The server checks the database file regularly.
    time.sleep(SETTLE_S)


def _count(server: CountedServer, connection: Connection, workload: Workload) -> float:
    first, last = WARM_UP + 1, WARM_UP + 1 + workload.times
    _send(connection, workload, range(WARM_UP, first))
    spent = server.count(lambda: _send(connection, workload, range(first, last)))
    return spent / workload.times


def _send(connection: Connection, workload: Workload, numbers: range, *, tries: int = 1) -> None:
    for number in numbers:
        answer, body = connection.send(workload.request(number))
        for _ in range(tries - 1):
            # Under callgrind the server is slow. While its timers run, it sometimes exceeds its
            # deadline for a commit.
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            answer, body = connection.send(workload.request(number))
        assert answer.status == workload.status, body
        assert b'"errors":[{' not in body, body


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout to compare with")
    chosen = parser.parse_args()
    started = datetime.now(UTC)
    here = measure(ROOT)
    there = measure(chosen.against.resolve()) if chosen.against else {}
    print(f"| {'thousands of instructions a request':36} | {'here':>10} | {'there':>10} | ratio |")
    print(f"|{'-' * 38}|{'-' * 11}:|{'-' * 11}:|------:|")
    for kind, count in here.items():
        other = there.get(kind)
        compared = f"{other / 1000:10,.0f} | {count / other:5.2f}" if other else f"{'':10} | {'':5}"
        print(f"| {kind:36} | {count / 1000:10,.0f} | {compared} |")
    print(f"taken in {datetime.now(UTC) - started}")


if __name__ == "__main__":
    main()
