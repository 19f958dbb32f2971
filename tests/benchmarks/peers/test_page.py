"""The table, the chart and the page with the results."""

import re
from xml.etree import ElementTree

import pytest

from tests.benchmarks.peers.chart import chart
from tests.benchmarks.peers.page import CHART, PAGE, generated_part, with_results
from tests.benchmarks.peers.results import Result, result_of
from tests.benchmarks.peers.rows import ROWS, Form
from tests.benchmarks.peers.table import goal_of, number, table

BY_NAME = {row.name: row for row in ROWS}
POLL, SWITCH = BY_NAME["poll-304"], BY_NAME["switch"]
SVG = "{http://www.w3.org/2000/svg}"


def measured(name: str, ours: float, theirs: float) -> Result:
    """The result of a row with one round."""
    row = BY_NAME[name]
    return result_of(row, {row.figure: [ours], row.against: [theirs]})


def test_a_line_has_both_figures_the_result_its_spread_and_the_goal() -> None:
    samples = {POLL.figure: [8.0, 10.0, 16.0], POLL.against: [8.0, 8.0, 8.0]}

    lines = table([result_of(POLL, samples)]).splitlines()

    assert lines[0] == "### SDKs and browsers"
    assert cells(lines[4]) == [
        "poll without news (304)",
        "10 µs",
        "nginx, static file: 8 µs",
        "0.8 \N{MULTIPLICATION SIGN}",
        "0.5\N{EN DASH}1",
        "≥ 0.8 \N{MULTIPLICATION SIGN}",
        "yes",
    ]


def test_lines_say_which_goals_are_missed_and_what_was_not_measured() -> None:
    slow = result_of(SWITCH, {SWITCH.figure: [2.5]})
    missing = result_of(POLL, {}, "nginx is not installed")

    assert cells(table([slow]).splitlines()[4])[3:] == [
        "2.5 ms",
        "2.5\N{EN DASH}2.5",
        "≤ 2 ms",
        "**no**",
    ]
    assert "not measured: nginx is not installed" in table([missing])


@pytest.mark.parametrize(
    ("figure", "text"),
    [(0, "0"), (0.012, "0.01"), (0.5, "0.5"), (9.87, "9.87"), (12.34, "12.3"), (1234.5, "1,234")],
)
def test_numbers_have_three_digits(figure: float, text: str) -> None:
    assert number(figure) == text


def test_the_chart_has_a_bar_for_each_comparison_of_costs_that_was_measured() -> None:
    better, worse = measured("list-stock", 1, 100), measured("poll-304", 10, 5)
    no_bar = [result_of(SWITCH, {SWITCH.figure: [2]}), result_of(BY_NAME["list-mercurius"], {})]

    image = ElementTree.fromstring(chart([better, worse, *no_bar]))
    bars = [each for each in image.iter(f"{SVG}rect") if each.get("class") in ("bar", "behind")]

    assert [bar.get("class") for bar in bars] == ["bar", "behind"]
    # The scale has two decades to the right of 1, and 0.3 decades to the left of 1.
    assert [float(bar.get("width", "0")) for bar in bars] == [200, pytest.approx(30.1)]
    assert float(bars[1].get("x", "0")) == pytest.approx(369.9)


def test_only_the_part_between_the_marks_is_replaced() -> None:
    page = "a\n<!-- begin of `make bench` -->\nold\n<!-- end of `make bench` -->\nb\n"

    again = with_results(with_results(page, "new"), "newer")

    assert again == (
        "a\n<!-- begin of `make bench` -->\n\nnewer\n\n<!-- end of `make bench` -->\nb\n"
    )
    with pytest.raises(ValueError, match=r"performance.md has no lines"):
        with_results("a page without marks", "new")


def test_the_generated_part_counts_the_goals() -> None:
    part = generated_part([measured("list-stock", 1, 200), measured("poll-304", 10, 5)], "Today.")

    assert part.startswith("Today. 1 of 2 goals are met.")


def test_the_page_has_all_rows_with_their_goals_and_the_chart() -> None:
    lines = [cells(line) for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    found = [(line[0], line[5]) for line in lines if len(line) == 7 and line[0] != "Work"]
    found = [each for each in found if not re.fullmatch("-+", each[0])]

    assert found == [(row.title, goal_of(row)) for row in ROWS]
    assert ElementTree.parse(CHART).getroot().tag == f"{SVG}svg"


def test_comparisons_in_the_chart_name_the_other_side() -> None:
    assert all(row.other for row in ROWS if row.form is not Form.FIGURE)


def cells(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")]
