"""The pages of the documentation, their links, and their blocks of code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
# This comment before a block states why no test runs the block.
NOT_RUN = re.compile(r"<!-- not run: (?P<reason>.+?) -->\n\Z")
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code with its page, its language and its text. The default language is ""."""

    page: str
    language: str
    text: str
    reason_not_run: str | None


def pages() -> list[Path]:
    """The README, all pages of `docs/`, and the other Markdown files next to the README."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """Return the blocks of a page in order.

    With `language`, return only blocks in the language.
    """
    text = page.read_text()
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        mark = NOT_RUN.search(text, 0, match.start())
        found.append(
            Block(
                str(page.relative_to(ROOT)),
                match["language"],
                match["text"],
                mark["reason"] if mark else None,
            )
        )
    return [block for block in found if language in (None, block.language)]


def links(page: Path) -> Iterator[str]:
    """The targets of links and images outside of the code on a page."""
    text = _BLOCK.sub("", page.read_text())
    for match in _LINK.finditer(re.sub(r"`[^`\n]*`", "", text)):
        yield match["target"]


def headings(page: Path) -> set[str]:
    """The headings of a page."""
    return {match["title"] for match in _HEADING.finditer(_BLOCK.sub("", page.read_text()))}


def anchors(page: Path) -> set[str]:
    """Return the URL fragments that GitHub creates for the headings of a page."""
    return {_anchor(title) for title in headings(page)}


def _anchor(title: str) -> str:
    slug = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
    return slug.replace(" ", "-")
