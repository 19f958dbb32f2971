"""Links that propose changes, and the tour."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.console.conftest import (
    Looks,
    Visit,
    create_toggles,
    create_token,
    is_enabled,
    set_enabled,
)
from tests.console.states import check_looks
from tests.console.visitor import Visitor, visiting
from tests.server import Server

pytestmark = pytest.mark.browser

REVISION = """
query($name: String!) { toggle(name: $name) { environment(name: "production") { revision } } }
"""


def fragment(*changes: dict[str, Any]) -> str:
    """The fragment of a link that proposes changes."""
    text = base64.urlsafe_b64encode(json.dumps(changes).encode()).decode()
    return f"#proposal={text.rstrip('=')}"


def switch(toggle: str, **fields: object) -> dict[str, Any]:
    change = {"name": toggle, "environment": "production", "enabled": True, **fields}
    return {"toggleSetEnabled": change}


@pytest.mark.thorough
def test_unsaved_edits_are_sent_as_a_link_and_applied_by_somebody_else(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "proposed")
    with visit() as author:
        author.page.add_init_script(
            "navigator.clipboard.writeText = async text => { document.title = text }"
        )
        author.open("toggles/proposed?env=production")
        author.button("Edit details").click()
        author.page.get_by_label("Description").fill("proposed words")
        author.button("Copy a link").click()
        expect(author.button("Link copied")).to_be_visible()
        assert "#proposal=" in author.page.evaluate("document.title")
        author.button("Review").click()
        author.page.get_by_role("dialog").get_by_role("button", name="Copy as").click()
        author.page.get_by_role("menuitem", name="Link for a review").click()
        expect(author.button("Copied as Link for a review")).to_be_attached()
        link = urlsplit(author.page.evaluate("document.title"))
    assert link.path.endswith("/console/toggles/proposed")
    assert link.query == ""
    document = '{ toggle(name: "proposed") { description } }'
    with visit() as reader:
        reader.open(f"toggles/proposed#{link.fragment}")
        dialog = reader.page.get_by_role("dialog", name="Proposed changes")
        expect(dialog).to_contain_text("proposed words")
        assert server.graphql(document)["toggle"]["description"] == ""
        dialog.get_by_role("button", name="Apply", exact=True).click()
        expect(dialog).to_have_count(0)
        assert server.graphql(document)["toggle"]["description"] == "proposed words"
        assert urlsplit(reader.page.url).fragment == ""


@pytest.mark.thorough
def test_an_old_proposal_shows_what_changed_and_applies_to_today(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "aged", enabled=False)
    revision = server.graphql(REVISION, name="aged")["toggle"]["environment"]["revision"]
    set_enabled(server, "aged", "production", True)
    set_enabled(server, "aged", "production", False)
    with visit() as visitor:
        visitor.open("toggles" + fragment(switch("aged", expectedRevision=revision)))
        dialog = visitor.page.get_by_role("dialog", name="Proposed changes")
        expect(dialog.get_by_role("alert")).not_to_be_empty()
        dialog.get_by_role("button", name="Compare with today").click()
        dialog.get_by_role("button", name="Switch on 1 toggle").click()
        expect(dialog).to_have_count(0)
        assert is_enabled(server, "aged", "production")


@pytest.mark.thorough
@pytest.mark.parametrize("text", ["#proposal=%%%", fragment({"dropTables": {}})])
def test_what_is_no_proposal_is_explained(visit: Visit, text: str) -> None:
    with visit() as visitor:
        visitor.open(f"toggles{text}")
        dialog = visitor.page.get_by_role("dialog", name="The proposal cannot be read")
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)
        assert urlsplit(visitor.page.url).fragment == ""


@pytest.mark.thorough
def test_a_proposal_with_other_fields_is_refused_by_the_server(visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("toggles" + fragment(switch("any", colour="red")))
        dialog = visitor.page.get_by_role("dialog", name="Proposed changes")
        expect(dialog.get_by_role("alert")).to_contain_text("colour")


@pytest.mark.thorough
def test_a_viewer_is_sent_to_the_playground(server: Server, visit: Visit) -> None:
    create_toggles(server, "viewed-proposal", enabled=False)
    token, _ = create_token(server, "reader of proposals", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles" + fragment(switch("viewed-proposal")), token=token)
        visitor.page.get_by_role("link", name="Show in the playground").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Playground")
        expect(visitor.page.get_by_text("Assuming 1 change")).to_be_visible()
        assert visitor.page.get_by_role("dialog").count() == 0


@pytest.mark.thorough
@pytest.mark.npm
def test_the_tour_has_few_steps_and_is_never_shown_again(
    browser: Browser, server: Server, axe: str, looks: Looks
) -> None:
    with visiting(browser, server.url, newcomer=True) as visitor:
        visitor.open("toggles")
        tour = visitor.page.get_by_role("region", name="Tour")
        expect(tour).to_contain_text("1 of 5")
        check_looks(visitor, axe, looks)
        for _ in range(4):
            visitor.button("Next").click()
        expect(tour).to_contain_text("5 of 5")
        visitor.button("Done").click()
        expect(tour).to_have_count(0)
        reload(visitor)
        assert tour.count() == 0


@pytest.mark.thorough
def test_the_tour_can_be_skipped_and_is_over_once_it_was_seen(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.url, newcomer=True) as visitor:
        visitor.open("toggles")
        tour = visitor.page.get_by_role("region", name="Tour")
        expect(tour).to_be_visible()
        reload(visitor)
        assert tour.count() == 0
        visitor.page.keyboard.press("Control+k")
        visitor.page.get_by_role("combobox", name="Find a toggle").fill("take the tour")
        visitor.page.keyboard.press("Enter")
        visitor.button("Skip the tour").click()
        expect(tour).to_have_count(0)


def reload(visitor: Visitor) -> None:
    visitor.page.reload()
    visitor.page.get_by_label("Search toggles").wait_for()
    visitor.wait_until_live()
