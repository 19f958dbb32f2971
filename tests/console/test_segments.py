"""People define segments, and see which toggles use them."""

import pytest
from playwright.sync_api import Locator, expect

from tests.console.conftest import Visit, apply, create_toggles, create_token
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

FIND = """
query($name: String!) {
  segment(name: $name) {
    id revision description
    constraints { contextName operator values }
  }
}
"""


def create_segment(server: Server, name: str, *values: str, description: str = "") -> str:
    """Create a segment of users. Return its ID."""
    constraint = {"contextName": "userId", "operator": "IN", "values": values or ["1"]}
    create = {"name": name, "description": description, "constraints": [constraint]}
    apply(server, [{"segmentCreate": create}])
    return server.graphql(FIND, name=name)["segment"]["id"]


def use_segment(server: Server, segment: str, *toggles: str) -> None:
    """Create toggles with a strategy that is limited to a segment."""
    strategy = {"name": "default", "segments": [segment]}
    create_toggles(server, *toggles, environment="production", strategies=[strategy])


def describe(server: Server, segment: str, description: str) -> None:
    """Change the description of a segment without the console."""
    apply(server, [{"segmentUpdate": {"id": segment, "description": description}}])


def bar(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Unsaved edits")


@pytest.mark.thorough
def test_a_segment_is_created_changed_and_the_change_is_undone(
    server: Server, visit: Visit
) -> None:
    with visit() as visitor:
        visitor.open("segments")
        visitor.page.get_by_role("link", name="New segment").first.click()
        visitor.page.get_by_label("Name", exact=True).fill("staff <b>")
        visitor.button("Add a constraint").click()
        visitor.page.get_by_label("Context field").fill("email")
        visitor.page.get_by_label("Test", exact=True).select_option("ends with")
        visitor.page.get_by_label("Values").fill("@shop.example")
        visitor.page.get_by_label("Values").press("Enter")
        visitor.button("Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()

        expect(visitor.page.get_by_role("heading", name="staff <b>", level=1)).to_be_visible()
        created = server.graphql(FIND, name="staff <b>")["segment"]
        assert created["constraints"] == [
            {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@shop.example"]}
        ]

        visitor.page.get_by_label("Description").fill("People who work here")
        expect(bar(visitor)).to_contain_text("1 unsaved edit Description")
        bar(visitor).get_by_role("button", name="Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        visitor.button("Undo").click()
        expect(visitor.page.get_by_text("The change is undone.")).to_be_visible()
        expect(visitor.page.get_by_label("Description")).to_have_value("")


@pytest.mark.thorough
def test_a_segment_in_use_names_its_toggles_and_is_not_deleted(
    server: Server, visit: Visit
) -> None:
    segment = create_segment(server, "in-use")
    use_segment(server, segment, "user-a", "user-b")
    with visit() as visitor:
        visitor.open(f"segments/{segment}")
        users = visitor.page.get_by_role("list", name="Toggles that use it")
        expect(users.get_by_role("link")).to_have_text(["user-a", "user-b"])
        visitor.button("Delete…").click()
        dialog = visitor.page.get_by_role("dialog")

        expect(dialog.get_by_role("alert")).to_contain_text("2 toggles use it")
        expect(dialog.get_by_role("link")).to_have_text(["user-a", "user-b"])
        expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)


@pytest.mark.thorough
def test_an_unused_segment_is_deleted_and_its_address_tells_what_happened(
    server: Server, visit: Visit
) -> None:
    segment = create_segment(server, "unused")
    with visit() as visitor:
        visitor.open(f"segments/{segment}")
        visitor.button("Delete…").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(visitor.page.get_by_role("heading", name="Segments", level=1)).to_be_visible()
        visitor.page.go_back()

        expect(visitor.page.get_by_text("There is no segment at this address")).to_be_visible()


@pytest.mark.thorough
def test_changes_of_others_are_merged_or_decided_and_never_overwritten(
    server: Server, visit: Visit
) -> None:
    segment = create_segment(server, "edited-by-two", description="before")
    with visit() as visitor:
        visitor.open(f"segments/{segment}")
        visitor.page.get_by_label("Name", exact=True).fill("renamed")
        visitor.wait_until_live()
        describe(server, segment, "theirs")
        expect(visitor.page.get_by_text("The changes are merged with your edits.")).to_be_visible()
        expect(visitor.page.get_by_label("Description")).to_have_value("theirs")

        visitor.page.get_by_label("Description").fill("mine")
        describe(server, segment, "theirs again")
        visitor.button("Decide…").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog.get_by_role("group", name="Description")).to_contain_text("theirs again")
        dialog.get_by_role("radio", name="Yours").check()
        dialog.get_by_role("button", name="Continue").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        visitor.page.get_by_role("dialog").wait_for(state="hidden")

        assert server.graphql(FIND, name="renamed")["segment"]["description"] == "mine"


@pytest.mark.thorough
def test_the_list_is_live_and_can_be_searched(server: Server, visit: Visit) -> None:
    create_segment(server, "listed-first", description="a b c")
    with visit() as visitor:
        visitor.open("segments?q=listed")
        names = visitor.page.get_by_role("rowheader").get_by_role("link")
        expect(names).to_have_text(["listed-first"])
        visitor.wait_until_live()

        segment = create_segment(server, "listed-second")
        use_segment(server, segment, "lists-a-segment")
        row = visitor.page.get_by_role("row").filter(has_text="listed-second")

        expect(row.get_by_role("cell").nth(1)).to_contain_text("1")
        visitor.page.get_by_label("Search segments").fill("a b")
        expect(names).to_have_text(["listed-first"])
        visitor.page.get_by_label("Search segments").fill("nothing like this")
        visitor.button("Show all segments").click()
        expect(names.first).to_be_visible()


@pytest.mark.thorough
def test_a_viewer_reads_a_segment_and_edits_nothing(server: Server, visit: Visit) -> None:
    segment = create_segment(server, "read-only", "7", description="read by many")
    token, _ = create_token(server, "reader of segments", "VIEWER")
    with visit() as visitor:
        visitor.open(f"segments/{segment}", token=token)

        expect(visitor.page.get_by_text("userId is one of 7")).to_be_visible()
        expect(visitor.page.get_by_role("textbox")).to_have_count(0)
        expect(visitor.button("Delete…")).to_have_count(0)
