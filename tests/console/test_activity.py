"""The page of the audit log: filter, follow, link to and undo events."""

import pytest
from playwright.sync_api import Locator, expect

from tests.console.conftest import (
    Visit,
    apply,
    create_toggles,
    create_token,
    is_enabled,
    set_enabled,
)
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

EVENTS = """
query($toggle: String!) { events(filter: { toggles: [$toggle] }, first: 1) { nodes { id } } }
"""

UPDATE = "mutation($input: ToggleUpdateInput!) { toggleUpdate(input: $input) { toggle { id } } }"


def newest_event(server: Server, toggle: str) -> str:
    """The ID of the newest event of a toggle."""
    return server.graphql(EVENTS, toggle=toggle)["events"]["nodes"][0]["id"]


def lines(visitor: Visitor) -> Locator:
    """The lines of the log."""
    return visitor.page.get_by_role("list", name="Events").get_by_role("listitem")


@pytest.mark.thorough
def test_filters_are_chips_that_the_address_keeps(server: Server, visit: Visit) -> None:
    create_toggles(server, "filtered-a", enabled=False)
    for environment in ("production", "development"):
        set_enabled(server, "filtered-a", environment, True)
    with visit() as visitor:
        visitor.open("activity?q=filtered-a")
        expect(lines(visitor)).to_have_count(3)
        visitor.page.get_by_label("Type").select_option("Toggle switched on")
        expect(lines(visitor)).to_have_count(2)
        visitor.page.get_by_label("Environment").select_option("production")
        expect(lines(visitor)).to_have_count(1)
        visitor.page.reload()
        expect(lines(visitor)).to_have_count(1)
        assert "type=toggle-enabled&env=production" in visitor.page.url

        visitor.button("Remove type Toggle switched on").click()
        visitor.button("Remove in production").click()
        expect(lines(visitor)).to_have_count(3)


@pytest.mark.thorough
def test_a_span_without_events_is_explained(server: Server, visit: Visit) -> None:
    create_toggles(server, "span-a")
    with visit() as visitor:
        visitor.open("activity?q=span-a")
        visitor.button("Time…").click()
        visitor.page.get_by_label("Until").fill("2020-01-01T10:00")
        visitor.button("Show").click()
        expect(visitor.page.get_by_text("No event matches")).to_be_visible()
        assert "to=2020-01-01T10%3A00%3A00Z" in visitor.page.url

        visitor.button("Show all events").click()
        expect(lines(visitor).first).to_be_visible()
        # The log has the changes of a change set, but not the event that counts them.
        expect(lines(visitor).filter(has_text="span-a")).to_have_count(1)
        assert visitor.page.get_by_text("Made one change.").count() == 0


@pytest.mark.thorough
def test_new_events_are_counted_and_the_list_does_not_move(server: Server, visit: Visit) -> None:
    create_toggles(server, "news-a", enabled=False)
    with visit() as visitor:
        visitor.open("activity?q=news-a")
        expect(lines(visitor)).to_have_count(1)
        visitor.wait_until_live()

        set_enabled(server, "news-a", "production", True)
        expect(visitor.button("Show 1 new event")).to_be_visible()
        visitor.context.set_offline(True)
        expect(visitor.page.get_by_text("Trying again")).to_be_attached()
        set_enabled(server, "news-a", "production", False)
        visitor.context.set_offline(False)
        expect(visitor.button("Show 2 new events")).to_be_visible()
        assert lines(visitor).count() == 1

        visitor.button("Show 2 new events").click()
        expect(lines(visitor)).to_have_count(3)
        expect(visitor.page.get_by_role("button", name="new event")).to_have_count(0)


@pytest.mark.thorough
def test_the_address_of_an_event_shows_its_fields(server: Server, visit: Visit) -> None:
    create_toggles(server, "linked-event", description="old")
    apply(server, [{"toggleUpdate": {"name": "linked-event", "description": "new"}}])
    id = newest_event(server, "linked-event")
    with visit() as visitor:
        visitor.open(f"activity?q=nothing-like-this&event={id}")
        linked = visitor.page.get_by_role("list", name="Event of the address")

        expect(linked.get_by_text("description", exact=True)).to_be_visible()
        expect(linked.get_by_role("deletion")).to_contain_text("old")
        expect(linked.get_by_role("insertion")).to_contain_text("new")

        visitor.open("activity?event=RXZlbnQ6OTk5OTk5", token=None)
        expect(visitor.page.get_by_text("There is no event with the ID")).to_be_visible()


@pytest.mark.thorough
def test_the_change_set_of_an_event_is_undone_also_after_a_conflict(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "undone-event", description="first")
    for description in ("second", "third"):
        apply(server, [{"toggleUpdate": {"name": "undone-event", "description": description}}])
    with visit() as visitor:
        visitor.open("activity?q=undone-event&type=toggle-updated")
        expect(lines(visitor)).to_have_count(2)
        lines(visitor).nth(1).get_by_role("button").first.click()
        visitor.button("Undo…").click()
        dialog = visitor.page.get_by_role("dialog", name="Undo the change set")
        expect(dialog.get_by_role("alert")).to_contain_text("undone-event")
        dialog.get_by_role("button", name="Undo anyway…").click()
        expect(dialog.get_by_role("insertion")).to_contain_text("first")

        dialog.get_by_role("button", name="Undo", exact=True).click()
        expect(visitor.page.get_by_text("The change is undone.")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Open its undo")).to_be_visible()
    toggle = server.graphql('{ toggle(name: "undone-event") { description } }')["toggle"]
    assert toggle["description"] == "first"


@pytest.mark.thorough
def test_a_change_outside_of_change_sets_is_undone_until_the_toggle_changes_again(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "loose-event", description="first")
    for description in ("second", "third"):
        server.graphql(UPDATE, input={"name": "loose-event", "description": description})
    with visit() as visitor:
        visitor.open("activity?q=loose-event&type=toggle-updated")
        lines(visitor).nth(1).get_by_role("button").first.click()
        expect(visitor.page.get_by_role("link", name="Open loose-event")).to_be_visible()
        expect(lines(visitor).nth(1).get_by_role("insertion")).to_contain_text("second")
        assert visitor.button("Undo…").count() == 0
        lines(visitor).first.get_by_role("button").first.click()
        visitor.button("Undo…").click()
        visitor.page.get_by_role("dialog", name="Undo the change").wait_for()
        visitor.button("Apply").click()

        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        expect(visitor.button("Undo…")).to_have_count(0)
    toggle = server.graphql('{ toggle(name: "loose-event") { description } }')["toggle"]
    assert toggle["description"] == "second"


@pytest.mark.thorough
def test_a_viewer_reads_the_log_and_cannot_undo(server: Server, visit: Visit) -> None:
    create_toggles(server, "viewed-event", enabled=False)
    set_enabled(server, "viewed-event", "production", True)
    token, _ = create_token(server, "reader of the log", "VIEWER")
    with visit() as visitor:
        visitor.open("activity?q=viewed-event", token=token)
        lines(visitor).first.get_by_role("button").first.click()

        expect(visitor.page.get_by_role("link", name="Open viewed-event")).to_be_visible()
        assert visitor.button("Undo…").count() == 0
    assert is_enabled(server, "viewed-event", "production") is True
