"""Unleash's unmodified SDK for browsers with default settings, on a page of another origin."""

import json
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Response, expect

from tests.clients.chromium import PAGE_ORIGIN, WITHOUT_LEAVE, launched, serve_page
from tests.clients.reported import used_toggles
from tests.server import FRONTEND_TOKEN, Server
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.npm]

FLAG = "aimed-at-pages"
FEATURE = f"/api/admin/features/{FLAG}"
BLUE = {"name": "blue", "weight": 1000}
PATIENCE_MS = 30_000
# Browsers send this request without a preflight.
SEND_BLINDLY = """
url => fetch(url, {
  method: "POST", mode: "no-cors", credentials: "include", body: new Blob(["{}"]),
})
"""


@pytest.fixture(scope="module", autouse=True)
def toggle(server: Server) -> None:
    """A toggle that is off."""
    created = {"name": FLAG, "strategies": [{"name": "default"}], "variants": [BLUE]}
    server.request("POST", "/api/admin/features", json=created)


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_origin_follows_a_toggle_and_reports_its_use(
    server: Server, javascript: Path, method: str
) -> None:
    server.request("POST", f"{FEATURE}/toggle/off")
    app = f"page-that-uses-{method}"
    url = f"{server.url}/api/frontend"
    about = {"url": url, "clientKey": FRONTEND_TOKEN, "method": method, "appName": app}
    complaints: list[str] = []
    statuses: set[int] = set()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def see(answer: Response) -> None:
        if answer.url.startswith(url):
            statuses.add(answer.status)

    with launched(WITHOUT_LEAVE) as browser:
        page = browser.new_page()
        page.on("console", hear)
        page.on("response", see)
        serve_page(page, javascript)
        page.goto(f"{PAGE_ORIGIN}/frontend.html#{quote(json.dumps(about))}")
        values = page.locator("#values")
        expect(values).to_have_text("false disabled", timeout=PATIENCE_MS)
        server.request("POST", f"{FEATURE}/toggle/on")
        expect(values).to_have_text("true blue", timeout=PATIENCE_MS)
        wait_until(lambda: FLAG in used_toggles(server, app))

    assert complaints == []
    assert statuses <= {200, 304}


@pytest.mark.thorough
def test_a_page_of_another_origin_changes_nothing_on_a_server_without_tokens(
    open_server: Server, javascript: Path
) -> None:
    name = "out-of-reach-of-pages"
    address = f"{open_server.url}/api/admin/features"
    toggle = {"name": name, "enabled": True, "strategies": [{"name": "default"}]}
    httpx.post(address, json=toggle).raise_for_status()
    with launched(WITHOUT_LEAVE) as browser:
        page = browser.new_page()
        serve_page(page, javascript)
        page.goto(f"{PAGE_ORIGIN}/package.json")
        with page.expect_response(f"{open_server.url}/**") as got:
            page.evaluate(SEND_BLINDLY, f"{address}/{name}/toggle/off")
        status = got.value.status

    assert status == 403
    assert httpx.get(f"{address}/{name}").json()["enabled"] is True
