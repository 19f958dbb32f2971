"""Take the screenshots of the documentation, on a server with the example installation.

    python -m tests.documentation.screenshots

Needs Chromium and the bundled pages.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.clients.chromium import launched
from tests.clients.visiting import PATIENCE_MS, SETTLED_MS, Visit
from tests.console.visitor import visiting
from tests.documentation.pages import DOCS
from tests.server import ADMIN_TOKEN, TOKENS, Server

IMAGES = DOCS / "images"
WIDTH, HEIGHT = 1280, 760
# This margin is for elements that stay at the top of the window.
_SCROLL = "(part, room) => scrollTo(0, part.getBoundingClientRect().top + scrollY - room)"


def show_graphiql(browser: Browser, url: str) -> None:
    """Take a screenshot of a query and its answer."""
    visit = Visit(browser, url)
    visit.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    visit.sign_in()
    visit.wait_for_editor()
    visit.open_tab("ToggleList")
    visit.run()
    visit.page.wait_for_timeout(SETTLED_MS)
    visit.page.screenshot(path=IMAGES / "graphiql.png")
    visit.close()


def show_console(browser: Browser, url: str) -> None:
    """Take screenshots of the list of toggles, and of the review of several changes."""
    for scheme, name in (("light", "console"), ("dark", "console-dark")):
        with visiting(browser, url, scheme=scheme, width=WIDTH) as visitor:
            visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            visitor.open("toggles")
            visitor.wait_until_live()
            visitor.page.get_by_role("switch").first.wait_for()
            visitor.page.wait_for_timeout(SETTLED_MS)
            visitor.page.screenshot(path=IMAGES / f"{name}.png")
            if scheme == "light":
                for name in ("account-dark-mode", "delivery-map"):
                    visitor.page.get_by_label(f"Select {name}").check()
                visitor.button("Archive").click()
                visitor.button("Apply 2 changes").wait_for()
                visitor.page.wait_for_timeout(SETTLED_MS)
                visitor.page.screenshot(path=IMAGES / "console-review.png")


def show_toggle(browser: Browser, url: str) -> None:
    """Take a screenshot of a toggle with an unsaved edit."""
    with visiting(browser, url, width=WIDTH) as visitor:
        visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        visitor.open("toggles/account-passkeys?env=production&user=someone")
        visitor.button("Edit flexibleRollout").click()
        visitor.page.get_by_label("Rollout", exact=True).fill("35")
        visitor.page.get_by_text("With your edits").wait_for()
        visitor.page.wait_for_timeout(SETTLED_MS)
        visitor.page.screenshot(path=IMAGES / "console-toggle.png")


def show_swagger_ui(page: Page) -> None:
    """Show an operation with its parameters and code samples."""
    page.locator(".opblock-tag", has_text="frontend").first.click()
    operation = page.locator(".opblock-get").first
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").wait_for()
    operation.evaluate(_SCROLL, 70)


def show_sample(page: Page) -> None:
    """Run the first story, and show one of its steps."""
    page.get_by_label("Admin token").fill(ADMIN_TOKEN)
    page.get_by_role("button", name="Sign in").click()
    story = page.locator("article.story").first
    story.get_by_role("button", name="Run").click()
    story.get_by_text("All steps passed").wait_for()
    story.get_by_role("button", name="Show").click()
    story.locator(".step summary").nth(1).click()
    story.evaluate(_SCROLL, 150)


PAGES: dict[str, Callable[[Page], None]] = {"docs": show_swagger_ui, "sample": show_sample}


def main() -> None:
    """Write all pictures into `docs/images/`."""
    with (
        TemporaryDirectory() as folder,
        Server(Path(folder), "--demo", **TOKENS) as server,
        launched() as browser,
    ):
        show_console(browser, server.url)
        show_toggle(browser, server.url)
        show_graphiql(browser, server.url)
        for name, show in PAGES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{server.url}/{name}")
            show(page)
            page.wait_for_timeout(SETTLED_MS)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
