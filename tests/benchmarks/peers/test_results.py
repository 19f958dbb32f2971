"""Results of rows: medians, spread and goals."""

import pytest

from tests.benchmarks.peers.results import result_of
from tests.benchmarks.peers.rows import ROWS, Form, Row, rows_named
from tests.benchmarks.peers.work import measured_figures


def row(form: Form, goal: float | None = 2.0) -> Row:
    """A row with a goal."""
    against = "" if form is Form.FIGURE else "theirs"
    return Row("name", "Group", "work", "ours", goal, "ms", form, against, "other")


def test_the_other_side_is_divided_by_ours_in_each_round() -> None:
    result = result_of(row(Form.TIMES_CHEAPER), {"ours": [1, 2, 4], "theirs": [3, 2, 20]})

    assert (result.figure, result.other) == (2, 3)
    assert (result.value, result.lowest, result.highest) == (3, 1, 5)
    assert result.met


def test_our_side_is_divided_by_the_other_for_rows_with_a_maximum() -> None:
    result = result_of(row(Form.TIMES_AS_MUCH), {"ours": [6, 8], "theirs": [2, 2]})

    assert (result.value, result.lowest, result.highest) == (3.5, 3, 4)
    assert result.met is False


def test_a_side_with_fewer_rounds_is_filled_with_its_median() -> None:
    result = result_of(row(Form.TIMES_CHEAPER), {"ours": [1, 1, 2], "theirs": [2, 4]})

    assert (result.lowest, result.highest) == (1.5, 4)


def test_a_figure_alone_is_its_own_result() -> None:
    result = result_of(row(Form.FIGURE), {"ours": [3, 1, 2]})

    assert (result.value, result.other, result.lowest, result.highest) == (2, None, 1, 3)


@pytest.mark.parametrize(
    ("form", "value", "met"),
    [
        (Form.FIGURE, 2.0, True),
        (Form.FIGURE, 2.004, True),
        (Form.FIGURE, 2.01, False),
        (Form.TIMES_CHEAPER, 2.0, True),
        (Form.TIMES_CHEAPER, 1.99, False),
    ],
)
def test_goals_are_compared_with_the_digits_of_the_table(
    form: Form, value: float, met: bool
) -> None:
    result = result_of(
        row(form), {"ours": [value] if form is Form.FIGURE else [1], "theirs": [value]}
    )

    assert result.met is met


def test_a_row_without_a_goal_or_without_figures_is_neither_met_nor_missed() -> None:
    without_goal = result_of(row(Form.FIGURE, None), {"ours": [1]})
    without_figures = result_of(row(Form.TIMES_CHEAPER), {"ours": [1]}, "nginx is not installed")

    assert without_goal.met is None
    assert without_figures.met is None
    assert without_figures.missing == "nginx is not installed"


def test_every_figure_of_a_row_is_measured_and_every_measured_figure_is_in_a_row() -> None:
    in_rows = {figure for row in ROWS for figure in (row.figure, row.against) if figure}

    assert in_rows == measured_figures()


def test_names_of_rows_choose_by_their_beginning() -> None:
    names = [row.name for row in rows_named(["poll", "ofrep-"])]

    assert names == ["poll-304", "poll-gzip", "poll-plain", "ofrep-5000"]
    assert [row.name for row in rows_named(["payload-5000"])] == ["payload-5000"]
    assert rows_named([]) == list(ROWS)
    assert len({row.name for row in ROWS}) == len(ROWS)
    with pytest.raises(ValueError, match="no row begins with 'pol-'"):
        rows_named(["pol-"])
