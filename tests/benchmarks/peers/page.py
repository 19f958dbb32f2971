"""The generated part of `docs/performance.md`, and its chart."""

import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from flagstaff import __version__
from tests.benchmarks.peers import node
from tests.benchmarks.peers.chart import chart
from tests.benchmarks.peers.loads import find_wrk
from tests.benchmarks.peers.results import Result
from tests.benchmarks.peers.table import table
from tests.benchmarks.peers.unleash import OLDEST_NODE
from tests.documentation.pages import DOCS
from tests.faults.rolling.site import find_nginx
from tests.postgresql import find_programs

PAGE = DOCS / "performance.md"
CHART = DOCS / "images" / "performance.svg"
BEGIN, END = "<!-- begin of `make bench` -->", "<!-- end of `make bench` -->"


def with_results(page: str, generated: str) -> str:
    """Return the page with its generated part replaced.

    Raises: ValueError: the page has no markers of the generated part.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{generated.strip()}\n\n{END}{after}"


def generated_part(results: Sequence[Result], about: str) -> str:
    """Return the description of the run, the chart and the table."""
    goals = [result.met for result in results if result.met is not None]
    count = f"{sum(goals)} of {len(goals)} goals are met."
    link = f"images/{CHART.name}"
    picture = f"[![How many times less Flagstaff costs than other servers]({link})]({link})"
    return f"{about} {count}\n\n{picture}\n\n{table(results)}"


def write_page(results: Sequence[Result], about: str) -> None:
    """Write the generated part and the chart."""
    text = with_results(PAGE.read_text(), generated_part(results, about))
    PAGE.write_text(text)
    CHART.write_text(chart(results))


def about_run(rounds: int, minutes: float) -> str:
    """Return a paragraph about the machine, the date and the versions."""
    date = datetime.now(UTC).date()
    versions = ", ".join(f"{name} {number}" for name, number in _versions())
    return (
        f"Measured on {date:%-d %B %Y} in {minutes:.0f} minutes with {rounds} rounds, on "
        f"{_processor()}. Versions: {versions}."
    )


def _processor() -> str:
    cores = len(os.sched_getaffinity(0))
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = found[1].strip() if found else platform.machine()
    return f"{cores} cores of {name}, {memory:.0f} GB, Linux {platform.release()}"


def _versions() -> Iterator[tuple[str, str]]:
    yield "Flagstaff", __version__
    yield "Python", platform.python_version()
    yield "Strawberry", version("strawberry-graphql")
    if node.installed():
        unleash = node.version_of("unleash-server")
        yield "Unleash", f"{unleash} on Node {node.node_version(OLDEST_NODE)}"
        for package in ("postgraphile", "mercurius"):
            yield package, f"{node.version_of(package)} on Node {node.node_version()}"
    programs = find_programs()
    commands = {
        "nginx": (find_nginx(), "-v"),
        "PostgreSQL": (programs and str(programs / "postgres"), "--version"),
        "wrk": (find_wrk(), "-v"),
    }
    for name, (program, option) in commands.items():
        if program:
            ran = subprocess.run([program, option], capture_output=True, text=True)
            found = re.search(r"\d+\.\d+(?:\.\d+)?", ran.stdout + ran.stderr)
            yield name, found[0] if found else "?"
