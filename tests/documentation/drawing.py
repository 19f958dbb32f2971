"""Draws diagrams of boxes and arrows as SVG files, without an external program."""

from collections.abc import Sequence
from html import escape
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["plain", "strong", "faint"]

LINE_HEIGHT = 19
# The average width of a character in a sans-serif font of 14 pixels, rounded up.
CHARACTER_WIDTH = 7.2
PADDING = 10
# Pictures have a background, because the page's colour scheme may differ from the system's.
_STYLE = """
  .paper { fill: #ffffff; stroke: #d5d9e0; }
  .plain { fill: #f3f5f9; stroke: #9aa4b5; }
  .strong { fill: #e1eafd; stroke: #4a6fd0; }
  .faint { fill: none; stroke: #9aa4b5; stroke-dasharray: 5 4; }
  .arrow { fill: none; stroke: #5d687a; stroke-width: 1.5; }
  .head { fill: #5d687a; }
  text { fill: #1d2430; font: 14px system-ui, "DejaVu Sans", sans-serif; }
  .title { font-weight: 600; }
  .note { fill: #4d586a; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #171a21; stroke: #343b47; }
    .plain { fill: #232833; stroke: #6b7688; }
    .strong { fill: #22345f; stroke: #7f9df0; }
    .faint { stroke: #6b7688; }
    .arrow { stroke: #a3adbd; }
    .head { fill: #a3adbd; }
    text { fill: #e8ebf0; }
    .note { fill: #b4bdcb; }
  }
"""

_ARROW_HEAD = (
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
    'orient="auto"><path class="head" d="M 0 0 L 10 5 L 0 10 z"/></marker>'
)


class Drawing:
    """A diagram. `title` is the description for screen readers."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._width = width
        self._height = height
        self._title = title
        self._parts: list[str] = []

    def box(
        self, corner: Point, size: Point, title: str, *lines: str, kind: Kind = "plain"
    ) -> None:
        """Draw a box with centred text.

        Raises:
            ValueError: the text does not fit.
        """
        (x, y), (width, height) = corner, size
        texts = [text for text in (title, *lines) if text]
        needed = max((len(text) for text in texts), default=0) * CHARACTER_WIDTH + PADDING
        if needed > width or len(texts) * LINE_HEIGHT + PADDING > height:
            raise ValueError(
                f"The text of the box '{title}' does not fit into {width} by {height}."
            )
        self._parts.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
        )
        first = y + (height - len(texts) * LINE_HEIGHT) / 2 + 14
        for position, text in enumerate(texts):
            style = "title" if text is title and title else "note"
            self.text((x + width / 2, first + position * LINE_HEIGHT), text, style=style)

    def frame(self, corner: Point, size: Point) -> None:
        """Draw a dashed frame around other boxes."""
        (x, y), (width, height) = corner, size
        self._parts.append(
            f'<rect class="faint" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'
        )

    def arrow(self, *points: Point, label: str = "", at: Point | None = None) -> None:
        """Draw an arrow through points. The label is centred at the point `at`."""
        path = " L ".join(f"{x} {y}" for x, y in points)
        self._parts.append(f'<path class="arrow" d="M {path}" marker-end="url(#head)"/>')
        if label and at is not None:
            self.text(at, label, style="note")

    def text(self, at: Point, text: str, *, style: str = "note") -> None:
        """Write a line of text, centred at a point."""
        x, y = at
        self._parts.append(
            f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="middle">{escape(text)}</text>'
        )

    def svg(self) -> str:
        """The content of the file."""
        width, height = self._width, self._height
        size = f'width="{width}" height="{height}"'
        frame = f'width="{width - 1}" height="{height - 1}"'
        view = f'viewBox="0 0 {width} {height}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} role="img">',
            f"<title>{escape(self._title)}</title>",
            f"<style>{_STYLE}</style>",
            f"<defs>{_ARROW_HEAD}</defs>",
            f'<rect class="paper" x="0.5" y="0.5" {frame} rx="10"/>',
        )
        return "\n".join((*head, *self._parts, "</svg>\n"))


def column(drawing: Drawing, corner: Point, size: Point, gap: float, titles: Sequence[str]) -> None:
    """Draw boxes in a column with arrows between them."""
    (x, y), (width, height) = corner, size
    for position, title in enumerate(titles):
        top = y + position * (height + gap)
        drawing.box((x, top), size, title)
        if position:
            drawing.arrow((x + width / 2, top - gap), (x + width / 2, top - 1))
