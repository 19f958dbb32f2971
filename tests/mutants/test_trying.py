"""Faults in a small project are noticed by the expected tests."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants import trying
from tests.mutants.faults import Fault, faults_in
from tests.mutants.outcomes import Outcome, OutcomeLog, Verdict
from tests.mutants.recording import Recorded, record
from tests.mutants.trying import Tree, failing, try_fault

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATH = "product/numbers.py"
SOURCE = b"""\
from itertools import count

LIMIT = int("7", 8)


def first_above(limit, *, forbidden=()):
    for number in count():
        if number > limit and number not in forbidden:
            break
    return number


def unused():
    return 1
"""
TESTS = """\
from pathlib import Path

from product.numbers import LIMIT, first_above


def test_first():
    assert first_above(2) == 3


def test_forbidden():
    assert first_above(2, forbidden=(3,)) == 4


def test_limit():
    assert LIMIT == 7


def test_once():
    ran = Path(__file__).with_name("ran")
    is_first = not ran.exists()
    ran.touch()
    first_above(1)
    assert is_first
"""
FILES = ("tests/test_numbers.py", "tests/test_nothing.py")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("product", "tests"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
    (folder / PATH).write_bytes(SOURCE)
    (folder / "tests" / "mutants").symlink_to(ROOT / "tests" / "mutants")
    (folder / FILES[0]).write_text(TESTS)
    (folder / FILES[1]).write_text("def test_nothing():\n    pass\n")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def recorded(project: Path) -> Recorded:
    record(project / "records", project, FILES, packages=["product"], options=[])
    return Recorded(project / "records", project)


@pytest.fixture(scope="module")
def tree(
    project: Path, recorded: Recorded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tree]:
    # Other copies than `recorded`, so that a test that passes only once fails here.
    folder = tmp_path_factory.mktemp("copies")
    with Tree(project, folder, built=["/tests/mutants"], options=[], tests=FILES) as tree:
        yield tree


def fault(words: str) -> Fault:
    return next(fault for fault in faults_in(PATH, SOURCE) if fault.words == words)


def attempt(tree: Tree, recorded: Recorded, words: str) -> Outcome:
    stages = [[f"{FILES[0]}::test_{name}" for name in ("first", "forbidden", "limit")]]
    return try_fault(tree, fault(words), SOURCE, stages, recorded)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "verdict", "about"),
    [
        ("> → >=", Verdict.KILLED, "call: assert 2 == 3"),
        ("and → or", Verdict.KILLED, "call: assert 0 == 3"),
        ("1 → 2", Verdict.SURVIVED, "3 tests passed"),
        # The code with these faults runs on import.
        ('"7", 8 → 8, "7"', Verdict.KILLED, "cannot start: E TypeError"),
        ("8 → 9", Verdict.SURVIVED, "3 tests passed"),
    ],
)
def test_a_fault_is_noticed_or_not(
    tree: Tree,
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    verdict: Verdict,
    about: str,
) -> None:
    monkeypatch.setattr(trying, "MIN_TEST_S", 5.0)

    outcome = attempt(tree, recorded, words)

    assert outcome.verdict == verdict
    assert about in outcome.about
    assert (tree.folder / PATH).read_bytes() == SOURCE


def test_tests_that_fail_without_a_fault_are_found(tree: Tree, recorded: Recorded) -> None:
    tests = [f"{FILES[0]}::test_{name}" for name in ("first", "once", "limit")]

    # The recording ran `test_once` once, in the folder that was copied.
    assert failing(tree, tests, recorded) == {tests[1]}


@pytest.mark.thorough
def test_a_test_that_does_not_end_is_late(
    tree: Tree, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "MIN_TEST_S", 5.0)

    assert attempt(tree, recorded, "break → pass").verdict is Verdict.TIMEOUT


@pytest.mark.thorough
def test_only_changed_files_are_recorded_again(
    project: Path, recorded: Recorded, capfd: pytest.CaptureFixture[str]
) -> None:
    record(project / "records", project, FILES, packages=["product"], options=[])
    assert "recording" not in capfd.readouterr().out

    (project / FILES[1]).write_text(
        "from product.numbers import unused\n"
        "def test_other():\n    assert unused()\n"
        "def test_failing():\n    assert not unused()\n"
    )
    record(project / "records", project, FILES, packages=["product"], options=[])

    again = Recorded(project / "records", project)
    output = capfd.readouterr().out
    assert "0 of 1 files" in output
    assert f"not recorded: {FILES[1]}::test_failing" in output
    assert not again.is_recorded(f"{FILES[1]}::test_failing")
    assert again.is_recorded(f"{FILES[1]}::test_other")
    assert recorded.tests - again.tests == {f"{FILES[1]}::test_nothing"}
    assert again.tests_of(PATH, range(14, 15)) == {f"{FILES[1]}::test_other"}
    assert f"{FILES[0]}::test_first" in again.tests_of(PATH, range(8, 9))


def test_an_interrupted_run_continues_and_survivors_are_tried_with_new_tests(
    tmp_path: Path,
) -> None:
    survivor, killed, other = (fault(words) for words in ("8 → 9", "> → >=", "1 → 2"))
    log = OutcomeLog(tmp_path / "outcomes", "tests")
    log.add(Outcome(survivor, Verdict.SURVIVED))
    log.add(Outcome(killed, Verdict.KILLED, "by a test"))

    same = OutcomeLog(tmp_path / "outcomes", "tests")
    changed = OutcomeLog(tmp_path / "outcomes", "more tests")

    assert same.outcome_of(survivor) == Outcome(survivor, Verdict.SURVIVED)
    assert changed.outcome_of(survivor) is None
    assert changed.outcome_of(killed) == Outcome(killed, Verdict.KILLED, "by a test")
    assert same.outcome_of(other) is None
