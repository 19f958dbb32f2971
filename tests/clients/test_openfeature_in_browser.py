"""OpenFeature's unmodified web SDK and remote provider, on a page of another origin."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import ConsoleMessage, expect

from tests.clients.chromium import PAGE_ORIGIN, WITHOUT_LEAVE, launched, serve_page
from tests.server import FRONTEND_TOKEN, Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

FLAG = "followed-in-a-browser"
FEATURE = f"/api/admin/features/{FLAG}"
PATIENCE_MS = 30_000


@pytest.mark.thorough
def test_the_web_provider_hears_of_a_change_on_its_event_source(
    server: Server, javascript: Path
) -> None:
    created = {"name": FLAG, "strategies": [{"name": "default"}]}
    server.request("POST", "/api/admin/features", json=created)
    about = {"baseUrl": server.url, "token": FRONTEND_TOKEN, "flag": FLAG}
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    with launched(WITHOUT_LEAVE) as browser:
        page = browser.new_page()
        page.on("console", hear)
        serve_page(page, javascript)
        value = page.locator("#value")
        with page.expect_response("**/ofrep/v1/events?*", timeout=PATIENCE_MS) as opened:
            page.goto(f"{PAGE_ORIGIN}/openfeature.html#{quote(json.dumps(about))}")
        expect(value).to_have_text("false", timeout=PATIENCE_MS)
        server.request("POST", f"{FEATURE}/toggle/on")
        expect(value).to_have_text("true", timeout=PATIENCE_MS)
        stream = opened.value
        kind, allowed = stream.request.resource_type, stream.headers["access-control-allow-origin"]

    assert (kind, allowed) == ("eventsource", "*")
    assert FRONTEND_TOKEN not in stream.url
    assert complaints == []
