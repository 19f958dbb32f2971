"""Measure the longest turns of a server's event loop.

    python -m tests.benchmarks.turns [--toggles 5000 50000] [--allowance 1.5] [--stacks]

For each number of toggles, a server does all kinds of expensive work. The program prints the
longest turn of each kind of work. The unit is CPU time of the loop's thread, because other
processes hardly affect CPU time. The program exits with 1 if a turn exceeds its limit. The limits
are multiplied by the allowance, because other processes on the machine compete for the CPU's
caches. Linux only.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measured_server import MeasuredServer
from tests.benchmarks.turns.recording import MIN_TURN_S, MODULE, STACKS, Note
from tests.benchmarks.turns.works import Client, Work, works
from tests.server import FRONTEND_TOKEN, TOKENS, Server

MAX_TURN_S = 0.05
# This limit applies while the server applies another process's import.
MAX_TURN_OF_IMPORT_S = 0.2
# The effects of work last a little longer than the answer.
REST_S = 1.5
REST_OF_IMPORT_S = 12.0
IMPORT_BYTES = 100_000_000


class Span(NamedTuple):
    """A kind of work with the times of its start and its end."""

    work: Work
    began: float
    ended: float


def do_all(folder: Path, toggles: int, *, stacks: bool) -> tuple[list[Span], list[Note]]:
    """Do all work. Return the span of each kind of work, and the long turns."""
    variables = {
        **TOKENS,
        "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN,
        "FLAGSTAFF_MAX_ADMIN_BODY_BYTES": str(IMPORT_BYTES),
        "FLAGSTAFF_GRAPHQL_MAX_ANSWER_BYTES": str(IMPORT_BYTES),
        "FLAGSTAFF_GRAPHQL_TIMEOUT_S": "120",
        "FLAGSTAFF_DATABASE_URL": f"sqlite:///{folder / 'flagstaff.db'}",
        **({STACKS: "1"} if stacks else {}),
    }
    spans: list[Span] = []
    with ExitStack() as stack:
        (folder / "other").mkdir()
        measured = stack.enter_context(MeasuredServer(MODULE, folder, **variables))
        other = stack.enter_context(Server(folder / "other", **variables))
        here, there = Client(measured), Client(other)
        stack.callback(here.close)
        stack.callback(there.close)
        for work in works(toggles):
            began = time.monotonic()
            work.run(here, there)
            time.sleep(REST_OF_IMPORT_S if work.is_import_elsewhere else REST_S)
            spans.append(Span(work, began, time.monotonic()))
            print(f"  {work.name}: {spans[-1].ended - began:.1f} s", file=sys.stderr, flush=True)
        measured.stop()
        notes = measured.notes()
    return spans, notes


def main() -> None:
    """Measure, print a table, and compare the figures with the limits."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.turns", description=__doc__)
    parser.add_argument("--toggles", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--allowance", type=float, default=1.5, help="multiplies the limits")
    parser.add_argument("--stacks", action="store_true", help="print where long turns are")
    options = parser.parse_args()
    exceeded: list[str] = []
    for toggles in options.toggles:
        with tempfile.TemporaryDirectory(prefix="flagstaff-turns-") as folder:
            spans, notes = do_all(Path(folder), toggles, stacks=options.stacks)
        print(f"{toggles:,} toggles: longest turns in ms of CPU")
        for work, began, ended in spans:
            turns = [(took, where) for at, took, where in notes if began <= at <= ended]
            took, where = max(turns, default=(0.0, ""))
            limit = MAX_TURN_OF_IMPORT_S if work.is_import_elsewhere else MAX_TURN_S
            shown = f"{took * 1000:.0f}" if took else f"<{MIN_TURN_S * 1000:.0f}"
            print(f"{shown:>8}  {work.name}", flush=True)
            if where and took > limit:
                print(f"          {where}")
            if took > limit * options.allowance:
                exceeded.append(f"{work.name} with {toggles:,} toggles: {took * 1000:.0f} ms")
    if exceeded:
        sys.exit("Above the limit: " + "; ".join(exceeded))


if __name__ == "__main__":
    main()
