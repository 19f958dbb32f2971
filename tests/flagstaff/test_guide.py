"""The server shows the documentation site at `/guide`."""

from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from flagstaff.guide.serving import Guide
from flagstaff.pages.app import pages

FILES = {
    "index.html": b"<h1>Guide</h1>",
    "decisions/index.html": b"<h1>Decisions</h1>",
    "assets/main.css": b"body {}",
    "assets/main.js": b"start();",
    "images/life.svg": b"<svg/>",
    "search.json": b"{}",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of a small site. A secret file is next to the folder."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "site"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def client(site: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    """A client of the pages with that site."""
    monkeypatch.setattr("flagstaff.pages.app.Guide", lambda: Guide(site))
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages()), base_url="http://localhost")


@pytest.mark.parametrize(
    ("path", "name", "media_type"),
    [
        ("/guide/", "index.html", "text/html; charset=utf-8"),
        ("/guide/index.html", "index.html", "text/html; charset=utf-8"),
        ("/guide/decisions/", "decisions/index.html", "text/html; charset=utf-8"),
        ("/guide/decisions/index.html", "decisions/index.html", "text/html; charset=utf-8"),
        ("/guide/assets/main.css", "assets/main.css", "text/css; charset=utf-8"),
        ("/guide/assets/main.js", "assets/main.js", "text/javascript; charset=utf-8"),
        ("/guide/images/life.svg", "images/life.svg", "image/svg+xml"),
        ("/guide/search.json", "search.json", "application/json"),
    ],
)
async def test_a_file_of_the_site_has_its_media_type_and_the_policy_of_pages(
    client: httpx.AsyncClient, path: str, name: str, media_type: str
) -> None:
    answer = await client.get(path)

    policy = answer.headers["content-security-policy"]
    assert answer.content == FILES[name]
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self';" in policy
    assert "worker-src 'self';" in policy
    assert "http" not in policy
    assert "blob" not in policy


async def test_a_file_that_did_not_change_is_304(client: httpx.AsyncClient, site: Path) -> None:
    first = await client.get("/guide/")
    headers = {"If-None-Match": f"W/{first.headers['etag']}"}
    unchanged = await client.get("/guide/", headers=headers)
    (site / "index.html").write_text("<h1>Another guide</h1>")
    changed = await client.get("/guide/", headers=headers)

    assert first.headers["cache-control"] == "no-cache"
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert (changed.status_code, changed.text) == (200, "<h1>Another guide</h1>")


@pytest.mark.parametrize("prefix", ["", "/flags", "/a/b"])
async def test_the_address_without_a_slash_leads_to_the_front_page_below_any_prefix(
    client: httpx.AsyncClient, prefix: str
) -> None:
    address = f"https://example.com{prefix}/guide"

    answer = await client.get("/guide")

    assert answer.status_code == 307
    assert urljoin(address, answer.headers["location"]) == f"{address}/"


@pytest.mark.parametrize(
    "path",
    [
        "/guide/nowhere.html",
        "/guide/decisions",
        "/guide/assets/",
        "/guide//index.html",
        "/guide/%2e%2e/secret.txt",
        "/guide/..%2fsecret.txt",
        "/guide/assets/..%2f..%2fsecret.txt",
        "/guide/%00",
        "/guide/" + "a" * 5000,
    ],
)
async def test_other_paths_are_404(client: httpx.AsyncClient, path: str) -> None:
    address = httpx.URL("http://localhost").copy_with(raw_path=path.encode())

    answer = await client.get(address)

    assert answer.request.url.raw_path == path.encode()
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_file_that_a_new_build_removed_is_404(
    client: httpx.AsyncClient, site: Path
) -> None:
    (site / "assets" / "main.js").unlink()

    answer = await client.get("/guide/assets/main.js")

    assert answer.status_code == 404


async def test_other_methods_are_405(client: httpx.AsyncClient) -> None:
    answer = await client.post("/guide/")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/guide", "/guide/", "/guide/index.html"])
async def test_a_site_that_is_not_built_is_404_and_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("flagstaff.pages.app.Guide", lambda: Guide(tmp_path / "site"))
    transport = httpx.ASGITransport(pages())

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(path)

    assert answer.status_code == 404
    assert "make docs" in answer.text
