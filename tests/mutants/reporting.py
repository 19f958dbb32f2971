"""Report the outcomes of many faults, by part of the product."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, convert

from tests.mutants.faults import Fault
from tests.mutants.outcomes import Outcome, Verdict

REVIEWED = Path(__file__).with_name("reviewed.toml")


class Reviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault that no test can notice."""

    line: str
    fault: str
    why: str


def reviewed_faults(file: Path = REVIEWED) -> dict[tuple[str, str], str]:
    """Return why no test can notice certain faults, by line and change."""
    entries = tomllib.loads(file.read_text()).get("unnoticeable", [])
    return {(item.line, item.fault): item.why for item in convert(entries, list[Reviewed])}


def line_of(fault: Fault, source: bytes) -> str:
    """Return the line with a fault in the notation of the file of reviewed faults."""
    return source.decode().splitlines()[fault.line - 1].strip()


def group_of(path: str) -> str:
    """Return the part of the product that contains a file: at most two folders of its path."""
    return "/".join(Path(path).parent.parts[:2])


def report(
    outcomes: Iterable[Outcome], unnoticeable: Mapping[Fault, str], sources: Mapping[str, bytes]
) -> Iterator[str]:
    """Return the lines of a report: all faults that no test noticed, then a table."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in sorted(
        outcomes, key=lambda outcome_: (outcome_.fault.path, outcome_.fault.start)
    ):
        fault = outcome.fault
        survived = outcome.verdict is Verdict.SURVIVED
        column = "unnoticeable" if survived and fault in unnoticeable else outcome.verdict.value
        counts[group_of(fault.path)][column] += 1
        if column == Verdict.SURVIVED:
            yield f"{fault.path}:{fault.line}: {fault.words}  ({outcome.about})"
            yield f"    {line_of(fault, sources[fault.path])}"
    yield ""
    yield f"{'':32}  killed  timeout  survived  unnoticeable  noticed"
    for name, count in sorted(counts.items()):
        yield _row(name, count)
    yield _row("all", sum(counts.values(), Counter()))


def _row(name: str, count: Counter[str]) -> str:
    noticed, survived = count["killed"] + count["timeout"], count["survived"]
    share = f"{noticed / (noticed + survived):8.1%}" if noticed + survived else " " * 8
    return (
        f"{name:32}{count['killed']:8}{count['timeout']:9}{survived:10}"
        f"{count['unnoticeable']:14} {share}"
    )
