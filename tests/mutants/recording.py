"""Record which tests run which lines, and how long: a pytest plugin and a reader of its files."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from coverage import Coverage

# The folder of the files, and the patterns of the files whose lines are recorded. Servers that
# tests fork find both in their environment.
FOLDER = "LINES_RECORDED_IN"
PATTERNS = "LINES_RECORDED_OF"
_LINES = "lines"
_SERVER_OF = "server of "


class Recorder:
    """Records the lines that the tests of this process run."""

    def __init__(self) -> None:
        self._coverage = _coverage()
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage.start()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        self._seconds[item.nodeid] = 0.0
        result = yield
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # The process that distributes tests also gets their reports, but runs none.
        if report.nodeid in self._seconds:
            self._seconds[report.nodeid] += report.duration
            if report.outcome != "passed":
                self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        if not self._seconds:
            return
        self._coverage.save()
        passed = {second: s for second, s in self._seconds.items() if second not in self._failed}
        file = Path(os.environ[FOLDER]) / f"seconds-{os.getpid()}.json"
        file.write_text(json.dumps(passed))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder())


@contextmanager
def recorded_lines() -> Iterator[None]:
    """Record the lines that this forked process of a test runs inside the context."""
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


class Recorded:
    """The records in a folder, for the files below `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        from coverage import CoverageData

        self._root = root
        self._lines = CoverageData(str(folder / _LINES))
        self._lines.read()
        self._seconds: dict[str, float] = {}
        self._of_module: dict[str, list[str]] = defaultdict(list)
        for file in sorted(folder.glob("seconds-*.json")):
            self._seconds |= json.loads(file.read_text())
        for test in self._seconds:
            self._of_module[test.partition("::")[0]].append(test)
        self._tests_by_line = cache(self._read)

    @property
    def count(self) -> int:
        """The number of passed tests."""
        return len(self._seconds)

    def seconds(self, tests: Sequence[str]) -> float:
        """The total duration of tests when they were recorded."""
        return sum(self._seconds[test] for test in tests)

    def tests_of(self, path: str, lines: range | None = None) -> list[str]:
        """The tests that run some lines of a file, or any line, quickest first."""
        by_line = self._tests_by_line(path)
        found = by_line.values() if lines is None else (by_line.get(line, ()) for line in lines)
        tests = {test for some in found for test in some}
        return sorted(tests, key=lambda test: (self._seconds[test], test))

    def _read(self, path: str) -> Mapping[int, set[str]]:
        contexts = self._lines.contexts_by_lineno(str(self._root / path))
        return {
            line: {test for item in of_line for test in self._tests_in(item)}
            for line, of_line in contexts.items()
        }

    def _tests_in(self, context: str) -> Sequence[str]:
        if context.startswith(_SERVER_OF):
            return self._of_module[context.removeprefix(_SERVER_OF)]
        return (context,) if context in self._seconds else ()


def combine(folder: Path) -> None:
    """Combine the recorded lines of several processes in one file."""
    from coverage import Coverage

    coverage = Coverage(data_file=folder / _LINES, config_file=False, messages=False)
    coverage.combine([str(folder)])
    coverage.save()
