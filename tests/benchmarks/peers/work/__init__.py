"""The measured work. Each group of rows has a module."""

from tests.benchmarks.peers.measurement import Measurement
from tests.benchmarks.peers.work import (
    changes,
    evaluation,
    imports,
    lists,
    pages,
    polls,
    processes,
    reports,
    sizes,
    starts,
    subscribers,
)

# Groups run in this order. Servers with 50,000 toggles use the database from `imports`.
GROUPS: tuple[tuple[Measurement, ...], ...] = tuple(
    tuple(group.measurements())
    for group in (
        polls,
        reports,
        evaluation,
        lists,
        pages,
        processes,
        subscribers,
        starts,
        imports,
        sizes,
        changes,
    )
)


def measured_figures() -> set[str]:
    """The names of all figures."""
    return {figure for group in GROUPS for each in group for figure in each.figures}
