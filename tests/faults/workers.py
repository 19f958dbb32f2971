"""Kill the workers of a busy server at random times, and report lost or repeated data.

    python -m tests.faults.workers [--kills 20] [--workers 2] [--database sqlite|postgresql|all]

While clients create toggles and report usage, and a hundred scheduled change sets become due, ready
workers are killed (SIGKILL) one after the other. The program exits with 1 if an acknowledged create
or report is missing in the end, or if a scheduled change set was not applied exactly once.
"""

import asyncio
import os
import random
import re
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from msgspec import Struct

from store.operations.scheduling import MAX_SCHEDULED
from tests.faults.kills import DATABASES, empty_databases
from tests.faults.load import CREATE, lost_usages, stored_toggles
from tests.faults.schedules import (
    Applied,
    make_due,
    read_outcome,
    schedule_all,
    served_by,
    wait_until_applied,
)
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer

# A worker imports the whole program, which takes long on a busy machine.
READY_WITHIN_S = 300
OF_EACH_KIND = 3
MAX_PAUSE_S = 6.0
# About how long it takes until a killed worker is replaced.
REPLACED_AFTER_S = 10


class Server(ForkedServer):
    """A server whose workers have time to start."""

    start_deadline_s = READY_WITHIN_S


class SteadyLoad:
    """Creates toggles and reports usage, and tolerates lost connections, until `end` is set.

    Only acknowledged names are recorded. `answers` counts the statuses, and lost connections.
    """

    def __init__(self, url: str) -> None:
        self.created: set[str] = set()
        self.reported: dict[str, set[str]] = defaultdict(set)
        self.registered: set[str] = set()
        self.answers: Counter[str] = Counter()
        self.end = asyncio.Event()
        self._url = url

    async def run(self) -> None:
        """Send requests over new and kept connections."""
        async with httpx.AsyncClient(base_url=self._url, timeout=30, verify=False) as client:
            kinds = (self._create, self._report)
            tasks = [kind(client, number) for kind in kinds for number in range(OF_EACH_KIND)]
            await asyncio.gather(*tasks)

    async def _create(self, client: httpx.AsyncClient, number: int) -> None:
        count = 0
        while not self.end.is_set():
            count += 1
            name = f"t-{number}-{count}"
            body = {"query": CREATE, "variables": {"name": name}}
            answer = await self._post(client, "/graphql", body, ADMIN_TOKEN)
            if answer is not None and answer.status_code == 200:
                data: Any = answer.json()["data"]
                if data and not data["toggleCreate"]["errors"]:
                    self.created.add(name)

    async def _report(self, client: httpx.AsyncClient, number: int) -> None:
        app_name, count = f"killed-{number}", 0
        while not self.end.is_set():
            count += 1
            name = f"m-{number}-{count}"
            bucket = {
                "start": "2026-01-01T00:00:00Z",
                "stop": "2026-01-01T00:01:00Z",
                "toggles": {name: {"yes": 1, "no": 0}},
            }
            body = {"appName": app_name, "instanceId": "one", "bucket": bucket}
            answer = await self._post(client, "/api/client/metrics", body, CLIENT_TOKEN)
            if answer is not None and answer.status_code == 202:
                self.reported[app_name].add(name)
            await asyncio.sleep(0.05)  # the number of unknown names per application is limited

    async def _post(
        self, client: httpx.AsyncClient, path: str, body: dict[str, Any], token: str
    ) -> httpx.Response | None:
        try:
            answer = await client.post(path, json=body, headers={"Authorization": token})
        except httpx.TransportError:
            self.answers["connection lost"] += 1
            await asyncio.sleep(0.1)
            return None
        self.answers[str(answer.status_code)] += 1
        return answer


class Result(Struct, frozen=True):
    """What was acknowledged, and what was wrong in the end."""

    kills: int
    created: int
    reported: int
    answers: Counter[str]
    applied: Applied
    problems: list[str]


