"""Measure the import of a large Unleash database beside a server that answers polls.

    python -m tests.benchmarks.server_import [TOGGLES [EVENTS [sqlite|postgresql]]]

The program fills the tables of Unleash 8.2 on a private PostgreSQL with copies of recorded rows.
It imports them with `flagstaff import --from-database` into SQLite and into PostgreSQL. Meanwhile
a server that uses the same database answers a poll of all features each second. For each import
the program prints CPU times, the memory (RSS) over time, and the number of polls, of failed polls,
and the longest poll. On a busy machine, the CPU times are more reliable than the other times.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

import asyncpg
import httpx
from msgspec import Struct

from tests.benchmarks.processes import cpu_of_process_s, cpu_s, memory_mb, peak_memory_mb
from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import ROOT, Server, without_settings
from tests.unleash_servers.recording import restore_database

RECORDING = ROOT / "tests" / "data" / "unleash-8.2.0-server-database.json"
TOGGLES, EVENTS = 50_000, 1_000_000
POLL_S = 1.0
SAMPLE_S = 2.0
IDLE_POLLS = 5
SHOWN_SAMPLES = 12
# Each copied toggle has the rows of a recorded toggle in these tables.
_TABLES = ("feature_environments", "feature_tag", "client_metrics_env", "last_seen_at_metrics")
_COPIES = """
    CREATE TEMPORARY TABLE copies AS
    SELECT origin, 'copy-' || number AS name, number
    FROM generate_series(1, $1::int - (SELECT count(*)::int FROM features)) AS number
    JOIN (
        SELECT name AS origin, row_number() OVER (ORDER BY name) - 1 AS place FROM features
    ) AS origins ON place = number % (SELECT count(*) FROM features)
"""
_COPY_TOGGLES = """
    INSERT INTO features SELECT copied.* FROM copies JOIN features ON features.name = origin,
    jsonb_populate_record(features, jsonb_build_object('name', copies.name)) AS copied
"""
_COPY_ROWS = """
    INSERT INTO {table} SELECT copied.* FROM copies JOIN {table} ON feature_name = origin,
    jsonb_populate_record({table}, jsonb_build_object('feature_name', copies.name)) AS copied
"""
_COPY_STRATEGIES = """
    INSERT INTO feature_strategies SELECT copied.* FROM copies
    JOIN feature_strategies AS found ON feature_name = origin,
    jsonb_populate_record(found, jsonb_build_object(
        'feature_name', copies.name, 'id', found.id || '-' || number
    )) AS copied
"""
_COPY_USES_OF_SEGMENTS = """
    INSERT INTO feature_strategy_segment
    SELECT found.id || '-' || number, segment_id, used.created_at FROM copies
    JOIN feature_strategies AS found ON feature_name = origin
    JOIN feature_strategy_segment AS used ON feature_strategy_id = found.id
"""
_COPY_EVENTS = """
    INSERT INTO events SELECT copied.* FROM generate_series(
        (SELECT max(id) + 1 FROM events), $1::int
    ) AS number
    JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, events FROM events) AS origins
        ON place = number % (SELECT count(*) FROM events),
    jsonb_populate_record(events, jsonb_build_object(
        'id', number,
        'feature_name',
        CASE WHEN (events).feature_name IS NOT NULL THEN 'copy-' || 1 + number % $2::int END
    )) AS copied
