"""People edit a toggle while other people change it."""

import re

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.console.conftest import Looks, Visit, apply
from tests.console.states import check_state
from tests.console.test_toggle_page import (
    bar,
    create,
    edit_rollout,
    open_toggle,
    parameters_of,
    read,
    review_and_apply,
)
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

STRATEGY = """
query($name: String!) { toggle(name: $name) { strategies(environment: "production") { id } } }
"""


def change_rollout(server: Server, name: str, percentage: str) -> None:
    """Change the rollout without the console."""
    (strategy,) = server.graphql(STRATEGY, name=name)["toggle"]["strategies"]
    parameters = [{"name": "rollout", "value": percentage}]
    apply(server, [{"toggleStrategyUpdate": {"id": strategy["id"], "parameters": parameters}}])


def remove_strategy(server: Server, name: str) -> None:
    """Remove the only strategy without the console."""
    (strategy,) = server.graphql(STRATEGY, name=name)["toggle"]["strategies"]
    apply(server, [{"toggleStrategyRemove": {"id": strategy["id"]}}])


def rename(server: Server, name: str, title: str) -> None:
    """Change the title of the only strategy without the console."""
    (strategy,) = server.graphql(STRATEGY, name=name)["toggle"]["strategies"]
    apply(server, [{"toggleStrategyUpdate": {"id": strategy["id"], "title": title}}])


