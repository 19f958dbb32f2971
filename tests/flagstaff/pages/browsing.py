"""Visits of the pages in Chromium."""

import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.server import ADMIN_TOKEN

PATIENCE_MS = 60_000


class Visit:
    """A page in its own profile, with its requests and errors."""

    def __init__(self, browser: Browser, scheme: str, width: int) -> None:
        self._context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900},
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.urls: list[str] = []
        self.troubles: list[str] = []
        self.page.on("request", lambda request: self.urls.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def close(self) -> None:
        self._context.close()

    def _hear(self, kind: str, text: str) -> None:
        # Chromium reports every answer with an error status. Stories expect some error statuses.
        if kind == "error" and not text.startswith("Failed to load resource: the server responded"):
            self.troubles.append(text)


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    *,
    scheme: str = "light",
    width: int = 1440,
    tags: Container[str] | None = None,
) -> Iterator[Visit]:
    """Open a visit. At the end, check that it called only the server and sent no token in a URL.

    With `tags`, the API description contains only the operations of these tags.
    """
    visit = Visit(browser, scheme, width)
    if tags is not None:
        visit.page.route("**/openapi.json", lambda route: serve_part(route, tags))
    visit.page.goto(url)
    yield visit
    hosts = {urlsplit(address).netloc for address in visit.urls if not address.startswith("data:")}
    addresses = [*visit.urls, visit.page.url]
    visit.close()
    assert visit.troubles == []
    assert hosts <= {urlsplit(url).netloc}
    assert [url for url in addresses if "secret-of-the-tests" in url] == []


def serve_part(route: Route, tags: Container[str]) -> None:
    """Answer with the API description of the operations with some tags."""
    response = route.fetch()
    description = response.json()
    for item in description["paths"].values():
        for method in [name for name in item if item[name]["tags"][0] not in tags]:
            del item[method]
    route.fulfill(response=response, json=description)


def wait_for(page: Page, path: str) -> None:
    """Wait until a page shows its main content."""
    content = {
        "/": page.get_by_role("link", name="GraphiQL"),
        "/docs": page.locator(".opblock-tag").first,
        "/redoc": page.locator("[data-section-id]").first,
        "/sample": page.get_by_text(re.compile(r"of \d+ documented operations")),
    }[path]
    content.wait_for()
    if path != "/":
        page.get_by_role("navigation", name="Pages").get_by_role("link").first.wait_for()


def sign_in(page: Page, token: str = ADMIN_TOKEN) -> None:
    page.get_by_label("Admin token").fill(token)
    page.get_by_role("button", name="Sign in").click()
