"""The pages in Chromium. The browser can reach only the server."""

import json
import re
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette

from flagstaff.app import run_app
from flagstaff.settings import Settings
from tests.clients.conftest import PROGRAMS
from tests.clients.packages import fetch_packages
from tests.flagstaff.pages.browsing import sign_in, visiting, wait_for
from tests.openapi.seed import TOKENS as SECRETS
from tests.openapi.servers import prepare_database, seeded_server
from tests.prefixing import below, served
from tests.server import Server

pytestmark = pytest.mark.browser

# The operations of these tags show every element of the pages. With all operations, axe would take
# a minute.
AXE_TAGS = ("client", "admin: segments", "server")
PAGES = ("/", "/docs", "/redoc", "/sample")
# Maps labels of the page to the security schemes of the document.
SCHEMES = {
    "Admin token": "adminToken",
    "Client token": "clientToken",
    "Frontend token": "frontendToken",
}


@pytest.mark.thorough
def test_each_page_opens_below_a_prefix_without_another_network(
    browser: Browser, tmp_path: Path
) -> None:
    @asynccontextmanager
    async def run(proxy: Starlette) -> AsyncGenerator[None, None]:
        async with run_app(Settings(database_url=f"sqlite:///{tmp_path}/flags.db")) as running:
            proxy.mount("/", below("/flags", running.app))
            yield
            running.end_streams()

    with served(Starlette(lifespan=run)) as url:
        for path in PAGES:
            with visiting(browser, f"{url}/flags{path}") as visit:
                wait_for(visit.page, path)

            requested = [urlsplit(address).path for address in visit.urls if "data:" not in address]
            assert {address.split("/")[1] for address in requested} == {"flags"}


@pytest.mark.thorough
def test_one_call_of_each_tag_can_be_tried(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    statuses: dict[str, int] = {}
    with ThreadPoolExecutor() as threads:  # the browser's event loop runs in this thread
        prepared = threads.submit(prepare_database, tmp_path).result()
    with (
        # Examples need objects such as the environment `production`.
        seeded_server(prepared, folder) as server,
        visiting(browser, f"{server.url}/docs") as visit,
    ):
        description = httpx.get(f"{server.url}/openapi.json").json()
        page = visit.page
        wait_for(page, "/docs")
        authorize(page)
        for tag, identifier in simplest_operations(description).items():
            statuses[tag] = try_out(page, tag, identifier)
            page.locator(f'.opblock-tag[data-tag="{tag}"]').click()

    assert set(statuses) == {tag["name"] for tag in description["tags"]}
    assert set(statuses.values()) == {200}


def authorize(page: Page) -> None:
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".modal-ux")
    for label, scheme in SCHEMES.items():
        dialog.get_by_label(label).fill(SECRETS[scheme])
        dialog.get_by_label(label).press("Enter")
    expect(dialog.get_by_text("The token is set.")).to_have_count(len(SCHEMES))
    dialog.locator(".close-modal").click()


def simplest_operations(description: dict[str, Any]) -> dict[str, str]:
    """The simplest operation of each tag. Reads are simpler than writes. Streams are excluded."""
    operations = [
        (method != "get", path.replace("{project}", "").count("{"), operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post") and "text/event-stream" not in str(operation)
    ]
    found: dict[str, str] = {}
    for _, _, operation in sorted(operations, key=lambda candidate: candidate[:2]):
        found.setdefault(operation["tags"][0], operation["operationId"])
    return found


def try_out(page: Page, tag: str, identifier: str) -> int:
    """Execute an operation and return the displayed status."""
    page.locator(f'.opblock-tag[data-tag="{tag}"]').click()
    block = page.locator(f'.opblock[id$="-{identifier}"]')
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    status = block.locator(".live-responses-table .response-col_status").last
    status.wait_for()
    expect(block.locator(".curl-command")).to_contain_text("curl -X")
    expect(block.get_by_label("Code samples")).to_contain_text("FLAGSTAFF_URL")
    return int(status.inner_text().split()[0])


@pytest.mark.thorough
def test_swagger_ui_asks_to_sign_in_again(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/docs") as visit:
        page = visit.page
        wait_for(page, "/docs")
        page.get_by_role("button", name="Authorize").first.click()
        page.get_by_label("Admin token").fill("*:*.no-such-secret-of-the-tests")
        page.get_by_label("Admin token").press("Enter")
        page.locator(".close-modal").click()

        status = try_out(page, "admin: projects and types", "getProjects")

        assert status == 401
        expect(page.get_by_role("alert")).to_contain_text("does not accept this token")
        expect(page.get_by_label("Admin token")).to_be_visible()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    folder = tmp_path_factory.mktemp("axe")
    fetch_packages(PROGRAMS, folder, what="axe-core")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


# Maps pages to the rules that Swagger UI itself violates, such as nested buttons and fields without
# labels.
UPSTREAM = {
    "/docs": {"label", "nested-interactive", "scrollable-region-focusable", "select-name"},
}


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_serious_fault_of_accessibility(
    browser: Browser, server: Server, axe: str, path: str, scheme: str
) -> None:
    with visiting(browser, f"{server.url}{path}", scheme=scheme, tags=AXE_TAGS) as visit:
        page = visit.page
        wait_for(page, path)
        if path == "/docs":
            page.locator(".opblock-tag").first.click()
            page.locator(".opblock-summary-control").first.click()
            page.get_by_role("button", name="Execute").first.wait_for()
        if path == "/sample":
            sign_in(page)
            page.get_by_role("button", name=re.compile("^Show .* of Release")).click()
            page.get_by_text("Check that the name is free").click()
        faults = serious_faults(page, axe)

    print(json.dumps(faults, indent=1))
    assert set(faults) <= UPSTREAM.get(path, set())


def serious_faults(page: Page, axe: str) -> dict[str, list[str]]:
    """The serious and critical faults that axe finds. The keys are rules."""
    page.evaluate(axe)
    result = page.evaluate("axe.run({resultTypes: ['violations']})")
    return {
        fault["id"]: [node["html"][:200] for node in fault["nodes"]]
        for fault in result["violations"]
        if fault["impact"] in ("serious", "critical")
    }


@pytest.mark.thorough
def test_nothing_is_wider_than_a_small_screen(browser: Browser, server: Server) -> None:
    for path in PAGES:
        with visiting(browser, f"{server.url}{path}", width=320) as visit:
            wait_for(visit.page, path)
            width = visit.page.evaluate("document.documentElement.scrollWidth")

        assert (path, width) == (path, 320)