def decisions(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Other people changed what you edited")


def without_events(visitor: Visitor) -> None:
    """Drop the results of subscriptions, so that the page does not hear of changes."""

    def handle(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(
            lambda message: None if '"next"' in str(message) else socket.send(message)
        )

    visitor.page.route_web_socket("**/graphql", handle)


def test_changes_of_other_fields_are_merged_and_both_are_saved(
    server: Server, visit: Visit
) -> None:
    create(server, "disjoint")
    with visit() as first, visit() as second:
        for visitor in (first, second):
            open_toggle(visitor, "disjoint")
            visitor.wait_until_live()
            visitor.button("Edit Gradual rollout").click()
        first.page.get_by_label("Rollout", exact=True).fill("35")
        second.page.get_by_label("Title").fill("Staff")

        review_and_apply(second)
        expect(first.page.get_by_text("The changes are merged with your edits.")).to_be_visible()
        expect(first.page.get_by_label("Title")).to_have_value("Staff")
        review_and_apply(first)
        expect(second.page.get_by_label("Rollout", exact=True)).to_have_value("35")

        # The page does not report that other people saved what this person saved.
        assert second.page.get_by_text("are merged with your edits").count() == 0
    assert parameters_of(read(server, "disjoint"))["rollout"] == "35"


@pytest.mark.thorough
def test_a_field_that_both_sides_changed_is_decided_and_reviewed(
    server: Server, visit: Visit
) -> None:
    create(server, "contested")
    with visit() as visitor:
        open_toggle(visitor, "contested")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        change_rollout(server, "contested", "10")

        visitor.alert("changed a field that you are editing").wait_for()
        expect(visitor.page.get_by_label("Rollout", exact=True)).to_have_value("35")
        visitor.button("Decide…").click()
        field = decisions(visitor).get_by_role("group", name=re.compile("rollout$"))
        for side in ("Before 5", "Theirs 10", "Yours 35"):
            expect(field.get_by_role("radio", name=side)).not_to_be_checked()
        expect(decisions(visitor).get_by_role("button", name="Continue")).to_be_disabled()
        field.get_by_role("radio", name="Yours").check()
        decisions(visitor).get_by_role("button", name="Continue").click()

        review = visitor.page.get_by_role("dialog", name="Change contested")
        expect(review).to_contain_text("10")
        unsaved = parameters_of(read(server, "contested"))["rollout"]
        review.get_by_role("button", name="Apply").click()
        expect(bar(visitor)).to_be_hidden()
    assert unsaved == "10"
    assert parameters_of(read(server, "contested"))["rollout"] == "35"


@pytest.mark.thorough
def test_with_their_value_no_edit_remains(server: Server, visit: Visit) -> None:
    create(server, "conceded")
    with visit() as visitor:
        open_toggle(visitor, "conceded")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        change_rollout(server, "conceded", "10")
        visitor.button("Decide…").click()
        decisions(visitor).get_by_role("radio", name="Theirs").check()
        decisions(visitor).get_by_role("button", name="Continue").click()

        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        expect(bar(visitor)).to_be_hidden()
        expect(visitor.page.get_by_label("Rollout", exact=True)).to_have_value("10")


@pytest.mark.thorough
def test_another_change_asks_again(server: Server, visit: Visit) -> None:
    create(server, "again")
    with visit() as visitor:
        open_toggle(visitor, "again")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        change_rollout(server, "again", "10")
        visitor.button("Decide…").click()
        decisions(visitor).get_by_role("radio", name="Theirs 10").check()
        change_rollout(server, "again", "20")

        theirs = decisions(visitor).get_by_role("radio", name="Theirs 20")
        expect(theirs).not_to_be_checked()
        expect(decisions(visitor).get_by_role("button", name="Continue")).to_be_disabled()


@pytest.mark.thorough
def test_a_refused_review_leads_to_the_decision(server: Server, visit: Visit) -> None:
    create(server, "refused-edit")
    with visit() as visitor:
        without_events(visitor)
        open_toggle(visitor, "refused-edit")
        edit_rollout(visitor, "35")
        change_rollout(server, "refused-edit", "10")
        bar(visitor).get_by_role("button", name="Review").click()

        decisions(visitor).get_by_role("radio", name="Yours 35").check()
        decisions(visitor).get_by_role("button", name="Continue").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    assert parameters_of(read(server, "refused-edit"))["rollout"] == "35"


@pytest.mark.thorough
def test_a_refused_review_merges_changes_of_other_fields(server: Server, visit: Visit) -> None:
    create(server, "merged-edit")
    with visit() as visitor:
        without_events(visitor)
        open_toggle(visitor, "merged-edit")
        edit_rollout(visitor, "35")
        rename(server, "merged-edit", "Staff")
        bar(visitor).get_by_role("button", name="Review").click()

        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        expect(visitor.page.get_by_label("Title")).to_have_value("Staff")
    assert parameters_of(read(server, "merged-edit"))["rollout"] == "35"


@pytest.mark.thorough
def test_a_removed_strategy_with_edits_can_be_added_again(server: Server, visit: Visit) -> None:
    create(server, "removed-edit")
    with visit() as visitor:
        open_toggle(visitor, "removed-edit")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        remove_strategy(server, "removed-edit")
        bar(visitor).get_by_role("button", name="Review").click()

        expect(decisions(visitor).get_by_text("not there")).to_have_count(1)
        decisions(visitor).get_by_role("radio", name="Yours").check()
        decisions(visitor).get_by_role("button", name="Continue").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    assert parameters_of(read(server, "removed-edit"))["rollout"] == "35"


@pytest.mark.thorough
def test_a_review_of_edits_that_others_save_too_is_closed(server: Server, visit: Visit) -> None:
    create(server, "same-edit")
    with visit() as visitor:
        open_toggle(visitor, "same-edit")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        bar(visitor).get_by_role("button", name="Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").wait_for()
        change_rollout(server, "same-edit", "35")

        expect(visitor.page.get_by_text("The toggle already contains your edits.")).to_be_visible()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        expect(bar(visitor)).to_be_hidden()


@pytest.mark.thorough
@pytest.mark.npm
def test_the_decision_has_no_barrier(server: Server, visit: Visit, axe: str, looks: Looks) -> None:
    name = "decision"
    create(server, name)

    def show_decision(visitor: Visitor) -> None:
        open_toggle(visitor, name)
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        visitor.page.get_by_label("Title").fill("A title that needs several lines " * 4)
        change_rollout(server, name, "10")
        rename(server, name, "Theirs")
        visitor.alert("changed 2 fields that you are editing").wait_for()
        visitor.button("Decide…").click()
        decisions(visitor).get_by_role("radio", name="Yours").first.check()

    check_state(visit, axe, looks, show_decision)
