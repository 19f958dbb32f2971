"""The pages of the console in each state. They have no barriers for people with disabilities."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, create_toggles, create_token
from tests.console.states import check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

REVIEW = "toggles?q=state-&pick=state-a&pick=state-b&do=archive"


@pytest.fixture(scope="module", autouse=True)
def toggles(server: Server) -> None:
    """Toggles with content for every element of a row."""
    create_toggles(
        server,
        *("state-a", "state-b"),
        description="A description that is long enough to be cut on most screens " * 3,
        tags=[{"value": value} for value in ("one", "two", "three")],
        strategies=[
            {"name": "flexibleRollout", "parameters": [{"name": "rollout", "value": "5"}]},
        ],
    )
    create_token(server, "reader of states", "VIEWER")


def show_sign_in(visitor: Visitor) -> None:
    visitor.open("toggles", token=None)
    visitor.page.get_by_label("API token").wait_for()


def show_refused_token(visitor: Visitor) -> None:
    visitor.open("toggles", token="*:*.not-a-token")
    expect(visitor.page.get_by_role("alert")).not_to_be_empty()


def show_list(visitor: Visitor) -> None:
    visitor.open("toggles?q=state-")
    visitor.switch("state-a", "development").wait_for()
    visitor.wait_until_live()


def show_compact_list(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.open_bar()
    visitor.page.get_by_label("Density").select_option("compact")


def show_selection(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.page.get_by_label("Select state-a").check()
    visitor.button("Switch off in").click()
    visitor.page.get_by_role("menuitem", name="production").wait_for()


def show_waiting_switch(visitor: Visitor) -> None:
    visitor.stop_clock()
    show_list(visitor)
    visitor.switch("state-a", "production").click()
    visitor.button("Undo").wait_for()


def show_review(visitor: Visitor) -> None:
    visitor.open(REVIEW)
    visitor.button("Archive 2 toggles").wait_for()


def show_refused_review(visitor: Visitor) -> None:
    visitor.open("toggles?q=state-&pick=state-a&pick=nothing&do=stale")
    expect(visitor.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("nothing")


def show_no_match(visitor: Visitor) -> None:
    visitor.open("toggles?q=nothing-like-this is:stale")
    visitor.button("Show all toggles").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("TogglesPage"))
    visitor.open("toggles")
    # Until the search field appears, the script of the page is loading.
    visitor.page.get_by_label("Search toggles").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("TogglesPage"))
    visitor.open("toggles")
    visitor.button("Try again").wait_for()
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_data(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.page.route("**/graphql", refuse("TogglesPage"))
    visitor.search("state-a")
    expect(visitor.alert("may be out of date")).to_be_visible()
    assert visitor.toggles() == ["state-a", "state-b"]


def show_offline(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.context.set_offline(True)
    visitor.switch("state-a", "development").click()
    expect(visitor.page.get_by_text("Not changed")).to_be_visible()


def show_not_found(visitor: Visitor) -> None:
    visitor.open("nothing/here")
    visitor.page.get_by_role("link", name="Open the toggles").wait_for()


def show_unreachable(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", lambda route: route.abort())
    visitor.open("toggles", token=None)
    expect(visitor.page.get_by_role("alert")).to_contain_text("The server does not answer")


STATES: dict[str, Callable[[Visitor], None]] = {
    "sign in": show_sign_in,
    "refused token": show_refused_token,
    "list": show_list,
    "compact list": show_compact_list,
    "selection": show_selection,
    "waiting switch": show_waiting_switch,
    "review": show_review,
    "refused review": show_refused_review,
    "no match": show_no_match,
    "loading": show_loading,
    "error": show_error,
    "old data": show_old_data,
    "offline": show_offline,
    "not found": show_not_found,
    "unreachable": show_unreachable,
}


@pytest.mark.sample(1)
@pytest.mark.npm
@pytest.mark.parametrize(
    "state", rows(STATES, "sign in", "list", "selection", "review", "loading", "error", "old data")
)
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])


@pytest.mark.thorough
@pytest.mark.npm
def test_without_toggles_the_list_says_how_to_begin(visit: Visit, axe: str, looks: Looks) -> None:
    def show_empty_list(visitor: Visitor) -> None:
        visitor.page.route("**/graphql", answer_with_no_toggles)
        visitor.open("toggles")
        expect(visitor.page.get_by_text("There are no toggles yet")).to_be_visible()

    check_state(visit, axe, looks, show_empty_list)


def answer_with_no_toggles(route: Route) -> None:
    if "query TogglesPage" not in (route.request.post_data or ""):
        route.continue_()
        return
    answer = route.fetch()
    body = answer.json()
    body["data"]["toggles"] |= {"totalCount": 0, "nodes": []}
    route.fulfill(response=answer, json=body)
