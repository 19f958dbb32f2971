"""GraphiQL opens the operations in its links, also while the page is open."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests.clients.visiting import Visit
from tests.server import Server

pytestmark = pytest.mark.browser

ONE = "query One { viewer { canWrite } }"
TWO = "query Two { serverInfo { version } }"
LINKED = """mutation Linked($name: String!) {
  toggleCreate(input: { name: $name }) { errors { message } }
}"""


def link(query: str, **variables: str) -> str:
    """The URL fragment that opens an operation."""
    given = {"variables": json.dumps(variables, indent=2)} if variables else {}
    return "#" + urlencode({"query": query, **given})


def open_tabs(visit: Visit) -> list[str]:
    """The titles of the tabs."""
    state = json.loads(visit.stored("localStorage")["graphiql:tabState"])
    return [tab["title"] for tab in state["tabs"]]


@pytest.mark.thorough
def test_an_operation_in_the_address_is_opened_and_does_not_run(
    browser: Browser, server: Server
) -> None:
    created = server.graphql("{ toggles { totalCount } }")
    linked = Visit(browser, server.url, fragment=link(LINKED, name="from a+b&c=d"))
    try:
        linked.page.get_by_label("API token").wait_for()
        assert linked.page.url == f"{server.url}/graphql"
        linked.sign_in()
        linked.wait_for_editor()
        linked.wait_until_stored("Linked")
        variables = linked.page.locator(".graphiql-editor-tool .view-lines").first

        assert linked.query() == LINKED
        expect(variables).to_contain_text("from a+b&c=d")
        assert server.graphql("{ toggles { totalCount } }") == created
        titles = open_tabs(linked)
        assert (titles[0], "ToggleList" in titles) == ("Linked", True)

        # Open another link while the page is open, and then open the same link again.
        for _ in range(2):
            linked.page.evaluate("hash => { location.hash = hash; }", link(TWO))
            linked.wait_until_stored("Two")
            assert linked.query() == TWO
            assert linked.page.url == f"{server.url}/graphql"
        assert open_tabs(linked) == [*titles, "Two"]

        linked.page.reload()
        linked.wait_for_editor()
        linked.wait_until_stored("Two")
        assert open_tabs(linked) == [*titles, "Two"]
        answer = json.loads(linked.run())
        assert answer["data"]["serverInfo"]["version"]
        assert linked.troubles == []
    finally:
        linked.close()


@pytest.mark.thorough
def test_a_linked_operation_without_variables_gets_none_of_another_tab(
    browser: Browser, server: Server
) -> None:
    linked = Visit(browser, server.url, fragment=link(LINKED, name="x"))
    try:
        linked.sign_in()
        linked.wait_for_editor()
        linked.wait_until_stored("Linked")

        linked.page.evaluate("hash => { location.hash = hash; }", link(ONE))
        linked.wait_until_stored("One")

        sent, answer = run_button(linked)
        assert "variables" not in sent or not sent["variables"]
        assert answer == {"data": {"viewer": {"canWrite": True}}}
    finally:
        linked.close()


def run_button(visit: Visit) -> tuple[dict[str, Any], dict[str, Any]]:
    """Press the button. Return the sent body and its answer."""
    with visit.page.expect_response("**/graphql") as got:
        visit.page.get_by_role("button", name="Execute query").click()
    return json.loads(got.value.request.post_data or ""), json.loads(got.value.text())
