"""Put small faults into copies of the code, one at a time, and check whether a test notices.

    python -m tests.mutants --sample 300 --seed 1 --jobs 2
    python -m tests.mutants --package graph/engine --sample 50
    python -m tests.mutants --package store/waiting.py --list

For each fault, tests run until one fails. Tests that execute the changed line run first, sorted by
nearness to the file and by duration. Tests of files that import the file run last. If a test takes
too long, the fault is tried again while no other fault is being tried. At the end, all tests that
failed run without a fault. If a test fails without a fault, the faults that the test noticed are
tried again without the test.

Tests run in forks of a process that has imported everything. A fork replaces the functions that
have a fault. Code that runs on import needs a new process. For each state of the product, the
folder `.mutants` stores the tests of each line and all outcomes. An interrupted run continues with
the stored outcomes. Changed tests are recorded again. Recording runs all tests, several times
slower than usual.

The existing programs do not suffice. mutmut 3 puts all mutants of a function into one file. mutmut
also skips decorated functions, classes and modules. Classes and modules define GraphQL types,
models and limits. cosmic-ray runs one command for all mutants, so each mutant would need all tests.
cosmic-ray cannot try a sample, and does not remove statements. coverage.py is used to record which
tests run which lines.
"""

import argparse
import hashlib
import random
import signal
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.choosing import Chooser
from tests.mutants.faults import Fault, faults_in
from tests.mutants.outcomes import Outcome, OutcomeLog, Verdict
from tests.mutants.recording import Recorded, record
from tests.mutants.reporting import line_of, report, reviewed_faults
from tests.mutants.trying import Tree, failing, listed_files, try_fault

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".mutants"
# If a test took too long, its second run gets the time limit multiplied by this factor.
PATIENCE = 2


