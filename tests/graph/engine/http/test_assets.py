"""The page at the URL of the API, and its files."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.requests import Request
from starlette.responses import Response

from graph.engine.http.negotiation import prefers_html
from graph.ide.page import graphiql
from tests.server import ROOT

SCRIPT = b"console.log('built');"
PAGE = '<!doctype html><title>built</title><script type="module" src="./assets/index-1a2b.js">'


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder with the files that a build writes."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    return tmp_path


def request_for(path: str, *, method: str = "GET", encoding: str = "gzip, br") -> Request:
    headers = [(b"accept-encoding", encoding.encode())]
    return Request({"type": "http", "method": method, "path": path, "headers": headers})


def directives(response: Response) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    parts = [part.strip().partition(" ") for part in policy.split(";")]
    return {name: sources for name, _, sources in parts}


def test_the_page_is_what_was_built(bundle: Path) -> None:
    response = graphiql(bundle).page("/graphql/")

    assert bytes(response.body).decode() == PAGE
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("address", ["/graphql", "/graphql/"])
@pytest.mark.parametrize("prefix", ["", "/flags", "/a/b"])
def test_the_page_finds_its_files_below_whatever_prefix_a_proxy_gives_it(
    bundle: Path, prefix: str, address: str
) -> None:
    page = bytes(graphiql(bundle).page(address).body).decode()

    (named,) = re.findall('src="([^"]+)"', page)
    assert urljoin(f"{prefix}{address}", named) == f"{prefix}/graphql/assets/index-1a2b.js"


def test_scripts_and_requests_know_this_server_only(bundle: Path) -> None:
    policy = directives(graphiql(bundle).page("/graphql"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert {source for sources in policy.values() for source in sources.split()} == {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "data:",
    }
    assert [name for name, sources in policy.items() if "unsafe" in sources] == ["style-src"]


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("text/html;q=0.9", True),
        ("text/html;q=0.1, */*;q=0.9", True),
        ("text/html, application/json", True),
        ("text/html;q=0.9, application/json;q=0.9", True),
        ("text/html;q=0.8, application/json;q=0.9", False),
        ("text/html;q=0.8, application/graphql-response+json;q=0.9", False),
        ("text/html;q=0", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        (None, False),
    ],
)
def test_the_page_is_for_those_who_like_html_best(accept: str | None, page: bool) -> None:
    assert prefers_html(accept) is page


def test_without_the_build_the_page_says_how_to_make_it(tmp_path: Path) -> None:
    response = graphiql(tmp_path).page("/graphql")

    page = bytes(response.body).decode()
    assert response.status_code == 200
    assert "GraphiQL is not built" in page
    assert "pip install --verbose --editable ." in page
    assert "<script" not in page
    assert re.findall(r"https?://", page) == []


def test_assets_are_cached_for_a_year_and_sent_compressed(bundle: Path) -> None:
    response = graphiql(bundle).asset(request_for("/graphql/assets/index-1a2b.js"))

    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(response.body)) == SCRIPT
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["vary"] == "Accept-Encoding"
    assert directives(response) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize("encoding", ["", "br", "gzip;q=0"])
def test_assets_are_sent_plain_to_who_takes_no_gzip(bundle: Path, encoding: str) -> None:
    response = graphiql(bundle).asset(
        request_for("/graphql/assets/index-1a2b.js", encoding=encoding)
    )

    assert bytes(response.body) == SCRIPT
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(
    "name", ["", "other.js", "../index.html", "..%2Findex.html", "index-1a2b.js.gz", "/etc/passwd"]
)
def test_nothing_but_assets_can_be_requested(bundle: Path, name: str) -> None:
    response = graphiql(bundle).asset(request_for(f"/graphql/assets/{name}"))

    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-store"


def test_assets_are_only_read(bundle: Path) -> None:
    response = graphiql(bundle).asset(request_for("/graphql/assets/index-1a2b.js", method="POST"))

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_the_lock_file_names_no_place_to_download_from() -> None:
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    # The workspaces are folders of this repository. The lock file also contains links to the
    # workspaces.
    packages = {
        name: package
        for name, package in lock["packages"].items()
        if name and name not in manifest["workspaces"] and not package.get("link")
    }
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []
