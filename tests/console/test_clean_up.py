"""The page of toggles that may be ready to leave the code."""

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.console.conftest import Visit, apply, create_toggles, create_token
from tests.console.visitor import Visitor
from tests.server import CLIENT_TOKEN, Server

pytestmark = pytest.mark.browser


def report(server: Server, application: str, *toggles: str) -> None:
    """Report that an application has asked for toggles and got yes."""
    bucket = {
        "start": "2026-11-30T10:00:00Z",
        "stop": "2026-11-30T10:01:00Z",
        "toggles": {name: {"yes": 1, "no": 0} for name in toggles},
    }
    body = {"appName": application, "instanceId": "1", "bucket": bucket}
    headers = {"Authorization": CLIENT_TOKEN}
    answer = httpx.post(f"{server.url}/api/client/metrics", json=body, headers=headers)
    assert answer.status_code == 202


def stale_rows(visitor: Visitor) -> Locator:
    """The rows of the list of stale toggles."""
    return visitor.page.get_by_role("list", name="Marked as stale").get_by_role("listitem")


def mark_stale(server: Server, *names: str) -> None:
    """Mark toggles as stale without the console."""
    apply(server, [{"toggleUpdate": {"name": name, "stale": True}} for name in names])


@pytest.mark.thorough
def test_stale_toggles_say_who_still_asks_and_are_archived_after_a_review(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "old-a", "old-b", "old-c")
    mark_stale(server, "old-a", "old-b", "old-c")
    report(server, "still-asking", "old-a")
    with visit() as visitor:
        visitor.open("clean-up")
        asked = stale_rows(visitor).filter(has_text="old-a")
        expect(asked).to_contain_text("still-asking asked")
        expect(stale_rows(visitor).filter(has_text="old-b")).to_contain_text("No application asked")
        for name in ("old-a", "old-b"):
            visitor.page.get_by_label(f"Select {name}, Marked as stale").check()
        visitor.button("Archive").click()
        dialog = visitor.page.get_by_role("dialog", name="Archive")
        expect(dialog).to_contain_text("still-asking")

        dialog.get_by_role("button", name="Archive 2 toggles").click()
        expect(stale_rows(visitor).filter(has_text="old-a")).to_have_count(0)
        expect(stale_rows(visitor).filter(has_text="old-c")).to_have_count(1)
        expect(visitor.page.get_by_text("2 selected")).to_have_count(0)


@pytest.mark.thorough
def test_selected_toggles_are_marked_as_stale(server: Server, visit: Visit) -> None:
    create_toggles(server, "forgotten")
    with visit() as visitor:
        visitor.open("clean-up?pick=forgotten")
        visitor.button("Mark as stale").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()

        expect(stale_rows(visitor).filter(has_text="forgotten")).to_have_count(1)


@pytest.mark.thorough
def test_a_name_that_nobody_defined_is_created(server: Server, visit: Visit) -> None:
    report(server, "eager", "undefined-name")
    with visit() as visitor:
        visitor.open("clean-up")
        names = visitor.page.get_by_role("list", name="Names that nobody defined")
        row = names.get_by_role("listitem").filter(has_text="undefined-name")

        expect(row).to_contain_text("eager")
        link = row.get_by_role("link", name="Create undefined-name")
        assert (link.get_attribute("href") or "").endswith("/toggles/new?name=undefined-name")


@pytest.mark.thorough
def test_changes_of_others_appear_and_the_address_keeps_the_choices(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "soon-stale")
    with visit() as visitor:
        visitor.open("clean-up")
        visitor.page.get_by_label("Days").select_option("60")
        visitor.page.get_by_label("Environment").select_option("development")
        visitor.page.get_by_role("heading", name="Always on in development").wait_for()
        visitor.page.reload()
        expect(visitor.page.get_by_label("Days")).to_have_value("60")
        visitor.page.get_by_role("heading", name="Always on in development").wait_for()
        visitor.wait_until_live()

        mark_stale(server, "soon-stale")

        expect(stale_rows(visitor).filter(has_text="soon-stale")).to_have_count(1)


@pytest.mark.thorough
def test_a_viewer_reads_the_lists_and_selects_nothing(server: Server, visit: Visit) -> None:
    create_toggles(server, "viewed-stale")
    mark_stale(server, "viewed-stale")
    token, _ = create_token(server, "reader of clean-up", "VIEWER")
    with visit() as visitor:
        visitor.open("clean-up?pick=viewed-stale&do=archive", token=token)

        expect(stale_rows(visitor).filter(has_text="viewed-stale")).to_have_count(1)
        assert visitor.page.get_by_role("checkbox").count() == 0
        assert visitor.page.get_by_role("dialog").count() == 0
