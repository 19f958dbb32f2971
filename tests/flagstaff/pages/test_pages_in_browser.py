"""The pages in Chromium. The browser can reach only the server."""

import json
import re
from collections.abc import AsyncGenerator, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from starlette.applications import Starlette

from flagstaff.app import run_app
from flagstaff.pages.bundle import BUNDLE
from flagstaff.settings import Settings
from tests.clients.chromium import launched
from tests.clients.conftest import PROGRAMS
from tests.clients.packages import fetch_packages
from tests.openapi.seed import TOKENS as SECRETS
from tests.openapi.servers import prepare_database, seeded_server
from tests.prefixing import below, served
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, ForkedServer, Server

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
STORY_COUNT = 8
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    if not BUNDLE.is_dir():
        pytest.skip("The pages are not built; pip install --editable . builds them")
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with tokens of all types."""
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running


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


def run_all(page: Page) -> None:
    page.get_by_role("button", name="Run all").click()
    page.get_by_label("Type sample to go on").fill("sample")
    page.get_by_role("button", name="Run", exact=True).click()


def wait_for_the_end(page: Page) -> list[str]:
    """Wait until all stories have ended, and return their texts."""
    ended = page.locator(".badge.passed, .badge.failed, .badge.skipped")
    expect(ended).to_have_count(STORY_COUNT, timeout=2 * PATIENCE_MS)
    expect(page.get_by_role("button", name="Run all")).to_be_enabled()
    return ended.all_inner_texts()


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


@pytest.mark.thorough
def test_all_stories_are_green(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page)
        run_all(visit.page)

        assert wait_for_the_end(visit.page) == ["All steps passed"] * STORY_COUNT
        coverage = visit.page.locator("#coverage").inner_text()

    called, documented = re.findall(r"\d+", coverage)
    assert called == documented


@pytest.mark.thorough
def test_calls_count_also_before_the_description_has_arrived(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        address: list[Route] = []
        page.route("**/openapi.json", lambda route: address.append(route))
        page.reload()
        sign_in(page)
        page.get_by_role("button", name="Run Manage a toggle with GraphQL").click()
        page.get_by_label("Type sample to go on").fill("sample")
        page.keyboard.press("Enter")
        expect(page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)

        address[0].continue_()

        # The story sends queries by GET and by POST.
        expect(page.locator("#coverage")).to_contain_text(re.compile(r"^2 of \d+"))


@pytest.mark.thorough
def test_a_demo_needs_no_confirmation(browser: Browser, tmp_path: Path) -> None:
    with (
        ForkedServer(tmp_path, "--demo", **TOKENS) as demo,
        visiting(browser, f"{demo.url}/sample") as visit,
    ):
        sign_in(visit.page)
        visit.page.get_by_role("button", name="Run Release a checkout").click()

        expect(visit.page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.thorough
def test_the_confirmation_can_be_refused(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.get_by_role("button", name="Run all").click()
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()

        page.keyboard.press("Escape")

        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".badge")).to_have_count(0)


def test_a_step_shows_its_request_its_answer_and_the_outcome(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.get_by_role("button", name="Run Run an experiment").click()
        page.get_by_label("Type sample to go on").fill("sample")
        page.keyboard.press("Enter")
        expect(page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)

        page.get_by_role("button", name=re.compile("^Show .* of Run an experiment")).click()
        experiment = page.locator("article", has_text="Run an experiment")
        experiment.get_by_text("Create a client token").click()
        step = page.locator("details[open]")

        assert "curl 'http://127.0.0.1" in step.get_by_label("Request").inner_text()
        assert "$ADMIN_TOKEN" in step.get_by_label("Request").inner_text()
        assert "(not shown)" in step.get_by_label("Answer 201").inner_text()
        expect(step.locator(".verdict.good")).to_contain_text("never shows it again")


@pytest.mark.thorough
def test_markup_in_a_name_shows_as_text(browser: Browser, server: Server) -> None:
    name = '<img src=x onerror="document.title = 1">'
    made = server.graphql(
        "mutation($name: String!) { apiTokenCreate(input: {name: $name, type: ADMIN}) { secret } }",
        name=name,
    )
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page, made["apiTokenCreate"]["secret"])

        expect(visit.page.get_by_text(f"Signed in as {name}.")).to_be_visible()
        assert visit.page.locator("img").count() == 0


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("*:*.no-such-secret-of-the-tests", "does not know this token"),
        (CLIENT_TOKEN, "token"),
    ],
)
def test_a_token_that_cannot_run_stories_is_refused(
    browser: Browser, server: Server, token: str, problem: str
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page, token)

        expect(visit.page.get_by_role("alert")).to_contain_text(problem)
        expect(visit.page.get_by_role("button", name="Run all")).to_be_disabled()


@pytest.mark.thorough
def test_a_revoked_token_asks_to_sign_in_again(browser: Browser, server: Server) -> None:
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "doomed", type: ADMIN}) '
        "{ apiToken { id } secret } }"
    )["apiTokenCreate"]
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page, made["secret"])
        page.get_by_text("Signed in as doomed.").wait_for()
        server.graphql(
            "mutation($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
            id=made["apiToken"]["id"],
        )

        run_all(page)

        expect(page.get_by_role("alert")).to_contain_text("Sign in again")
        assert made["secret"] not in page.evaluate(
            "JSON.stringify({...sessionStorage, ...localStorage})"
        )


@pytest.mark.thorough
def test_what_a_closed_page_left_can_be_removed(browser: Browser, server: Server) -> None:
    project = '{ project(name: "sample") { toggles { nodes { name } } } }'
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.on("dialog", lambda dialog: dialog.accept())
        run_all(page)
        page.locator(".step.passed").nth(5).wait_for()
        page.reload()
        page.get_by_text("did not come to its end").wait_for()
        left = server.graphql(project)

        page.get_by_role("button", name="Remove them").click()

        expect(page.get_by_text("did not come to its end")).to_have_count(0, timeout=PATIENCE_MS)
    assert len(left["project"]["toggles"]["nodes"]) == 1
    assert server.graphql(project) == {"project": None}


@pytest.mark.thorough
def test_what_another_tab_works_with_is_not_offered_for_removal(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        run_all(page)
        page.locator(".step.passed").nth(5).wait_for()
        other = page.context.new_page()
        other.goto(f"{server.url}/sample")
        other.get_by_role("button", name="Run all").wait_for()

        other.wait_for_timeout(2_000)  # the page asks other tabs for half a second
        expect(other.get_by_text("did not come to its end")).to_have_count(0)
        assert wait_for_the_end(page) == ["All steps passed"] * STORY_COUNT


@pytest.mark.thorough
def test_a_note_in_another_form_does_not_break_the_page(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        page.evaluate("localStorage.setItem('flagstaff:sample:/:old:story', '{')")
        page.reload()

        sign_in(page)

        expect(page.get_by_role("button", name="Run all")).to_be_enabled(timeout=10_000)


@pytest.mark.thorough
def test_a_server_that_goes_away_is_reported_at_that_step(browser: Browser, tmp_path: Path) -> None:
    with (
        ForkedServer(tmp_path, "--demo", **TOKENS) as demo,
        visiting(browser, f"{demo.url}/sample") as visit,
    ):
        page = visit.page
        sign_in(page)
        page.get_by_text("Signed in as").wait_for()
        page.get_by_role("button", name="Run all").click()
        page.locator(".step.passed").nth(2).wait_for()
        demo.kill()

        texts = wait_for_the_end(page)
        failed = page.locator(".step.failed")
        expect(failed).to_have_count(1)
        expect(failed).to_contain_text("The server does not answer.")
        assert page.locator(".step.skipped").count() > 0
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        visit.troubles.clear()  # Chromium reports the refused connections.

    assert "Skipped" in texts


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
