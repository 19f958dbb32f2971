"""Serve the pages that are bundled when the package is built, and the files of these pages."""

import gzip
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from store.content_coding import accepts_gzip

# References to files in a built page begin with this prefix. The folder `assets` is next to the
# page.
_NAMED = '="./assets/'

# Maps file suffixes to media types.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
SAFETY_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Inline styles are allowed, because editors and documentation pages create style elements. Scripts
# and workers come only from files of this server.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "worker-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# The policy of a worker is sent with the script of the worker. Workers of these pages fetch
# nothing.
_ASSET_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"
# The name of an asset changes with its content.
_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


# This page contains its styles, because the bundle with the style sheets is missing.
_NOT_BUILT = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Flagstaff: {name} is not built</title>
    <link rel="icon" href="data:,">
    <style>body {{ max-width: 42rem; margin: 3rem auto; padding: 0 1rem;
      font: 16px/1.5 system-ui, sans-serif; }}</style>
  </head>
  <body>
    <h1>{name} is not built</h1>
    <p>This Flagstaff was installed from its sources, without its pages for browsers. The pages are
      bundled at installation, with packages of the npm registry. To build the pages, run</p>
    <pre>pip install --verbose --editable .</pre>
    <p>in the folder of the sources and in the environment in which Flagstaff runs. Then restart the
      server. You do not need Node, but the machine must reach the npm registry, and the environment
      variable <code>HATCH_BUILD_NO_HOOKS</code> must not be set.</p>
    {more}
  </body>
</html>
"""


def not_built(name: str, more: str) -> str:
    """Return a page that explains how to build the page `name`, followed by the HTML `more`."""
    return _NOT_BUILT.format(name=name, more=more)


def html_response(
    page: str, *, policy: str = PAGE_POLICY, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a page with its Content-Security-Policy and further headers."""
    return HTMLResponse(
        page,
        headers={
            "Cache-Control": "no-cache",
            "Vary": "Accept",
            "Content-Security-Policy": policy,
            **SAFETY_HEADERS,
            **(headers or {}),
        },
    )


class BrowserPages:
    """The pages of one bundle, and the files that the pages share.

    `assets` is the address below which the files are served. If the bundle is missing, the page
    `not_built` is shown, which contains its own styles. `policy` and `headers` are sent with the
    pages of the bundle.
    """

    def __init__(
        self,
        bundle: Path,
        *,
        assets: str,
        not_built: str,
        policy: str = PAGE_POLICY,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.assets = assets
        self._not_built = not_built
        self._policy = policy
        self._headers = headers
        self._pages = {
            file.name: file.read_text(encoding="utf-8") for file in bundle.glob("*.html")
        }
        # The files are cached in memory (up to 2 MB), because a new build may delete them while the
        # server runs.
        self._assets = {file.stem: file.read_bytes() for file in bundle.glob("assets/*.gz")}

    def page(self, path: str, name: str = "index.html") -> Response:
        """Return the page in the file `name`, to be served at `path`.

        The page refers to its files relative to `path`, because a proxy may add any prefix.
        """
        page = self._pages.get(name)
        if page is None:
            return html_response(self._not_built)
        files = _relative(self.assets, path)
        page = page.replace(_NAMED, f'="./{files}')
        return html_response(page, policy=self._policy, headers=self._headers)

    def asset(self, request: Request) -> Response:
        """Return the file that a request for an asset names."""
        name = request.scope["path"].removeprefix(self.assets)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed.", 405, {"Allow": "GET, HEAD"})
        compressed = self._assets.get(name)
        if compressed is None:
            return PlainTextResponse(
                "The file does not exist. Reload the page, which may belong to another version.",
                404,
                {"Cache-Control": "no-store", **SAFETY_HEADERS},
            )
        headers = {**_IMMUTABLE, **SAFETY_HEADERS, "Content-Security-Policy": _ASSET_POLICY}
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        if not accepts_gzip(", ".join(request.headers.getlist("accept-encoding"))):
            return Response(gzip.decompress(compressed), 200, headers, media_type)
        return Response(compressed, 200, {**headers, "Content-Encoding": "gzip"}, media_type)


def _relative(assets: str, path: str) -> str:
    """Return the address of a folder with assets, relative to the page at `path`.

    Each slash separates two folders, even if it follows another slash. Browsers count slashes in
    the same way.
    """
    parent = assets.removesuffix("assets/")
    if path.startswith(parent):
        return "../" * path.removeprefix(parent).count("/") + "assets/"
    return "../" * (path.count("/") - 1) + assets.removeprefix("/")
