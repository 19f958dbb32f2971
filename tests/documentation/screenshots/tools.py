"""Pictures of GraphiQL, Swagger UI and the sample application."""

from playwright.sync_api import Browser, Page

from tests.clients.visiting import PATIENCE_MS, Visit
from tests.documentation.screenshots.capture import HEIGHT, WIDTH, capture
from tests.server import ADMIN_TOKEN

# This margin is for elements that stay at the top of the window.
_SCROLL = "(part, room) => scrollTo(0, part.getBoundingClientRect().top + scrollY - room)"


def show_graphiql(browser: Browser, url: str) -> None:
    """Show a query and its answer."""
    visit = Visit(browser, url)
    visit.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    visit.sign_in()
    visit.wait_for_editor()
    visit.open_tab("ToggleList")
    visit.run()
    capture(visit.page, "graphiql")
    visit.close()


def show_swagger_ui(browser: Browser, url: str) -> None:
    """Show an operation with its parameters and code samples."""
    page = _open(browser, f"{url}/docs")
    page.locator(".opblock-tag", has_text="frontend").first.click()
    operation = page.locator(".opblock-get").first
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").wait_for()
    operation.evaluate(_SCROLL, 70)
    capture(page, "docs")
    page.close()


def show_sample(browser: Browser, url: str) -> None:
    """Run the first story, and show one of its steps."""
    page = _open(browser, f"{url}/sample")
    page.get_by_label("Admin token").fill(ADMIN_TOKEN)
    page.get_by_role("button", name="Sign in").click()
    story = page.locator("article.story").first
    story.get_by_role("button", name="Run").click()
    story.get_by_text("All steps passed").wait_for()
    story.get_by_role("button", name="Show").click()
    story.locator(".step summary").nth(1).click()
    story.evaluate(_SCROLL, 150)
    capture(page, "sample")
    page.close()


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    return page
