"""Links of the documentation lead somewhere."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.documentation.pages import DOCS, ROOT, anchors, headings, links, pages

_CITATION = re.compile(r'rest-contract\.md,\s+"(?P<section>[^"]+)"')


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    broken = [target for target in links(page) if not _exists(page, target)]

    assert broken == []


def test_the_readme_leads_to_every_page_of_the_documentation() -> None:
    reached = {ROOT / "README.md"}
    waiting = [*reached]
    while waiting:
        page = waiting.pop()
        for target in links(page):
            path = (page.parent / urlsplit(target).path).resolve()
            if path.suffix == ".md" and path.exists() and path not in reached:
                reached.add(path)
                waiting.append(path)

    assert [page for page in pages() if page not in reached] == []


def test_code_cites_sections_of_the_rest_contract_that_exist() -> None:
    cited = {
        re.sub(r"\s+", " ", match["section"])
        for package in ("flagstaff", "graph", "rest_compat", "store")
        for path in (ROOT / package).rglob("*.py")
        for match in _CITATION.finditer(path.read_text())
    }

    assert len(cited) > 5
    assert cited - headings(DOCS / "reference" / "rest-contract.md") == set()


def _exists(page: Path, target: str) -> bool:
    parts = urlsplit(target)
    if parts.scheme in ("http", "https"):
        return True
    path = (page.parent / parts.path).resolve() if parts.path else page
    if not path.is_relative_to(ROOT) or not path.exists():
        return False
    return not parts.fragment or parts.fragment in anchors(path)
