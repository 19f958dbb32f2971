"""Put small faults into copies of the code, one at a time, and check whether a test notices.

    python -m tests.mutants --sample 300 --seed 1 --jobs 2
    python -m tests.mutants --package graph/engine --sample 50
    python -m tests.mutants --package store/waiting.py --list

For each fault, only tests that execute its line run, the quickest ones of each module, until one
fails. The tests of each line are recorded in `.mutants`, once for each state of the tree. Recording
runs all tests, a few times slower than usual.

No existing program fits. mutmut 3 keeps all mutants of a function in one file. It leaves out
decorated functions, classes and modules, which hold GraphQL types, models and limits. cosmic-ray
runs one command for all mutants, so each would run all tests. It takes no samples and removes no
statements. coverage.py records which tests run which lines.
"""

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from queue import SimpleQueue

import msgspec

from tests.mutants.faults import Fault, faults_in
from tests.mutants.recording import FOLDER, PATTERNS, Recorded, combine
from tests.mutants.reporting import line_of, report, reviewed_faults
from tests.mutants.trying import START_S, Outcome, Tree, Verdict, run_tests, try_fault

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".mutants"


def main() -> None:
    """Try a sample of faults, and print the results."""
    options = _options()
    sources = _sources(options.package)
    faults = [fault for path in sources for fault in faults_in(path, sources[path])]
    chosen = _sample(faults, options.sample, options.seed)
    if options.list:
        print(*(f"{item.path}:{item.line}: {item.words}" for item in chosen), sep="\n")
        return
    recorded = _recorded(options.tests, options.database, options.jobs)
    print(f"{len(chosen)} of {len(faults)} faults; {recorded.count} tests to notice them")
    known = reviewed_faults()
    reasons = {
        fault: known[key]
        for fault in chosen
        if (key := (line_of(fault, sources[fault.path]), fault.words)) in known
    }
    outcomes: list[Outcome] = []
    for outcome in _tried(chosen, sources, recorded, options):
        outcomes.append(outcome)
        fault = outcome.fault
        place = f"{fault.path}:{fault.line}"
        print(f"{len(outcomes):4} {outcome.verdict:8} {place}: {fault.words}  {outcome.about}")
        sys.stdout.flush()
    CACHE.mkdir(exist_ok=True)
    (CACHE / "outcomes.json").write_bytes(msgspec.json.encode(outcomes))
    print("", *report(outcomes, reasons, sources), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutants")
    parser.add_argument("--sample", type=int, default=300, help="how many faults (300)")
    parser.add_argument("--seed", type=int, default=1, help="chooses other faults (1)")
    parser.add_argument(
        "--package", action="append", help="only files whose path begins so, such as graph/engine"
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("--most", type=int, default=100, help="tests for each fault at most (100)")
    parser.add_argument(
        "--tests", nargs="+", default=["tests"], help="the tests that may notice (tests)"
    )
    parser.add_argument("--database", default="all", help="as for pytest (all)")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    return parser.parse_args()


def _wheel() -> dict[str, list[str]]:
    """The files of the product's package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return project["tool"]["hatch"]["build"]["targets"]["wheel"]


def _sources(beginnings: Sequence[str] | None) -> dict[str, bytes]:
    """Return the product's files whose paths begin with the prefix, by path."""
    paths = sorted(
        str(path.relative_to(ROOT))
        for package in _wheel()["packages"]
        for path in (ROOT / package).rglob("*.py")
    )
    wanted = tuple(beginnings or ("",))
    return {path: (ROOT / path).read_bytes() for path in paths if path.startswith(wanted)}


def _sample(faults: list[Fault], size: int, seed: int) -> list[Fault]:
    if size >= len(faults):
        return faults
    return random.Random(seed).sample(faults, size)


def _recorded(tests: Sequence[str], database: str, jobs: int) -> Recorded:
    """The lines that these tests run; recorded now if this state of the tree has no record."""
    folder = CACHE / _key(tests, database)
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        patterns = msgspec.json.encode(
            [f"{ROOT / package}/*" for package in _wheel()["packages"]]
        ).decode()
        print(f"recording which tests run which lines, in {folder}", flush=True)
        code, _ = run_tests(
            ROOT,
            [*_spread(jobs), "-p", "tests.mutants.recording", *_choice(database), *tests],
            variables={FOLDER: str(folder), PATTERNS: patterns},
            shown=True,
        )
        if code not in (0, 1):
            raise SystemExit(f"pytest ended with {code}; nothing is recorded")
        combine(folder)
        done.touch()
    return Recorded(folder, ROOT)


def _key(tests: Sequence[str], database: str) -> str:
    """A key that differs for each state of the tree and choice of tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    digest = hashlib.sha256(repr((tests, database)).encode())
    for name in filter(None, listed.stdout.split(b"\0")):
        path = ROOT / name.decode()
        digest.update(name + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()[:16]


def _spread(jobs: int) -> list[str]:
    return ["-n", str(jobs), "--dist", "worksteal"] if jobs > 1 else []


def _choice(database: str) -> list[str]:
    return ["--database", database, "-m", "not npm and not browser"]


def _tried(
    faults: Sequence[Fault],
    sources: dict[str, bytes],
    recorded: Recorded,
    options: argparse.Namespace,
) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees: SimpleQueue[Tree] = SimpleQueue()
        for number in range(options.jobs):
            trees.put(Tree(ROOT, Path(folder, str(number)), built=_wheel().get("artifacts", [])))
        chosen_tests = {fault: _tests_for(fault, recorded, options.most) for fault in faults}

        def attempt(fault: Fault) -> Outcome:
            tests = chosen_tests[fault]
            if not tests:
                return Outcome(fault, Verdict.SURVIVED, "no test runs it")
            tree = trees.get()
            try:
                return try_fault(
                    tree,
                    fault,
                    sources[fault.path],
                    tests,
                    _choice(options.database),
                    timeout_s=START_S + 5 * recorded.seconds(tests),
                )
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(options.jobs) as pool:
            yield from pool.map(attempt, faults)


def _tests_for(fault: Fault, recorded: Recorded, most: int) -> list[str]:
    """The quickest tests that run a fault's lines, or those of its statement.

    Code that runs on import is not attributed to a test, so any test of the module may notice the
    fault.
    """
    lines = range(fault.line, fault.last_line + 1)
    tests = recorded.tests_of(fault.path, lines)
    if not tests:
        tests = recorded.tests_of(fault.path, range(fault.statement, fault.line))
    if not tests and not fault.within_function:
        tests = recorded.tests_of(fault.path)
    return _some_of_each_module(tests, most)


def _some_of_each_module(tests: Sequence[str], most: int) -> list[str]:
    """Return this many tests in the order of their modules, the first ones of each module."""
    modules: dict[str, list[str]] = {}
    for test in tests:
        modules.setdefault(test.partition("::")[0], []).append(test)
    in_turns = [test for some in zip_longest(*modules.values()) for test in some if test]
    chosen = set(in_turns[:most])
    return [test for some in modules.values() for test in some if test in chosen]


if __name__ == "__main__":
    main()
