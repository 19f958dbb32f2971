"""People edit a toggle on its page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, expect

from tests.console.conftest import Visit, apply, create_toggles, create_token
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

READ = """
query($name: String!) {
  toggle(name: $name) {
    description archived stale
    type { name }
    tags { value }
    dependencies { enabled variants toggle { name } }
    environment(name: "production") {
      enabled
      strategies {
        name disabled
        parameters { name value }
        constraints { contextName operator values }
      }
      variants { name weight payload { type value } }
    }
  }
}
"""

ORDER = """
query($name: String!) { toggle(name: $name) { strategies(environment: "production") { title } } }
"""


def read(server: Server, name: str) -> dict[str, Any]:
    """The toggle on the server."""
    return server.graphql(READ, name=name)["toggle"]


def create(server: Server, name: str, *, rollout: str = "5", **fields: object) -> None:
    """Create a toggle with one rollout in production."""
    strategy = {"name": "flexibleRollout", "parameters": [{"name": "rollout", "value": rollout}]}
    create_toggles(
        server, name, environment="production", enabled=True, strategies=[strategy], **fields
    )


def open_toggle(visitor: Visitor, name: str, parameters: str = "") -> None:
    visitor.open(f"toggles/{name}?env=production{parameters}")
    visitor.switch(name, "production").wait_for()


def edit_rollout(visitor: Visitor, percentage: str) -> None:
    visitor.button("Edit Gradual rollout").click()
    visitor.page.get_by_label("Rollout", exact=True).fill(percentage)


def bar(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Unsaved edits")


def review_and_apply(visitor: Visitor) -> None:
    bar(visitor).get_by_role("button", name="Review").click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Apply").click()
    dialog.wait_for(state="hidden")


def parameters_of(toggle: dict[str, Any]) -> dict[str, str]:
    (strategy,) = toggle["environment"]["strategies"]
    return {parameter["name"]: parameter["value"] for parameter in strategy["parameters"]}


def test_an_edit_is_tried_reviewed_applied_and_undone(server: Server, visit: Visit) -> None:
    create(server, "edited", rollout="0")
    with visit() as visitor:
        open_toggle(visitor, "edited")
        visitor.page.get_by_label("User ID").fill("mira")
        expect(visitor.page.get_by_text("off", exact=True).last).to_be_visible()

        edit_rollout(visitor, "100")

        expect(bar(visitor)).to_contain_text("1 unsaved edit production")
        expect(visitor.page.get_by_text("Now: off")).to_be_visible()
        expect(visitor.page.get_by_text("With your edits: on")).to_be_visible()
        expect(visitor.page.get_by_text("Matches everybody.", exact=True)).to_be_visible()
        expect(visitor.page).to_have_url(
            f"{server.url}/console/toggles/edited?env=production&user=mira"
        )

        review_and_apply(visitor)

        expect(bar(visitor)).to_be_hidden()
        assert parameters_of(read(server, "edited"))["rollout"] == "100"

        visitor.button("Undo").click()
        expect(visitor.page.get_by_text("The change is undone.")).to_be_visible()
        expect(visitor.page.get_by_text("Matches 0 % of everybody", exact=False)).to_be_visible()
        assert parameters_of(read(server, "edited"))["rollout"] == "0"


@pytest.mark.thorough
def test_a_rollout_to_a_country_takes_a_minute(server: Server, visit: Visit) -> None:
    create_toggles(server, "german", environment="production", strategies=[])
    with visit() as visitor:
        open_toggle(visitor, "german")
        visitor.button("Add a strategy").click()
        visitor.page.get_by_role("button", name="Gradual rollout").first.click()
        visitor.page.get_by_label("Rollout", exact=True).fill("20")
        visitor.button("Add a constraint").click()
        visitor.page.get_by_label("Context field").fill("country")
        visitor.page.get_by_label("Values").fill("DE")
        visitor.page.get_by_label("Values").press("Enter")
        visitor.page.get_by_label("Also switch on in production").check()

        expect(bar(visitor)).to_contain_text("2 unsaved edits")
        review_and_apply(visitor)

        sentence = (
            "Matches 20 % of everybody, kept stable by user or session, if country is one of DE."
        )
        expect(visitor.page.get_by_text(sentence)).to_be_visible()
        configuration = read(server, "german")["environment"]
        assert configuration["enabled"] is True
        assert configuration["strategies"][0]["constraints"] == [
            {"contextName": "country", "operator": "IN", "values": ["DE"]}
        ]


@pytest.mark.thorough
def test_variants_are_added_and_removed(server: Server, visit: Visit) -> None:
    create(server, "colours", variants=[{"name": "red"}, {"name": "green"}])
    with visit() as visitor:
        open_toggle(visitor, "colours")
        visitor.button("Edit the variants").click()
        visitor.button("Remove the variant red").click()
        visitor.button("Add a variant").last.click()
        added = visitor.page.get_by_role("group", name="Variant variant-2")
        added.get_by_label("Fixed share").check()
        added.get_by_label("Share in percent").fill("12.5")
        added.get_by_label("Payload").select_option("json")
        added.get_by_label("Value of the payload").fill("{")
        expect(visitor.page.get_by_text("This is not JSON")).to_be_visible()
        added.get_by_label("Value of the payload").fill('{"size": 2}')
        added.get_by_label("Name").fill("blue")

        review_and_apply(visitor)

        assert read(server, "colours")["environment"]["variants"] == [
            {"name": "green", "weight": 875, "payload": None},
            {"name": "blue", "weight": 125, "payload": {"type": "json", "value": '{"size": 2}'}},
        ]


@pytest.mark.thorough
def test_details_tags_and_dependencies_are_edited_together(server: Server, visit: Visit) -> None:
    create_toggles(server, "required", variants=[{"name": "red"}])
    create(server, "detailed", tags=[{"value": "old"}])
    with visit() as visitor:
        open_toggle(visitor, "detailed")
        visitor.button("Edit details").click()
        visitor.page.get_by_label("Description").fill("Said 🙂")
        visitor.page.get_by_label("Type", exact=True).select_option("experiment")
        visitor.page.get_by_label("Stale").check()
        visitor.button("Remove simple old").click()
        visitor.page.get_by_label("New tag", exact=True).fill("fresh")
        visitor.page.get_by_label("New tag", exact=True).press("Enter")
        visitor.button("Add a dependency").click()
        visitor.page.get_by_label("Toggle", exact=True).fill("required")
        visitor.page.get_by_label("With one of these variants").fill("red")
        visitor.page.get_by_label("With one of these variants").press("Enter")

        expect(bar(visitor)).to_contain_text("3 unsaved edits")
        review_and_apply(visitor)

        toggle = read(server, "detailed")
        assert toggle["description"] == "Said 🙂"
        assert toggle["type"] == {"name": "experiment"}
        assert toggle["stale"] is True
        assert toggle["tags"] == [{"value": "fresh"}]
        assert toggle["dependencies"] == [
            {"enabled": True, "variants": ["red"], "toggle": {"name": "required"}}
        ]


@pytest.mark.thorough
def test_a_duplicate_and_a_removal_save_nothing_by_themselves(server: Server, visit: Visit) -> None:
    create(server, "doubled")
    with visit() as visitor:
        open_toggle(visitor, "doubled")
        visitor.button("Edit Gradual rollout").click()
        visitor.button("Duplicate").click()
        visitor.button("Remove Gradual rollout").first.click()

        expect(bar(visitor)).to_contain_text("2 unsaved edits")
        assert len(read(server, "doubled")["environment"]["strategies"]) == 1

        visitor.button("Restore").click()
        expect(bar(visitor)).to_contain_text("1 unsaved edit")
        bar(visitor).get_by_role("button", name="Discard").click()
        expect(bar(visitor)).to_be_hidden()
        expect(visitor.page.get_by_role("heading", name="Gradual rollout")).to_have_count(1)


@pytest.mark.thorough
def test_strategies_are_moved_by_keys_and_by_dragging(server: Server, visit: Visit) -> None:
    strategies = [{"name": "default", "title": title} for title in ("one", "two", "three")]
    create_toggles(server, "ordered", environment="production", strategies=strategies)
    with visit() as visitor:
        open_toggle(visitor, "ordered")
        titles = visitor.page.get_by_role("list", name="Strategies").get_by_role("heading")
        mouse = visitor.page.mouse

        visitor.button("Move one").press("ArrowDown")
        expect(titles).to_have_text(["two", "one", "three"])
        expect(visitor.button("Move one")).to_be_focused()
        expect(visitor.page.get_by_text("one is now strategy 2 of 3.")).to_be_attached()

        for drop in (lambda: visitor.page.keyboard.press("Escape"), mouse.up):
            visitor.button("Move three").hover()
            mouse.down()
            target = titles.first.bounding_box()
            assert target is not None
            mouse.move(target["x"], target["y"] - 12, steps=3)
            expect(visitor.page.locator("li[data-drop=before]")).to_contain_text("two")
            drop()
            expect(visitor.page.locator("li[data-drop]")).to_have_count(0)
            mouse.up()
        expect(titles).to_have_text(["three", "two", "one"])
        review_and_apply(visitor)
    saved = server.graphql(ORDER, name="ordered")["toggle"]["strategies"]
    assert [strategy["title"] for strategy in saved] == ["three", "two", "one"]


@pytest.mark.thorough
def test_unsaved_edits_survive_the_changes_of_other_people(server: Server, visit: Visit) -> None:
    create(server, "shared")
    with visit() as visitor:
        open_toggle(visitor, "shared")
        visitor.wait_until_live()
        edit_rollout(visitor, "35")
        apply(server, [{"toggleUpdate": {"name": "shared", "description": "Theirs"}}])

        expect(visitor.page.get_by_text("The changes are merged with your edits.")).to_be_visible()
        expect(visitor.page.get_by_label("Rollout", exact=True)).to_have_value("35")


@pytest.mark.thorough
def test_leaving_the_page_with_unsaved_edits_asks(server: Server, visit: Visit) -> None:
    create(server, "guarded")
    with visit() as visitor:
        visitor.open("toggles?q=guarded")
        visitor.page.get_by_role("link", name="guarded").click()
        visitor.page.get_by_role("tab", name="production").click()
        edit_rollout(visitor, "35")

        visitor.page.get_by_role("link", name="Toggles /").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        visitor.page.go_back()
        dialog = visitor.page.get_by_role("dialog", name="Leave without saving")
        dialog.get_by_role("button", name="Cancel").click()
        expect(visitor.page.get_by_label("Rollout", exact=True)).to_have_value("35")

        visitor.page.go_back()
        dialog.get_by_role("button", name="Leave").click()
        expect(visitor.page.get_by_label("Search toggles")).to_be_visible()
        assert parameters_of(read(server, "guarded"))["rollout"] == "5"


@pytest.mark.thorough
def test_a_toggle_is_archived_and_revived(server: Server, visit: Visit) -> None:
    create(server, "retired")
    with visit() as visitor:
        open_toggle(visitor, "retired")
        for action, state in (("Archive", True), ("Revive", False)):
            visitor.button("More").click()
            visitor.page.get_by_role("menuitem", name=action).click()
            visitor.button(f"{action} 1 toggle").click()
            expect(visitor.alert("is archived")).to_be_visible(visible=state)
            expect(visitor.switch("retired", "production")).not_to_be_checked()
            assert read(server, "retired")["archived"] is state


@pytest.mark.thorough
def test_leaving_the_console_while_a_switch_waits_asks(server: Server, visit: Visit) -> None:
    create(server, "waiting-switch")
    with visit() as visitor:
        open_toggle(visitor, "waiting-switch")
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        visitor.page.on("dialog", stay)
        visitor.stop_clock()
        visitor.switch("waiting-switch", "production").click()
        visitor.page.close(run_before_unload=True)
        visitor.button("Undo").click()

        assert asked == ["beforeunload"]


@pytest.mark.thorough
def test_a_switch_is_scheduled_and_the_page_links_to_it(server: Server, visit: Visit) -> None:
    create(server, "postponed")
    with visit() as visitor:
        open_toggle(visitor, "postponed")
        visitor.button("More").click()
        visitor.page.get_by_role("menuitem", name="Schedule a switch…").click()
        dialog = visitor.page.get_by_role("dialog", name="Switch postponed off in production")
        expect(dialog.get_by_label("Later")).to_be_checked()
        dialog.get_by_label("Why?").fill("The sale ends")
        dialog.get_by_role("button", name="Schedule").click()

        scheduled = visitor.page.get_by_role("list", name="Scheduled changes")
        expect(scheduled).to_contain_text("Scheduled for")
        link = scheduled.get_by_role("link", name="The sale ends")
        expect(link).to_have_attribute("href", re.compile("^/console/change-sets/."))

        visitor.button("Cancel the changes").click()
        expect(scheduled).to_have_count(0)


@pytest.mark.thorough
def test_a_toggle_opens_in_the_environment_that_was_used_last(server: Server, visit: Visit) -> None:
    create(server, "remembered")
    with visit() as visitor:
        visitor.open("toggles/remembered")
        first = visitor.page.get_by_role("tab", selected=True)
        expect(first).not_to_contain_text("development")
        visitor.page.get_by_role("tab", name="development").click()

        visitor.open("toggles/remembered", token=None)
        expect(visitor.page.get_by_role("tab", name="development", selected=True)).to_be_visible()
        visitor.open("toggles/remembered?env=production", token=None)
        expect(visitor.page.get_by_role("tab", name="production", selected=True)).to_be_visible()


@pytest.mark.thorough
def test_a_note_leaves_unless_the_pointer_is_over_it(server: Server, visit: Visit) -> None:
    create(server, "noted")
    with visit() as visitor:
        visitor.stop_clock()
        open_toggle(visitor, "noted")
        edit_rollout(visitor, "35")
        review_and_apply(visitor)

        visitor.button("Dismiss").hover()
        visitor.page.clock.run_for(30_000)
        expect(visitor.button("Dismiss")).to_be_visible()
        visitor.page.get_by_role("heading", level=1).hover()
        visitor.page.clock.run_for(21_000)
        expect(visitor.button("Dismiss")).to_have_count(0)


@pytest.mark.thorough
def test_a_viewer_token_only_reads(server: Server, visit: Visit) -> None:
    create(server, "viewed")
    secret, _ = create_token(server, "viewer of a toggle", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles/viewed?env=production&user=mira", token=secret)

        expect(visitor.switch("viewed", "production")).to_be_disabled()
        expect(visitor.page.get_by_label("User ID")).to_have_value("mira")
        expect(visitor.page.get_by_text("Each strategy")).to_be_visible()
        for name in (
            "Edit details",
            "More",
            "Edit Gradual rollout",
            "Add a strategy",
            "Edit the variants",
        ):
            expect(visitor.button(name)).to_have_count(0)
