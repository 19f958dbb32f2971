"""Record the lines that each test runs, and the duration of each test. Read the records."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.mutants.faults import Fault
from tests.mutants.processes import run_pytest

if TYPE_CHECKING:
    from coverage import Coverage

# These environment variables configure servers that tests fork: the folder of the records, and the
# patterns of the files whose lines are recorded.
FOLDER = "LINES_RECORDED_IN"
PATTERNS = "LINES_RECORDED_OF"
# The records are saved each time after this many test files.
FILES_AT_A_TIME = 100
_LINES = "lines"
_SECONDS = "seconds.json"
_DIGESTS = "digests.json"
_COLLECTED = "collected.json"
_SERVER_OF = "server of "
# A test without a recorded duration is assumed to take this many seconds.
_USUAL_S = 0.1


class Recorder:
    """Records the lines that the tests of this process run."""

    def __init__(self) -> None:
        self._coverage = _coverage()
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._collected: list[str] = []
        self._coverage.start()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly:
            self._collected = [item.nodeid for item in session.items]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        self._seconds[item.nodeid] = 0.0
        result = yield
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The process that distributes tests receives their reports, but runs no tests itself.
        if report.nodeid in self._seconds:
            self._seconds[report.nodeid] += report.duration
            if report.outcome != "passed":
                self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        if self._collected:
            (Path(os.environ[FOLDER]) / _COLLECTED).write_text(json.dumps(self._collected))
        elif not self._seconds:
            return
        self._coverage.save()
        passed = {test: s for test, s in self._seconds.items() if test not in self._failed}
        file = Path(os.environ[FOLDER]) / f"ended-{os.getpid()}.json"
        file.write_text(json.dumps([passed, sorted(self._failed)]))


def pytest_configure(config: pytest.Config) -> None:
    if FOLDER in os.environ:
        config.pluginmanager.register(Recorder())


@contextmanager
def recorded_lines() -> Iterator[None]:
    """Record the lines that this process runs inside the context. A test has forked the process."""
    module = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    coverage = _coverage(_SERVER_OF + module)
    coverage.start()
    try:
        yield
    finally:
        coverage.stop()
        coverage.save()


def _coverage(context: str | None = None) -> "Coverage":
    from coverage import Coverage

    return Coverage(
        data_file=Path(os.environ[FOLDER], _LINES),
        data_suffix=True,
        config_file=False,
        include=json.loads(os.environ[PATTERNS]),
        # SQLAlchemy runs drivers in greenlets.
        concurrency=["thread", "greenlet"],
        context=context,
        messages=False,
    )


def record(
    folder: Path,
    root: Path,
    files: Iterable[str],
    *,
    packages: Sequence[str],
    options: Sequence[str],
    collect_only: bool = False,
) -> None:
    """Record the tests in files that have changed since they were last recorded.

    With `collect_only`, record only the names of tests and the lines that run on import.

    Tests that fail are recorded a second time, in another process. Tests that fail again are
    printed, and not recorded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digests: dict[str, str] = _read_json(folder / _DIGESTS)
    current = {file: hashlib.sha256((root / file).read_bytes()).hexdigest() for file in files}
    changed = [file for file in current if digests.get(file) != current[file]]
    patterns = json.dumps([f"{root / package}/*" for package in packages])
    variables = {FOLDER: str(folder), PATTERNS: patterns}
    if changed or not (folder / _COLLECTED).exists():
        _remove_parts(folder)
        if run_pytest(root, ["--collect-only", "-qq", *options, *current], variables) != 0:
            raise SystemExit("not all tests can be collected")
        _combine(folder)
    if collect_only:
        return
    for at in range(0, len(changed), FILES_AT_A_TIME):
        some = changed[at : at + FILES_AT_A_TIME]
        print(f"recording which tests run which lines: {at} of {len(changed)} files", flush=True)
        _remove_parts(folder)
        code = run_pytest(root, ["--tb=line", *options, *some], variables)
        passed, failed = _ended(folder)
        if failed:
            print(f"recording {len(failed)} tests again", flush=True)
            run_pytest(root, ["--tb=short", *failed], variables)
            passed, failed = _ended(folder)
        if code not in (0, 1, 5):
            raise SystemExit(f"pytest ended with {code}; nothing is recorded")
        print(*(f"not recorded: {test}" for test in failed), sep="\n", flush=True)
        _combine(folder)
        seconds: dict[str, float] = _read_json(folder / _SECONDS)
        kept = {test: s for test, s in seconds.items() if test.partition("::")[0] not in set(some)}
        _write_json(folder / _SECONDS, kept | passed)
        digests |= {file: current[file] for file in some}
        _write_json(folder / _DIGESTS, digests)


