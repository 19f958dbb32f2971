"""The page that compares a toggle in two environments."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.console.answers import hold, refuse
from tests.console.conftest import (
    Looks,
    Visit,
    apply,
    create_toggles,
    create_token,
    is_enabled,
    set_enabled,
)
from tests.console.states import State, check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

ADDRESS = "toggles/{}/compare?from=development&to=production"
ROLLOUT = """
query($name: String!, $in: String!) {
  toggle(name: $name) {
    environment(name: $in) {
      enabled
      strategies { name title parameters { name value } constraints { contextName values } }
    }
  }
}
"""


def strategy(rollout: str, title: str = "", *countries: str) -> dict[str, object]:
    """A gradual rollout, which may be limited to countries."""
    constraints = [{"contextName": "country", "operator": "IN", "values": countries}]
    return {
        "name": "flexibleRollout",
        "title": title,
        "parameters": [{"name": "rollout", "value": rollout}],
        "constraints": constraints if countries else [],
    }


def create_differing(server: Server, name: str) -> None:
    """Create a toggle whose configurations in development and production differ."""
    create_toggles(server, name, enabled=False)
    strategies = {
        "development": [strategy("50", "", "DE", "AT"), {"name": "default", "title": "Everybody"}],
        "production": [strategy("5"), {"name": "userWithId", "title": "Staff"}],
    }
    apply(
        server,
        [
            {"toggleConfigure": {"name": name, "environment": environment, "strategies": listed}}
            for environment, listed in strategies.items()
        ],
    )
    set_enabled(server, name, "development", True)


def configuration(server: Server, name: str, environment: str) -> dict[str, object]:
    """The configuration of a toggle in an environment, according to the server."""
    return server.graphql(ROLLOUT, **{"name": name, "in": environment})["toggle"]["environment"]


def row(visitor: Visitor, title: str) -> Locator:
    return visitor.page.get_by_role("row").filter(
        has=visitor.page.get_by_role("rowheader", name=title, exact=True)
    )


@pytest.mark.thorough
def test_a_row_is_taken_to_the_other_environment_and_the_others_stay(
    server: Server, visit: Visit
) -> None:
    create_differing(server, "compare-row")
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-row"))
        expect(row(visitor, "rollout").get_by_role("cell")).to_have_text(
            ["50", "5"], use_inner_text=True
        )

        row(visitor, "rollout").get_by_role("button", name="to production").click()
        visitor.button("Apply").click()

        expect(row(visitor, "rollout")).to_have_count(0)
        expect(row(visitor, "Constraints")).to_have_count(1)
        visitor.button("Undo").click()
        expect(row(visitor, "rollout").get_by_role("cell")).to_have_text(
            ["50", "5"], use_inner_text=True
        )


@pytest.mark.thorough
def test_a_strategy_that_one_environment_lacks_is_added_or_removed(
    server: Server, visit: Visit
) -> None:
    create_differing(server, "compare-strategy")
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-strategy"))
        label = "Copy Whole strategy of Strategy 2: Standard “Everybody” from {} to {}"
        visitor.button(label.format("development", "production")).click()
        visitor.button("Apply").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        label = "Copy Whole strategy of Strategy 3: Users by ID “Staff” from {} to {}"
        visitor.button(label.format("development", "production")).click()
        visitor.button("Apply").click()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)

    after = configuration(server, "compare-strategy", "production")
    names = [(each["name"], each["title"]) for each in after["strategies"]]  # type: ignore[index]
    assert names == [("flexibleRollout", ""), ("default", "Everybody")]


@pytest.mark.thorough
def test_everything_is_taken_after_the_sides_are_swapped(server: Server, visit: Visit) -> None:
    create_differing(server, "compare-all")
    with visit() as visitor:
        visitor.open("toggles/compare-all?env=development")
        visitor.page.get_by_role("link", name="Compare and copy", exact=True).click()
        visitor.page.get_by_label("With", exact=True).select_option("production")
        visitor.button("Swap sides").click()
        expect(visitor.page.get_by_role("columnheader")).to_have_text(
            ["Setting", "production", "development"]
        )
        visitor.button("Copy all, with the switch, to production").click()
        visitor.button("Apply").click()

        expect(visitor.page.get_by_text("Both environments have the same")).to_be_visible()
        visitor.page.get_by_label("Show equal settings").check()
        expect(row(visitor, "Switch").get_by_role("cell")).to_have_text(
            ["on", "on"], use_inner_text=True
        )
    assert configuration(server, "compare-all", "production") == configuration(
        server, "compare-all", "development"
    )


@pytest.mark.thorough
def test_a_change_by_others_appears_at_once_also_in_the_review(
    server: Server, visit: Visit
) -> None:
    create_differing(server, "compare-live")
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-live") + "&take=right:*")
        visitor.button("Apply").wait_for()
        visitor.wait_until_live()

        set_enabled(server, "compare-live", "production", True)

        expect(visitor.page.get_by_role("dialog")).not_to_contain_text("enabled")
        visitor.button("Apply").click()
        expect(visitor.page.get_by_text("Both environments have the same")).to_be_visible()


@pytest.mark.thorough
def test_many_environments_are_searched(server: Server, visit: Visit) -> None:
    create_differing(server, "compare-many")
    names = [f"region-{number:03}" for number in range(200)]
    for start in range(0, 200, 50):
        apply(
            server,
            [
                {"environmentCreate": {"name": name, "type": "TEST"}}
                for name in names[start : start + 50]
            ],
        )
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-many"))
        other = visitor.page.get_by_label("With", exact=True)
        other.fill("nowhere")
        expect(visitor.page.get_by_text("No environment matches.")).to_be_visible()
        other.fill("region-123")

        expect(visitor.page.get_by_role("columnheader").last).to_have_text("region-123")
        assert visitor.page.url.endswith("from=development&to=region-123")
    for start in range(0, 200, 50):
        apply(
            server,
            [{"environmentDelete": {"name": name}} for name in names[start : start + 50]],
        )


@pytest.mark.thorough
def test_a_viewer_and_an_archived_toggle_have_no_buttons(server: Server, visit: Visit) -> None:
    create_differing(server, "compare-viewer")
    create_differing(server, "compare-archived")
    apply(server, [{"toggleArchive": {"name": "compare-archived"}}])
    token, _ = create_token(server, "reader of comparisons", "VIEWER")
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-viewer") + "&take=right:*", token=token)
        row(visitor, "rollout").wait_for()
        viewers = visitor.page.get_by_role("button", name="Take").count()
        dialogs = visitor.page.get_by_role("dialog").count()
    with visit() as visitor:
        visitor.open(ADDRESS.format("compare-archived"))
        row(visitor, "rollout").wait_for()
        assert visitor.page.get_by_role("button", name="Take").count() == 0
    assert (viewers, dialogs) == (0, 0)
    assert is_enabled(server, "compare-viewer", "production") is False


def show_differences(visitor: Visitor) -> None:
    visitor.open(ADDRESS.format("compare-states"))
    row(visitor, "rollout").wait_for()


def show_equal(visitor: Visitor) -> None:
    visitor.open(ADDRESS.format("compare-equal"))
    visitor.page.get_by_text("Both environments have the same").wait_for()


def show_review(visitor: Visitor) -> None:
    visitor.open(ADDRESS.format("compare-states") + "&take=left:*")
    visitor.button("Apply").wait_for()


def show_same_sides(visitor: Visitor) -> None:
    visitor.open("toggles/compare-states/compare?from=production&to=production")
    visitor.page.get_by_text("Both sides are the same environment").wait_for()


def show_unknown_environment(visitor: Visitor) -> None:
    visitor.open("toggles/compare-states/compare?from=production&to=nowhere")
    visitor.page.get_by_text("There is no environment named nowhere").wait_for()


def show_missing_toggle(visitor: Visitor) -> None:
    visitor.open(ADDRESS.format("compare-nothing"))
    visitor.page.get_by_role("link", name="Open the history").wait_for()


def show_one_environment(visitor: Visitor) -> None:
    def answer(route: Route) -> None:
        if "query ComparedEnvironments" not in (route.request.post_data or ""):
            route.continue_()
            return
        answered = route.fetch()
        body = answered.json()
        del body["data"]["environments"][1:]
        route.fulfill(response=answered, json=body)

    visitor.page.route("**/graphql", answer)
    visitor.open("toggles/compare-states/compare")
    visitor.page.get_by_text("There is only one environment").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("ComparePage"))
    visitor.open(ADDRESS.format("compare-states"))
    # Until the heading appears, the script of the page is loading.
    visitor.page.get_by_role("link", name="compare-states").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("ComparePage"))
    visitor.open(ADDRESS.format("compare-states"))
    expect(visitor.alert("costs 9,999")).to_be_visible()


STATES: dict[str, State] = {
    "differences": show_differences,
    "equal": show_equal,
    "review": show_review,
    "same sides": show_same_sides,
    "unknown environment": show_unknown_environment,
    "missing toggle": show_missing_toggle,
    "one environment": show_one_environment,
    "loading": show_loading,
    "error": show_error,
}


@pytest.fixture(scope="module")
def toggles(server: Server) -> None:
    create_differing(server, "compare-states")
    create_toggles(server, "compare-equal", enabled=False)


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.usefixtures("toggles")
@pytest.mark.parametrize("state", rows(STATES, "differences"))
def test_a_state_has_no_barrier(visit: Visit, axe: str, looks: Looks, state: str) -> None:
    check_state(visit, axe, looks, STATES[state])
