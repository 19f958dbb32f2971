"""The page with the versions of a toggle."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.console.answers import hold, refuse
from tests.console.conftest import (
    APPLY,
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

VERSIONS = """
query($name: String!) { toggleVersions(name: $name, first: 100) { nodes { revision } } }
"""
SETTINGS = "query($name: String!) { toggle(name: $name) { description tags { value } } }"


def describe(server: Server, name: str, *descriptions: str) -> None:
    """Change the description of a toggle several times."""
    for description in descriptions:
        apply(server, [{"toggleUpdate": {"name": name, "description": description}}])


def revisions(server: Server, name: str) -> list[int]:
    """The revisions of the versions of a toggle, newest first."""
    nodes = server.graphql(VERSIONS, name=name)["toggleVersions"]["nodes"]
    return [node["revision"] for node in nodes]


def open_history(visitor: Visitor, name: str, parameters: str = "") -> None:
    visitor.open(f"toggles/{name}/history{parameters}")
    visitor.page.get_by_role("list", name="Versions").wait_for()


def versions(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Versions").get_by_role("listitem")


def values(visitor: Visitor, field: str) -> Locator:
    """The values of a field in the version and today."""
    row = visitor.page.get_by_role("row").filter(
        has=visitor.page.get_by_role("rowheader", name=field, exact=True)
    )
    return row.get_by_role("cell")


def expect_values(visitor: Visitor, field: str, then: str, now: str) -> None:
    expect(values(visitor, field)).to_have_text([then, now], use_inner_text=True)


@pytest.mark.thorough
def test_going_back_to_a_version_passes_through_the_review_and_can_be_undone(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "back", description="First", enabled=False)
    set_enabled(server, "back", "production", True)
    describe(server, "back", "Second")
    with visit() as visitor:
        visitor.open("toggles/back")
        visitor.page.get_by_role("link", name="History", exact=True).first.click()
        versions(visitor).last.get_by_role("button").click()
        expect_values(visitor, "Description", "First", "Second")
        visitor.button("Go back to this").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog).to_contain_text("First")
        visitor.button("Apply").click()

        expect(versions(visitor)).to_have_count(4)
        expect(visitor.page.get_by_text("Nothing differs")).to_be_visible()
        went_back = is_enabled(server, "back", "production")
        visitor.button("Undo").click()
        expect(versions(visitor)).to_have_count(5)
    assert went_back is False
    assert is_enabled(server, "back", "production") is True
    assert server.graphql(SETTINGS, name="back")["toggle"]["description"] == "Second"


@pytest.mark.thorough
def test_the_slider_walks_the_versions_and_the_address_names_them(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "walk", description="0")
    describe(server, "walk", "1", "2", "3")
    newest, second, *_ = revisions(server, "walk")
    with visit() as visitor:
        open_history(visitor, "walk")
        expect_values(visitor, "Description", "2", "3")
        slider = visitor.page.get_by_label("Walk through the versions")
        slider.focus()
        slider.press("ArrowLeft")
        expect_values(visitor, "Description", "1", "3")
        visitor.page.get_by_label("Compare with").select_option(str(second))
        expect_values(visitor, "Description", "1", "2")
        slider.press("End")
        expect_values(visitor, "Description", "3", "2")

        assert visitor.page.url.endswith(f"?with={second}&revision={newest}")
        visitor.page.reload()
        expect_values(visitor, "Description", "3", "2")


@pytest.mark.thorough
def test_versions_have_pages_and_a_link_finds_a_version_of_any_page(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "paged", description="0")
    describe(server, "paged", *map(str, range(1, 60)))
    oldest = revisions(server, "paged")[-1]
    with visit() as visitor:
        open_history(visitor, "paged")
        expect(visitor.page.get_by_text("60 versions")).to_be_visible()
        expect(versions(visitor)).to_have_count(25)
        visitor.button("Next").click()
        expect_values(visitor, "Description", "34", "59")
        visitor.button("Previous").click()
        expect_values(visitor, "Description", "58", "59")

        visitor.page.goto(visitor.page.url.split("?")[0] + f"?revision={oldest}")
        expect_values(visitor, "Description", "0", "59")
        expect(versions(visitor)).to_have_count(10)


@pytest.mark.thorough
def test_the_change_set_of_a_version_is_undone_and_later_changes_stay(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "undo", description="Before")
    changes = [
        {"toggleUpdate": {"name": "undo", "description": "After"}},
        {"toggleTags": {"name": "undo", "add": [{"value": "added"}]}},
    ]
    apply(server, changes)
    set_enabled(server, "undo", "production", True)
    with visit() as visitor:
        open_history(visitor, "undo")
        visitor.button("Undo its 2 changes").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog).to_contain_text("Before")
        dialog.get_by_role("button", name="Undo").click()

        expect(visitor.page.get_by_text("The changes of this version are undone.")).to_be_visible()
        assert server.graphql(SETTINGS, name="undo")["toggle"] == {
            "description": "Before",
            "tags": [],
        }
    assert is_enabled(server, "undo", "production") is True


@pytest.mark.thorough
def test_an_undo_over_later_changes_asks_first(server: Server, visit: Visit) -> None:
    create_toggles(server, "undo-over", description="0")
    describe(server, "undo-over", "1", "2")
    with visit() as visitor:
        open_history(visitor, "undo-over")
        visitor.button("Undo this change").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog.get_by_role("alert")).not_to_be_empty()
        dialog.get_by_role("button", name="Undo anyway…").click()
        dialog.get_by_role("button", name="Undo", exact=True).click()
        expect(dialog).to_have_count(0)
    assert server.graphql(SETTINGS, name="undo-over")["toggle"]["description"] == "0"


@pytest.mark.thorough
def test_a_deleted_toggle_keeps_its_versions(server: Server, visit: Visit) -> None:
    create_toggles(server, "deleted", description="It was here")
    apply(server, [{"toggleArchive": {"name": "deleted"}}])
    apply(server, [{"toggleDelete": {"name": "deleted"}}])
    with visit() as visitor:
        visitor.open("toggles/deleted")
        visitor.page.get_by_role("link", name="History", exact=True).click()

        expect(visitor.page.get_by_text("The toggle is deleted.")).to_be_visible()
        expect_values(visitor, "Description", "It was here", "not there")
        assert visitor.button("Go back to this").count() == 0


@pytest.mark.thorough
def test_new_versions_appear_at_once(server: Server, visit: Visit) -> None:
    create_toggles(server, "fresh")
    with visit() as visitor:
        open_history(visitor, "fresh")
        visitor.wait_until_live()
        describe(server, "fresh", "Changed elsewhere")

        expect(versions(visitor)).to_have_count(2)
        expect_values(visitor, "Description", "none", "Changed elsewhere")


@pytest.mark.thorough
def test_a_viewer_can_only_read(server: Server, visit: Visit) -> None:
    create_toggles(server, "history-viewer")
    describe(server, "history-viewer", "Changed")
    token, _ = create_token(server, "reader of versions", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles/history-viewer/history?do=return", token=token)
        expect_values(visitor, "Description", "none", "Changed")

        assert visitor.button("Go back to this").count() == 0
        assert visitor.page.get_by_role("button", name="Undo").count() == 0
        assert visitor.page.get_by_role("dialog").count() == 0


def show_versions(visitor: Visitor) -> None:
    open_history(visitor, "history-states", "?all=yes")
    values(visitor, "Description").first.wait_for()


def show_return(visitor: Visitor) -> None:
    open_history(visitor, "history-states", "?do=return")
    visitor.button("Apply").wait_for()


def show_deleted(visitor: Visitor) -> None:
    open_history(visitor, "history-gone")
    values(visitor, "Description").first.wait_for()


def show_unknown_revision(visitor: Visitor) -> None:
    open_history(visitor, "history-states", "?revision=1")
    visitor.page.get_by_text("has the revision 1").wait_for()


def show_never(visitor: Visitor) -> None:
    visitor.open("toggles/history-never/history")
    visitor.page.get_by_text("There is and was no toggle").wait_for()


def show_no_versions(visitor: Visitor) -> None:
    def answer(route: Route) -> None:
        if "query HistoryPage" not in (route.request.post_data or ""):
            route.continue_()
            return
        answered = route.fetch()
        body = answered.json()
        body["data"]["toggleVersions"] |= {"totalCount": 0, "edges": []}
        route.fulfill(response=answered, json=body)

    visitor.page.route("**/graphql", answer)
    visitor.open("toggles/history-states/history")
    visitor.page.get_by_text("The audit log has no version of this toggle").wait_for()


def show_loading(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("HistoryPage"))
    visitor.open("toggles/history-states/history")
    # Until the heading appears, the script of the page is loading.
    visitor.page.get_by_role("link", name="history-states").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("HistoryPage"))
    visitor.open("toggles/history-states/history")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_version_error(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("Version"))
    open_history(visitor, "history-states")
    expect(visitor.alert("costs 9,999")).to_be_visible()


STATES: dict[str, State] = {
    "versions": show_versions,
    "going back": show_return,
    "deleted": show_deleted,
    "unknown revision": show_unknown_revision,
    "never": show_never,
    "no versions": show_no_versions,
    "loading": show_loading,
    "error": show_error,
    "error of a version": show_version_error,
}


@pytest.fixture(scope="module")
def toggles(server: Server) -> None:
    create_toggles(server, "history-states", "history-gone", tags=[{"value": "one"}])
    comment = {"comment": "A reason that is long enough for two lines of the list of versions"}
    change = {"toggleUpdate": {"name": "history-states", "description": "w" * 200}}
    document = APPLY.replace("$changes }", "$changes, comment: $comment }").replace(
        "!)", "!, $comment: String!)", 1
    )
    server.graphql(document, changes=[change], **comment)
    apply(server, [{"toggleArchive": {"name": "history-gone"}}])
    apply(server, [{"toggleDelete": {"name": "history-gone"}}])


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.usefixtures("toggles")
@pytest.mark.parametrize("state", rows(STATES, "versions", "going back"))
def test_a_state_has_no_barrier(visit: Visit, axe: str, looks: Looks, state: str) -> None:
    check_state(visit, axe, looks, STATES[state])
