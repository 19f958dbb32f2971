"""A soak test: thousands of clients use one process with SQLite, or two with PostgreSQL.

    python -m tests.benchmarks.soak [--minutes 10] [--database sqlite|postgresql] [--help]

SDKs poll, report usage, follow streams and request changes. Browsers evaluate toggles, admins open
pages, subscribers receive events, and an editor switches toggles. One import runs, and one process
restarts. The program prints figures and problems. It exits with 1 if one of these problems occurs:

- a report that is not counted exactly once
- a change without an event, or a subscriber that missed an event
- a client without the final features at the end
- an error at another time than the restart

High latencies and growing memory are problems only if the options say so, because a busy machine or
a short run distorts them. Linux only.
"""

import asyncio
import resource
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvloop

from tests.benchmarks.processes import cpu_of_process_s
from tests.benchmarks.soak.checking import (
    Start,
    client_problems,
    count_problems,
    event_problems,
    start_of,
)
from tests.benchmarks.soak.connections import Connection
from tests.benchmarks.soak.people import Admin, Editor, Subscriber, import_toggles
from tests.benchmarks.soak.record import Memory, Record, percentile
from tests.benchmarks.soak.sdks import (
    POLL_S,
    Browser,
    Client,
    DeltaPoller,
    Follower,
    Poller,
    Reporter,
    watch_health,
)
from tests.faults.rolling.site import free_port
from tests.filling import Size, fill
from tests.postgresql import find_programs, running_cluster
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, Server

# The times of the import and the restart, as shares of the whole time. The import quadruples the
# number of toggles. For each process, memory is compared only after the first third of its time.
IMPORT_AT = 0.08
RESTART_AT = 0.35
# The time for every client to poll once more, and for pending reports to arrive.
FINAL_S = POLL_S * 1.1 + 5
LIMITS_MS = {"poll": 250.0, "health": 100.0}
MAX_GROWTH = 0.05


class Soak:
    """All clients, and the servers that they use."""

    def __init__(self, servers: list[Server], ports: list[int], options: Namespace) -> None:
        self.record = Record()
        self.memories = {f"process {number}": Memory() for number in range(len(servers))}
        self._servers = servers
        self._ports = ports
        self._options = options
        self._opened = 0
        self._memory_of = list(self.memories.values())
        many = options
        self.clients: list[Client] = [
            *(Poller(self.record, self._connection(CLIENT_TOKEN)) for _ in range(many.instances)),
            *(Follower(self.record, self._connection(CLIENT_TOKEN)) for _ in range(many.streams)),
            *(DeltaPoller(self.record, self._connection(CLIENT_TOKEN)) for _ in range(many.deltas)),
            *(
                Browser(self.record, self._connection(FRONTEND_TOKEN), number)
                for number in range(many.browsers)
            ),
        ]
        self._reporters = [
            Reporter(self.record, self._connection(CLIENT_TOKEN), number, many.toggles)
            for number in range(many.instances)
        ]
        self.subscribers = [
            Subscriber(self.record, ports, number, ADMIN_TOKEN)
            for number in range(many.subscribers)
        ]

    async def run(self, start: Start) -> None:
        """Run all clients for the whole time, and a little longer to get the final features."""
        seconds = self._options.minutes * 60
        for subscriber in self.subscribers:
            subscriber.begin_after(start.cursor)
        async with asyncio.TaskGroup() as group:
            reporting = [group.create_task(item.run()) for item in self._reporters]
            working = [group.create_task(item.run()) for item in (*self.clients, *self.subscribers)]
            working.append(group.create_task(self._sample_memory()))
            for _ in range(self._options.admins):
                admin = Admin(self.record, self._connection(ADMIN_TOKEN))
                working.append(group.create_task(admin.run()))
            for port in self._ports:
                health = Connection(self.record, [port], 0, CLIENT_TOKEN)
                working.append(group.create_task(watch_health(self.record, health)))
            editor = Editor(self.record, self._connection(ADMIN_TOKEN))
            editing = asyncio.create_task(editor.run())
            await asyncio.sleep(seconds * IMPORT_AT)
            await import_toggles(self.record, self._connection(ADMIN_TOKEN))
            await asyncio.sleep(seconds * (RESTART_AT - IMPORT_AT))
            await self._restart()
            await asyncio.sleep(seconds * (1 - RESTART_AT))
            editor.end()
            await editing
            for reporter in self._reporters:
                reporter.end()
            await asyncio.gather(*reporting)
            await asyncio.sleep(FINAL_S)
            for task in working:
                task.cancel()

    def _connection(self, token: str) -> Connection:
        self._opened += 1
        return Connection(self.record, self._ports, self._opened, token)

    async def _restart(self) -> None:
        """Stop the first process gracefully, and start it again."""
        began = time.monotonic()
        self.record.begin_restart()
        status = await asyncio.to_thread(self._servers[0].stop)
        if status != 0:
            self.record.faults[f"restart: the process ended with {status}"] += 1
        self._memory_of[0] = self.memories["process 0 restarted"] = Memory()
        await asyncio.to_thread(self._servers[0].start)
        self.record.end_restart()
        print(f"the restart took {time.monotonic() - began:.1f} s", flush=True)

    async def _sample_memory(self) -> None:
        while True:
            for server, memory in zip(self._servers, self._memory_of, strict=True):
                if not self.record.excused_now:
                    memory.add(server.memory_mb())
            await asyncio.sleep(1)


