"""Results of rows: medians of the rounds, their spread, and whether goals are met."""

from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct

from tests.benchmarks.peers.rows import Form, Row


class Result(Struct, frozen=True):
    """The result of a row: the figures of both servers, and the median, lowest and highest value.

    `missing` is the reason why a row was not measured.
    """

    row: Row
    figure: float = 0.0
    other: float | None = None
    value: float = 0.0
    lowest: float = 0.0
    highest: float = 0.0
    missing: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met. None means that there is no goal or no figure."""
        if self.missing or self.row.goal is None:
            return None
        # The table shows two decimals. The comparison uses the numbers in the table.
        if self.row.form is Form.TIMES_CHEAPER:
            return round(self.value, 2) >= self.row.goal
        return round(self.value, 2) <= self.row.goal


def result_of(row: Row, samples: Mapping[str, Sequence[float]], missing: str = "") -> Result:
    """Return the result of a row. The value of a round is the ratio of the two figures.

    If one server was measured in fewer rounds, its median replaces the missing figures.
    """
    ours = samples.get(row.figure, ())
    theirs = samples.get(row.against, ()) if row.against else ()
    if not ours or (row.against and not theirs):
        return Result(row, missing=missing or "the run ended before")
    if not row.against:
        return Result(row, median(ours), None, median(ours), min(ours), max(ours))
    rounds = max(len(ours), len(theirs))
    pairs = zip(_filled(ours, rounds), _filled(theirs, rounds), strict=True)
    values = [
        their / our if row.form is Form.TIMES_CHEAPER else our / their for our, their in pairs
    ]
    return Result(row, median(ours), median(theirs), median(values), min(values), max(values))


def _filled(figures: Sequence[float], rounds: int) -> list[float]:
    return [*figures, *[median(figures)] * (rounds - len(figures))]
