"""The application serves the index at `/` and the bundled pages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from flagstaff import __version__
from flagstaff.guide.serving import Guide
from flagstaff.pages.app import pages
from flagstaff.pages.bundle import ASSETS, BUNDLE, PAGES, bundled_pages
from tests.prefixing import below

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCRIPT = "docs/assets/main-1a2b.js"


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the guide. It does not exist, because the guide is not built."""
    site = tmp_path / "site"
    monkeypatch.setattr("flagstaff.pages.app.Guide", lambda: Guide(site))
    return site


@pytest_asyncio.fixture
async def client(guide: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages, without the guide."""
    async with client_of(pages()) as opened:
        yield opened


def links_of(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', page)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "", None])
async def test_programs_get_the_index_as_json(
    client: httpx.AsyncClient, accept: str | None
) -> None:
    client.headers.pop("accept")
    answer = await client.get("/", headers={} if accept is None else {"Accept": accept})

    assert answer.headers["vary"] == "Accept"
    assert answer.json() == {
        "name": "flagstaff",
        "version": __version__,
        "links": {
            "console": "/console/",
            "graphql": "/graphql",
            "schema": "/schema.graphql",
            "sdk": "/api/client/features",
            "health": "/health",
            "ready": "/ready",
            "openapi": "/openapi.json",
            "docs": "/docs",
            "redoc": "/redoc",
            "sample": "/sample",
        },
    }


async def test_browsers_get_a_page_with_links_relative_to_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"Accept": BROWSER})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert links_of(answer.text) == ["./console/", "./graphql", "./docs", "./redoc", "./sample"]
    assert f"Version {__version__}" in answer.text


async def test_the_guide_is_linked_once_it_is_built(guide: Path) -> None:
    guide.mkdir()
    (guide / "index.html").write_text("<h1>Guide</h1>")

    async with client_of(pages()) as client:
        index = (await client.get("/")).json()
        home = await client.get("/", headers={"Accept": BROWSER})

    assert index["links"]["guide"] == "/guide"
    assert links_of(home.text)[-1] == "./guide"


async def test_without_documentation_only_the_console_and_graphiql_are_linked(
    guide: Path,
) -> None:
    async with client_of(pages(docs=False)) as client:
        home = await client.get("/", headers={"Accept": BROWSER})
        index = (await client.get("/")).json()

    assert links_of(home.text) == ["./console/", "./graphql"]
    assert set(index["links"]).isdisjoint({"openapi", "docs", "redoc", "sample", "guide"})


async def test_without_the_console_nothing_links_to_it(guide: Path) -> None:
    async with client_of(pages(console=False)) as client:
        home = await client.get("/", headers={"Accept": BROWSER})
        index = (await client.get("/")).json()

    assert links_of(home.text)[0] == "./graphql"
    assert "console" not in index["links"]


async def test_without_documentation_its_pages_are_404(guide: Path) -> None:
    paths = [*PAGES, f"{ASSETS}main.js", "/openapi.json", "/guide", "/guide/"]

    async with client_of(pages(docs=False)) as client:
        statuses = {path: (await client.get(path)).status_code for path in paths}

    assert statuses == dict.fromkeys(paths, 404)


async def test_the_index_says_when_the_installation_is_an_example(guide: Path) -> None:
    async with client_of(pages(demo=True)) as client:
        assert (await client.get("/")).json()["demo"] is True


@pytest.mark.thorough
@pytest.mark.parametrize("path", PAGES)
async def test_every_file_that_a_page_names_is_served_below_any_prefix(path: str) -> None:
    if not BUNDLE.is_dir():
        pytest.skip("The pages are not built; pip install --editable . builds them")
    async with client_of(below("/flags", pages())) as browser:
        page = await browser.get(f"/flags{path}", headers={"Accept": BROWSER})
        named = re.findall(r'(?:src|href)="([^"]+\.[a-z]+)"', page.text)
        urls = [urljoin(str(page.url), name) for name in named]
        statuses = {url: (await browser.get(url)).status_code for url in urls}

    assert {"js", "css"} <= {name.rpartition(".")[2] for name in named}
    assert set(statuses.values()) == {200}


@pytest.mark.parametrize("path", PAGES)
async def test_pages_have_the_policy_of_the_editor(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "blob:" not in policy
    assert answer.headers["cache-control"] == "no-cache"


async def test_pages_are_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/docs")

    assert answer.status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_the_file_of_its_name(tmp_path: Path, path: str) -> None:
    for file in PAGES.values():
        (tmp_path / file).write_text(f'<title>{file}</title><script src="./assets/main-1a2b.js">')

    page = bytes(bundled_pages(tmp_path).page(path, PAGES[path]).body).decode()

    assert page == f'<title>{PAGES[path]}</title><script src="./{SCRIPT}">'


def test_without_the_build_a_page_says_how_to_make_it(tmp_path: Path) -> None:
    page = bytes(bundled_pages(tmp_path).page("/docs", "docs.html").body).decode()

    assert "This page is not built" in page
    assert "pip install --verbose --editable ." in page
    assert "<script" not in page
