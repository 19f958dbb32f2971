"""GraphiQL in Chromium. The browser can reach only the server."""

import json
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette

from flagstaff.app import run_app
from flagstaff.settings import Settings
from tests.clients.visiting import SETTLED_MS, Visit
from tests.prefixing import below, served
from tests.server import ADMIN_TOKEN, Server

pytestmark = pytest.mark.browser

CREATED = "my-first-toggle"
SUBSCRIBED = "watched-toggle"
CREATE = "mutation($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
SET_DESCRIPTION = """
mutation($name: String!, $description: String!) {
  toggleUpdate(input: {name: $name, description: $description}) { errors { message } }
}
"""


@pytest.fixture(scope="module")
def shared_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """One page for most tests, because loading it is slow. Each test uses its own tab."""
    opened = Visit(browser, server.url)
    opened.page.get_by_label("API token").wait_for()
    yield opened
    opened.close()


@pytest.fixture
def visit(shared_visit: Visit, server: Server) -> Iterator[Visit]:
    """The page. It must send requests only to its server. The policy must allow all requests."""
    yield shared_visit
    troubles, shared_visit.troubles = shared_visit.troubles, []
    assert troubles == []
    assert shared_visit.hosts == {urlsplit(server.url).netloc}


@pytest.fixture
def login(visit: Visit) -> Visit:
    """The page for a user who is not signed in."""
    if visit.signed_in:
        visit.sign_out()
    return visit


@pytest.fixture
def editor(visit: Visit) -> Visit:
    """The page with an admin signed in."""
    if not visit.signed_in:
        visit.sign_in()
    visit.wait_for_editor()
    return visit


@pytest.fixture(scope="module")
def open_visit(browser: Browser, open_server: Server) -> Iterator[Visit]:
    """The page of a server without authentication, on a system with a dark colour scheme."""
    opened = Visit(browser, open_server.url, scheme="dark")
    opened.wait_for_editor()
    yield opened
    assert opened.troubles == []
    opened.close()


def test_with_a_token_queries_and_mutations_run(editor: Visit, server: Server) -> None:
    editor.open_tab("ToggleList")
    result = json.loads(editor.run())
    editor.open_tab("CreateToggle")
    created = json.loads(editor.run())

    assert result["data"]["viewer"] == {"canWrite": True}
    assert created["data"]["toggleCreate"]["errors"] == []
    found = server.graphql("query($name: String!) { toggle(name: $name) { name } }", name=CREATED)
    assert found == {"toggle": {"name": CREATED}}


@pytest.mark.thorough
def test_a_click_in_the_explorer_adds_a_field_that_can_be_run(editor: Visit) -> None:
    editor.open_tab("Strategies")

    editor.page.get_by_role("button", name="Show GraphiQL Explorer").click()
    explorer = editor.page.locator(".docExplorerWrap")
    explorer.get_by_text("serverInfo", exact=True).click()
    explorer.get_by_text("version", exact=True).click()

    editor.page.get_by_role("button", name="Hide GraphiQL Explorer").click()

    assert re.search(r"serverInfo \{\s+version\s+\}", editor.query())
    assert json.loads(editor.run())["data"]["serverInfo"]["version"]


ONE = "query One { viewer { canWrite } }"
TWO = "query Two { serverInfo { version } }"
UNNAMED = "{ viewer { __typename } }"
FRAGMENT = "fragment Info on ServerInfo { version }"


@pytest.fixture
def tab(editor: Visit) -> Iterator[Visit]:
    """A tab for the test. Its query has just been run."""
    editor.new_tab()
    editor.paste("query Old { serverInfo { uptimeSeconds: version } }")
    editor.page.wait_for_timeout(SETTLED_MS)
    sent, _ = editor.press_run()
    assert sent["operationName"] == "Old"
    yield editor
    editor.page.get_by_role("button", name="Close Tab").last.click()


@pytest.mark.thorough
def test_a_pasted_query_runs_at_once(tab: Visit) -> None:
    tab.paste(ONE)
    sent, answer = tab.press_run()

    assert (sent["query"], sent["operationName"]) == (ONE, "One")
    assert answer == {"data": {"viewer": {"canWrite": True}}}


def test_a_typed_query_runs_at_once(tab: Visit) -> None:
    tab.type("query Typed { viewer { canWrite")
    sent, answer = tab.press_run()

    assert sent["operationName"] == "Typed"
    assert answer == {"data": {"viewer": {"canWrite": True}}}


@pytest.mark.thorough
def test_a_query_without_a_name_runs_after_one_with_a_name(tab: Visit) -> None:
    tab.paste(UNNAMED)
    sent, answer = tab.press_run()

    assert "operationName" not in sent
    assert answer == {"data": {"viewer": {"__typename": "Viewer"}}}


