"""The documentation site in Chromium, below a path prefix, without access to other servers."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    TimeoutError,
    expect,
)
from starlette.applications import Starlette

from flagstaff.app import run_app
from flagstaff.guide.build import build
from flagstaff.guide.serving import Guide
from flagstaff.settings import Settings
from tests.clients.accessibility import fetch_axe, serious_violations
from tests.clients.chromium import launched
from tests.prefixing import below, served
from tests.server import ADMIN_TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PREFIX = "/flags"
NARROW, WIDE = 400, 1280
MAX_TRIES, PAUSE_MS = 15, 2000
# After this time, the dialog of the search is opaque.
FADED_IN_MS = 1000
# The search of the theme violates these rules. The path of a result is light grey, and the
# accessible name of a result lacks the displayed excerpt.
UPSTREAM_VIOLATIONS = {"color-contrast", "label-content-name-mismatch"}


class Visit:
    """A page of the guide in its own profile, with its errors and its requests to other servers."""

    def __init__(self, browser: Browser, url: str, *, scheme: str = "light", width: int = WIDE):
        self._context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900},
        )
        self._url = url
        self.page: Page = self._context.new_page()
        self.troubles: list[str] = []
        self.addresses: set[str] = set()
        self.page.on("console", self._note_error)
        self.page.on("pageerror", lambda error: self.troubles.append(error.message))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("request", lambda request: self.addresses.add(request.url))
        self.page.on("worker", lambda worker: self.addresses.add(worker.url))

    def open(self, name: str = "") -> None:
        """Open a page of the guide."""
        self.page.goto(f"{self._url}{PREFIX}/guide{name}")

    def search(self, words: str, title: str) -> Locator:
        """Open the search, type words, and return the search result with a title."""
        # The dialog is in a shadow tree. It accepts keys once its script has run.
        dialog = self.page.locator(".focus-visible")
        field = dialog.locator("input")
        for _ in range(MAX_TRIES):
            self.page.keyboard.press("Control+k")
            with suppress(TimeoutError):
                field.wait_for(timeout=PAUSE_MS)
                break
        field.fill(words)
        result = dialog.locator("a", has_text=title).first
        result.wait_for()
        return result

    def _note_error(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(message.text)

    def _note_failure(self, request: Request) -> None:
        # Opening the next page aborts pending requests of the current one.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.url}: {request.failure}")

    def close(self) -> None:
        """End the visit. Check that there were no errors and no requests to other origins."""
        self._context.close()
        assert self.troubles == []
        for address in self.addresses:
            if not address.startswith("data:"):
                assert address.startswith(self._url)
                assert urlsplit(address).path.startswith(f"{PREFIX}/guide")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this checkout."""
    folder = tmp_path_factory.mktemp("guide") / "site"
    build(site=folder)
    return folder


@pytest.fixture(scope="module")
def url(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows this site below a prefix."""
    database = tmp_path_factory.mktemp("server") / "flagstaff.db"
    settings = Settings(database_url=f"sqlite:///{database}", init_admin_tokens=(ADMIN_TOKEN,))

    @asynccontextmanager
    async def run(proxy: Starlette) -> AsyncGenerator[None]:
        async with run_app(settings) as running:
            proxy.mount("/", below(PREFIX, running.app))
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flagstaff.pages.app.Guide", lambda: Guide(site))
        with served(Starlette(lifespan=run)) as address:
            yield address


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """A wide window with light colours."""
    opened = Visit(browser, url)
    yield opened
    opened.close()


@pytest.mark.thorough
def test_the_search_finds_a_word_and_leads_to_its_page(visit: Visit) -> None:
    visit.open()
    visit.search("weight types", "Which weight types exist").click()

    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Which weight types exist")
    assert urlsplit(visit.page.url).path == f"{PREFIX}/guide/answers/weight-types.html"
    assert any("/workers/" in address for address in visit.addresses)


@pytest.mark.thorough
def test_the_navigation_leads_to_the_next_page(visit: Visit) -> None:
    visit.open("/getting-started.html")
    visit.page.get_by_role("link", name="Next: Concepts").click()

    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Concepts")


@pytest.mark.thorough
def test_colours_follow_the_system_until_the_reader_chooses(browser: Browser, url: str) -> None:
    visit = Visit(browser, url, scheme="dark")
    visit.open()
    dark = background(visit.page)
    for _ in range(3):
        visit.page.locator("label[for^=__palette]:visible").click()
        if background(visit.page) > 200:
            break
    chosen = background(visit.page)
    visit.open("/concepts.html")
    remembered = background(visit.page)
    visit.close()

    assert dark < 60
    assert chosen > 200
    assert remembered > 200


@pytest.mark.thorough
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_fits_into_the_window_and_shows_its_pictures(
    browser: Browser, url: str, site: Path, width: int
) -> None:
    visit = Visit(browser, url, width=width)
    too_wide: list[str] = []
    for file in sorted(site.rglob("*.html")):
        name = f"/{file.relative_to(site).as_posix()}"
        visit.open(name)
        if visit.page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(name)
        all_loaded = visit.page.evaluate(
            "[...document.images].every(image => image.naturalWidth > 0)"
        )
        assert all_loaded, f"{name} lacks a picture"
    visit.close()

    assert too_wide == []


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_and_the_search_are_accessible(
    browser: Browser, url: str, tmp_path: Path, scheme: str
) -> None:
    axe = fetch_axe(tmp_path)
    visit = Visit(browser, url, scheme=scheme)
    violations: dict[str, dict[str, list[str]]] = {}
    for name in (
        *("/index.html", "/getting-started.html", "/configuration.html", "/architecture.html"),
        *("/answers/scopes.html", "/answers/variants.html", "/reference/rest-contract.html"),
    ):
        visit.open(name)
        violations[name] = serious_violations(visit.page, axe)
    visit.search("weight types", "Which weight types exist")
    visit.page.wait_for_timeout(FADED_IN_MS)
    in_search = serious_violations(visit.page, axe)
    visit.close()

    assert {name: found for name, found in violations.items() if found} == {}
    assert in_search.keys() <= UPSTREAM_VIOLATIONS


def background(page: Page) -> float:
    """The brightness of the page, from 0 to 255."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return (red + green + blue) / 3
