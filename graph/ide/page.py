"""GraphiQL, the page that browsers get at the URL of the API."""

from pathlib import Path

from graph.engine.http.assets import BrowserPages, not_built

ASSETS = "/graphql/assets/"
BUNDLE = Path(__file__).parent / "bundle"

_API_WITHOUT_PAGE = """<p>The API works without this page.
      Send operations to this URL by POST, such as</p>
    <pre>curl -H 'Authorization: TOKEN' -H 'Content-Type: application/json' \\
  -d '{"query": "{ viewer { canWrite } }"}' ADDRESS</pre>
    <p>or open the URL in any GraphQL client. The schema is at <code>schema.graphql</code>.</p>"""


def graphiql(bundle: Path = BUNDLE) -> BrowserPages:
    """Return the editor, or a page that explains how to build it."""
    return BrowserPages(bundle, assets=ASSETS, not_built=not_built("GraphiQL", _API_WITHOUT_PAGE))
