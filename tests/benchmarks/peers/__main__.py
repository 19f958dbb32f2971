"""Compare the costs of the server with the costs of other programs.

    python -m tests.benchmarks.peers [--only NAME ...] [--rounds 5] [--without unleash] [--write]

Each round measures all servers. The result of a row is the median of the rounds. If a peer or a
program is missing, the rows that need it are skipped and the reason is printed. Linux only.
"""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.peers.laboratory import PEERS, Laboratory
from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.measuring import Samples
from tests.benchmarks.peers.page import about_run, write_page
from tests.benchmarks.peers.results import Result, result_of
from tests.benchmarks.peers.rows import Row, rows_named
from tests.benchmarks.peers.table import table
from tests.benchmarks.peers.work import GROUPS

ROUNDS = 5


class Run:
    """A run: its measurements, the samples, and the reasons for missing figures."""

    def __init__(self, lab: Laboratory, rows: Sequence[Row], rounds: int) -> None:
        self._lab = lab
        self._rows = rows
        self._rounds = rounds
        self._samples = Samples()
        self.failed: dict[str, str] = {}

    def measure(self) -> None:
        """Measure the figures of the rows. In each round, measure every figure of a group once."""
        wanted = {figure for row in self._rows for figure in (row.figure, row.against)}
        needed = [[each for each in group if wanted & set(each.figures)] for group in GROUPS]
        self._lab.look_around({need for group in needed for each in group for need in each.needs})
        for name, reason in self._lab.missing.items():
            print(f"{name}: {reason}", file=sys.stderr)
        for group in needed:
            for number in range(self._rounds):
                for measurement in group:
                    if number < measurement.max_rounds and not self._reason(measurement):
                        self._measure(measurement, number)

    def results(self) -> list[Result]:
        """The results of the rows."""
        return [
            result_of(row, self._samples.figures(), self._reason_of_row(row)) for row in self._rows
        ]

    def _measure(self, measurement: Measurement, number: int) -> None:
        names = ", ".join(measurement.figures)
        print(f"round {number + 1}: {names}", file=sys.stderr, flush=True)
        try:
            figures = measurement.measure(self._lab)
        except Exception as error:
            # A failed measurement must not end a long run.
            traceback.print_exc()
            lines = str(error).strip().splitlines() or [type(error).__name__]
            self.failed |= dict.fromkeys(measurement.figures, f"failed: {lines[0][:80]}")
            return
        for name, figure in zip(measurement.figures, figures, strict=True):
            self._samples.add(name, figure)

    def _reason(self, measurement: Measurement) -> str:
        """The reason for skipping a measurement. It is empty if the measurement can run."""
        missing = [self._lab.missing.get(name, "") for name in sorted(measurement.needs)]
        failed = [self.failed.get(name, "") for name in measurement.figures]
        return next(filter(None, (*missing, *failed)), "")

    def _reason_of_row(self, row: Row) -> str:
        sides = {row.figure, row.against}
        measured = (each for group in GROUPS for each in group if sides & set(each.figures))
        reasons = map(self._reason, measured)
        return next(filter(None, reasons), "")


def main() -> None:
    """Measure and print the table. With `--write`, also write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help=_ONLY)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each measurement")
    parser.add_argument("--without", default="", metavar="PEERS", help=_WITHOUT)
    parser.add_argument("--load", type=float, default=1.0, help="factor of the load's length")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args()
    without = [name for name in chosen.without.split(",") if name]
    if unknown := set(without) - set(PEERS):
        parser.error(f"--without: {', '.join(sorted(unknown))} is none of {', '.join(PEERS)}")
    if chosen.write and chosen.only:
        parser.error("--write needs all rows, so it does not go with --only")
    if chosen.rounds < 1 or chosen.load <= 0:
        parser.error("--rounds must be at least 1, and --load more than 0")
    try:
        rows = rows_named(chosen.only)
    except ValueError as error:
        parser.error(f"--only: {error}")
    for number in _ENDING:
        signal.signal(number, _stop)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="flagstaff-bench-") as name,
        Laboratory(Path(name), chosen.load, without) as lab,
    ):
        # nginx runs without root privileges and reads files in this folder.
        Path(name).chmod(0o755)
        run = Run(lab, rows, chosen.rounds)
        try:
            run.measure()
        finally:
            # If the run is interrupted, the figures so far are printed.
            results = run.results()
            print(table(results), flush=True)
    if chosen.write:
        write_page(results, about_run(chosen.rounds, (time.monotonic() - began) / 60))
    if run.failed:
        sys.exit("Failed: " + "; ".join(f"{name}: {why}" for name, why in run.failed.items()))


def _stop(*_: object) -> None:
    """Stop the run. Further signals must not interrupt the stopping of servers."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    sys.exit("stopped")


_ENDING = (signal.SIGINT, signal.SIGTERM)
_ONLY = "only the row with this name, or the rows whose names begin with it"
_WITHOUT = f"peers to leave out, with commas: {', '.join(PEERS)}"

if __name__ == "__main__":
    main()
