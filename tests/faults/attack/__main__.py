"""Start a server, attack it, and print the cost of each attack.

    python -m tests.faults.attack [--database sqlite|postgresql] [--trusted-documents]

With `--trusted-documents` the server runs only documents that a manifest lists. The manifest
contains the fixed documents of the attacks. Documents that vary with each request are not in the
manifest.

For each attack the program prints the number of requests and the server's CPU time per request. An
SDK polls at the same time. The program prints the maximum CPU time of the event loop's thread
during a poll, and the time of the slowest poll. The program also prints the growth of the memory
and of the database. The program exits with 1 if an attack gets an unexpected answer, if a poll
fails, or if a limit in docs/security.md is exceeded.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.faults.attack.attacks import Attack, attacks
from tests.faults.attack.documents import TRUSTED
from tests.faults.attack.monitoring import Damage, Monitor, Target
from tests.postgresql import find_programs, running_cluster
from tests.server import FRONTEND_TOKEN, TOKENS, Server

TOGGLES = 500
VALUES = 300
# A time slice of an operation must not take longer. A poll may wait for slices of several
# operations.
MAX_LOOP_S = 0.25
MAX_MEMORY_MB = 150
MAX_DATABASE_MB = 100


def main() -> int:
    """Attack, print a table, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.attack", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--trusted-documents", action="store_true")
    options = parser.parse_args()
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url: str | None = None
        if options.database == "postgresql":
            programs = find_programs()
            if programs is None:
                parser.error("PostgreSQL (initdb, pg_ctl) is not installed")
            url = stack.enter_context(running_cluster(programs)).new_database()
            variables["FLAGSTAFF_DATABASE_URL"] = url
        if options.trusted_documents:
            manifest = folder / "documents.json"
            manifest.write_text(json.dumps(dict(enumerate(TRUSTED))))
            variables["FLAGSTAFF_TRUSTED_DOCUMENTS"] = str(manifest)
            variables["FLAGSTAFF_TRUSTED_DOCUMENTS_ONLY"] = "true"
        server = stack.enter_context(Server(folder, **variables))
        _fill(server)
        process = server._process
        assert isinstance(process, subprocess.Popen)
        return asyncio.run(_attack(Target(server, folder, process.pid, url)))


async def _attack(target: Target) -> int:
    columns = f"{'CPU ms':>7} {'loop ms':>8} {'poll ms':>8} {'MB':>6} {'DB MB':>6}"
    print(f"{'attack':36} {'requests':>8} {columns}")
    problems: list[str] = []
    for attack in attacks():
        monitor = Monitor(target)
        async with monitor as damage:
            await attack.run(target, damage.statuses)
        print(_row(attack, damage))
        problems += _problems(attack, damage)
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


def _row(attack: Attack, damage: Damage) -> str:
    per_request = damage.cpu_s * 1000 / max(damage.requests, 1)
    statuses = ", ".join(f"{count} x {status}" for status, count in damage.statuses.items())
    return (
        f"{attack.name:36} {damage.requests:8} {per_request:7.1f} {damage.loop_s * 1000:8.0f} "
        f"{damage.worst_poll_s * 1000:8.0f} {damage.memory_mb:6.0f} {damage.database_mb:6.1f}"
        f"  {statuses}"
    )


def _problems(attack: Attack, damage: Damage) -> list[str]:
    problems: list[str] = []
    wrong = set(damage.statuses) - attack.allowed
    if wrong or not damage.statuses:
        problems.append(f"{attack.name}: answered with {wrong or 'nothing'}")
    missing = attack.required - set(damage.statuses)
    if missing:
        problems.append(f"{attack.name}: never answered with {missing}")
    if damage.failed_polls:
        problems.append(f"{attack.name}: {damage.failed_polls} polls of an SDK failed")
    if damage.loop_s > MAX_LOOP_S:
        problems.append(f"{attack.name}: held the event loop for {damage.loop_s:.2f} s")
    if damage.memory_mb > MAX_MEMORY_MB:
        problems.append(f"{attack.name}: took {damage.memory_mb:.0f} MB of memory")
    if damage.database_mb > MAX_DATABASE_MB:
        problems.append(f"{attack.name}: took {damage.database_mb:.0f} MB of the database")
    return problems


def _fill(server: Server) -> None:
    """Create toggles whose constraints have long lists."""
    values = [f"{number}-{'v' * 20}" for number in range(VALUES)]
    features = [
        {
            "name": f"attacked-{number}",
            "enabled": True,
            "strategies": [
                {
                    "name": "default",
                    "constraints": [
                        {"contextName": "userId", "operator": "STR_CONTAINS", "values": values}
                    ],
                }
            ],
        }
        for number in range(TOGGLES)
    ]
    document = {"version": 1, "features": features}
    server.request("POST", "/api/admin/state/import", json=document)


if __name__ == "__main__":
    sys.exit(main())
