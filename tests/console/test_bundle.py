"""The size of the built console, and the licences of the packages in it."""

import json
import re

import pytest

from graph.console.page import BUNDLE
from tests.server import ROOT

KB = 1_000
# The maximum sizes of compressed files.
MAX_SCRIPT = 130 * KB
MAX_STYLE = 10 * KB
MAX_FONT = 50 * KB
MAX_PAGE = 25 * KB
MAX_PALETTE = 50 * KB


@pytest.fixture(scope="module")
def sizes() -> dict[str, int]:
    """The compressed sizes of the assets by name."""
    if not BUNDLE.is_dir():
        pytest.skip("The console is not built; pip install --editable . builds it")
    return {file.stem: file.stat().st_size for file in BUNDLE.glob("assets/*.gz")}


def test_the_first_page_loads_little(sizes: dict[str, int]) -> None:
    index = (BUNDLE / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'assets/([^"]+)"', index)

    assert 0 < sum(sizes[name] for name in named if name.endswith(".js")) <= MAX_SCRIPT
    assert 0 < sum(sizes[name] for name in named if name.endswith(".css")) <= MAX_STYLE


def test_each_page_and_font_is_small(sizes: dict[str, int]) -> None:
    pages = [item.name for item in (ROOT / "graph/console/sources/src/pages").iterdir()]
    chunks = {
        page: [size for name, size in sizes.items() if re.fullmatch(rf"{page}-[\w-]+\.js", name)]
        for page in pages
    }

    assert {page: len(found) for page, found in chunks.items()} == dict.fromkeys(pages, 1)
    assert all(size <= MAX_PAGE for found in chunks.values() for size in found)
    assert all(size <= MAX_STYLE for name, size in sizes.items() if name.endswith(".css"))
    assert all(size <= MAX_FONT for name, size in sizes.items() if name.endswith(".woff2"))


def test_the_palette_loads_after_the_first_page(sizes: dict[str, int]) -> None:
    index = (BUNDLE / "index.html").read_text(encoding="utf-8")
    (palette,) = [name for name in sizes if re.fullmatch(r"Palette-[\w-]+\.js", name)]

    assert palette not in index
    assert sizes[palette] <= MAX_PALETTE


def test_the_licence_of_each_package_is_in_the_bundle() -> None:
    if not BUNDLE.is_dir():
        pytest.skip("The console is not built; pip install --editable . builds it")
    package = json.loads((ROOT / "graph/console/sources/package.json").read_text(encoding="utf-8"))
    licences = "".join(file.read_text(encoding="utf-8") for file in BUNDLE.glob("LICENSES*.md"))

    assert [name for name in package["dependencies"] if name not in licences] == []


def test_all_versions_are_exact() -> None:
    package = json.loads((ROOT / "graph/console/sources/package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert {
        name: text for name, text in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", text)
    } == {}