@pytest.mark.thorough
@pytest.mark.parametrize("waits", [False, True], ids=["at-once", "settled"])
def test_of_several_operations_the_one_with_the_cursor_runs(tab: Visit, waits: bool) -> None:
    names: list[str] = []
    tab.paste(f"{ONE}\n{TWO}\n")
    for keys in (["Control+Home"], ["ArrowDown"], ["ArrowUp", "End"], ["ArrowDown", "Home"]):
        for key in keys:
            tab.page.keyboard.press(key)
        if waits:
            tab.page.wait_for_timeout(SETTLED_MS)
        sent, answer = tab.press_run()
        assert "errors" not in answer
        names.append(sent["operationName"])

    assert names == ["One", "Two", "One", "Two"]


@pytest.mark.thorough
def test_outside_of_operations_the_one_that_ran_last_runs_again(tab: Visit) -> None:
    tab.paste(f"{ONE}\n{TWO}\n\n# nothing here")
    tab.page.wait_for_timeout(SETTLED_MS)
    first, _ = tab.press_run()
    tab.page.keyboard.press("ArrowUp")
    tab.page.keyboard.press("ArrowUp")
    second, _ = tab.press_run()
    tab.page.keyboard.press("Control+End")
    third, _ = tab.press_run()

    names = [sent["operationName"] for sent in (first, second, third)]
    assert names == ["One", "Two", "Two"]


@pytest.mark.thorough
def test_outside_of_operations_a_name_of_the_text_before_is_not_sent(tab: Visit) -> None:
    tab.paste(f"{ONE}\n{TWO}\n\n# nothing here")
    sent, answer = tab.press_run()

    assert sent["operationName"] == "One"
    assert answer == {"data": {"viewer": {"canWrite": True}}}


@pytest.mark.thorough
def test_with_an_unnamed_operation_only_the_one_with_the_cursor_is_sent(tab: Visit) -> None:
    document = f"{UNNAMED}\n{FRAGMENT}\nquery Two {{ serverInfo {{ ...Info }} }}"
    tab.paste(document)
    named, second = tab.press_run()
    tab.page.keyboard.press("Control+Home")
    unnamed, first = tab.press_run()

    assert named["operationName"] == "Two"
    assert named["query"] == document.replace(UNNAMED, " " * len(UNNAMED))
    assert second["data"]["serverInfo"]["version"]
    assert "operationName" not in unnamed
    assert unnamed["query"].rstrip() == UNNAMED
    assert first == {"data": {"viewer": {"__typename": "Viewer"}}}
    assert tab.query() == document


@pytest.mark.thorough
def test_a_text_with_a_syntax_error_is_answered_with_that_error(tab: Visit) -> None:
    tab.paste("query New { viewer { ")
    sent, answer = tab.press_run()

    assert "operationName" not in sent
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


@pytest.mark.thorough
def test_a_text_without_operations_is_answered_with_an_error(tab: Visit) -> None:
    tab.paste(FRAGMENT)
    sent, answer = tab.press_run()

    assert "operationName" not in sent
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.thorough
def test_a_pasted_subscription_goes_over_the_socket_at_once(tab: Visit) -> None:
    tab.paste("subscription New { metricsTick { end } }")
    tab.page.keyboard.press("Control+Enter")
    stop = tab.page.get_by_role("button", name="Stop query")
    expect(stop).to_be_visible()
    tab.page.wait_for_timeout(SETTLED_MS)

    expect(stop).to_be_visible()
    stop.click()


@pytest.mark.thorough
def test_the_menu_of_operations_wins_over_the_cursor(tab: Visit) -> None:
    tab.paste(f"{ONE}\n{TWO}")
    tab.page.wait_for_timeout(SETTLED_MS)
    with tab.page.expect_response("**/graphql") as got:
        tab.page.get_by_role("button", name="Execute query").click()
        tab.page.get_by_role("menuitem", name="One").click()

    assert json.loads(got.value.request.post_data or "")["operationName"] == "One"


@pytest.mark.thorough
def test_the_token_is_kept_in_the_session_only_and_until_signing_out(
    editor: Visit, server: Server
) -> None:
    editor.open_tab("Applications")
    editor.page.locator(".graphiql-query-editor .view-lines").click()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.insert_text(f'query Leak {{ viewer {{ __typename }} }} # "{ADMIN_TOKEN}"')

    editor.wait_until_stored("Leak")
    editor.run()

    assert editor.stored("sessionStorage") == {"flagstaff:token:/graphql": ADMIN_TOKEN}
    remembered = editor.stored("localStorage")
    assert "Leak" in remembered["graphiql:queries"]
    assert "Leak" in remembered["graphiql:tabState"]
    assert "secret" not in json.dumps(remembered)
    assert editor.page.context.cookies() == []
    assert editor.page.url == f"{server.url}/graphql"

    editor.sign_out()

    assert editor.stored("sessionStorage") == {}


