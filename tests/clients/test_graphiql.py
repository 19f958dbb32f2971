"""GraphiQL in Chromium, with no network but the server."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from graph.ide.page import BUNDLE
from tests.server import ADMIN_TOKEN, TOKENS, Server

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Names lead nowhere; the sandbox needs rights that containers seldom have.
OPTIONS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-sandbox"]
PATIENCE_MS = 30_000
CREATED = "my-first-toggle"
WATCHED = "watched-toggle"
CREATE = "mutation($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
SET_DESCRIPTION = """
mutation($name: String!, $description: String!) {
  toggleUpdate(input: {name: $name, description: $description}) { errors { message } }
}
"""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of the machine's."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    if not (BUNDLE / "index.html").is_file():
        pytest.skip("GraphiQL is not built; pip install --editable . builds it")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh server for the tests of this file."""
    with Server(tmp_path_factory.mktemp("server"), **TOKENS) as running:
        yield running


class Visit:
    """A page of the server's in a profile of its own, and what went wrong or elsewhere there."""

    def __init__(self, browser: Browser, server: Server, *, scheme: str = "light") -> None:
        self._server = server
        self._context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1440, "height": 900},
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.troubles: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._note)
        self.page.on("request", self._see)
        self.page.goto(f"{server.url}/graphql")

    def close(self) -> None:
        self._context.close()

    def sign_in(self, token: str = ADMIN_TOKEN) -> None:
        self.page.get_by_label("API token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()

    def wait_for_editor(self) -> None:
        self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    def run(self) -> str:
        """Press the button; the body of the answer."""
        with self.page.expect_response(lambda response: response.url.endswith("/graphql")) as got:
            self.page.get_by_role("button", name="Execute query").click()
        body = got.value.text()
        expect(self.page.locator(".graphiql-response .view-lines")).to_contain_text(
            next(iter(json.loads(body)["data"]))
        )
        return body

    def query(self) -> str:
        """The text of the operation in the editor."""
        return self.page.evaluate(
            "__MONACO.editor.getEditors()"
            ".find(editor => editor.getContainerDomNode().closest('.graphiql-query-editor'))"
            ".getValue()"
        )

    def kept(self, storage: str) -> dict[str, str]:
        return self.page.evaluate(f"({{...{storage}}})")

    def grounds(self) -> list[float]:
        """How bright the frame and the editor are, from 0 to 255."""
        colours = [
            self.page.locator(place).evaluate("part => getComputedStyle(part).backgroundColor")
            for place in ("#page", ".graphiql-container")
        ]
        parts = [re.findall(r"[\d.]+", colour)[:3] for colour in colours]
        return [sum(map(float, part)) / 3 for part in parts]

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium tells of refused requests by itself; the page shows them.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.troubles.append(message.text)

    def _note(self, error: Error) -> None:
        # So the editor ends what it was about to do when it is closed.
        if error.message != "Canceled":
            self.troubles.append(error.message)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(request.url).netloc)


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A first visit; afterwards nothing may have been asked of others or refused by the policy."""
    opened = Visit(browser, server)
    yield opened
    troubles, hosts = opened.troubles, opened.hosts
    opened.close()
    assert troubles == []
    assert hosts == {urlsplit(server.url).netloc}


def test_with_a_token_queries_and_mutations_run(visit: Visit, server: Server) -> None:
    visit.sign_in()
    visit.wait_for_editor()

    asked = json.loads(visit.run())
    visit.page.get_by_role("tab", name="CreateToggle").click()
    created = json.loads(visit.run())

    assert asked["data"]["viewer"] == {"canWrite": True}
    assert created["data"]["toggleCreate"]["errors"] == []
    found = server.graphql("query($name: String!) { toggle(name: $name) { name } }", name=CREATED)
    assert found == {"toggle": {"name": CREATED}}


def test_a_click_in_the_explorer_adds_a_field_that_can_be_run(visit: Visit) -> None:
    visit.sign_in()
    visit.wait_for_editor()

    visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
    explorer = visit.page.locator(".docExplorerWrap")
    explorer.get_by_text("serverInfo", exact=True).click()
    explorer.get_by_text("version", exact=True).click()

    assert re.search(r"serverInfo \{\s+version\s+\}", visit.query())
    assert json.loads(visit.run())["data"]["serverInfo"]["version"]


def test_the_token_is_kept_in_the_session_only_and_until_signing_out(
    visit: Visit, server: Server
) -> None:
    visit.sign_in()
    visit.wait_for_editor()
    visit.page.locator(".graphiql-query-editor .view-lines").click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.insert_text(f'query Leak {{ viewer {{ __typename }} }} # "{ADMIN_TOKEN}"')

    visit.run()
    # The editor keeps what was typed half a second later.
    for _ in range(100):
        if "Leak" in visit.kept("localStorage")["graphiql:tabState"]:
            break
        visit.page.wait_for_timeout(100)

    assert visit.kept("sessionStorage") == {"flagstaff:token": ADMIN_TOKEN}
    remembered = visit.kept("localStorage")
    assert "Leak" in remembered["graphiql:queries"]
    assert "Leak" in remembered["graphiql:tabState"]
    assert "secret" not in json.dumps(remembered)
    assert visit.page.context.cookies() == []
    assert visit.page.url == f"{server.url}/graphql"

    visit.page.get_by_role("button", name="Sign out").click()

    visit.page.get_by_label("API token").wait_for()
    assert visit.kept("sessionStorage") == {}


def test_a_subscription_shows_changes_as_they_come(visit: Visit, server: Server) -> None:
    visit.sign_in()
    visit.wait_for_editor()
    visit.page.get_by_role("tab", name="WatchToggles").click()
    server.graphql(CREATE, name=WATCHED)

    with visit.page.expect_websocket() as opened:
        visit.page.get_by_role("button", name="Execute query").click()
    shown = visit.page.locator(".graphiql-response .view-lines")
    for number in range(100):  # until the subscription has begun, nobody hears of a change
        server.graphql(SET_DESCRIPTION, name=WATCHED, description=f"Change {number}")
        visit.page.wait_for_timeout(100)
        if WATCHED in shown.inner_text():
            break

    expect(shown).to_contain_text(WATCHED)
    assert ADMIN_TOKEN not in opened.value.url


def test_variables_of_the_examples_are_not_underlined(visit: Visit) -> None:
    visit.sign_in()
    visit.wait_for_editor()
    visit.page.get_by_role("tab", name="CreateToggle").click()
    visit.page.locator(".graphiql-editor-tool .view-lines").get_by_text("constraints").wait_for()
    visit.page.wait_for_timeout(1000)  # as long as the editor takes to find fault

    assert visit.page.evaluate("__MONACO.editor.getModelMarkers({})") == []


def test_tabs_and_history_outlast_a_reload(visit: Visit) -> None:
    visit.sign_in()
    visit.wait_for_editor()
    visit.page.get_by_role("tab", name="CleanUp").click()
    visit.run()

    visit.page.reload()
    visit.wait_for_editor()
    visit.page.get_by_role("button", name="Show History").click()

    expect(visit.page.get_by_role("tab", name="CleanUp")).to_have_attribute("aria-selected", "true")
    expect(visit.page.locator(".graphiql-history-item")).to_contain_text(["CleanUp"])


def test_an_unknown_token_is_refused_with_a_sentence(visit: Visit) -> None:
    visit.sign_in("*:*.unknown-to-the-server")

    expect(visit.page.locator(".problem")).to_have_text(
        "The server does not know this token, or it has expired."
    )
    assert visit.kept("sessionStorage") == {}


def test_a_token_that_is_revoked_meanwhile_leads_back_to_the_login(
    visit: Visit, server: Server
) -> None:
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "short", type: VIEWER})'
        " { secret apiToken { id } } }"
    )["apiTokenCreate"]
    visit.sign_in(made["secret"])
    visit.wait_for_editor()
    expect(visit.page.get_by_role("status")).to_contain_text("reads only")
    server.graphql(
        "mutation($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
        id=made["apiToken"]["id"],
    )

    visit.page.get_by_role("button", name="Execute query").click()

    expect(visit.page.locator(".problem")).to_have_text("The server accepts this token no more.")


def test_colours_follow_the_system(browser: Browser, server: Server) -> None:
    visit = Visit(browser, server, scheme="dark")
    visit.sign_in()
    visit.wait_for_editor()
    editor = visit.page.locator(".graphiql-query-editor .monaco-editor")

    expect(editor).to_have_class(re.compile("vs-dark"))
    assert max(visit.grounds()) < 80
    visit.page.emulate_media(color_scheme="light")
    visit.page.reload()
    visit.wait_for_editor()
    expect(editor).to_have_class(re.compile(r"\bvs\b"))
    assert min(visit.grounds()) > 200

    visit.close()


def test_without_authentication_the_editor_opens_at_once(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path, FLAGSTAFF_AUTH="none") as server:
        visit = Visit(browser, server)
        visit.wait_for_editor()
        expect(visit.page.get_by_role("status")).to_have_text("No token needed")
        asked = json.loads(visit.run())
        visit.close()

    assert asked["data"]["viewer"] == {"canWrite": True}
