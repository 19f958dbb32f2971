"""A page for browsers and its files, bundled when the package is built."""

import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from store.content_coding import accepts_gzip

# How the built page names its files: as if it were in the folder above them.
_NAMED = '="./assets/'

# By the suffix of a file's name.
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
# Editors create style elements to measure and colour their text. Scripts and workers come from this
# server's files only.
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
# A worker obeys the policy of its own script; these workers fetch nothing.
_ASSET_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"
# The name of an asset changes with its content.
_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


class BrowserPage:
    """A page and its files, read from the folder `bundle`.

    `assets` is the address below which the files are served. `not_built` is the page where there is
    no bundle.
    """

    def __init__(self, bundle: Path, *, assets: str, not_built: str) -> None:
        page = bundle / "index.html"
        self.assets = assets
        self._page = page.read_text(encoding="utf-8") if page.is_file() else not_built
        # Held in memory, 2 MB, so that a build does not remove files from a running server.
        self._assets = {file.stem: file.read_bytes() for file in bundle.glob("assets/*.gz")}

    def page(self, path: str) -> Response:
        """The page for the address with a path.

        It refers to its files relative to that address, since a proxy may add any prefix.
        """
        folder = path.rpartition("/")[2]
        named = f'="{folder}/assets/' if folder else _NAMED
        return HTMLResponse(
            self._page.replace(_NAMED, named),
            headers={
                "Cache-Control": "no-cache",
                "Vary": "Accept",
                "Content-Security-Policy": PAGE_POLICY,
                **SAFETY_HEADERS,
            },
        )

    def asset(self, request: Request) -> Response:
        """One of the page's files."""
        name = request.scope["path"].removeprefix(self.assets)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed.", 405, {"Allow": "GET, HEAD"})
        compressed = self._assets.get(name)
        if compressed is None:
            return PlainTextResponse(
                "There is no such file; the page may be of another version: load it again.",
                404,
                {"Cache-Control": "no-store", **SAFETY_HEADERS},
            )
        headers = {**_IMMUTABLE, **SAFETY_HEADERS, "Content-Security-Policy": _ASSET_POLICY}
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        if not accepts_gzip(", ".join(request.headers.getlist("accept-encoding"))):
            return Response(gzip.decompress(compressed), 200, headers, media_type)
        return Response(compressed, 200, {**headers, "Content-Encoding": "gzip"}, media_type)
