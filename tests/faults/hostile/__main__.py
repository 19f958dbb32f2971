"""`python -m tests.faults.hostile`: send hostile requests to a real server for a given time.

The program prints the answers and all errors in them. The exit status is 1 if there are errors.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path
from random import Random

from tests.faults.hostile.attacks import attacks_on, huge_attacks
from tests.faults.hostile.endpoints import Endpoint, endpoints
from tests.faults.hostile.running import Run, send_names
from tests.faults.hostile.sending import SocketSender
from tests.faults.hostile.site import Site
from tests.faults.hostile.uploads import TRACE_FILE
from tests.faults.hostile.values import ODD_NAMES
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, Server

CLIENTS = 6
# The number of requests to an endpoint before requests to the next endpoint.
TURN = 40
PROBE_INTERVAL_S = 0.05
# A server that shares two cores with its attackers is sometimes slow.
SLOWEST_HEALTH_S = 2.0


async def attack(server: Server, *, seconds: float, seed: int) -> Run:
    """Attack a server from several connections. Check the server's health at the same time."""
    chance = Random(seed)
    all_endpoints = endpoints()
    site = Site(SocketSender(server.url), all_endpoints, admin=ADMIN_TOKEN, client=CLIENT_TOKEN)
    await site.prepare()
    run = Run(site)
    end = time.monotonic() + seconds
    turns: asyncio.Queue[tuple[Endpoint, Random]] = asyncio.Queue()
    for endpoint in chance.sample(all_endpoints, len(all_endpoints)):
        turns.put_nowait((endpoint, Random(chance.random())))

    async def client() -> None:
        while time.monotonic() < end:
            endpoint, own_chance = await turns.get()
            turns.put_nowait((endpoint, own_chance))
            await site.set_up_targets()
            made = attacks_on(endpoint, own_chance, site.credentials(endpoint))
            for one in islice(made, TURN):
                await run.attack(one)

    async with _check_health(site, run):
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        for endpoint in [item for item in all_endpoints if item.takes_body][:5]:
            for one in huge_attacks(endpoint, site.credentials(endpoint)):
                await run.attack(one)
        await send_names(run, site, all_endpoints, chance.sample(ODD_NAMES, 5), chance)
        await run.look()
    if TRACE_FILE.exists():
        run.findings.problems.append("YAML was executed")
    return run


@asynccontextmanager
async def _check_health(site: Site, run: Run) -> AsyncIterator[None]:
    async def probe() -> None:
        while True:
            start = time.monotonic()
            problem = await site.healthy()
            if problem or time.monotonic() - start > SLOWEST_HEALTH_S:
                took = f"/health took {time.monotonic() - start:.1f} s"
                run.findings.problems.append(problem or took)
            await asyncio.sleep(PROBE_INTERVAL_S)

    task = asyncio.create_task(probe())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def main() -> None:
    """Start a server, attack it, and report the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.hostile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="for how long (30)")
    parser.add_argument("--seed", type=int, default=1, help="another number, other requests (1)")
    parser.add_argument("--database-url", help="an empty database (a SQLite file of its own)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database_url or "sqlite:///flagstaff.db"
        with Server(Path(folder), FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
            run = asyncio.run(attack(server, seconds=options.seconds, seed=options.seed))
            memory_mb = server.memory_mb()
            status = server.stop()
        if "Traceback" in server.log:
            run.findings.problems.append(f"the log has tracebacks:\n{server.log[-3_000:]}")
    findings = run.findings
    counts = ", ".join(
        f"{int(statuse)}: {count}" for statuse, count in sorted(findings.statuses.items())
    )
    print(f"{findings.sent} requests with seed {options.seed} were answered: {counts}")
    print(f"slowest: {findings.slowest_s:.2f} s for {findings.slowest}")
    print(f"{memory_mb:.0f} MB at the end; exit status {status}")
    print(findings)
    sys.exit(bool(findings.problems or status))


if __name__ == "__main__":
    main()
