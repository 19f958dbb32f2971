"""GraphiQL, the page that browsers get at the address of the API."""

from pathlib import Path

from graph.engine.http.assets import BrowserPage

ASSETS = "/graphql/assets/"
BUNDLE = Path(__file__).parent / "bundle"

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


def graphiql(bundle: Path = BUNDLE) -> BrowserPage:
    """The editor, or a page that says how to build it."""
    return BrowserPage(bundle, assets=ASSETS, not_built=_NOT_BUILT)
