"""GraphiQL as a page of this server: what was bundled at build time, nothing from elsewhere."""

import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from store.content_coding import accepts_gzip

ASSETS = "/graphql/assets/"
# How the built page names its files: as if it were in the folder above them.
_NAMED = '="./assets/'
BUNDLE = Path(__file__).parent / "bundle"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_SAFETY = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The editor measures and colours its text by style elements that it makes as it goes; scripts come
# from this server's files only, and so do the editor's workers.
_PAGE_POLICY = "; ".join(
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
# A worker obeys the policy of its own script; the editor's have nothing to fetch.
_ASSET_POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"
# The name of an asset changes with its content.
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}

_NOT_BUILT = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Flagstaff: GraphiQL is not built</title>
    <link rel="icon" href="data:,">
    <style>body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem;
      font: 16px/1.5 system-ui, sans-serif; }</style>
  </head>
  <body>
    <h1>GraphiQL is not built</h1>
    <p>This Flagstaff was installed from its sources without the browser's part, which is bundled
      when the package is installed, from packages of the npm registry. To build it, run</p>
    <pre>pip install --verbose --editable .</pre>
    <p>in the folder of the sources, in the environment that Flagstaff runs in, and restart the
      server. No Node is needed; the npm registry must be within reach, and the environment
      variable <code>HATCH_BUILD_NO_HOOKS</code> must not be set.</p>
    <p>The API works without: send operations to this address by POST, such as</p>
    <pre>curl -H 'Authorization: TOKEN' -H 'Content-Type: application/json' \\
  -d '{"query": "{ viewer { canWrite } }"}' ADDRESS</pre>
    <p>or open it in any GraphQL client. The schema is beside it: <code>schema.graphql</code>.</p>
  </body>
</html>
"""


class GraphiQL:
    """The page and the files it asks for, from the folder that the build has left them in."""

    def __init__(self, bundle: Path = BUNDLE) -> None:
        page = bundle / "index.html"
        self._page = page.read_text(encoding="utf-8") if page.is_file() else _NOT_BUILT
        # Held in memory, 2 MB, so that a build under a running server takes nothing away from it.
        self._assets = {file.stem: file.read_bytes() for file in bundle.glob("assets/*.gz")}

    def page(self, path: str) -> Response:
        """The editor, or how to build it, for the address with a path.

        Its files are named relative to that, since a proxy may serve all this below any prefix.
        """
        folder = path.rpartition("/")[2]
        named = f'="{folder}/assets/' if folder else _NAMED
        return HTMLResponse(
            self._page.replace(_NAMED, named),
            headers={
                "Cache-Control": "no-cache",
                "Vary": "Accept",
                "Content-Security-Policy": _PAGE_POLICY,
                **_SAFETY,
            },
        )

    def asset(self, request: Request) -> Response:
        """One of the page's files."""
        name = request.scope["path"].removeprefix(ASSETS)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed.", 405, {"Allow": "GET, HEAD"})
        compressed = self._assets.get(name)
        if compressed is None:
            return PlainTextResponse(
                "There is no such file; the page may be of another version: load it again.",
                404,
                {"Cache-Control": "no-store", **_SAFETY},
            )
        headers = {**_KEPT, **_SAFETY, "Content-Security-Policy": _ASSET_POLICY}
        media_type = _TYPES.get(Path(name).suffix, "application/octet-stream")
        if not accepts_gzip(", ".join(request.headers.getlist("accept-encoding"))):
            return Response(gzip.decompress(compressed), 200, headers, media_type)
        return Response(compressed, 200, {**headers, "Content-Encoding": "gzip"}, media_type)