"""


async def fill(url: str, toggles: int, events: int) -> None:
    """Create the tables of an Unleash database with the given numbers of rows."""
    await restore_database(url, RECORDING.read_bytes())
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_COPIES.replace("$1", str(toggles)))
        # The rows of strategies are the origins of the rows that use segments.
        await connection.execute(_COPY_USES_OF_SEGMENTS)
        await connection.execute(_COPY_STRATEGIES)
        for table in _TABLES:
            await connection.execute(_COPY_ROWS.format(table=table))
        await connection.execute(_COPY_TOGGLES)
        await connection.execute(_COPY_EVENTS, events, toggles)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


class PatientServer(Server):
    """A server that may start slowly, because a machine that is measured is often busy."""

    start_deadline_s = 600


class Poller:
    """Polls a server each second, as an SDK does, in a thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ended = Event()
        self._thread = Thread(target=self._run)
        # For each poll: whether it was answered, its time, and the CPU time of the server in it.
        self.polls: list[tuple[bool, float, float]] = []
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current poll."""
        self._ended.set()
        self._thread.join()

    def describe(self, first: int, last: int | None) -> str:
        """Return a sentence about the polls from one number to another."""
        polls = self.polls[first:last]
        failed = sum(not answered for answered, _, _ in polls)
        return (
            f"{len(polls)} polls, {failed} failed, the longest took "
            f"{max(took for _, took, _ in polls):.2f} s and "
            f"{max(used for _, _, used in polls):.2f} s of CPU"
        )

    def _run(self) -> None:
        etag = ""
        with httpx.Client(base_url=self._server.url, timeout=60, verify=False) as client:
            while not self._ended.wait(POLL_S):
                began, used = time.monotonic(), cpu_of_process_s(self._server.pid)
                try:
                    answer = client.get("/api/client/features", headers={"If-None-Match": etag})
                    etag = answer.headers.get("etag", "")
                    answered = answer.status_code in (200, 304)
                except httpx.HTTPError:
                    answered = False
                used = cpu_of_process_s(self._server.pid) - used
                self.polls.append((answered, time.monotonic() - began, used))


class Watched(Struct):
    """A finished import. The memories of the import and of the server are in MB, over time."""

    status: int
    took_s: float
    cpu_s: float
    peak_mb: float
    memories: list[tuple[float, float]]


def watch(process: subprocess.Popen[bytes], server: Server) -> Watched:
    """Wait for the end of an import beside a server."""
    memories: list[tuple[float, float]] = []
    began, peak_mb = time.monotonic(), 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            took_s = time.monotonic() - began
            return Watched(process.returncode, took_s, cpu, peak_mb, memories)
        memories.append((memory_mb(process.pid), server.memory_mb()))
        peak_mb = max(peak_mb, peak_memory_mb(process.pid))
        time.sleep(SAMPLE_S)


def measure(source: str, target: str, folder: Path, database: Cluster | None) -> None:
    """Import into the target, and print the results. `database` is the cluster of the target."""
    # A server without tokens has no events before the import, so that the history is imported.
    settings = {"FLAGSTAFF_DATABASE_URL": target, "FLAGSTAFF_AUTH": "none"}
    settings["PYTHONPATH"] = str(ROOT)
    with PatientServer(folder, **settings) as server:
        poller = Poller(server)
        try:
            time.sleep(IDLE_POLLS * POLL_S)
            before, serving_s = len(poller.polls), cpu_of_process_s(server.pid)
            storing_s = cpu_s([database.pid]) if database else 0.0
            process = subprocess.Popen(
                [sys.executable, "-m", "flagstaff", "import", "--from-database", source],
                env={**without_settings(os.environ), **settings},
                cwd=folder,
            )
            watched = watch(process, server)
            after = len(poller.polls)
            serving_s = cpu_of_process_s(server.pid) - serving_s
            storing_s = cpu_s([database.pid]) - storing_s if database else 0.0
            time.sleep(IDLE_POLLS * POLL_S)
        finally:
            poller.stop()
        assert watched.status == 0, f"The import failed.\n{server.log}"
        print(f"  {watched.took_s:.0f} s; CPU: import {watched.cpu_s:.0f} s", end="")
        print(f", server {serving_s:.0f} s", end="")
        print(f", PostgreSQL {storing_s:.0f} s" if database else "")
        shown = watched.memories[:: max(1, len(watched.memories) // SHOWN_SAMPLES)]
        print(f"  memory of the import, MB (at most {watched.peak_mb:.0f}): ", end="")
        print(" ".join(f"{importing:.0f}" for importing, _ in shown))
        print(f"  memory of the server, MB (at most {peak_memory_mb(server.pid):.0f}): ", end="")
        print(" ".join(f"{serving:.0f}" for _, serving in shown))
        print(f"  before: {poller.describe(0, before)}")
        print(f"  during: {poller.describe(before, after)}")
        print(f"  after: {poller.describe(after, None)}", flush=True)


def main(arguments: Sequence[str]) -> None:
    """Fill the source, and import it into each kind of database."""
    toggles = int(arguments[0]) if arguments else TOGGLES
    events = int(arguments[1]) if len(arguments) > 1 else EVENTS
    kinds = arguments[2:] or ("sqlite", "postgresql")
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not installed"
    with running_cluster(programs) as cluster:
        source = cluster.new_database()
        asyncio.run(fill(source, toggles, events))
        for kind in kinds:
            print(f"{toggles:,} toggles and {events:,} events into {kind}:", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                if kind == "sqlite":
                    measure(source, f"sqlite:///{folder}/flagstaff.db", Path(folder), None)
                else:
                    measure(source, cluster.new_database(), Path(folder), cluster)


if __name__ == "__main__":
    main(sys.argv[1:])
