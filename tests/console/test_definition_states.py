"""The pages of applications and of what toggles refer to, in each state."""

import pytest
from playwright.sync_api import expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, apply
from tests.console.states import State, check_state, rows
from tests.console.test_applications import register_misfit
from tests.console.test_segments import create_segment, use_segment
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

IDS: dict[str, str] = {}
LONG = "a-name-of-one-hundred-characters-" + "x" * 67
# The query of each list, by address.
QUERIES = {
    "segments": "SegmentsPage",
    "applications": "ApplicationsPage",
    "strategies": "StrategiesPage",
    "context": "ContextFieldsPage",
    "projects": "ProjectsPage",
    "tags": "TagsPage",
}


@pytest.fixture(scope="module", autouse=True)
def definitions(server: Server) -> None:
    """A segment in use, an application with all issues, and a project with a long name."""
    description = "A description of some length, so that it is cut in lists and wraps on pages " * 2
    IDS["segment"] = create_segment(server, LONG, "1", "2", description=description)
    use_segment(server, IDS["segment"], "in-a-segment", LONG)
    apply(server, [{"projectCreate": {"name": LONG, "description": "שלום <b>world</b>"}}])
    register_misfit(server, "misfit")


def show(path: str) -> State:
    """Show a page."""

    def state(visitor: Visitor) -> None:
        visitor.open(path)
        visitor.page.get_by_role("heading", level=1).wait_for()
        visitor.page.get_by_role("status", name="Loading").wait_for(state="hidden")
        visitor.wait_until_live()

    return state


def show_segment(visitor: Visitor) -> None:
    visitor.open(f"segments/{IDS['segment']}")
    visitor.page.get_by_role("list", name="Toggles that use it").wait_for()
    visitor.wait_until_live()


def show_edits(visitor: Visitor) -> None:
    show_segment(visitor)
    visitor.page.get_by_label("Description").fill("other")
    visitor.button("Discard").wait_for()


def show_review(visitor: Visitor) -> None:
    show_edits(visitor)
    visitor.button("Review").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").wait_for()


def show_refused_deletion(visitor: Visitor) -> None:
    show_segment(visitor)
    visitor.button("Delete…").click()
    visitor.page.get_by_role("dialog").get_by_role("link").first.wait_for()


def show_conflict(server: Server) -> State:
    def state(visitor: Visitor) -> None:
        show_edits(visitor)
        update = {"id": IDS["segment"], "description": "by others"}
        apply(server, [{"segmentUpdate": update}])
        visitor.button("Decide…").click()
        visitor.page.get_by_role("radio", name="Yours").wait_for()

    return state


def show_offline(visitor: Visitor) -> None:
    show_edits(visitor)
    visitor.context.set_offline(True)
    visitor.button("Review").click()
    expect(visitor.alert("The server does not answer")).to_be_visible()


def show_error_of_segment(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("SegmentPage"))
    visitor.open(f"segments/{IDS['segment']}")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_list(visitor: Visitor) -> None:
    show("segments")(visitor)
    visitor.page.route("**/graphql", refuse("SegmentsPage"))
    visitor.page.get_by_label("Search segments").fill("name")
    expect(visitor.alert("may be out of date")).to_be_visible()


def show_no_match(visitor: Visitor) -> None:
    visitor.open("segments?q=nothing-like-this")
    visitor.button("Show all segments").wait_for()


def show_deleting_an_application(visitor: Visitor) -> None:
    show("applications/misfit")(visitor)
    visitor.button("Delete…").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").wait_for()


def show_loading(path: str) -> State:
    def state(visitor: Visitor) -> None:
        visitor.page.route("**/graphql", hold(QUERIES[path]))
        visitor.open(path)
        visitor.page.get_by_role("searchbox").wait_for()
        visitor.page.get_by_role("status", name="Loading").first.wait_for()

    return state


def show_error(path: str) -> State:
    def state(visitor: Visitor) -> None:
        visitor.page.route("**/graphql", refuse(QUERIES[path]))
        visitor.open(path)
        expect(visitor.alert("costs 9,999")).to_be_visible()

    return state


STATES: dict[str, State] = {
    "segment": show_segment,
    "edits": show_edits,
    "review": show_review,
    "refused deletion": show_refused_deletion,
    "application": show("applications/misfit"),
    "strategy": show("strategies/misfit-here"),
    "tags": show("tags"),
    "project": show(f"projects/{LONG}"),
    "offline": show_offline,
    "error of a segment": show_error_of_segment,
    "old list": show_old_list,
    "no match": show_no_match,
    "not found": show("projects/nothing-like-this"),
    "new strategy": show("strategies/new"),
    "deleting an application": show_deleting_an_application,
    "context field": show("context/userId"),
    "tag type": show("tags/types/simple"),
    "toggle type": show("tags/toggle-types/release"),
    **{f"list of {path}": show(path) for path in QUERIES},
    **{f"loading {path}": show_loading(path) for path in QUERIES},
    **{f"error of {path}": show_error(path) for path in QUERIES},
}


@pytest.mark.thorough
@pytest.mark.parametrize(
    "state",
    rows(
        STATES,
        *("segment", "edits", "review", "refused deletion"),
        *("application", "strategy", "tags", "project"),
    ),
)
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])


@pytest.mark.thorough
def test_a_conflict_has_no_barrier(server: Server, visit: Visit, axe: str, looks: Looks) -> None:
    check_state(visit, axe, looks, show_conflict(server))