def kill_workers(
    folder: Path, url: str, chance: random.Random, *, kills: int, workers: int
) -> Result:
    """Kill workers under load, and compare everything after a restart."""
    variables = {"FLAGSTAFF_DATABASE_URL": url, **TOKENS}
    asyncio.run(schedule_all(url))
    with Server(folder, "--workers", str(workers), **variables) as server:
        _wait_for_ready(server, workers)
        asyncio.run(make_due(url, within=timedelta(seconds=kills * REPLACED_AFTER_S)))
        load = asyncio.run(_load_and_kill(server, chance, kills))
        status = server.stop()
    with ForkedServer(folder, **variables) as server:
        asyncio.run(wait_until_applied(url, at_least=MAX_SCHEDULED))
        applied = asyncio.run(read_outcome(url, 0, served_by(server)))
        problems = [f"the server ended with {status}"] if status else []
        # The scheduled change sets change toggles that have no acknowledged create.
        stored = stored_toggles(server)
        if lost := load.created - stored.keys():
            problems.append(f"created and lost: {sorted(lost)}")
        problems += [
            f"{name} has the events {stored[name]}"
            for name in sorted(load.created & stored.keys())
            if stored[name] != ["TOGGLE_CREATED"]
        ]
        if lost := lost_usages(server, load):
            problems.append(f"reported and lost: {sorted(lost)}")
    reported = sum(map(len, load.reported.values()))
    return Result(
        kills, len(load.created), reported, load.answers, applied, problems + applied.problems
    )


async def _load_and_kill(server: Server, chance: random.Random, kills: int) -> SteadyLoad:
    load = SteadyLoad(server.url)
    running = asyncio.create_task(load.run())
    killed: set[int] = set()
    deadline = time.monotonic() + kills * READY_WITHIN_S
    try:
        while len(killed) < kills and time.monotonic() < deadline:
            await asyncio.sleep(chance.uniform(0.1, MAX_PAUSE_S))
            if alive := sorted(_ready(server) - killed):
                victim = chance.choice(alive)
                os.kill(victim, signal.SIGKILL)
                killed.add(victim)
        await asyncio.sleep(MAX_PAUSE_S)
    finally:
        load.end.set()
        await running
    assert len(killed) == kills, f"only {len(killed)} workers became ready:\n{server.log}"
    return load


def _ready(server: Server) -> set[int]:
    """The IDs of all workers that have ever been ready."""
    return {int(pid) for pid in re.findall(r"\(process (\d+)\) is ready", server.log)}


def _wait_for_ready(server: Server, count: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while len(_ready(server)) < count:
        assert time.monotonic() < deadline, server.log
        time.sleep(0.2)


def main() -> int:
    """Kill workers, report the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.workers", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many kills for each database")
    parser.add_argument("--workers", type=int, default=2, help="how many workers the server has")
    parser.add_argument("--database", choices=(*DATABASES, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1, help="for other moments")
    options = parser.parse_args()
    databases = DATABASES if options.database == "all" else (options.database,)
    problems = 0
    for database in databases:
        with (
            empty_databases(database) as url_in,
            tempfile.TemporaryDirectory(prefix="flagstaff-workers-") as name,
        ):
            result = kill_workers(
                Path(name),
                url_in(Path(name)),
                random.Random(options.seed),
                kills=options.kills,
                workers=options.workers,
            )
        problems += len(result.problems)
        lags_s = result.applied.lags_s or [0.0]
        print(
            f"{database}: {result.kills} kills of workers; acknowledged {result.created} creates "
            f"and {result.reported} reports; answers: {dict(sorted(result.answers.items()))}; "
            f"scheduled change sets: {median(lags_s):.1f} s late in the median, "
            f"{max(lags_s):.1f} s at most; "
            f"{result.problems or 'nothing lost, each schedule applied once'}",
            flush=True,
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
