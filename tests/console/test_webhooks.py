"""The pages of webhooks: create, test, read the deliveries, change and delete."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.conftest import (
    Visit,
    create_environments,
    create_toggles,
    create_token,
    set_enabled,
)
from tests.console.test_tokens import STORED
from tests.receiver import Receiver
from tests.server import TOKENS, ForkedServer, Server

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

CREATE = """
mutation($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { webhook { id } secret errors { message } }
}
"""
LISTED = "{ webhooks { name enabled eventTypes environments format } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose webhooks reach receivers on this machine."""
    folder = tmp_path_factory.mktemp("server")
    with ForkedServer(folder, FLAGSTAFF_WEBHOOK_NETWORKS="127.0.0.0/8", **TOKENS) as running:
        create_environments(running)
        yield running


def create_webhook(server: Server, name: str, url: str, **fields: object) -> str:
    """Create a webhook without the console. Return its ID."""
    input = {"name": name, "receiverUrl": url, **fields}
    created = server.graphql(CREATE, input=input)["webhookCreate"]
    assert created["errors"] == []
    return created["webhook"]["id"]


def listed(server: Server) -> dict[str, dict[str, Any]]:
    """The webhooks by name."""
    return {webhook["name"]: webhook for webhook in server.graphql(LISTED)["webhooks"]}


def test_a_webhook_is_created_and_tested_and_gets_the_events_that_it_selects(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "sent")
    with Receiver() as receiver, visit() as visitor:
        page = visitor.page
        visitor.open("webhooks")
        visitor.button("New webhook").click()
        dialog = page.get_by_role("dialog")
        url = dialog.get_by_label("URL of the receiver")
        dialog.get_by_label("Name").fill("deployments")
        url.fill("deploy.example.com")
        dialog.get_by_role("button", name="Create the webhook").click()
        expect(url).to_have_accessible_description(re.compile("must be absolute"))
        url.fill(receiver.url)
        dialog.get_by_role("combobox", name="Events").select_option("only some types…")
        dialog.get_by_role("button", name="Remove Toggle switched off").click()
        dialog.get_by_label("production").check()
        dialog.get_by_role("button", name="Create the webhook").click()
        expect(dialog).to_contain_text("The secret of deployments")
        secret = dialog.locator("code").first.inner_text()
        page.keyboard.press("Escape")
        dialog.get_by_role("button", name="I have stored the secret").click()
        expect(dialog).to_have_count(0)
        assert secret not in page.evaluate(STORED)
        assert listed(server)["deployments"] == {
            "name": "deployments",
            "enabled": True,
            "eventTypes": ["TOGGLE_ENABLED"],
            "environments": ["production"],
            "format": "GENERIC",
        }

        visitor.button("Send a test to deployments").click()
        expect(page.get_by_text("The receiver of deployments answered 204")).to_be_visible()
        page.get_by_role("link", name="deployments").click()
        log = page.get_by_role("table", name="Deliveries")
        expect(log.get_by_role("row")).to_have_count(2)
        visitor.wait_until_live()
        set_enabled(server, "sent", "development", True)
        set_enabled(server, "sent", "production", True)

        expect(log.get_by_role("row").nth(1)).to_contain_text("on in production")
        expect(log.get_by_role("row").nth(1)).to_contain_text("204 after")
        expect(log.get_by_role("row")).to_have_count(3)
        assert all(message.is_signed_with(secret) for message in receiver.messages)
        assert [message.json["type"] for message in receiver.messages] == [
            "WEBHOOK_TESTED",
            "TOGGLE_ENABLED",
        ]
        log.get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Activity", level=1)).to_be_visible()


def test_a_webhook_is_changed_switched_off_and_deleted(server: Server, visit: Visit) -> None:
    id = create_webhook(server, "chat", "https://hooks.slack.com/services/1", enabled=False)
    with visit() as visitor:
        page = visitor.page
        visitor.open(f"webhooks/{id}")
        dialog = page.get_by_role("dialog")
        visitor.button("Edit…").wait_for()
        page.keyboard.press("e")
        dialog.get_by_label("Format").select_option("Slack")
        dialog.get_by_label("Name").fill("team chat")
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="team chat", level=1)).to_be_visible()
        expect(page.get_by_text("https://hooks.slack.com/…")).to_be_visible()
        assert listed(server)["team chat"]["format"] == "SLACK"

        visitor.button("Send a test to team chat").click()
        expect(visitor.alert("enable it to test it")).to_be_visible()
        visitor.button("Replace the secret…").click()
        dialog.get_by_role("button", name="Replace the secret").click()
        expect(dialog).to_contain_text("whsec_")
        dialog.get_by_role("button", name="I have stored the secret").click()
        visitor.button("Delete…").click()
        dialog.get_by_role("button", name="Delete the webhook").click()
        expect(page.get_by_text("Deleted team chat.")).to_be_visible()
        assert "team chat" not in listed(server)


def test_a_webhook_is_disabled_after_a_question_and_enabled_at_once(
    server: Server, visit: Visit
) -> None:
    with Receiver() as receiver, visit() as visitor:
        create_webhook(server, "pausing", receiver.url)
        visitor.open("webhooks")
        enabled = visitor.page.get_by_role("switch", name="Send events to pausing")
        enabled.click()
        visitor.button("Cancel").click()
        expect(enabled).to_be_checked()
        enabled.click()
        visitor.button("Switch off").click()
        expect(enabled).not_to_be_checked()
        assert listed(server)["pausing"]["enabled"] is False

        enabled.click()
        expect(visitor.page.get_by_text("gets events from now on")).to_be_visible()
        assert listed(server)["pausing"]["enabled"] is True


def test_an_edit_of_a_changed_webhook_is_refused(server: Server, visit: Visit) -> None:
    id = create_webhook(server, "shared", "https://chat.example.com", enabled=False)
    update = "mutation($input: WebhookUpdateInput!) { webhookUpdate(input: $input) { secret } }"
    with visit() as visitor:
        visitor.open(f"webhooks/{id}?do=edit")
        dialog = visitor.page.get_by_role("dialog")
        dialog.get_by_label("Description").fill("mine")
        server.graphql(update, input={"id": id, "description": "theirs"})
        dialog.get_by_role("button", name="Save").click()

        expect(dialog.get_by_role("alert")).to_contain_text("changed")


def test_a_viewer_cannot_read_webhooks(server: Server, visit: Visit) -> None:
    token, _ = create_token(server, "reader of webhooks", "VIEWER")
    with visit() as visitor:
        visitor.open("webhooks", token=token)
        expect(visitor.page.get_by_text("Your token does not read webhooks")).to_be_visible()
