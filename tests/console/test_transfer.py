"""The page for import and export."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.console.conftest import Visit, create_toggles, create_token
from tests.server import Server

pytestmark = pytest.mark.browser

EXPORT = "query($search: String!) { stateExport(filter: { search: $search }) { content } }"
FOUND = "query($name: String!) { toggle(name: $name) { description } }"


def description(server: Server, toggle: str) -> str | None:
    """The description of a toggle, or None if there is no toggle with this name."""
    found = server.graphql(FOUND, name=toggle)["toggle"]
    return found and found["description"]


def payload(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "application/json", "buffer": content.encode()}


def test_an_export_is_imported_after_a_look_at_its_effects_and_undone(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "moved-toggle", description="as it was")
    exported = server.graphql(EXPORT, search="moved-toggle")["stateExport"]["content"]
    changed = exported.replace("as it was", "as the file says")
    with visit() as visitor:
        visitor.open("transfer")
        dialog = visitor.page.get_by_role("dialog")
        review = visitor.page.get_by_role("button", name="Review")
        expect(review).to_be_disabled()
        chooser = visitor.page.get_by_label("Choose a file")
        chooser.set_input_files(payload("yesterday.json", changed))
        expect(visitor.page.get_by_text("yesterday.json")).to_be_visible()

        visitor.page.get_by_label("Only add").check()
        review.click()
        expect(dialog).to_contain_text("would change nothing")
        visitor.page.keyboard.press("Escape")

        visitor.page.get_by_label("Merge").first.check()
        review.click()
        expect(dialog).to_contain_text("as the file says")
        assert description(server, "moved-toggle") == "as it was"
        dialog.get_by_label("Why?").fill("back to yesterday")
        dialog.get_by_role("button", name="Import", exact=True).click()
        expect(dialog).to_have_count(0)
        assert description(server, "moved-toggle") == "as the file says"

        visitor.button("Undo").click()
        expect(visitor.page.get_by_text("undone.")).to_be_visible()
        assert description(server, "moved-toggle") == "as it was"


@pytest.mark.thorough
def test_a_review_of_many_changes_has_pages_and_finds_the_others(
    server: Server, visit: Visit, request: pytest.FixtureRequest
) -> None:
    count = 5_000 if request.config.getoption("--every-row") else 120
    create_toggles(server, "copied")
    document = json.loads(server.graphql(EXPORT, search="copied")["stateExport"]["content"])
    (toggle,) = document["toggles"]
    document["toggles"] = [toggle | {"name": f"many-{number:04}"} for number in range(count)]
    content = json.dumps(document)
    with visit() as visitor:
        visitor.open("transfer")
        visitor.page.get_by_label("Choose a file").set_input_files(payload("many.json", content))
        visitor.button("Review").click()
        dialog = visitor.page.get_by_role("dialog")
        changes = dialog.get_by_role("list", name="Changes").get_by_role("listitem")
        last = changes.filter(has_text=f"many-{count - 1:04}")

        expect(dialog.get_by_text("Changes 1 to 100 of")).to_be_visible()
        expect(changes).to_have_count(100)
        expect(last).to_have_count(0)
        dialog.get_by_role("button", name="Next").click()
        expect(dialog.get_by_text("Changes 101 to")).to_be_visible()
        dialog.get_by_role("textbox", name="Search the changes").fill(f"{count - 1:04}")
        expect(last).to_be_visible()
        expect(changes).to_have_count(last.count())
        dialog.get_by_role("button", name="Import").click()
        expect(visitor.page.get_by_text(re.compile(r"^Applied \d+ changes\.$"))).to_be_visible()


@pytest.mark.thorough
def test_a_review_of_an_unleash_export_says_what_the_file_loses(visit: Visit) -> None:
    toggle = {"name": "from-unleash", "strategies": [{"name": "default"}], "colour": "red"}
    document = {"version": 1, "features": [toggle]}
    with visit() as visitor:
        visitor.open("transfer")
        chooser = visitor.page.get_by_label("Choose a file")
        chooser.set_input_files(payload("unleash.json", json.dumps(document)))
        visitor.button("Review").click()

        dialog = visitor.page.get_by_role("dialog")
        expect(dialog).to_contain_text("1 item of the file is not imported as it is")
        expect(dialog.get_by_text("colour", exact=False).first).to_be_visible()


@pytest.mark.thorough
def test_a_review_that_takes_too_long_says_what_to_do(visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("transfer")
        chooser = visitor.page.get_by_label("Choose a file")
        chooser.set_input_files(payload("large.json", "{}"))
        late = {
            "message": "The operation took longer than 5 seconds.",
            "extensions": {"code": "TIMEOUT"},
        }
        visitor.page.route(
            "**/graphql", lambda route: route.fulfill(json={"data": None, "errors": [late]})
        )
        visitor.button("Review").click()

        alert = visitor.page.get_by_role("dialog").get_by_role("alert")
        expect(alert).to_contain_text("longer than 5 seconds")
        expect(alert).to_contain_text("flagstaff import")


@pytest.mark.thorough
def test_a_file_that_is_no_export_is_refused_with_a_reason(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("transfer")
        chooser = visitor.page.get_by_label("Choose a file")
        chooser.set_input_files(payload("empty.json", ""))
        expect(visitor.alert("empty.json is empty.")).to_be_visible()
        chooser.set_input_files(payload("notes.json", "[1, 2"))
        visitor.page.get_by_role("button", name="Review").click()
        expect(visitor.page.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()


@pytest.mark.thorough
def test_an_error_of_a_file_names_its_entry(visit: Visit) -> None:
    toggle = {"name": "nameless-strategy", "strategies": [{"name": "default"}, {"name": ""}]}
    document = {"version": 1, "features": [toggle]}
    with visit() as visitor:
        visitor.open("transfer")
        chooser = visitor.page.get_by_label("Choose a file")
        chooser.set_input_files(payload("faulty.json", json.dumps(document)))
        visitor.button("Review").click()

        alert = visitor.page.get_by_role("dialog").get_by_role("alert")
        expect(alert).to_contain_text("must not be empty. features.0.strategies.1.name")


@pytest.mark.thorough
def test_a_batch_export_takes_its_segments_from_another_file(server: Server, visit: Visit) -> None:
    strategy = {"name": "default", "segments": [7]}
    export = {
        "features": [{"name": "for-the-north", "type": "release", "project": "default"}],
        "featureStrategies": [strategy | {"id": "1", "featureName": "for-the-north"}],
        "featureEnvironments": [
            {"featureName": "for-the-north", "environment": "production", "enabled": True}
        ],
        "contextFields": [],
        "featureTags": [],
        "segments": [{"id": 7, "name": "north"}],
        "tagTypes": [],
    }
    constraint = {"contextName": "region", "operator": "IN", "values": ["north"]}
    segments = [{"id": 7, "name": "north", "constraints": [constraint]}]
    with visit() as visitor:
        visitor.open("transfer")
        page = visitor.page
        page.get_by_label("Choose a file").set_input_files(
            payload("batch.json", json.dumps(export))
        )
        page.get_by_text("Segments for a batch export").click()
        page.get_by_label("Choose the segments").set_input_files(
            payload("segments.json", json.dumps(segments))
        )
        visitor.button("Review").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("region")
        dialog.get_by_role("button", name="Import").click()
        expect(dialog).to_have_count(0)

    query = '{ segments(search: "north") { nodes { constraints { contextName values } } } }'
    (segment,) = server.graphql(query)["segments"]["nodes"]
    assert segment["constraints"] == [{"contextName": "region", "values": ["north"]}]


@pytest.mark.thorough
def test_a_viewer_exports_the_toggles_that_a_search_finds(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    create_toggles(server, "exported-a", "exported-b")
    token, _ = create_token(server, "exporter", "VIEWER")
    with visit() as visitor:
        visitor.open("transfer", token=token)
        expect(visitor.page.get_by_text("Your token only reads")).to_be_visible()
        visitor.page.get_by_label("Only toggles that match").fill("exported-")
        with visitor.page.expect_download() as started:
            visitor.button("Export").click()
        started.value.save_as(tmp_path / "export.json")
        expect(visitor.page.get_by_text("has 2 toggles")).to_be_visible()

    document = json.loads((tmp_path / "export.json").read_text(encoding="utf-8"))
    assert started.value.suggested_filename.endswith(".json")
    assert [toggle["name"] for toggle in document["toggles"]] == ["exported-a", "exported-b"]
