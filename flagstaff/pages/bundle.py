"""The bundled pages: Swagger UI at `/docs`, ReDoc at `/redoc`, and the sample application."""

from pathlib import Path

from graph.engine.http.assets import BrowserPages, not_built

ASSETS = "/docs/assets/"
BUNDLE = Path(__file__).parent / "bundle"
# Maps the path of each page to its file in the bundle.
PAGES = {"/docs": "docs.html", "/redoc": "redoc.html", "/sample": "sample.html"}

_API_WITHOUT_PAGE = """<p>The API works without this page.
      The file <code>openapi.json</code> describes the API.</p>"""


def bundled_pages(bundle: Path = BUNDLE) -> BrowserPages:
    """Return the pages of the bundle. Without a bundle, each page explains how to build it."""
    message = not_built("This page", _API_WITHOUT_PAGE)
    return BrowserPages(bundle, assets=ASSETS, not_built=message)
