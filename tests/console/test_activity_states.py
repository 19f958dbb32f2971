"""The page of the audit log in each state."""

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, apply, create_toggles
from tests.console.states import State, check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

ADDRESS = "activity?q=logged"


@pytest.fixture(scope="module", autouse=True)
def events(server: Server) -> None:
    """Events with fields, environments and reasons."""
    create_toggles(server, "logged-toggle", description="A description of some length " * 4)
    for environment in ("development", "production"):
        switch = {"name": "logged-toggle", "environment": environment, "enabled": True}
        apply(server, [{"toggleSetEnabled": switch}])


def show_log(visitor: Visitor) -> None:
    visitor.open(ADDRESS)
    visitor.page.get_by_role("list", name="Events").wait_for()
    visitor.wait_until_live()


def show_filter(visitor: Visitor) -> None:
    visitor.open(f"{ADDRESS}&type=toggle-enabled&env=production&from=2020-01-01T00:00:00Z")
    visitor.button("Clear the filter").wait_for()


def show_details(visitor: Visitor) -> None:
    show_log(visitor)
    visitor.page.get_by_role("list", name="Events").get_by_role("button").first.click()
    visitor.button("Undo…").wait_for()


def show_undo(visitor: Visitor) -> None:
    show_details(visitor)
    visitor.button("Undo…").click()
    visitor.page.get_by_role("dialog").get_by_role("listitem").first.wait_for()


def show_span(visitor: Visitor) -> None:
    show_log(visitor)
    visitor.button("Time…").click()
    visitor.page.get_by_label("Until").wait_for()


def show_no_match(visitor: Visitor) -> None:
    visitor.open("activity?q=nothing-like-this")
    visitor.button("Show all events").wait_for()


def show_unknown_event(visitor: Visitor) -> None:
    visitor.open(f"{ADDRESS}&event=RXZlbnQ6OTk5OTk5")
    visitor.page.get_by_text("There is no event with the ID").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("ActivityPage"))
    visitor.open("activity")
    visitor.page.get_by_label("Search events").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("ActivityPage"))
    visitor.open("activity")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_data(visitor: Visitor) -> None:
    show_log(visitor)
    visitor.page.route("**/graphql", refuse("ActivityPage"))
    visitor.page.get_by_label("Search events").fill("logged-toggle")
    expect(visitor.alert("may be out of date")).to_be_visible()
    assert visitor.page.get_by_role("list", name="Events").is_visible()


STATES: dict[str, State] = {
    "log": show_log,
    "filter": show_filter,
    "details": show_details,
    "undo": show_undo,
    "span": show_span,
    "no match": show_no_match,
    "unknown event": show_unknown_event,
    "loading": show_loading,
    "error": show_error,
    "old data": show_old_data,
}


@pytest.mark.thorough
@pytest.mark.parametrize("state", rows(STATES, "details", "undo"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
