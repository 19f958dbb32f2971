"""The playground in each state."""

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit
from tests.console.states import State, check_state, rows
from tests.console.test_playground import cell, create_played
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

ADDRESS = "playground?q=played&env=production&env=development&context=7&context=8"


@pytest.fixture(scope="module", autouse=True)
def toggles(server: Server) -> None:
    """A toggle with a strategy that has a rollout and a constraint."""
    create_played(server, "played")


def show_decisions(visitor: Visitor) -> None:
    visitor.open(ADDRESS)
    cell(visitor, "played", "production", "7").wait_for()
    visitor.wait_until_live()


def show_reasons(visitor: Visitor) -> None:
    show_decisions(visitor)
    cell(visitor, "played", "production", "7").click()
    visitor.button("Assume it is switched off").wait_for()


def show_changes(visitor: Visitor) -> None:
    show_reasons(visitor)
    visitor.button("Assume it is switched off").click()
    visitor.page.get_by_role("region", name="With the changes").wait_for()


def show_assumed(visitor: Visitor) -> None:
    show_changes(visitor)
    visitor.button("Close").click()
    visitor.page.get_by_role("list", name="Changes").get_by_role("listitem").wait_for()


def show_unreadable_context(visitor: Visitor) -> None:
    show_decisions(visitor)
    visitor.page.get_by_label("Users to try").fill("{")
    expect(visitor.alert("is not valid JSON")).to_be_visible()


def show_unreadable_changes(visitor: Visitor) -> None:
    visitor.open(f"{ADDRESS}&changes=x")
    visitor.button("Assume nothing").wait_for()


def show_no_match(visitor: Visitor) -> None:
    visitor.open("playground?q=nothing-like-this")
    visitor.button("Show all toggles").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("PlaygroundPage"))
    visitor.open("playground")
    visitor.page.get_by_label("Users to try").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("PlaygroundPage"))
    visitor.open("playground")
    expect(visitor.alert("costs 9,999")).to_be_visible()


STATES: dict[str, State] = {
    "decisions": show_decisions,
    "reasons": show_reasons,
    "changes": show_changes,
    "assumed": show_assumed,
    "unreadable context": show_unreadable_context,
    "unreadable changes": show_unreadable_changes,
    "no match": show_no_match,
    "loading": show_loading,
    "error": show_error,
}


@pytest.mark.thorough
@pytest.mark.parametrize("state", rows(STATES, "changes"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
