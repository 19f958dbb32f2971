"""All links of the documentation have existing targets."""

import re
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.documentation.pages import DOCS, ROOT, anchors, headings, links, pages

# Paths of the repository between backticks. FOLDER and similar words are placeholders.
_PATH = re.compile(r"`((?:docs|flagstaff|graph|rest_compat|store|tests)(?:/[a-z0-9_.-]+)+/?)`")
# Names of the code contain an underscore or an inner capital letter.
_NAME = re.compile(r"`@?(?:store\.)?([A-Za-z]*(?:_[A-Za-z_]+|[a-z][A-Z][A-Za-z]*))`")
_MODULE = re.compile(r"python -m ((?:flagstaff|tests)[a-z0-9_.]*)")
# A clone does not contain the folders that commands build.
_BUILT = [
    line.strip().strip("/")
    for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("/")
]
_CITATION = re.compile(r'rest-contract\.md,\s+"(?P<section>[^"]+)"')


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    broken = [target for target in links(page) if not _exists(page, target)]

    assert broken == []


@pytest.mark.parametrize(
    "page", [*pages(), ROOT / "tests/README.md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_paths_and_modules_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    paths = {match[1] for match in _PATH.finditer(text)}
    modules = {match[1].replace(".", "/") for match in _MODULE.finditer(text)}

    missing = {
        path
        for path in paths
        if not any(fnmatch(path, pattern) for pattern in _BUILT) and not (ROOT / path).exists()
    }
    missing |= {
        module
        for module in modules
        if not (ROOT / module).is_dir() and not (ROOT / f"{module}.py").is_file()
    }

    assert missing == set()


@pytest.mark.parametrize("name", ["architecture.md", "contributing.md"])
def test_the_code_has_the_names_that_pages_about_it_use(name: str) -> None:
    code = {
        word
        for package in ("flagstaff", "graph", "rest_compat", "store", "tests")
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".ts", ".tsx") and "node_modules" not in path.parts
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }

    used = set(_NAME.findall((DOCS / name).read_text(encoding="utf-8")))

    assert len(used) > 3
    assert used - code == set()


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
