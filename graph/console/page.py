"""The console, an admin frontend in the browser, which is served below `/console/`."""

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.engine.http.assets import BrowserPages, not_built

ROOT = "/console"
ASSETS = f"{ROOT}/assets/"
BUNDLE = Path(__file__).parent / "bundle"
# This manifest contains the operations that the console sends. The ID of an operation consists of
# `sha256:` and its SHA-256.
DOCUMENTS = BUNDLE / "documents.json"

# The console has no inline styles, and writes text from the API only as text.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_ALONE = {"Cross-Origin-Opener-Policy": "same-origin"}
_API_WITHOUT_PAGE = """<p>The API works without the console.
      <code>graphql</code>, at this address, is the GraphQL API.</p>"""


def console(bundle: Path = BUNDLE) -> ASGIApp:
    """Return the ASGI application for `/console` and all paths below it.

    Without a bundle, each page explains how to build it.
    """
    pages = BrowserPages(
        bundle,
        assets=ASSETS,
        not_built=not_built("The console", _API_WITHOUT_PAGE),
        policy=POLICY,
        headers=_ALONE,
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await _respond(pages, Request(scope))(scope, receive, send)

    return app


def serves(path: str) -> bool:
    """Whether a path belongs to the console."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def _respond(pages: BrowserPages, request: Request) -> Response:
    path: str = request.scope["path"]
    if path.startswith(ASSETS):
        return pages.asset(request)
    if request.method not in ("GET", "HEAD"):
        return PlainTextResponse("Method not allowed.", 405, {"Allow": "GET, HEAD"})
    if path == ROOT:
        return _redirect(request)
    # The names in addresses may contain an encoded slash, which browsers do not treat as a slash.
    raw: bytes = request.scope.get("raw_path") or quote(path).encode()
    return pages.page(raw.decode("latin-1"))


def _redirect(request: Request) -> Response:
    """Redirect to the first page. The address is relative, since a proxy may add a prefix."""
    query = request.scope["query_string"].decode("latin-1")
    location = f"console/?{query}" if query else "console/"
    return Response(None, 308, {"Location": location, "Cache-Control": "no-cache"})
