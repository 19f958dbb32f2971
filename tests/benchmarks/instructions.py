"""What ordinary requests cost the server, in instructions, compared with another checkout.

    python -m tests.benchmarks.instructions [--against FOLDER]

Runs `flagstaff serve` under `valgrind --tool=callgrind` and counts instructions only while
requests are under way, less what the idle server spends in the same time. Instructions do not
depend on what else the machine does, so a ratio between two checkouts holds on a busy machine.
FOLDER is another checkout of this repository, such as a git worktree of an older commit; it runs
in this Python environment, on an installation that its own code filled.

Figures of polls and pages repeat within one percent. Those of metrics and mutations vary by up to
a tenth, because work that the clock starts, such as aggregating reports, falls into them.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson

from tests.benchmarks.metrics_posts import TOGGLES as REPORTED
from tests.benchmarks.metrics_posts import bodies
from tests.filling import toggle_name
from tests.graph.pages import PAGES
from tests.operations import operations
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ROOT, TOKENS, Process, Server

TOGGLES = 200
WARM_UP = 20
# Under callgrind the server runs some fifty times as long as usual.
TIMEOUT_S = 120
# A process that waits for nothing but the processor takes orders late on a busy machine.
CONTROL_TIMEOUT_S = 600
IDLE_S = 3.0
TRIES = 20

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

Send = Callable[[httpx.Client, int], httpx.Response]


class CountedServer(Server):
    """A server under callgrind, from the checkout in a folder."""

    def __init__(self, checkout: Path, folder: Path, **variables: str) -> None:
        self._checkout = checkout
        super().__init__(folder, PYTHONPATH=str(checkout), PYTHONHASHSEED="0", **variables)

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                [
                    "valgrind",
                    "--tool=callgrind",
                    "--instr-atstart=no",
                    f"--callgrind-out-file={self._folder}/callgrind.out",
                    sys.executable,
                    "-m",
                    "flagstaff",
                    *arguments,
                ],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def count(self, act: Callable[[], None]) -> tuple[int, float]:
        """The instructions that the server spends while `act` runs, and the seconds it takes."""
        self._control("--zero")
        self._control("--instr=on")
        started = time.monotonic()
        act()
        seconds = time.monotonic() - started
        self._control("--instr=off")
        self._control("--dump")
        newest = max(self._folder.glob("callgrind.out.*"), key=lambda file: file.stat().st_mtime)
        found = re.search(r"^totals: (\d+)", newest.read_text(), re.MULTILINE)
        assert found is not None, f"{newest} holds no sum"
        return int(found[1]), seconds

    def _control(self, option: str) -> None:
        assert self._process is not None
        command = ["callgrind_control", option, str(self._process.pid)]
        subprocess.run(command, check=True, capture_output=True, timeout=CONTROL_TIMEOUT_S)


def workloads() -> Iterator[tuple[str, int, Send]]:
    """The name of each kind of request, how many are sent, and how to send one."""
    sdk = {"Authorization": CLIENT_TOKEN}
    admin = {"Authorization": ADMIN_TOKEN}
    tag = ""

    def poll(client: httpx.Client, _number: int) -> httpx.Response:
        return client.get("/api/client/features", headers=sdk)

    def poll_again(client: httpx.Client, _number: int) -> httpx.Response:
        nonlocal tag
        tag = tag or poll(client, 0).headers["etag"]
        return client.get("/api/client/features", headers={**sdk, "If-None-Match": tag})

    reports = [_of_existing_toggles(body) for body in bodies(1_000)]
    headers = {**sdk, "Content-Type": "application/json"}

    def report(client: httpx.Client, number: int) -> httpx.Response:
        return client.post("/api/client/metrics", content=reports[number], headers=headers)

    page = orjson.dumps(
        {
            "query": operations()["ToggleListPage"].text,
            "variables": PAGES["ToggleListPage"].variables,
        }
    )

    def list_toggles(client: httpx.Client, _number: int) -> httpx.Response:
        return client.post(
            "/graphql", content=page, headers={**admin, "Content-Type": "application/json"}
        )

    def switch(client: httpx.Client, number: int) -> httpx.Response:
        body = {"query": _SWITCH, "variables": {"enabled": number % 2 == 0}}
        return client.post("/graphql", json=body, headers=admin)

    yield "poll without news (304)", 300, poll_again
    yield "poll (200)", 300, poll
    yield "metrics of 20 toggles", 300, report
    yield "list page", 100, list_toggles
    yield "toggleSetEnabled", 100, switch


def _of_existing_toggles(report: bytes) -> bytes:
    for number in range(REPORTED):
        name = toggle_name(number).encode()
        report = report.replace(b'"some-toggle-%d"' % number, b'"%s"' % name)
    return report


def measure(checkout: Path) -> dict[str, float]:
    """Instructions per request, by kind of request."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'flagstaff.db'}"
        command = [sys.executable, "-c", _FILL, url, str(TOGGLES)]
        subprocess.run(command, check=True, cwd=checkout, timeout=TIMEOUT_S)
        with CountedServer(checkout, folder, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
            time.sleep(IDLE_S)
            idle, seconds = server.count(lambda: time.sleep(IDLE_S))
            per_second = idle / seconds
            # Compressing an answer would cost as much as making it, and is the client's choice.
            plain = {"Accept-Encoding": "identity"}
            with httpx.Client(base_url=server.url, timeout=TIMEOUT_S, headers=plain) as client:
                return {
                    kind: _count(server, client, times, send, per_second)
                    for kind, times, send in workloads()
                }


def _count(
    server: CountedServer, client: httpx.Client, times: int, send: Send, per_second: float
) -> float:
    def run(numbers: range) -> None:
        for number in numbers:
            answer = send(client, number)
            # So slow a server now and then exceeds its own deadline for a commit.
            for _ in range(TRIES):
                if answer.status_code != 503:
                    break
                time.sleep(0.5)
                answer = send(client, number)
            assert answer.status_code < 400, answer.text

    run(range(WARM_UP))
    spent, seconds = server.count(lambda: run(range(WARM_UP, WARM_UP + times)))
    return (spent - per_second * seconds) / times


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
