"""The table of results, in Markdown."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tests.benchmarks.peers.results import Result
from tests.benchmarks.peers.rows import Form, Row

TIMES, TO = "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"
_HEAD = ("Work", "Flagstaff", "Compared with", "Result", "Spread", "Goal", "Met")
_MET = {True: "yes", False: "**no**", None: ""}


def table(results: Sequence[Result]) -> str:
    """Return a table with a title for each group."""
    parts: list[str] = []
    for group, members in groupby(results, lambda result: result.row.group):
        cells = [_HEAD, *(_cells(result) for result in members)]
        parts += [f"### {group}", "", *_aligned(cells), ""]
    return "\n".join(parts)


def _cells(result: Result) -> tuple[str, ...]:
    row = result.row
    if result.missing:
        return (
            row.title,
            "",
            row.other,
            f"not measured: {result.missing}",
            "",
            goal_of(row),
            "",
        )
    with_other = f"{row.other}: {_amount(result.other, row.unit)}" if row.against else ""
    unit = TIMES if row.against else row.unit
    return (
        row.title,
        _amount(result.figure, row.unit),
        with_other,
        _amount(result.value, unit),
        f"{number(result.lowest)}{TO}{number(result.highest)}",
        goal_of(row),
        _MET[result.met],
    )


def goal_of(row: Row) -> str:
    """The goal as text, such as "≤ 40 ms"."""
    if row.goal is None:
        return ""
    sign = "≥" if row.form is Form.TIMES_CHEAPER else "≤"
    return f"{sign} {_amount(row.goal, TIMES if row.against else row.unit)}"


def _amount(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{number(figure)} {unit}".strip()


def number(figure: float) -> str:
    """Return a number with three digits. Larger numbers are rounded to integers."""
    if figure >= 100:
        return f"{figure:,.0f}"
    digits = 1 if figure >= 10 else 2
    return f"{figure:.{digits}f}".rstrip("0").rstrip(".") if figure else "0"


def _aligned(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    for position, line in enumerate(cells):
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        yield f"| {' | '.join(padded)} |"
        if position == 0:
            yield f"| {' | '.join('-' * width for width in widths)} |"
