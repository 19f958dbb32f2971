"""Journeys of a user of the console: sign in, find, switch, change several toggles, and undo."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette

from flagstaff.app import run_app
from flagstaff.settings import Settings
from tests.console.conftest import (
    Visit,
    apply,
    create_toggles,
    create_token,
    is_enabled,
    set_enabled,
)
from tests.console.visitor import visiting
from tests.prefixing import below, served
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ForkedServer, Server

pytestmark = pytest.mark.browser

REVOKE = "mutation($id: ID!) { apiTokenRevoke(input: { id: $id }) { errors { message } } }"


def test_signing_in_keeps_the_address_and_refused_tokens_are_explained(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "sign-in-a", "sign-in-b")
    with visit() as visitor:
        visitor.open("toggles?q=sign-in-b", token="*:*.not-a-token")
        alert = visitor.page.get_by_role("alert")
        expect(alert).to_contain_text("token")
        visitor.sign_in(CLIENT_TOKEN)
        expect(alert).to_contain_text("client")
        visitor.sign_in(ADMIN_TOKEN)
        visitor.switch("sign-in-b", "development").wait_for()

        assert visitor.toggles() == ["sign-in-b"]
        stored = visitor.page.evaluate("[Object.values(sessionStorage), {...localStorage}]")
        assert stored[0] == [ADMIN_TOKEN]
        assert ADMIN_TOKEN not in str(stored[1])

        visitor.page.reload()
        visitor.switch("sign-in-b", "development").wait_for()
        visitor.button("Sign out").click()
        visitor.page.get_by_label("API token").wait_for()
        assert visitor.page.evaluate("Object.keys(sessionStorage)") == []


@pytest.mark.thorough
def test_a_revoked_token_leads_back_to_the_sign_in_page_with_the_reason(
    server: Server, visit: Visit
) -> None:
    token, id = create_token(server, "revoked", "ADMIN")
    with visit() as visitor:
        visitor.open("toggles?q=is:stale", token=token)
        visitor.wait_until_live()

        assert server.graphql(REVOKE, id=id)["apiTokenRevoke"]["errors"] == []

        expect(visitor.page.get_by_role("alert")).to_contain_text("You were signed out:")
        assert visitor.page.evaluate("Object.keys(sessionStorage)") == []
        assert visitor.page.url.endswith("/console/toggles?q=is:stale")


def test_a_found_toggle_is_switched_and_others_see_it_at_once(server: Server, visit: Visit) -> None:
    create_toggles(server, "find-me", description="Needle")
    create_toggles(server, "not-me")
    with visit() as first, visit() as second:
        for visitor in (first, second):
            visitor.open("toggles")
            visitor.search("needle -type:experiment")
            expect(visitor.page.get_by_role("rowheader")).to_have_count(1)
        second.wait_until_live()
        before = first.switch("find-me", "development").is_checked()

        first.switch("find-me", "development").click()

        expect(second.switch("find-me", "development")).to_be_checked(checked=not before)
        expect(first.switch("find-me", "development")).to_be_checked(checked=not before)
        assert is_enabled(server, "find-me", "development") is not before


@pytest.mark.thorough
def test_a_switch_in_production_waits_and_can_be_taken_back(server: Server, visit: Visit) -> None:
    create_toggles(server, "careful", enabled=False)
    with visit() as visitor:
        visitor.stop_clock()
        visitor.open("toggles?q=careful")
        switch = visitor.switch("careful", "production")

        switch.click()
        expect(switch).to_be_checked()
        visitor.button("Undo").click()
        expect(switch).not_to_be_checked()
        visitor.page.clock.run_for(6_000)
        taken_back = is_enabled(server, "careful", "production")
        switch.click()
        expect(visitor.page.get_by_text("on in 5 s", exact=True)).to_be_visible()
        visitor.page.clock.run_for(5_500)
        expect(visitor.page.get_by_text("Switched on", exact=True)).to_be_visible()
        expect(visitor.button("Undo")).to_have_count(0)

        expect(switch).to_be_checked()
    assert taken_back is False
    assert is_enabled(server, "careful", "production") is True


@pytest.mark.thorough
def test_a_switch_in_production_can_ask_first(server: Server, visit: Visit) -> None:
    create_toggles(server, "asked", enabled=False)
    with visit() as visitor:
        visitor.open("toggles?q=asked")
        visitor.page.get_by_label("Before switching in production").select_option("ask")
        switch = visitor.switch("asked", "production")

        switch.click()
        visitor.button("Cancel").click()
        expect(switch).not_to_be_checked()
        cancelled = is_enabled(server, "asked", "production")
        switch.click()
        visitor.button("Switch on").click()
        expect(switch).to_be_checked()
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        visitor.page.reload()
        expect(switch).to_be_checked()
    assert cancelled is False


@pytest.mark.thorough
def test_of_many_environments_the_list_shows_the_chosen_ones(server: Server, visit: Visit) -> None:
    create_toggles(server, "many-environments")
    names = [f"stage-{number}" for number in range(4)]
    changes = [{"environmentCreate": {"name": name, "type": "TEST"}} for name in names]
    apply(server, changes)
    with visit() as visitor:
        visitor.open("toggles?q=many-environments")
        visitor.button("4 of 7 environments").click()
        visitor.page.get_by_role("menuitem", name="stage-3").click()

        visitor.switch("many-environments", "stage-3").wait_for()
        assert visitor.page.get_by_role("switch").count() == 4
        visitor.page.reload()
        visitor.switch("many-environments", "stage-3").wait_for()
    apply(server, [{"environmentDelete": {"name": name}} for name in names])


@pytest.mark.thorough
def test_without_the_server_a_switch_springs_back(server: Server, visit: Visit) -> None:
    create_toggles(server, "offline", enabled=False)
    with visit() as visitor:
        visitor.open("toggles?q=offline")
        visitor.wait_until_live()
        switch = visitor.switch("offline", "development")
        before = switch.is_checked()

        visitor.context.set_offline(True)
        switch.click()

        expect(visitor.page.get_by_text("Not changed")).to_be_visible()
        expect(switch).to_be_checked(checked=before)
        expect(visitor.page.get_by_text("Trying again")).to_be_visible()
        unchanged = is_enabled(server, "offline", "development")
        set_enabled(server, "offline", "development", not before)
        visitor.context.set_offline(False)
        visitor.wait_until_live()
        expect(switch).to_be_checked(checked=not before)
    assert unchanged is before


@pytest.mark.thorough
def test_a_server_that_requires_no_token_asks_for_none(browser: Browser, tmp_path: Path) -> None:
    with (
        ForkedServer(tmp_path, FLAGSTAFF_AUTH="none") as server,
        visiting(browser, server.url) as visitor,
    ):
        visitor.open("toggles", token=None)

        expect(visitor.page.get_by_text("No token needed")).to_be_visible()
        assert visitor.button("Sign out").count() == 0


@pytest.mark.thorough
def test_several_toggles_are_archived_after_a_review_and_brought_back(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "bulk-a", "bulk-b", "bulk-c")
    with visit() as visitor:
        visitor.open("toggles?q=bulk-")
        for name in ("bulk-a", "bulk-b"):
            visitor.page.get_by_label(f"Select {name}").check()
        visitor.button("Archive").click()

        dialog = visitor.page.get_by_role("dialog", name="Archive")
        expect(dialog.get_by_role("listitem")).to_have_count(2)
        expect(dialog).to_contain_text("Archives toggle 'bulk-a'.")
        assert len(visitor.toggles()) == 3
        dialog.get_by_label("Why?").fill("spring cleaning")
        dialog.get_by_role("button", name="Archive 2 toggles").click()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(1)
        expect(visitor.page.get_by_text("Applied 2 changes to 2 toggles.")).to_be_visible()
        comment = server.graphql("{ changeSets(first: 1) { nodes { comment } } }")

        visitor.button("Undo").click()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(3)
        expect(visitor.page.get_by_text("2 changes are undone.")).to_be_visible()

    assert comment["changeSets"]["nodes"] == [{"comment": "spring cleaning"}]


@pytest.mark.thorough
def test_a_link_opens_the_review_of_selected_toggles(server: Server, visit: Visit) -> None:
    create_toggles(server, "linked-a", "linked-b", enabled=False)
    with visit() as visitor:
        visitor.open("toggles?pick=linked-a&pick=linked-b&do=on:production")
        dialog = visitor.page.get_by_role("dialog", name="Switch on in production")
        expect(dialog.get_by_role("listitem")).to_have_count(2)
        assert is_enabled(server, "linked-a", "production") is False

        visitor.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(visitor.page.get_by_text("2 selected")).to_be_visible()


@pytest.mark.thorough
def test_a_refused_change_is_explained_and_nothing_is_applied(server: Server, visit: Visit) -> None:
    create_toggles(server, "refused-a")
    with visit() as visitor:
        visitor.open("toggles?pick=refused-a&pick=refused-none&do=stale")
        dialog = visitor.page.get_by_role("dialog", name="Mark as stale")

        expect(dialog.get_by_role("alert")).to_contain_text("refused-none")
        expect(dialog.get_by_role("button", name="Apply")).to_have_count(0)


@pytest.mark.thorough
def test_a_viewer_can_read_and_change_nothing(server: Server, visit: Visit) -> None:
    create_toggles(server, "read-only")
    token, _ = create_token(server, "reader", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles?q=read-only&pick=read-only&do=archive", token=token)

        expect(visitor.switch("read-only", "development")).to_be_disabled()
        expect(visitor.page.get_by_text("reads only")).to_be_visible()
        assert visitor.page.get_by_role("checkbox").count() == 0
        assert visitor.page.get_by_role("dialog").count() == 0


@pytest.mark.thorough
def test_a_search_is_saved_as_a_view(server: Server, visit: Visit) -> None:
    create_toggles(server, "view-a", "view-b")
    with visit() as visitor:
        visitor.open("toggles?q=view-a")
        visitor.button("Save this view").click()
        visitor.page.get_by_role("dialog").get_by_label("Name").fill("Mine")
        visitor.button("Save").click()
        visitor.page.reload()
        expect(visitor.button("Mine")).to_have_attribute("aria-pressed", "true")

        visitor.button("Mine").click()
        visitor.switch("view-b", "development").wait_for()
        visitor.button("Mine").click()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(1)


@pytest.mark.thorough
def test_a_long_list_has_pages_and_an_order(server: Server, visit: Visit) -> None:
    create_toggles(server, *(f"long-{number:03}" for number in range(60)))
    with visit() as visitor:
        visitor.open("toggles?q=long-")
        visitor.switch("long-000", "development").wait_for()
        visitor.button("Next").click()
        expect(visitor.page.get_by_role("rowheader")).to_have_count(10)
        visitor.page.go_back()
        visitor.switch("long-000", "development").wait_for()
        visitor.button("Toggle").click()
        visitor.switch("long-059", "development").wait_for()

        assert visitor.toggles()[0] == "long-059"
        header = visitor.page.get_by_role("columnheader", name="Toggle", exact=True)
        assert header.get_attribute("aria-sort") == "descending"
        visitor.page.get_by_label("Select long-059").check()
        visitor.button("Select all 60").click()
        expect(visitor.page.get_by_text("60 selected")).to_be_visible()


@pytest.mark.thorough
def test_names_and_descriptions_are_only_text(server: Server, visit: Visit) -> None:
    hostile = "<img src=x onerror=alert(1)> \u202egnissim\u202c 😀"
    create_toggles(server, "x" * 100, description=hostile)
    with visit() as visitor:
        visitor.open(f"toggles?q={'x' * 100}")

        expect(visitor.page.get_by_text(hostile)).to_be_visible()
        assert visitor.page.locator("td img, th img").count() == 0
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 1440


@pytest.mark.thorough
def test_below_a_prefix_pages_reload_also_with_trusted_documents_only(
    browser: Browser, tmp_path: Path
) -> None:
    @asynccontextmanager
    async def run(proxy: Starlette) -> AsyncGenerator[None]:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/flags.db",
            init_admin_tokens=(ADMIN_TOKEN,),
            trusted_documents_only=True,
        )
        async with run_app(settings) as running:
            proxy.mount("/", below("/flags", running.app))
            yield
            running.end_streams()

    with (
        served(Starlette(lifespan=run)) as url,
        visiting(browser, f"{url}/flags") as visitor,
    ):
        visitor.page.goto(f"{url}/flags/console")
        visitor.sign_in(ADMIN_TOKEN)
        visitor.wait_until_live()
        expect(visitor.page.get_by_text("There are no toggles yet")).to_be_visible()
        assert visitor.page.url == f"{url}/flags/console/toggles"
        visitor.page.goto(f"{url}/flags/console/a/b%2Fc/d?q=1")
        expect(visitor.page.get_by_text("There is no page at this address")).to_be_visible()
        visitor.page.get_by_role("link", name="Open the toggles").click()
        expect(visitor.page.get_by_text("There are no toggles yet")).to_be_visible()
        visitor.page.get_by_role("link", name="New toggle").first.click()
        visitor.page.get_by_label("Name", exact=True).fill("first")
        visitor.button("Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        expect(visitor.page).to_have_url(f"{url}/flags/console/toggles/first")
        visitor.page.reload()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("first")
        expect(visitor.page.get_by_text("The toggle is off", exact=False)).to_be_visible()
