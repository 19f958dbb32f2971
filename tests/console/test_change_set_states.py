"""The pages of change sets in each state."""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, create_toggles
from tests.console.states import State, check_state, rows
from tests.console.test_change_sets import apply_with, create_rollout, schedule_rollout, switch
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

IDS: dict[str, str] = {}


@pytest.fixture(scope="module", autouse=True)
def change_sets(server: Server) -> None:
    """A change set that can be undone, and a rollout."""
    create_toggles(server, "listed-a", "listed-b", enabled=False)
    comment = "A reason of some length, so that it takes more than one line on telephones"
    changes = [switch("listed-a", True), switch("listed-b", True)]
    IDS["applied"] = apply_with(server, comment, *changes)
    IDS["strategy"] = create_rollout(server, "listed-steps")
    IDS["rollout"] = schedule_rollout(server, "listed-rollout", "")


def show_list(visitor: Visitor) -> None:
    visitor.open("change-sets")
    visitor.page.get_by_role("list", name="Change sets").wait_for()
    visitor.wait_until_live()


def show_no_match(visitor: Visitor) -> None:
    visitor.open("change-sets?q=nothing-like-this&state=refused")
    visitor.button("Show all change sets").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("ChangeSetsPage"))
    visitor.open("change-sets")
    visitor.page.get_by_label("Search change sets").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("ChangeSetsPage"))
    visitor.open("change-sets")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_data(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.page.route("**/graphql", refuse("ChangeSetsPage"))
    visitor.page.get_by_label("Search change sets").fill("reason")
    expect(visitor.alert("may be out of date")).to_be_visible()


def show_change_set(visitor: Visitor) -> None:
    visitor.open(f"change-sets/{IDS['applied']}")
    visitor.button("Undo…").wait_for()
    visitor.wait_until_live()


def show_undo(visitor: Visitor) -> None:
    show_change_set(visitor)
    visitor.button("Undo…").click()
    visitor.button("Undo 2 changes").wait_for()


def show_rollout(visitor: Visitor) -> None:
    visitor.open(f"change-sets/{IDS['rollout']}")
    visitor.button("Pause").wait_for()


def show_cancelling(visitor: Visitor) -> None:
    show_rollout(visitor)
    visitor.button("Cancel…").click()
    visitor.button("Cancel the steps").wait_for()


def show_not_found(visitor: Visitor) -> None:
    visitor.open("change-sets/RXZlbnQ6OTk5OTk5")
    visitor.page.get_by_role("link", name="Open the change sets").wait_for()


def show_failed_change_set(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("ChangeSetPage"))
    visitor.open(f"change-sets/{IDS['applied']}")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_schedule(visitor: Visitor) -> None:
    visitor.open("toggles?pick=listed-a&do=stale")
    visitor.page.get_by_role("radio", name="Later").check()
    visitor.button("Schedule").wait_for()


def show_steps(visitor: Visitor) -> None:
    update = {"id": IDS["strategy"], "parameters": [{"name": "rollout", "value": "35"}]}
    changes = quote(json.dumps([{"toggleStrategyUpdate": update}]))
    visitor.open(f"playground?q=listed-steps&changes={changes}")
    visitor.button("Review…").click()
    visitor.page.get_by_label("In steps").check()
    visitor.button("Schedule 3 steps").wait_for()


STATES: dict[str, State] = {
    "list": show_list,
    "no match": show_no_match,
    "loading": show_loading,
    "error": show_error,
    "old data": show_old_data,
    "change set": show_change_set,
    "undo": show_undo,
    "rollout": show_rollout,
    "cancelling": show_cancelling,
    "not found": show_not_found,
    "failed change set": show_failed_change_set,
    "schedule": show_schedule,
    "steps": show_steps,
}


@pytest.mark.thorough
@pytest.mark.parametrize("state", rows(STATES, "list", "rollout", "steps"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
