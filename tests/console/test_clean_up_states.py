"""The page of toggles that may be ready to leave the code, in each state."""

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, create_toggles
from tests.console.states import State, check_state, rows
from tests.console.test_clean_up import mark_stale, report
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]


@pytest.fixture(scope="module", autouse=True)
def toggles(server: Server) -> None:
    """Stale toggles, and a name that nobody defined."""
    create_toggles(server, "cleaned-a", "cleaned-b-with-a-name-of-some-length-that-must-wrap")
    mark_stale(server, "cleaned-a", "cleaned-b-with-a-name-of-some-length-that-must-wrap")
    report(server, "some-application", "cleaned-a", "nobody-defined-this")


def show_lists(visitor: Visitor) -> None:
    visitor.open("clean-up")
    visitor.page.get_by_role("list", name="Marked as stale").wait_for()
    visitor.page.get_by_role("list", name="Names that nobody defined").wait_for()
    visitor.wait_until_live()


def show_selection(visitor: Visitor) -> None:
    show_lists(visitor)
    visitor.page.get_by_label("Select cleaned-a, Marked as stale").check()
    visitor.button("Archive").wait_for()


def show_review(visitor: Visitor) -> None:
    show_selection(visitor)
    visitor.button("Archive").click()
    visitor.page.get_by_role("dialog").get_by_role("listitem").first.wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("CleanUpToggles"))
    visitor.open("clean-up")
    visitor.page.get_by_role("heading", name="Marked as stale").wait_for()
    visitor.page.get_by_role("status", name="Loading").first.wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("UnknownNames"))
    visitor.open("clean-up")
    expect(visitor.alert("costs 9,999")).to_be_visible()


STATES: dict[str, State] = {
    "lists": show_lists,
    "selection": show_selection,
    "review": show_review,
    "loading": show_loading,
    "error": show_error,
}


@pytest.mark.thorough
@pytest.mark.parametrize("state", rows(STATES, "selection"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
