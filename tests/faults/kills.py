"""Kill servers at random times during writes, imports and metrics, and report lost data.

    python -m tests.faults.kills [--times 50] [--database sqlite|postgresql|all] [--seed 1]

Each kill (SIGKILL) uses a new server with an empty database. The program exits with 1 if an
acknowledged write, report or import is missing after the restart, or if only a part of an import is
present.
"""

import random
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.killing import Outcome, kill_once
from tests.postgresql import find_programs, running_cluster

DATABASES = ("sqlite", "postgresql")


def kill_many(times: int, chance: random.Random, url_in: Callable[[Path], str]) -> list[Outcome]:
    """Kill a number of servers. Each server has a separate folder and database."""
    outcomes: list[Outcome] = []
    for number in range(1, times + 1):
        with tempfile.TemporaryDirectory(prefix="flagstaff-kills-") as name:
            folder = Path(name)
            outcomes.append(kill_once(folder, url_in(folder), chance))
        for problem in outcomes[-1].problems:
            print(f"kill {number}: {problem}", flush=True)
    return outcomes


@contextmanager
def empty_databases(database: str) -> Iterator[Callable[[Path], str]]:
    """Yield a function that creates an empty database and returns its URL.

    The function creates an SQLite file in the given folder.
    """
    if database == "sqlite":
        yield lambda folder: f"sqlite:///{folder / 'flagstaff.db'}"
        return
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL (initdb, pg_ctl) is not installed")
    with running_cluster(programs) as cluster:
        yield lambda _: cluster.new_database()


def main() -> int:
    """Kill servers, report the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how many kills for each database")
    parser.add_argument("--database", choices=(*DATABASES, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1, help="for other moments")
    options = parser.parse_args()
    databases = DATABASES if options.database == "all" else (options.database,)
    problems = 0
    for database in databases:
        with empty_databases(database) as url_in:
            outcomes = kill_many(options.times, random.Random(options.seed), url_in)
        wrong = sum(len(outcome.problems) for outcome in outcomes)
        problems += wrong
        print(
            f"{database}: {len(outcomes)} kills; acknowledged "
            f"{sum(outcome.created for outcome in outcomes)} creates, "
            f"{sum(outcome.reported for outcome in outcomes)} reports and "
            f"{sum(outcome.imports for outcome in outcomes)} imports; {wrong} problems",
            flush=True,
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
