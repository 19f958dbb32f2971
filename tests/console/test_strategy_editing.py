"""People edit the strategies of a toggle: its percentage, and its conditions."""

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Visit, create_toggles
from tests.console.test_toggle_page import open_toggle, parameters_of, read, review_and_apply
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

GERMANY = [{"contextName": "country", "operator": "IN", "values": ["DE"]}]


def test_a_standard_strategy_becomes_a_rollout_with_its_constraints(
    server: Server, visit: Visit
) -> None:
    strategy = {"name": "default", "constraints": GERMANY}
    create_toggles(server, "to-roll-out", environment="production", strategies=[strategy])
    with visit() as visitor:
        open_toggle(visitor, "to-roll-out")
        visitor.button("Edit Standard").click()
        visitor.button("Change to a gradual rollout").click()
        visitor.page.get_by_label("Rollout", exact=True).fill("20")
        review_and_apply(visitor)

        expect(visitor.page.get_by_text("Matches 20 % of everybody")).to_be_visible()
        toggle = read(server, "to-roll-out")
        assert parameters_of(toggle)["rollout"] == "20"
        assert toggle["environment"]["strategies"][0]["constraints"] == GERMANY


def test_the_focus_stays_near_a_removed_constraint(server: Server, visit: Visit) -> None:
    strategy = {"name": "default", "constraints": GERMANY}
    create_toggles(server, "focused", environment="production", strategies=[strategy])
    with visit() as visitor:
        open_toggle(visitor, "focused")
        visitor.button("Edit Standard").click()
        expect(visitor.page.get_by_label("Title")).to_be_focused()
        visitor.button("Remove the constraint on country").click()

        expect(visitor.button("Add a constraint")).to_be_focused()


def test_the_focus_stays_near_a_new_strategy_when_it_is_saved(server: Server, visit: Visit) -> None:
    create_toggles(server, "saved", environment="production", strategies=[])
    with visit() as visitor:
        page = visitor.page
        # Without live changes, the page loads the saved toggle after the review has closed.
        page.route_web_socket("**/graphql", lambda _socket: None)
        open_toggle(visitor, "saved")
        visitor.button("Add a strategy").click()
        page.get_by_role("button", name="Standard").first.click()
        expect(page.get_by_label("Title")).to_be_focused()
        page.keyboard.press("Control+s")
        expect(visitor.button("Apply")).to_be_enabled()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_label("Title")).to_have_count(0)

        expect(visitor.button("Add a strategy")).to_be_focused()
