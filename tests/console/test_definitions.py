"""People define strategies, context fields, projects and tag types, and see who uses them."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Visit, apply, create_toggles, create_token
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser


class Kind(NamedTuple):
    """How a kind of object is created, changed and read."""

    path: str
    noun: str
    """The mutations without their last word, such as `project` of `projectCreate`."""
    stem: str
    read: str


KINDS = {
    "strategy": Kind("strategies", "strategy", "strategy", "strategy(name: $name)"),
    "context field": Kind("context", "context field", "contextField", "contextFields"),
    "project": Kind("projects", "project", "project", "project(name: $name)"),
    "tag type": Kind("tags/types", "tag type", "tagType", "tagTypes"),
}


def description(server: Server, kind: Kind, name: str) -> str | None:
    """The description of an object on the server, or None if there is no such object."""
    used = "($name: String!)" if "$name" in kind.read else ""
    found = server.graphql(
        f"query{used} {{ found: {kind.read} {{ name description }} }}",
        **({"name": name} if used else {}),
    )["found"]
    rows = found if isinstance(found, list) else [found] if found else []
    return next((row["description"] for row in rows if row["name"] == name), None)


def review(visitor: Visitor, button: str) -> None:
    """Open the review of the page, and make the changes."""
    visitor.button("Review").click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("button", name=button, exact=True).click()
    dialog.wait_for(state="hidden")


@pytest.mark.thorough
@pytest.mark.parametrize("name", KINDS)
def test_an_object_is_created_changed_and_deleted(server: Server, visit: Visit, name: str) -> None:
    kind = KINDS[name]
    with visit() as visitor:
        visitor.open(f"{kind.path}/new?name=made-here")
        visitor.page.get_by_label("Description", exact=True).fill("first")
        review(visitor, "Apply")
        expect(visitor.page.get_by_role("heading", name="made-here", level=1)).to_be_visible()
        assert description(server, kind, "made-here") == "first"

        visitor.page.get_by_label("Description", exact=True).fill("second")
        review(visitor, "Apply")
        assert description(server, kind, "made-here") == "second"

        visitor.wait_until_live()
        update = {"name": "made-here", "description": "by others"}
        apply(server, [{f"{kind.stem}Update": update}])
        expect(visitor.page.get_by_label("Description", exact=True)).to_have_value("by others")

        visitor.button("Delete…").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(visitor.page.get_by_role("heading", name="made-here", level=1)).to_have_count(0)
        assert description(server, kind, "made-here") is None


@pytest.mark.thorough
def test_a_strategy_has_parameters_and_names_its_toggles(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("strategies/new?name=byStore")
        visitor.button("Add a parameter").click()
        visitor.page.get_by_label("Name of the parameter").fill("storeIds")
        visitor.page.get_by_label("Type", exact=True).select_option("list of texts")
        visitor.page.get_by_label("Required").check()
        review(visitor, "Apply")
        expect(visitor.page.get_by_text("No toggle uses the strategy.")).to_be_visible()
        visitor.wait_until_live()
        values = [{"name": "storeIds", "value": "7"}]
        create_toggles(server, "by-store", strategies=[{"name": "byStore", "parameters": values}])
        users = visitor.page.get_by_role("list", name="Toggles that use it")
        expect(users.get_by_role("link")).to_have_text(["by-store"])

        visitor.button("Delete…").click()
        dialog = visitor.page.get_by_role("dialog")

        expect(dialog.get_by_role("link")).to_have_text(["by-store"])
        read = '{ strategy(name: "byStore") { parameters { name type required } } }'
        assert server.graphql(read)["strategy"]["parameters"] == [
            {"name": "storeIds", "type": "list", "required": True}
        ]


@pytest.mark.thorough
def test_an_object_that_was_deleted_shows_its_last_changes(server: Server, visit: Visit) -> None:
    apply(server, [{"projectCreate": {"name": "gone"}}])
    apply(server, [{"projectDelete": {"name": "gone"}}])
    with visit() as visitor:
        visitor.open("projects/gone")

        expect(visitor.page.get_by_text("There is no project with this name")).to_be_visible()
        expect(visitor.page.get_by_text("Deleted project 'gone'.")).to_be_visible()


@pytest.mark.thorough
def test_names_with_markup_other_scripts_and_separators_have_pages(
    server: Server, visit: Visit
) -> None:
    names = ["w/50%", "שלום<b>", "🙂" * 20]
    apply(server, [{"projectCreate": {"name": "new"}}])
    segments = [{"name": name, "constraints": []} for name in names]
    apply(server, [{"segmentCreate": segment} for segment in segments])
    with visit(width=390) as visitor:
        visitor.open("segments")
        for name in names:
            visitor.page.get_by_role("link", name=name, exact=True).click()
            expect(visitor.page.get_by_role("heading", name=name, level=1)).to_be_visible()
            visitor.page.go_back()
        visitor.page.get_by_role("heading", name="Segments", level=1).wait_for()
        visitor.page.goto(visitor.page.url.split("/segments")[0] + "/projects")
        visitor.page.get_by_role("link", name="new", exact=True).click()
        expect(visitor.page.get_by_role("heading", name="new", level=1)).to_be_visible()


@pytest.mark.thorough
def test_built_in_strategies_cannot_be_edited(visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("strategies/flexibleRollout")

        expect(visitor.page.get_by_text("It cannot be changed or deleted.")).to_be_visible()
        expect(visitor.page.get_by_role("textbox")).to_have_count(0)


@pytest.mark.thorough
def test_tags_lead_to_their_toggles_and_types_have_a_lifetime(server: Server, visit: Visit) -> None:
    create_toggles(server, "tagged", tags=[{"type": "simple", "value": "two words"}])
    with visit() as visitor:
        visitor.open("tags?q=two")
        visitor.page.get_by_role("link", name="two words").click()
        expect(visitor.page.get_by_role("rowheader").locator("bdi")).to_have_text(["tagged"])

        visitor.page.goto(visitor.page.url.split("/toggles")[0] + "/tags/toggle-types/release")
        visitor.page.get_by_label("Expected lifetime in days").fill("55")
        review(visitor, "Apply")

        types = server.graphql("{ toggleTypes { name lifetimeDays } }")["toggleTypes"]
        assert {"name": "release", "lifetimeDays": 55} in types


@pytest.mark.thorough
def test_a_viewer_is_not_offered_changes(server: Server, visit: Visit) -> None:
    token, _ = create_token(server, "reader of definitions", "VIEWER")
    with visit() as visitor:
        visitor.open("segments", token=token)
        for page in ("Segments", "Strategies", "Context fields", "Projects", "Tags and types"):
            visitor.page.get_by_role("link", name=page, exact=True).click()
            visitor.page.get_by_role("heading", name=page, level=1).wait_for()
            visitor.page.get_by_role("searchbox").wait_for()
            expect(visitor.page.get_by_role("link", name=re.compile("^New "))).to_have_count(0)
