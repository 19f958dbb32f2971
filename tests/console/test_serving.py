"""The server's answers with the pages and files of the console, and their headers."""

import gzip
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from starlette.types import ASGIApp

from flagstaff.app import compose
from flagstaff.settings import Settings
from graph.console.page import BUNDLE, console
from store import Store
from tests.prefixing import below

PAGE = '<!doctype html><title>built</title><script type="module" src="./assets/index-1a2b.js">'
SCRIPT = b"console.log('built');"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder with the same structure as a build."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    return tmp_path


@asynccontextmanager
async def browsing(app: ASGIApp) -> AsyncGenerator[httpx.AsyncClient]:
    """Send requests to an application."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/console/",
        "/console/toggles",
        "/console/toggles/",
        "/console/toggles/new-checkout/history",
        "/console/toggles/a%2Fb",
        "/console/toggles?q=a/b",
    ],
)
@pytest.mark.parametrize("prefix", ["", "/flags", "/a/b"])
async def test_each_page_finds_its_files_below_any_prefix(
    bundle: Path, path: str, prefix: str
) -> None:
    async with browsing(console(bundle)) as browser:
        page = await browser.get(path)

    (named,) = re.findall('src="([^"]+)"', page.text)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-cache"
    assert urljoin(f"{prefix}{path}", named) == f"{prefix}/console/assets/index-1a2b.js"


async def test_each_slash_of_an_address_counts_as_in_browsers(bundle: Path) -> None:
    async with browsing(console(bundle)) as browser:
        page = await browser.get("/console/toggles//b")

    assert 'src="./../../assets/index-1a2b.js"' in page.text


@pytest.mark.parametrize("query", ["", "?q=is:stale"])
async def test_the_address_without_a_slash_redirects_below_any_prefix(
    bundle: Path, query: str
) -> None:
    async with browsing(console(bundle)) as browser:
        answer = await browser.get(f"/console{query}")

    assert answer.status_code == 308
    assert answer.headers["location"] == f"console/{query}"


async def test_files_are_served_compressed_and_never_change(bundle: Path) -> None:
    async with browsing(console(bundle)) as browser:
        script = await browser.get("/console/assets/index-1a2b.js")
        missing = await browser.get("/console/assets/index.js")

    assert script.content == SCRIPT
    assert script.headers["content-encoding"] == "gzip"
    assert "immutable" in script.headers["cache-control"]
    assert missing.status_code == 404


async def test_pages_run_only_scripts_of_this_server_and_trust_no_text(bundle: Path) -> None:
    async with browsing(console(bundle)) as browser:
        headers = (await browser.get("/console/")).headers

    parts = [part.strip().partition(" ") for part in headers["content-security-policy"].split(";")]
    policy = {name: sources for name, _, sources in parts}
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_other_methods_are_refused(bundle: Path) -> None:
    async with browsing(console(bundle)) as browser:
        answers = [await browser.post(path) for path in ("/console/toggles", "/console/assets/x")]

    assert [answer.status_code for answer in answers] == [405, 405]
    assert [answer.headers["allow"] for answer in answers] == ["GET, HEAD", "GET, HEAD"]


async def test_without_a_bundle_each_page_says_how_to_build_it(tmp_path: Path) -> None:
    async with browsing(console(tmp_path)) as browser:
        page = await browser.get("/console/toggles/x")

    assert page.status_code == 200
    assert "pip install --verbose --editable ." in page.text
    # The page contains its styles.
    assert "style-src 'self' 'unsafe-inline'" in page.headers["content-security-policy"]


async def test_a_server_serves_all_paths_below_the_console(store: Store) -> None:
    async with browsing(compose(store, Settings())) as browser:
        statuses = [
            (await browser.get(path)).status_code
            for path in ("/console", "/console/", "/console/a/b", "/consoles")
        ]

    assert statuses == [308, 200, 200, 404]


async def test_the_console_can_be_turned_off(store: Store) -> None:
    async with browsing(compose(store, Settings(console="off"))) as browser:
        answers = [
            await browser.get(path) for path in ("/console", "/console/", "/console/assets/a.js")
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].json()["name"] == "NotFoundError"


async def test_every_file_that_the_built_page_names_is_served_below_any_prefix() -> None:
    if not BUNDLE.is_dir():
        pytest.skip("The console is not built; pip install --editable . builds it")
    async with browsing(below("/flags", console())) as browser:
        page = await browser.get("/flags/console/toggles/x")
        named = re.findall(r'(?:src|href)="([^"]+\.[a-z0-9]+)"', page.text)
        urls = [urljoin(str(page.url), name) for name in named]
        statuses = {url: (await browser.get(url)).status_code for url in urls}

    assert {name.rpartition(".")[2] for name in named} == {"js", "css"}
    assert set(statuses.values()) == {200}
