"""A person who uses the console in a separate browser."""

import re
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from tests.server import ADMIN_TOKEN

PATIENCE_MS = 30_000
HEIGHT = 900
# After a change of the window's width, the page has its new layout within this time.
SETTLED_MS = 150
# Chromium logs refusals of the Content-Security-Policy as errors. This script reports them, too.
_REPORT = """document.addEventListener("securitypolicyviolation", event =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""
# The tour would cover the page.
_NO_TOUR = """localStorage.setItem("flagstaff:console:tour", "seen")"""
_FAILED_REQUEST = re.compile("Failed to load resource|net::ERR_|WebSocket connection to")

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """A page of the console, with its requests and errors."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._url = url
        self.context = context
        self.has_clock = False
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.addresses: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(error.message))
        self.page.on("request", lambda request: self.addresses.append(request.url))
        self.page.on("websocket", lambda socket: self.addresses.append(socket.url))

    def open(self, path: str = "", *, token: str | None = ADMIN_TOKEN) -> None:
        """Open a page of the console. If there is a token, sign in."""
        self.page.goto(f"{self._url}/console/{path}")
        if token is not None:
            self.sign_in(token)

    def stop_clock(self) -> None:
        """From now on, timers of the page run only when the test moves the page's clock."""
        self.page.clock.install()
        self.has_clock = True

    def sign_in(self, token: str) -> None:
        self.page.get_by_label("API token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()

    def switch(self, toggle: str, environment: str) -> Locator:
        return self.page.get_by_role("switch", name=f"{toggle} in {environment}", exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def search(self, text: str) -> None:
        self.page.get_by_label("Search toggles").fill(text)

    def toggles(self) -> list[str]:
        """The names of the toggles in the list."""
        return self.page.get_by_role("rowheader").locator("bdi").all_inner_texts()

    def alert(self, text: str) -> Locator:
        return self.page.get_by_role("alert").filter(has_text=text)

    def undo_link(self) -> Locator:
        """The link from an undone change set to the one that undid it."""
        return self.page.locator("dt:text-is('Undone') + dd").get_by_role("link")

    def open_bar(self) -> None:
        """Open the bar with the pages. Narrow screens hide the bar."""
        menu = self.button("Menu")
        if menu.is_visible():
            menu.click()

    def change_look(self, scheme: str, width: int) -> None:
        """Change the theme of the system and the width of the window."""
        self.page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
        if self.page.viewport_size != {"width": width, "height": HEIGHT}:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.wait_for_timeout(SETTLED_MS)

    def wait_until_live(self) -> None:
        expect(self.page.get_by_text("Live", exact=True)).to_be_attached()

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium logs each refused or failed request as an error. Pages show relevant failures.
        if message.type in ("error", "warning") and not _FAILED_REQUEST.search(message.text):
            self.troubles.append(message.text)


class Profiles:
    """Profiles of a browser, which people use one after the other.

    A new profile has an empty cache and loads all files of the console. People who visit the
    console at the same time have different profiles.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: defaultdict[tuple[str, int], list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def visiting(self, url: str, *, scheme: str = "light", width: int = 1440) -> Generator[Visitor]:
        """Open a tab for a person in a profile that contains no data of other people."""
        idle = self._idle[scheme, width]
        context = idle.pop() if idle else _new_profile(self._browser, scheme, width)
        with _using(context, url) as visitor:
            yield visitor
            context.set_offline(False)
            visitor.page.evaluate("localStorage.clear()")
        # A clock remains in its profile.
        if visitor.has_clock:
            context.close()
        else:
            idle.append(context)


@contextmanager
def visiting(
    browser: Browser,
    url: str,
    *,
    scheme: str = "light",
    width: int = 1440,
    newcomer: bool = False,
) -> Generator[Visitor]:
    """Open a browser for a person, with a new profile. A newcomer gets the tour."""
    context = _new_profile(browser, scheme, width, newcomer=newcomer)
    with _using(context, url) as visitor:
        yield visitor
    context.close()


@contextmanager
def _using(context: BrowserContext, url: str) -> Generator[Visitor]:
    """Open a tab.

    At the end, check that the console called only its server and that no URL contained a token.
    Also check that nothing failed and that the Content-Security-Policy refused nothing.
    """
    visitor = Visitor(context, url)
    yield visitor
    addresses = [
        address for address in [*visitor.addresses, visitor.page.url] if "data:" not in address
    ]
    visitor.page.close()
    assert visitor.troubles == []
    assert {urlsplit(address).netloc for address in addresses} == {urlsplit(url).netloc}
    assert [address for address in addresses if "secret" in address] == []


def _new_profile(
    browser: Browser, scheme: str, width: int, *, newcomer: bool = False
) -> BrowserContext:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=ViewportSize(width=width, height=HEIGHT),
        has_touch=width < 600,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(_REPORT)
    if not newcomer:
        context.add_init_script(_NO_TOUR)
    return context