def _ended(folder: Path) -> tuple[dict[str, float], list[str]]:
    """Return the durations of the tests that passed, and the tests that never passed."""
    passed: dict[str, float] = {}
    failed: set[str] = set()
    for file in sorted(folder.glob("ended-*.json")):
        of_process, failed_in_process = json.loads(file.read_text())
        passed |= of_process
        failed.update(failed_in_process)
    return passed, sorted(failed - passed.keys())


def _remove_parts(folder: Path) -> None:
    """Remove the files that the processes of an interrupted recording have left."""
    for pattern in ("ended-*.json", f"{_LINES}.*"):
        for file in folder.glob(pattern):
            file.unlink()


def _combine(folder: Path) -> None:
    """Add the lines that the processes recorded to the lines of earlier recordings."""
    from coverage import Coverage

    coverage = Coverage(data_file=folder / _LINES, config_file=False, messages=False)
    coverage.load()
    coverage.combine([str(folder)])
    coverage.save()


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text()) if file.exists() else {}


def _write_json(file: Path, content: dict) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps(content))
    new.replace(file)


class Recorded:
    """The records in a folder, for the files below `root`.

    An unrecorded row of a parametrized test is assumed to run the lines of the other rows.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        from coverage import CoverageData

        self._root = root
        self._lines = CoverageData(str(folder / _LINES))
        self._lines.read()
        self._seconds: dict[str, float] = _read_json(folder / _SECONDS)
        self.tests: frozenset[str] = frozenset(_read_json(folder / _COLLECTED))
        """All tests, recorded or not."""
        self._of_module: dict[str, list[str]] = defaultdict(list)
        self._of_function: dict[str, list[str]] = defaultdict(list)
        for test in self.tests:
            self._of_module[test.partition("::")[0]].append(test)
            self._of_function[test.partition("[")[0]].append(test)
        self._recorded = {test.partition("[")[0]: s for test, s in self._seconds.items()}
        self._contexts = cache(self._read)

    def is_recorded(self, test: str) -> bool:
        """Whether a test, or another row of the same parametrized test, is recorded."""
        return test.partition("[")[0] in self._recorded

    def seconds(self, test: str) -> float:
        """The recorded duration of a test, or else of another row, or else a typical duration."""
        function = test.partition("[")[0]
        return self._seconds.get(test, self._recorded.get(function, _USUAL_S))

    def tests_of(self, path: str, lines: range | None = None) -> set[str]:
        """The tests that run any of the given lines of a file. Without `lines`, any line
        matches.
        """
        by_line = self._contexts(path)
        found = by_line.values() if lines is None else (by_line.get(line, ()) for line in lines)
        return {test for some in found for context in some for test in self._tests_in(context)}

    def runs_on_import(self, fault: Fault) -> bool:
        """Whether some lines of a fault run outside of tests, most likely on import."""
        by_line = self._contexts(fault.path)
        lines = range(fault.line, fault.last_line + 1)
        return not fault.within_function or any("" in by_line.get(line, ()) for line in lines)

    def _read(self, path: str) -> Mapping[int, Sequence[str]]:
        return self._lines.contexts_by_lineno(str(self._root / path))

    def _tests_in(self, context: str) -> Sequence[str]:
        if context.startswith(_SERVER_OF):
            return self._of_module[context.removeprefix(_SERVER_OF)]
        return self._of_function[context.partition("[")[0]] if context in self._seconds else ()