def report(soak: Soak, *, judge_latency: bool, judge_memory: bool) -> list[str]:
    """Print the figures. Return the figures that are problems."""
    record = soak.record
    problems = [f"{count} times {what}" for what, count in record.faults.items()]
    print(f"{'':10} {'answers':>8} {'median ms':>10} {'p99 ms':>8} {'longest':>8}")
    for kind, took in sorted(record.took_ms.items()):
        p99 = percentile(took, 0.99)
        print(f"{kind:10} {len(took):8} {percentile(took, 0.5):10.1f} {p99:8.1f} {max(took):8.1f}")
        if judge_latency and p99 > LIMITS_MS.get(kind, p99):
            problems.append(f"p99 of {kind}: {p99:.1f} ms")
    for name, memory in soak.memories.items():
        warm, last = memory.growth()
        share = last / warm - 1 if warm else 0.0
        print(f"{name}: {warm:.1f} MB after warm-up, {last:.1f} MB at the end ({share:+.1%})")
        if judge_memory and share > MAX_GROWTH:
            problems.append(f"the memory of {name} grew by {share:.1%}")
    print(
        f"acknowledged: {record.reports} reports, {sum(record.changes.values())} changes; "
        f"{sum(record.excused.values())} faults around the restart"
    )
    for what, count in record.excused.most_common(10):
        print(f"  {count:6} {what[:90]}")
    return problems


@contextmanager
def running_servers(options: Namespace) -> Iterator[tuple[list[Server], list[int]]]:
    """Start servers on a database with toggles. Yield the processes and their ports."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flagstaff-soak-")))
        url, processes = f"sqlite:///{folder / 'flagstaff.db'}", 1
        if options.database == "postgresql":
            programs = find_programs()
            if programs is None:
                raise SystemExit("PostgreSQL (initdb, pg_ctl) is not installed")
            url, processes = stack.enter_context(running_cluster(programs)).new_database(), 2
        asyncio.run(fill(url, Size(options.toggles, 5, 5)))
        variables = {
            **TOKENS,
            "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN,
            "FLAGSTAFF_DATABASE_URL": url,
        }
        ports = [free_port() for _ in range(processes)]
        servers: list[Server] = []
        for number, port in enumerate(ports):
            (folder / str(number)).mkdir()
            server = Server(folder / str(number), "--port", str(port), **variables)
            servers.append(stack.enter_context(server))
        yield servers, ports


def options_of(arguments: list[str] | None = None) -> Namespace:
    """The options on the command line."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--judge-latency", action="store_true", help="p99 above a limit is wrong")
    parser.add_argument("--judge-memory", action="store_true", help="growth by 5 %% is wrong")
    for name, number, what in (
        ("toggles", 100, "toggles to begin with"),
        ("instances", 2_000, "SDKs that poll and report"),
        ("streams", 200, "SDKs that follow a stream"),
        ("deltas", 50, "SDKs that ask for changes"),
        ("browsers", 100, "users of the frontend API"),
        ("admins", 10, "admins who look at pages"),
        ("subscribers", 5, "subscribers to events over WebSocket"),
    ):
        parser.add_argument(f"--{name}", type=int, default=number, help=what)
    return parser.parse_args(arguments)


def main() -> int:
    """Soak, print the results, and return the exit code."""
    options = options_of()
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    with running_servers(options) as (servers, ports):
        start = start_of(servers[0])
        soak = Soak(servers, ports, options)
        try:
            uvloop.run(soak.run(start))
        except ExceptionGroup as error:
            print(f"PROBLEM: a client gave up: {error.exceptions[0]!r}")
            for what, count in soak.record.faults.most_common(10):
                print(f"{count:8} {what}")
            for number, server in enumerate(servers):
                print(f"process {number} logged last:\n{server.log[-4000:]}")
            return 1
        problems = report(
            soak, judge_latency=options.judge_latency, judge_memory=options.judge_memory
        )
        for number, server in enumerate(servers):
            used = cpu_of_process_s(server.pid)
            print(f"process {number} used {used:.0f} s of CPU since its start")
        print(f"the clients used {time.process_time():.0f} s of CPU")
        problems += count_problems(servers[-1], start, soak.record)
        problems += event_problems(servers[-1], start, soak.record, soak.subscribers)
        problems += client_problems(servers[-1], soak.clients)
        for number, server in enumerate(servers):
            if "Traceback" in server.log:
                problems.append(f"process {number} logged a traceback:\n{server.log[-2000:]}")
    for problem in problems:
        print(f"PROBLEM: {problem[:2000]}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
