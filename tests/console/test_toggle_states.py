"""The page of a toggle in each state. The states have no barriers for people with disabilities."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, apply, create_toggles, create_token
from tests.console.states import check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

STRATEGIES: list[dict[str, Any]] = [
    {
        "name": "flexibleRollout",
        "title": "<b>Five percent</b>",
        "parameters": [
            {"name": "rollout", "value": "5"},
            {"name": "stickiness", "value": "userId"},
        ],
        "constraints": [
            {"contextName": "country", "operator": "IN", "values": ["DE", "AT"]},
            {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@example.com"]},
        ],
        "variants": [{"name": "own", "payload": {"type": "JSON", "value": '{"a": 1}'}}],
    },
    {"name": "userWithId", "parameters": [{"name": "userIds", "value": "mira,ines"}]},
    {"name": "default", "disabled": True},
]
VARIANTS: list[dict[str, Any]] = [
    {"name": "red", "weightType": "FIX", "weight": 200},
    {"name": "green", "overrides": [{"contextName": "userId", "values": ["7"]}]},
    {"name": "blue"},
]


@pytest.fixture(scope="module")
def viewer(server: Server) -> str:
    """A token that may only read."""
    return create_token(server, "reader of a toggle", "VIEWER")[0]


@pytest.fixture(scope="module", autouse=True)
def toggles(server: Server) -> None:
    """Toggles with content for every part of the page."""
    create_toggles(server, "parent", "old", "gone")
    create_toggles(
        server,
        "whole",
        description="Right to left: مرحبا. With emoji 🙂 and <i>markup</i>.",
        tags=[{"value": "one"}, {"value": "two"}],
        environment="production",
        enabled=True,
        strategies=STRATEGIES,
        variants=VARIANTS,
    )
    create_toggles(server, "n" * 100, description="word" * 100)
    apply(
        server,
        [
            {"toggleSetDependencies": {"name": "whole", "dependencies": [{"toggle": "parent"}]}},
            {"toggleUpdate": {"name": "whole", "stale": True, "impressionData": True}},
            {"toggleArchive": {"name": "old"}},
            {"toggleArchive": {"name": "gone"}},
            {"toggleDelete": {"name": "gone"}},
        ],
    )


def show_toggle(visitor: Visitor) -> None:
    visitor.open("toggles/whole?env=production")
    visitor.switch("whole", "production").wait_for()
    visitor.wait_until_live()
    expect(visitor.page.get_by_role("tab", selected=True)).to_have_text("productionon")
    expect(visitor.page.get_by_text("country is one of DE or AT", exact=True)).to_be_visible()


def show_edits(visitor: Visitor) -> None:
    show_toggle(visitor)
    visitor.button("Edit <b>Five percent</b>").click()
    visitor.page.get_by_label("Rollout", exact=True).fill("35")
    visitor.button("Add a constraint").click()
    visitor.button("Remove Users by ID").click()
    visitor.button("Edit the variants").click()
    visitor.button("Add an override").last.click()
    visitor.button("Add a strategy").click()
    expect(visitor.page.get_by_text("3 unsaved edits")).to_be_visible()
    expect(visitor.page.get_by_text("Now: off")).to_be_visible()


def show_details(visitor: Visitor) -> None:
    show_toggle(visitor)
    visitor.button("Edit details").click()
    visitor.button("Add a dependency").click()
    expect(visitor.page.get_by_text("No toggle is named ''.", exact=True)).to_be_visible()


def show_required_toggle(visitor: Visitor) -> None:
    visitor.open("toggles/parent")
    visitor.page.get_by_text("Required by").wait_for()


def show_long_name(visitor: Visitor) -> None:
    visitor.open(f"toggles/{'n' * 100}")
    visitor.page.get_by_role("tab").first.wait_for()


def show_archived(visitor: Visitor) -> None:
    visitor.open("toggles/old")
    expect(visitor.alert("is archived")).to_be_visible()
    expect(visitor.switch("old", "default")).to_be_disabled()


def show_missing(visitor: Visitor) -> None:
    visitor.open("toggles/a%2Fb%3F")
    visitor.page.get_by_text("There is no toggle with this name").wait_for()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("a/b?")


def show_deleted(visitor: Visitor) -> None:
    visitor.open("toggles/gone")
    visitor.page.get_by_text("This toggle was deleted").wait_for()
    visitor.page.get_by_text("Deleted toggle 'gone'").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("TogglePage"))
    visitor.open("toggles/whole")
    visitor.page.get_by_role("heading", name="whole").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("TogglePage"))
    visitor.open("toggles/whole")
    visitor.button("Try again").wait_for()
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_data(visitor: Visitor) -> None:
    show_toggle(visitor)
    visitor.page.get_by_role("link", name="Toggles /").click()
    visitor.search("whole")
    visitor.page.route("**/graphql", refuse("TogglePage"))
    visitor.page.get_by_role("link", name="whole").click()
    expect(visitor.alert("may be out of date")).to_be_visible()
    visitor.page.get_by_role("tab", name="production").wait_for()


STATES: dict[str, Callable[[Visitor], None]] = {
    "toggle": show_toggle,
    "edits": show_edits,
    "details": show_details,
    "required toggle": show_required_toggle,
    "long name": show_long_name,
    "archived": show_archived,
    "missing": show_missing,
    "deleted": show_deleted,
    "loading": show_loading,
    "error": show_error,
    "old data": show_old_data,
}


@pytest.mark.sample(1)
@pytest.mark.npm
@pytest.mark.parametrize("state", rows(STATES, "edits", "details", "deleted"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])


@pytest.mark.thorough
def test_the_bar_of_edits_fits_a_phone(visit: Visit) -> None:
    with visit(width=390) as visitor:
        show_edits(visitor)
        bar = visitor.page.get_by_role("region", name="Unsaved edits")

        for name in ("Discard", "Copy a link", "Review"):
            expect(bar.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


@pytest.mark.thorough
def test_with_a_viewer_token_the_page_only_shows(visit: Visit, viewer: str) -> None:
    with visit() as visitor:
        visitor.open("toggles/whole?env=production", token=viewer)

        expect(visitor.switch("whole", "production")).to_be_disabled()