@pytest.mark.thorough
def test_a_subscription_shows_changes_as_they_come(editor: Visit, server: Server) -> None:
    editor.open_tab("WatchToggles")
    server.graphql(CREATE, name=SUBSCRIBED)

    with editor.page.expect_websocket() as opened:
        editor.page.get_by_role("button", name="Execute query").click()
    response = editor.page.locator(".graphiql-response .view-lines")
    for number in range(100):  # changes before the start of the subscription are not delivered
        server.graphql(SET_DESCRIPTION, name=SUBSCRIBED, description=f"Change {number}")
        editor.page.wait_for_timeout(100)
        if SUBSCRIBED in response.inner_text():
            break

    expect(response).to_contain_text(SUBSCRIBED)
    editor.page.get_by_role("button", name="Stop query").click()
    assert ADMIN_TOKEN not in opened.value.url


@pytest.mark.thorough
def test_variables_of_the_examples_are_not_underlined(editor: Visit) -> None:
    editor.open_tab("CreateToggle")
    editor.page.locator(".graphiql-editor-tool .view-lines").get_by_text("constraints").wait_for()
    editor.page.wait_for_timeout(1000)  # the time that the editor takes to report errors

    assert editor.page.evaluate("__MONACO.editor.getModelMarkers({})") == []


@pytest.mark.thorough
def test_tabs_and_history_outlast_a_reload(editor: Visit) -> None:
    editor.open_tab("CleanUp")
    editor.run()

    editor.page.reload()
    editor.wait_for_editor()
    editor.page.get_by_role("button", name="Show History").click()

    expect(editor.page.get_by_role("tab", name="CleanUp")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(editor.page.locator(".graphiql-history-item")).to_contain_text(["CleanUp"])


def test_an_unknown_token_is_refused_with_a_sentence(login: Visit) -> None:
    login.sign_in("*:*.unknown-to-the-server")

    expect(login.page.locator(".problem")).to_have_text(
        "The server does not know this token, or it has expired."
    )
    assert login.stored("sessionStorage") == {}


@pytest.mark.thorough
def test_a_token_that_is_revoked_meanwhile_leads_back_to_the_login(
    login: Visit, server: Server
) -> None:
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "short", type: VIEWER})'
        " { secret apiToken { id } } }"
    )["apiTokenCreate"]
    login.sign_in(made["secret"])
    login.wait_for_editor()
    login.open_tab("EventLog")
    expect(login.page.get_by_role("status")).to_contain_text("reads only")
    server.graphql(
        "mutation($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
        id=made["apiToken"]["id"],
    )

    login.page.get_by_role("button", name="Execute query").click()

    expect(login.page.locator(".problem")).to_have_text("The server no longer accepts this token.")


@pytest.mark.thorough
def test_colours_are_light_on_a_light_system(editor: Visit) -> None:
    editor_element = editor.page.locator(".graphiql-query-editor .monaco-editor")

    expect(editor_element).to_have_class(re.compile(r"\bvs\b"))
    assert min(editor.grounds()) > 200


@pytest.mark.thorough
def test_colours_are_dark_on_a_dark_system(open_visit: Visit) -> None:
    editor_element = open_visit.page.locator(".graphiql-query-editor .monaco-editor")

    expect(editor_element).to_have_class(re.compile("vs-dark"))
    assert max(open_visit.grounds()) < 80


def test_without_authentication_the_editor_opens_at_once(open_visit: Visit) -> None:
    expect(open_visit.page.get_by_role("status")).to_have_text("No token needed")
    result = json.loads(open_visit.run())

    assert result["data"]["viewer"] == {"canWrite": True}


@pytest.mark.thorough
def test_behind_a_proxy_with_a_prefix_everything_stays_below_it(
    browser: Browser, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/flagstaff.db", init_admin_tokens=(ADMIN_TOKEN,)
    )

    @asynccontextmanager
    async def run(proxy: Starlette) -> AsyncGenerator[None]:
        async with run_app(settings) as running:
            proxy.mount("/", below("/flags", running.app))
            yield

    with served(Starlette(lifespan=run)) as url:
        visit = Visit(browser, f"{url}/flags")
        visit.sign_in()
        visit.wait_for_editor()
        visit.open_tab("ToggleList")
        result = json.loads(visit.run())
        visit.open_tab("WatchToggles")
        with visit.page.expect_websocket() as opened:
            visit.page.get_by_role("button", name="Execute query").click()
        for _ in range(100):
            if visit.frames:
                break
            visit.page.wait_for_timeout(100)
        stored = visit.stored("sessionStorage")
        visit.close()

    assert result["data"]["viewer"] == {"canWrite": True}
    assert opened.value.url == f"{url.replace('http', 'ws')}/flags/graphql"
    assert json.loads(visit.frames[0]) == {"type": "connection_ack"}
    assert stored == {"flagstaff:token:/flags/graphql": ADMIN_TOKEN}
    assert {path.split("/")[1] for path in visit.paths} == {"flags"}
    assert visit.troubles == []
