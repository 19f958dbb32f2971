"""The page of tokens: create, change, revoke and find tokens."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.console.conftest import Visit, create_token
from tests.server import Server

pytestmark = pytest.mark.browser

LISTED = """
query($search: String!) {
  apiTokens(filter: { search: $search }) {
    nodes { name type expiresAt environment { name } }
  }
}
"""
# Every place in which a page can store a text.
STORED = """
() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state,
  document.documentElement.outerHTML])
"""


def listed(server: Server, search: str) -> list[dict[str, Any]]:
    return server.graphql(LISTED, search=search)["apiTokens"]["nodes"]


def status_with(server: Server, secret: str) -> int:
    """The status of the answer to an SDK with a secret."""
    address = f"{server.url}/api/client/features"
    return httpx.get(address, headers={"Authorization": secret}).status_code


def test_a_token_is_created_with_a_secret_shown_once_and_revoked(
    server: Server, visit: Visit
) -> None:
    with visit() as visitor:
        visitor.open("tokens")
        dialog = visitor.page.get_by_role("dialog")
        visitor.button("New token").click()
        dialog.get_by_label("Name").fill("checkout service")
        dialog.get_by_label("Environment").select_option("development")
        dialog.get_by_label("Expires").select_option("in 30 days")
        dialog.get_by_role("button", name="Create the token").click()
        expect(dialog).to_contain_text("The secret of checkout service")
        secret = dialog.locator("code").first.inner_text()
        assert status_with(server, secret) == 200
        visitor.page.keyboard.press("Escape")
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="I have stored the secret").click()
        expect(dialog).to_have_count(0)
        assert secret not in visitor.page.evaluate(STORED)
        (token,) = listed(server, "checkout")
        assert token["type"] == "CLIENT"
        assert token["environment"] == {"name": "development"}

        visitor.button("Change the expiry of checkout service").click()
        dialog.get_by_label("Expires").select_option("never")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        assert listed(server, "checkout")[0]["expiresAt"] is None

        visitor.button("Revoke checkout service").click()
        dialog.get_by_role("button", name="Revoke the token").click()
        expect(visitor.page.get_by_text("checkout service is revoked.")).to_be_visible()
        expect(visitor.button("Revoke checkout service")).to_have_count(0)
        assert status_with(server, secret) == 401


@pytest.mark.thorough
def test_a_refused_token_is_explained_and_can_be_corrected(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("tokens?do=create")
        dialog = visitor.page.get_by_role("dialog")
        dialog.get_by_label("Name").fill("too late")
        dialog.get_by_label("Expires").select_option("at a time…")
        dialog.get_by_label("Time").fill("2020-01-01T00:00")
        dialog.get_by_role("button", name="Create the token").click()
        expect(dialog.get_by_role("alert")).not_to_be_empty()
        dialog.get_by_label("Expires").select_option("in a year")
        dialog.get_by_role("button", name="Create the token").click()
        visitor.button("I have stored the secret").click()

        expect(visitor.button("Revoke too late")).to_be_visible()


@pytest.mark.thorough
def test_tokens_are_found_and_new_ones_appear_at_once(server: Server, visit: Visit) -> None:
    create_token(server, "seen by phones", "FRONTEND")
    create_token(server, "seen by people", "VIEWER")
    with visit() as visitor:
        visitor.open("tokens?q=seen by&type=viewer&expired=no")
        expect(visitor.button("Revoke seen by people")).to_be_visible()
        expect(visitor.page.get_by_role("row")).to_have_count(2)
        visitor.wait_until_live()

        create_token(server, "seen by auditors", "VIEWER")

        expect(visitor.button("Revoke seen by auditors")).to_be_visible()
        visitor.button("Expired").click()
        visitor.button("Show all tokens").click()
        expect(visitor.button("Revoke seen by phones")).to_be_visible()


@pytest.mark.thorough
def test_a_viewer_cannot_read_tokens(server: Server, visit: Visit) -> None:
    token, _ = create_token(server, "reader of tokens", "VIEWER")
    with visit() as visitor:
        visitor.open("tokens", token=token)
        expect(visitor.page.get_by_text("Your token does not read tokens")).to_be_visible()
