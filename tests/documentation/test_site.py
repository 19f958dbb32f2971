"""`make docs` builds the documentation site strictly, and the site needs no other origin."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flagstaff.guide.build import (
    ADDED_PAGES,
    CONFIGURATION,
    SiteError,
    build,
    check_page,
    page_markdown,
)
from tests.documentation.pages import DOCS, ROOT, anchors

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this checkout."""
    folder = tmp_path_factory.mktemp("guide") / "site"
    build(site=folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the site's sources."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ADDED_PAGES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_every_page_is_in_the_site_and_can_be_found(site: Path) -> None:
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    pages |= set(ADDED_PAGES.values())
    found = {item["location"].partition("#")[0] for item in search_items(site)}

    expected = {re.sub(r"(README)?\.md$", _html, page) for page in pages}
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == expected
    assert {location or "index.html" for location in found} == expected


def test_every_page_is_in_the_navigation_or_is_a_decision() -> None:
    nav = CONFIGURATION.read_text(encoding="utf-8")
    listed = re.findall(r'"([^"]+\.md)"', nav)

    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    pages = {page for page in pages if not re.match(r"decisions/\d", page)}
    assert sorted(listed) == sorted(pages | set(ADDED_PAGES.values()))


def test_headings_have_the_same_anchors_in_the_site(site: Path) -> None:
    missing = {
        f"{page.name}#{anchor}"
        for page in DOCS.rglob("*.md")
        for anchor in anchors(page)
        if f'id="{anchor}"' not in html_of(site, page).read_text(encoding="utf-8")
    }

    assert missing == set()


def test_scripts_styles_and_data_of_the_site_name_no_other_origin(site: Path) -> None:
    config = re.findall(
        r'<script id="__config" type="application/json">(.+?)</script>',
        (site / "index.html").read_text(encoding="utf-8"),
    )
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))

    assert not urlsplit(json.loads(config[0])["search"]).netloc
    assert re.findall(r"url\(['\"]?(?:https?:)?//", styles) == []
    assert "@import" not in styles


@pytest.mark.thorough
@pytest.mark.parametrize(
    "link", ["[gone](nowhere.md)", "[gone](graphql.md#nowhere)", "![gone](images/nowhere.png)"]
)
def test_a_link_that_leads_nowhere_fails_the_build(checkout: Path, link: str) -> None:
    with (checkout / "docs" / "concepts.md").open("a") as page:
        page.write(f"\n{link}\n")

    with pytest.raises(SiteError, match="nowhere"):
        build(checkout, checkout / "site")

    assert not (checkout / "site").exists()


@pytest.mark.thorough
def test_a_site_is_replaced_as_a_whole(checkout: Path) -> None:
    site = checkout / "site"
    site.mkdir()
    (site / "old.html").write_text("of the last build")

    build(checkout, site)

    assert not (site / "old.html").exists()
    assert [path.name for path in checkout.glob("site*")] == ["site"]


@pytest.mark.parametrize(
    ("source", "markdown", "expected"),
    [
        ("docs/security.md", "[log](../CHANGELOG.md)", "[log](changelog.md)"),
        ("docs/decisions/0001-a.md", "[c](../concepts.md#x)", "[c](../concepts.md#x)"),
        ("docs/decisions/0001-a.md", "[log](../../CHANGELOG.md)", "[log](../changelog.md)"),
        ("CHANGELOG.md", "[d](docs/reference/promises.md)", "[d](reference/promises.md)"),
        ("docs/a.md", "[the SDL](../schema.graphql)", "the SDL"),
        ("docs/a.md", "[here](#top), [there](https://x.y/)", "[here](#top), [there](https://x.y/)"),
        ("docs/a.md", "![picture](images/a.svg)", "![picture](images/a.svg)"),
        ("docs/a.md", "- one\n  - nested\n    - more", "- one\n    - nested\n        - more"),
    ],
)
def test_links_lead_to_pages_of_the_site_or_become_text(
    source: str, markdown: str, expected: str
) -> None:
    depth = source.count("/") - 1 if source.startswith("docs/") else 0

    assert page_markdown(markdown, ROOT / source, ROOT, depth) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example.com/a.js"></script>',
        '<script src="//cdn.example.com/a.js"></script>',
        '<link rel="stylesheet" href="https://fonts.example.com/css">',
        '<img src="http://example.com/pixel.gif">',
        "<script>start()</script>",
        "<script type=module>start()</script>",
        '<a href="x.html" onclick="start()">x</a>',
    ],
)
def test_a_page_that_loads_from_elsewhere_or_runs_inline_scripts_is_refused(
    tmp_path: Path, html: str
) -> None:
    page = tmp_path / "index.html"
    page.write_text(f"<!doctype html><p>{html}")

    with pytest.raises(SiteError, match=r"index\.html"):
        check_page(page)


def search_items(site: Path) -> list[dict[str, str]]:
    """The entries of the search index."""
    return json.loads((site / "search.json").read_text(encoding="utf-8"))["items"]


def html_of(site: Path, page: Path) -> Path:
    """The file of a page in the site."""
    return site / re.sub(r"(README)?\.md$", _html, page.relative_to(DOCS).as_posix())


def _html(suffix: re.Match[str]) -> str:
    return "index.html" if suffix[1] else ".html"
