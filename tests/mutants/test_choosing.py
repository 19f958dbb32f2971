"""Tests are chosen for a fault by the lines that they run and by their folders."""

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import pytest
from coverage import CoverageData

from tests.mutants.choosing import MAX_FIRST, Chooser, closeness
from tests.mutants.faults import Fault, faults_in
from tests.mutants.recording import Recorded

SOURCES = {
    "store/journal.py": b"MAX = 5\n\n\ndef full(size: int) -> bool:\n    return size >= MAX\n",
    "store/other.py": b"from store.journal import full\n\nfull(1)\n",
}
TEST_FILES = {
    "tests/store/test_full.py": b"from store.journal import full\n",
    "tests/store/test_paging.py": b"from store.paging import page\n",
}
NEAR = "tests/store/test_journal.py::test_near"
FAR = "tests/graph/test_pages.py::test_far"
DECLARED = "tests/graph/test_schema.py::test_current"
ON_POSTGRESQL = "tests/store/test_journal.py::test_near[postgresql]"


@pytest.mark.parametrize(
    ("path", "test", "expected"),
    [
        ("store/usage/journal.py", "tests/store/usage/test_journal.py::test_a", 3),
        ("store/usage/journal.py", "tests/store/usage/test_series.py::test_a", 2),
        ("store/usage/journal.py", "tests/store/test_usage.py::test_a[x/y]", 2),
        ("store/journal.py", "tests/graph/test_journal.py::test_a", 0),
        ("flagstaff/openapi/paths.py", "tests/flagstaff/test_openapi.py::test_a", 2),
    ],
)
def test_a_test_is_close_to_the_file_with_its_name(path: str, test: str, expected: int) -> None:
    assert closeness(path, test) == expected


def recorded(
    folder: Path,
    seconds: Mapping[str, float],
    lines: Mapping[str, Mapping[str, list[int]]],
    unrecorded: Sequence[str] = (),
) -> Recorded:
    """The records of tests: their durations, and the lines of each file that they run."""
    data = CoverageData(str(folder / "lines"))
    for test, files in lines.items():
        data.set_context(test)
        data.add_lines({str(folder / path): some for path, some in files.items()})
    data.write()
    (folder / "seconds.json").write_text(json.dumps(seconds))
    (folder / "collected.json").write_text(json.dumps([*seconds, *unrecorded]))
    return Recorded(folder, folder)


def fault_at(path: str, line: int) -> Fault:
    return next(fault for fault in faults_in(path, SOURCES[path]) if fault.line == line)


def stages(records: Recorded, fault: Fault, *, max_s: float = 10) -> list[list[str]]:
    return list(Chooser(records, SOURCES, TEST_FILES, records.tests, max_s).stages(fault))


def test_tests_that_run_the_line_come_first_and_near_ones_before_others(tmp_path: Path) -> None:
    beside = "tests/store/test_journal.py::test_beside"
    seconds = {FAR: 0.1, NEAR: 0.5, ON_POSTGRESQL: 0.1, beside: 0.1}
    runs = {"store/journal.py": [5]}
    lines = {FAR: runs, NEAR: runs, ON_POSTGRESQL: runs, beside: {"store/journal.py": [4]}}

    chosen = stages(recorded(tmp_path, seconds, lines), fault_at("store/journal.py", 5))

    assert chosen == [[NEAR, FAR, ON_POSTGRESQL], [beside]]


def test_the_first_tests_are_few_and_the_time_of_the_others_is_bounded(tmp_path: Path) -> None:
    seconds = {f"tests/graph/test_pages.py::test_{n:02}": 0.2 for n in range(MAX_FIRST + 20)}
    lines = {test: {"store/journal.py": [5]} for test in seconds}

    chosen = stages(recorded(tmp_path, seconds, lines), fault_at("store/journal.py", 5), max_s=2.1)

    assert [len(some) for some in chosen] == [MAX_FIRST, 10, 10]
    assert [*chain(*chosen)] == sorted(seconds)


def test_a_line_that_runs_on_import_has_the_tests_of_its_file_and_importers(tmp_path: Path) -> None:
    seconds = {NEAR: 0.1, FAR: 0.1, DECLARED: 0.1}
    lines = {"": {"store/journal.py": [1]}, FAR: {"store/other.py": [3]}}
    records = recorded(tmp_path, seconds, lines)
    fault = fault_at("store/journal.py", 1)

    assert records.runs_on_import(fault)
    assert not records.runs_on_import(fault_at("store/journal.py", 5))
    assert {NEAR, FAR, DECLARED} <= {*chain(*stages(records, fault))}
    assert DECLARED not in {*chain(*stages(records, fault_at("store/journal.py", 5)))}


def test_a_test_that_is_not_recorded_is_chosen_by_its_place_and_imports(tmp_path: Path) -> None:
    near = ["tests/store/test_journal.py::test_b", "tests/store/test_full.py::test_a"]
    further = "tests/store/test_paging.py::test_a"
    records = recorded(tmp_path, {}, {}, [*near, further, FAR])

    chosen = stages(records, fault_at("store/journal.py", 5))

    assert chosen == [[*reversed(near), further]]


def test_rows_that_are_not_recorded_run_the_lines_of_the_recorded_row(tmp_path: Path) -> None:
    table = "tests/graph/test_pages.py::test_pages"
    records = recorded(
        tmp_path, {f"{table}[a]": 0.5}, {f"{table}[a]": {"store/journal.py": [5]}}, [f"{table}[b]"]
    )

    assert records.tests_of("store/journal.py", range(5, 6)) == {f"{table}[a]", f"{table}[b]"}
    assert records.seconds(f"{table}[b]") == 0.5
