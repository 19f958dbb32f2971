"""The chart of rows that compare costs. Each row is a bar on a logarithmic scale."""

import math
from collections.abc import Sequence
from html import escape

from tests.benchmarks.peers.results import Result
from tests.benchmarks.peers.rows import Form
from tests.benchmarks.peers.table import TIMES, number

WIDTH, LINE, TOP, BOTTOM = 760, 34, 74, 24
LEFT, RIGHT = 300, 700
DECADES = (0.1, 1, 10, 100, 1_000)
TITLE = "How many times less Flagstaff costs than other servers"
_STYLE = """
  .paper { fill: #ffffff; stroke: #d5d9e0; }
  .bar { fill: #4a6fd0; }
  .behind { fill: #8a94a6; }
  .scale { stroke: #d5d9e0; }
  .equal { stroke: #5d687a; stroke-width: 1.5; }
  .goal { stroke: #b3261e; stroke-width: 2.5; }
  text { fill: #1d2430; font: 13px system-ui, "DejaVu Sans", sans-serif; }
  .title { font-weight: 600; font-size: 14px; }
  .note { fill: #4d586a; font-size: 12px; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #171a21; stroke: #343b47; }
    .bar { fill: #7f9df0; }
    .behind { fill: #7a8496; }
    .scale { stroke: #343b47; }
    .equal { stroke: #a3adbd; }
    .goal { stroke: #ff8a80; }
    text { fill: #e8ebf0; }
    .note { fill: #b4bdcb; }
  }
"""


def chart(results: Sequence[Result]) -> str:
    """Return the SVG file with the rows that compare costs with other servers."""
    shown = [
        result for result in results if result.row.form is Form.TIMES_CHEAPER and not result.missing
    ]
    height = TOP + LINE * len(shown) + BOTTOM
    size = f'width="{WIDTH}" height="{height}" role="img"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {size}>',
        f"<title>{TITLE}.</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>',
        _text(20, 28, TITLE, "title"),
        _line(20, 44, 20, 58, "goal"),
        _text(30, 56, "goal", "note"),
        *_scale(height),
    ]
    for position, result in enumerate(shown):
        parts += _bar(result, TOP + LINE * position)
    return "\n".join((*parts, "</svg>\n"))


def _scale(height: int) -> list[str]:
    parts: list[str] = []
    for value in DECADES:
        style = "equal" if value == 1 else "scale"
        parts.append(_line(_x(value), TOP - 4, _x(value), height - BOTTOM + 6, style))
        parts.append(_text(_x(value), TOP - 12, f"{value:g} {TIMES}", "note", "middle"))
    return parts


def _bar(result: Result, top: float) -> list[str]:
    row = result.row
    end, one = _x(result.value), _x(1)
    left, width = min(end, one), max(abs(end - one), 1)
    style = "bar" if result.value >= 1 else "behind"
    size = f'width="{width:.1f}" height="20" rx="3"'
    parts = [
        _text(LEFT - 10, top + 14, row.title, "", "end"),
        _text(LEFT - 10, top + 28, row.other, "note", "end"),
        f'<rect class="{style}" x="{left:.1f}" y="{top + 6}" {size}/>',
    ]
    if row.goal is not None:
        parts.append(_line(_x(row.goal), top + 3, _x(row.goal), top + 29, "goal"))
    beyond = max(end, one, _x(row.goal) if row.goal is not None else 0)
    parts.append(_text(beyond + 8, top + 21, f"{number(result.value)} {TIMES}", "title"))
    return parts


def _x(value: float) -> float:
    low, high = math.log10(DECADES[0]), math.log10(DECADES[-1])
    share = (math.log10(max(value, DECADES[0])) - low) / (high - low)
    return LEFT + min(share, 1.0) * (RIGHT - LEFT)


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:g}" x2="{x2:.1f}" y2="{y2:g}"/>'


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    of_class = f' class="{style}"' if style else ""
    return f'<text{of_class} x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