def main() -> None:
    """Try a sample of faults, and print the results."""
    # On SIGTERM, exit normally, so that child processes end and copies are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    options = _options()
    everything = _sources()
    sources = {
        path: source
        for path, source in everything.items()
        if path.startswith(tuple(options.package or ("",)))
    }
    faults = [fault for path in sources for fault in faults_in(path, sources[path])]
    chosen = _sample(faults, options.sample, options.seed)
    if options.list:
        print(*(f"{item.path}:{item.line}: {item.words}" for item in chosen), sep="\n")
        return
    files = _test_files(options.tests)
    marks = " and ".join(f"not {mark}" for mark in ("npm", "browser", *options.without))
    choice = ["--database", options.database, "-m", marks]
    folder = CACHE / _digest(everything, f"{options.database} {marks}")
    spread = ["-n", str(options.jobs), "--dist", "worksteal"] if options.jobs > 1 else []
    record(
        folder,
        ROOT,
        files,
        packages=_wheel()["packages"],
        options=[*choice, *([] if options.unrecorded else spread)],
        collect_only=options.unrecorded,
    )
    recorded = Recorded(folder, ROOT)
    tests = [test for test in recorded.tests if test.partition("::")[0] in files]
    print(f"{len(chosen)} of {len(faults)} faults; {len(tests)} tests to notice them", flush=True)
    known = reviewed_faults()
    reasons = {
        fault: known[key]
        for fault in chosen
        if (key := (line_of(fault, sources[fault.path]), fault.words)) in known
    }
    chooser = Chooser(recorded, everything, files, tests, options.seconds)
    log = OutcomeLog(folder / "outcomes.jsonl", _digest(files, ""))
    outcomes = {fault: outcome for fault in chosen if (outcome := log.outcome_of(fault))}
    unreliable: set[str] = set()
    with ExitStack() as stack:
        trees = _trees(stack, options.jobs, choice, options.tests)

        def attempt(fault: Fault, patience: int) -> Outcome:
            stages = chooser.stages(fault, unreliable)
            if fault in reasons:
                stages = islice(stages, 1)
            tree = trees.get()
            try:
                source = everything[fault.path]
                return try_fault(tree, fault, source, stages, recorded, patience=patience)
            finally:
                trees.put(tree)

        waiting = [fault for fault in chosen if fault not in outcomes]
        while True:
            late: list[Fault] = []
            for outcome in _attempts(waiting, attempt, jobs=options.jobs, patience=1):
                if outcome.verdict is Verdict.TIMEOUT:
                    late.append(outcome.fault)
                else:
                    outcomes[outcome.fault] = outcome
                    log.add(outcome)
                _show(outcome, len(outcomes), len(chosen))
            for outcome in _attempts(late, attempt, jobs=1, patience=PATIENCE):
                outcomes[outcome.fault] = outcome
                log.add(outcome)
                _show(outcome, len(outcomes), len(chosen))
            tree = trees.get()
            noticing = sorted({outcome.test for outcome in outcomes.values() if outcome.test})
            unreliable |= failing(tree, noticing, recorded)
            trees.put(tree)
            waiting = [fault for fault in chosen if outcomes[fault].test in unreliable]
            if not waiting:
                break
            print(*(f"fails without a fault: {test}" for test in unreliable), sep="\n", flush=True)
    print("", *report(outcomes.values(), reasons, sources), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutants")
    parser.add_argument("--sample", type=int, default=300, help="how many faults (300)")
    parser.add_argument("--seed", type=int, default=1, help="chooses other faults (1)")
    parser.add_argument(
        "--package", action="append", help="only files whose path begins so, such as graph/engine"
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    parser.add_argument(
        "--seconds",
        type=float,
        default=40,
        help="how long the tests for a fault took when they were recorded, at most (40)",
    )
    parser.add_argument(
        "--tests", nargs="+", default=["tests"], help="the tests that may notice (tests)"
    )
    parser.add_argument(
        "--unrecorded",
        action="store_true",
        help="record no more tests; choose those that are not recorded by their place",
    )
    parser.add_argument("--database", default="all", help="as for pytest (all)")
    parser.add_argument(
        "--without", nargs="+", default=[], help="leave out tests with these marks, such as slow"
    )
    parser.add_argument("--list", action="store_true", help="only list the faults")
    return parser.parse_args()


def _wheel() -> dict[str, list[str]]:
    """Return the paths of the product's files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return project["tool"]["hatch"]["build"]["targets"]["wheel"]


def _sources() -> dict[str, bytes]:
    """Return the product's files, by path."""
    paths = sorted(
        str(path.relative_to(ROOT))
        for package in _wheel()["packages"]
        for path in (ROOT / package).rglob("*.py")
    )
    return {path: (ROOT / path).read_bytes() for path in paths}


def _test_files(tests: Sequence[str]) -> dict[str, bytes]:
    """Return the content of each test file at or below the given paths."""
    paths = sorted(path for path in listed_files(ROOT, *tests) if Path(path).match("test_*.py"))
    return {path: (ROOT / path).read_bytes() for path in paths if (ROOT / path).is_file()}


def _digest(files: Mapping[str, bytes], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for path, content in files.items():
        digest.update(path.encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def _sample(faults: list[Fault], size: int, seed: int) -> list[Fault]:
    if size >= len(faults):
        return faults
    return random.Random(seed).sample(faults, size)


def _trees(
    stack: ExitStack, count: int, options: Sequence[str], tests: Sequence[str]
) -> SimpleQueue[Tree]:
    """Return copies of the working tree. Closing the stack removes the copies."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
    # PostgreSQL runs as another user.
    folder.chmod(0o755)
    built = _wheel().get("artifacts", [])
    trees: SimpleQueue[Tree] = SimpleQueue()
    for number in range(count):
        tree = Tree(ROOT, folder / str(number), built=built, options=options, tests=tests)
        trees.put(stack.enter_context(tree))
    return trees


def _attempts(
    faults: Sequence[Fault],
    attempt: Callable[[Fault, int], Outcome],
    *,
    jobs: int,
    patience: int,
) -> Iterator[Outcome]:
    """Yield each outcome as soon as it is known."""
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(attempt, fault, patience) for fault in faults]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _show(outcome: Outcome, count: int, total: int) -> None:
    fault = outcome.fault
    place = f"{fault.path}:{fault.line}"
    about = f"{outcome.test} {outcome.about}".strip()
    print(f"{count:4}/{total} {outcome.verdict:8} {place}: {fault.words}  {about}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
