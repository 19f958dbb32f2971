"""The outcomes of faults, and the file that stores them."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct, json

from tests.mutants.faults import Fault


class Verdict(StrEnum):
    """The outcome of a fault."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"


class Outcome(Struct, frozen=True):
    """The outcome of a fault, the first test that failed, and its error or another remark."""

    fault: Fault
    verdict: Verdict
    about: str = ""
    test: str = ""


class OutcomeLog:
    """Stores outcomes in a file, so that an interrupted run can be continued.

    `tests` is a digest of all tests. If it changes, faults that no test noticed are tried again.
    """

    def __init__(self, file: Path, tests: str) -> None:
        self._file = file
        self._tests = tests
        self._known: dict[Fault, Outcome] = {}
        for line in file.read_bytes().splitlines() if file.exists() else ():
            entry = json.decode(line, type=_Entry)
            self._known.pop(entry.outcome.fault, None)
            if entry.outcome.verdict is not Verdict.SURVIVED or entry.tests == tests:
                self._known[entry.outcome.fault] = entry.outcome

    def outcome_of(self, fault: Fault) -> Outcome | None:
        """Return the outcome of a fault, or None if the fault must be tried."""
        return self._known.get(fault)

    def add(self, outcome: Outcome) -> None:
        """Append an outcome."""
        with self._file.open("ab") as file:
            file.write(json.encode(_Entry(outcome, self._tests)) + b"\n")


class _Entry(Struct):
    outcome: Outcome
    tests: str
