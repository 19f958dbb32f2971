"""The playground: decisions for contexts and environments, with and without assumed changes."""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from tests.console.conftest import Visit, apply, create_toggles, create_token, is_enabled
from tests.console.visitor import Visitor
from tests.server import ADMIN_TOKEN, Server

pytestmark = pytest.mark.browser

COUNTRY = [{"contextName": "country", "operator": "IN", "values": ["DE", "AT"]}]
ROLLOUT = [{"name": "rollout", "value": "50"}, {"name": "stickiness", "value": "userId"}]


def create_played(server: Server, name: str) -> None:
    """Create a toggle that is on in production for half of the users in two countries."""
    strategy = {"name": "flexibleRollout", "parameters": ROLLOUT, "constraints": COUNTRY}
    configuration = {"environment": "production", "enabled": True, "strategies": [strategy]}
    create_toggles(server, name, enabled=False)
    apply(server, [{"toggleConfigure": {"name": name, **configuration}}])


def cell(visitor: Visitor, toggle: str, environment: str, context: str) -> Locator:
    """The button with a decision."""
    return visitor.page.get_by_role("button", name=f"{toggle} in {environment} for {context}: ")


@pytest.mark.thorough
def test_pasted_contexts_become_columns_and_stay_in_the_address(
    server: Server, visit: Visit
) -> None:
    create_played(server, "pasted")
    with visit() as visitor:
        visitor.open("playground?q=pasted&env=production")
        lines = '{"userId": "7", "country": "FR"}\n{"userId": "8", "country": "DE"}\n9'
        visitor.page.get_by_label("Users to try").fill(lines)
        for name in ("7", "8", "9"):
            expect(cell(visitor, "pasted", "production", name)).to_be_visible()
        expect(cell(visitor, "pasted", "production", "7")).to_contain_text("off")
        visitor.button("development").click()
        expect(cell(visitor, "pasted", "development", "9")).to_contain_text("off")
        visitor.page.reload()
        expect(cell(visitor, "pasted", "development", "9")).to_be_visible()
        expect(visitor.page.get_by_label("Users to try")).to_have_value(lines)


@pytest.mark.thorough
def test_an_unreadable_context_is_explained_and_nothing_is_asked(
    server: Server, visit: Visit
) -> None:
    create_played(server, "unreadable")
    with visit() as visitor:
        visitor.open("playground?q=unreadable&env=production&context=7")
        cell(visitor, "unreadable", "production", "7").wait_for()
        visitor.page.get_by_label("Users to try").fill('8\n{"country": ["DE"]}')

        expect(visitor.alert("has no text, number or boolean in 'country'")).to_be_visible()
        expect(cell(visitor, "unreadable", "production", "7")).to_be_visible()


@pytest.mark.thorough
def test_a_decision_opens_to_its_reasons(server: Server, visit: Visit) -> None:
    create_played(server, "explained")
    context = quote('{"userId": "7", "country": "FR"}')
    with visit() as visitor:
        visitor.open(f"playground?q=explained&env=production&context={context}")
        cell(visitor, "explained", "production", "7").click()
        dialog = visitor.page.get_by_role("dialog", name="explained in production for 7")
        expect(dialog.get_by_text("country is one of DE or AT")).to_be_visible()
        expect(dialog.get_by_text("seen: FR")).to_be_visible()
        expect(dialog.get_by_text("Gradual rollout flexibleRollout")).to_be_visible()
        expect(dialog.get_by_text("of 100, rollout 50 %, from 7")).to_be_visible()
        visitor.page.reload()
        expect(dialog.get_by_text("seen: FR")).to_be_visible()
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


@pytest.mark.thorough
def test_assumed_changes_show_now_and_then_and_are_applied_after_a_review(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "assumed-a", "assumed-b", enabled=False)
    with visit() as visitor:
        visitor.open("playground?q=assumed-&env=production&context=7")
        cell(visitor, "assumed-a", "production", "7").click()
        visitor.button("Assume it is switched on").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog.get_by_role("region", name="Now")).to_contain_text("off")
        expect(dialog.get_by_role("region", name="With the changes")).to_contain_text("on")
        visitor.button("Close").click()
        expect(cell(visitor, "assumed-a", "production", "7")).to_contain_text("off→ becomes on")
        expect(cell(visitor, "assumed-b", "production", "7")).not_to_contain_text("becomes")
        assert is_enabled(server, "assumed-a", "production") is False

        visitor.page.get_by_label("Only what changes").check()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(1)
        visitor.button("Review…").click()
        visitor.button("Switch on 1 toggle").click()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(2)
        assert is_enabled(server, "assumed-a", "production") is True


@pytest.mark.thorough
def test_the_playground_is_kept_when_coming_back_from_another_page(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "kept", enabled=False)
    with visit() as visitor:
        visitor.open("playground?q=kept&env=development&context=7")
        cell(visitor, "kept", "development", "7").wait_for()
        pages = visitor.page.get_by_role("navigation", name="Pages")
        pages.get_by_role("link", name="Activity").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Activity")

        pages.get_by_role("link", name="Playground").click()
        expect(cell(visitor, "kept", "development", "7")).to_be_visible()
        assert visitor.page.url.endswith("/playground?q=kept&env=development&context=7")

        pages.get_by_role("link", name="Activity").click()
        visitor.button("Sign out").click()
        visitor.sign_in(ADMIN_TOKEN)
        pages.get_by_role("link", name="Playground").click()
        expect(visitor.page.get_by_label("Users to try")).to_be_visible()
        assert visitor.page.url.endswith("/playground")


@pytest.mark.thorough
def test_a_link_with_changes_is_only_shown(server: Server, visit: Visit) -> None:
    create_toggles(server, "proposed", enabled=False)
    switch = {"name": "proposed", "environment": "production", "enabled": True}
    proposal = [{"toggleSetEnabled": switch}, {"toggleArchive": {"name": "never-created"}}]
    changes = quote(json.dumps(proposal))
    token, _ = create_token(server, "reader of the playground", "VIEWER")
    with visit() as visitor:
        visitor.open(f"playground?q=proposed&changes={changes}", token=token)
        expect(visitor.alert("never-created")).to_be_visible()
        visitor.button("Remove toggle archive never-created").click()
        expect(visitor.page.get_by_role("heading", name="Assuming 1 change")).to_be_visible()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(1)
        assert visitor.button("Review…").count() == 0

        visitor.open("playground?changes=[1]", token=None)
        expect(visitor.alert("assumed changes that cannot be read")).to_be_visible()
        visitor.button("Assume nothing").click()
        expect(visitor.alert("assumed changes")).to_have_count(0)
    assert is_enabled(server, "proposed", "production") is False


@pytest.mark.thorough
def test_changes_of_others_are_evaluated_at_once(server: Server, visit: Visit) -> None:
    create_toggles(server, "followed", enabled=False)
    with visit() as visitor:
        visitor.open("playground?q=followed&env=production")
        expect(cell(visitor, "followed", "production", "empty context")).to_contain_text("off")
        visitor.wait_until_live()

        switch = {"name": "followed", "environment": "production", "enabled": True}
        apply(server, [{"toggleSetEnabled": switch}])

        expect(cell(visitor, "followed", "production", "empty context")).to_contain_text("on")
