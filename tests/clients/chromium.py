"""The installed Chromium. It can connect only to this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

# The first program has no window, and needs less time than the others.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# Host names do not resolve. The sandbox is off, because it needs privileges that containers lack.
OPTIONS = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-sandbox")

# Pages of this origin call a server of another origin. No server listens at this origin.
PAGE_ORIGIN = "http://127.0.0.1:9"
# Pages from other machines would need permission to access this machine.
WITHOUT_LEAVE = "--disable-features=LocalNetworkAccessChecks"


@contextmanager
def launched(*options: str) -> Iterator[Browser]:
    """Launch a browser with options. If there is no browser, skip the test."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*OPTIONS, *options])
        yield browser
        browser.close()


def serve_page(page: Page, folder: Path) -> None:
    """Answer requests to the other origin with the files of a folder."""

    def answer(route: Route) -> None:
        route.fulfill(path=folder / urlsplit(route.request.url).path.removeprefix("/"))

    page.route(f"{PAGE_ORIGIN}/**", answer)
