"""Takes the pictures of the documentation, of a server with the example installation.

    python -m tests.documentation.screenshots

Needs Chromium.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.chromium import launched
from tests.clients.visiting import SETTLED_MS, Visit
from tests.documentation.pages import DOCS
from tests.server import TOKENS, Server

IMAGES = DOCS / "images"


def main() -> None:
    """Write all pictures into `docs/images/`."""
    with (
        TemporaryDirectory() as folder,
        Server(Path(folder), "--demo", **TOKENS) as server,
        launched() as browser,
    ):
        visit = Visit(browser, server.url)
        visit.page.set_viewport_size({"width": 1280, "height": 760})
        visit.sign_in()
        visit.wait_for_editor()
        visit.open_tab("ToggleList")
        visit.run()
        visit.page.wait_for_timeout(SETTLED_MS)
        visit.page.screenshot(path=IMAGES / "graphiql.png")
        visit.close()


if __name__ == "__main__":
    main()
