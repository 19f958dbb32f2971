"""The sample application in Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.flagstaff.pages.browsing import PATIENCE_MS, sign_in, visiting
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

pytestmark = pytest.mark.browser
STORY_COUNT = 8


def run_all(page: Page) -> None:
    page.get_by_role("button", name="Run all").click()
    page.get_by_label("Type sample to go on").fill("sample")
    page.get_by_role("button", name="Run", exact=True).click()


def wait_for_the_end(page: Page) -> list[str]:
    """Wait until all stories have ended, and return their texts."""
    ended = page.locator(".badge.passed, .badge.failed, .badge.skipped")
    expect(ended).to_have_count(STORY_COUNT, timeout=2 * PATIENCE_MS)
    expect(page.get_by_role("button", name="Run all")).to_be_enabled()
    return ended.all_inner_texts()


@pytest.mark.thorough
def test_all_stories_are_green(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page)
        run_all(visit.page)

        assert wait_for_the_end(visit.page) == ["All steps passed"] * STORY_COUNT
        coverage = visit.page.locator("#coverage").inner_text()

    called, documented = re.findall(r"\d+", coverage)
    assert called == documented


@pytest.mark.thorough
def test_calls_count_also_before_the_description_has_arrived(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        address: list[Route] = []
        page.route("**/openapi.json", lambda route: address.append(route))
        page.reload()
        sign_in(page)
        page.get_by_role("button", name="Run Manage a toggle with GraphQL").click()
        page.get_by_label("Type sample to go on").fill("sample")
        page.keyboard.press("Enter")
        expect(page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)

        address[0].continue_()

        # The story sends queries by GET and by POST.
        expect(page.locator("#coverage")).to_contain_text(re.compile(r"^2 of \d+"))


@pytest.mark.thorough
def test_a_demo_needs_no_confirmation(browser: Browser, tmp_path: Path) -> None:
    with (
        ForkedServer(tmp_path, "--demo", **TOKENS) as demo,
        visiting(browser, f"{demo.url}/sample") as visit,
    ):
        sign_in(visit.page)
        visit.page.get_by_role("button", name="Run Release a checkout").click()

        expect(visit.page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.thorough
def test_the_confirmation_can_be_refused(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.get_by_role("button", name="Run all").click()
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()

        page.keyboard.press("Escape")

        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".badge")).to_have_count(0)


def test_a_step_shows_its_request_its_answer_and_the_outcome(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.get_by_role("button", name="Run Run an experiment").click()
        page.get_by_label("Type sample to go on").fill("sample")
        page.keyboard.press("Enter")
        expect(page.locator(".badge.passed")).to_be_visible(timeout=PATIENCE_MS)

        page.get_by_role("button", name=re.compile("^Show .* of Run an experiment")).click()
        experiment = page.locator("article", has_text="Run an experiment")
        experiment.get_by_text("Create a client token").click()
        step = page.locator("details[open]")

        assert "curl 'http://127.0.0.1" in step.get_by_label("Request").inner_text()
        assert "$ADMIN_TOKEN" in step.get_by_label("Request").inner_text()
        assert "(not shown)" in step.get_by_label("Answer 201").inner_text()
        expect(step.locator(".verdict.good")).to_contain_text("never shows it again")


@pytest.mark.thorough
def test_markup_in_a_name_shows_as_text(browser: Browser, server: Server) -> None:
    name = '<img src=x onerror="document.title = 1">'
    made = server.graphql(
        "mutation($name: String!) { apiTokenCreate(input: {name: $name, type: ADMIN}) { secret } }",
        name=name,
    )
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page, made["apiTokenCreate"]["secret"])

        expect(visit.page.get_by_text(f"Signed in as {name}.")).to_be_visible()
        assert visit.page.locator("img").count() == 0


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("*:*.no-such-secret-of-the-tests", "does not know this token"),
        (CLIENT_TOKEN, "token"),
    ],
)
def test_a_token_that_cannot_run_stories_is_refused(
    browser: Browser, server: Server, token: str, problem: str
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        sign_in(visit.page, token)

        expect(visit.page.get_by_role("alert")).to_contain_text(problem)
        expect(visit.page.get_by_role("button", name="Run all")).to_be_disabled()


@pytest.mark.thorough
def test_a_revoked_token_asks_to_sign_in_again(browser: Browser, server: Server) -> None:
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "doomed", type: ADMIN}) '
        "{ apiToken { id } secret } }"
    )["apiTokenCreate"]
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page, made["secret"])
        page.get_by_text("Signed in as doomed.").wait_for()
        server.graphql(
            "mutation($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
            id=made["apiToken"]["id"],
        )

        run_all(page)

        expect(page.get_by_role("alert")).to_contain_text("Sign in again")
        assert made["secret"] not in page.evaluate(
            "JSON.stringify({...sessionStorage, ...localStorage})"
        )


@pytest.mark.thorough
def test_what_a_closed_page_left_can_be_removed(browser: Browser, server: Server) -> None:
    project = '{ project(name: "sample") { toggles { nodes { name } } } }'
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        page.on("dialog", lambda dialog: dialog.accept())
        run_all(page)
        page.locator(".step.passed").nth(5).wait_for()
        page.reload()
        page.get_by_text("did not come to its end").wait_for()
        left = server.graphql(project)

        page.get_by_role("button", name="Remove them").click()

        expect(page.get_by_text("did not come to its end")).to_have_count(0, timeout=PATIENCE_MS)
    assert len(left["project"]["toggles"]["nodes"]) == 1
    assert server.graphql(project) == {"project": None}


@pytest.mark.thorough
def test_what_another_tab_works_with_is_not_offered_for_removal(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        sign_in(page)
        run_all(page)
        page.locator(".step.passed").nth(5).wait_for()
        other = page.context.new_page()
        other.goto(f"{server.url}/sample")
        other.get_by_role("button", name="Run all").wait_for()

        other.wait_for_timeout(2_000)  # the page asks other tabs for half a second
        expect(other.get_by_text("did not come to its end")).to_have_count(0)
        assert wait_for_the_end(page) == ["All steps passed"] * STORY_COUNT


@pytest.mark.thorough
def test_a_note_in_another_form_does_not_break_the_page(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}/sample") as visit:
        page = visit.page
        page.evaluate("localStorage.setItem('flagstaff:sample:/:old:story', '{')")
        page.reload()

        sign_in(page)

        expect(page.get_by_role("button", name="Run all")).to_be_enabled(timeout=10_000)


@pytest.mark.thorough
def test_a_server_that_goes_away_is_reported_at_that_step(browser: Browser, tmp_path: Path) -> None:
    with (
        ForkedServer(tmp_path, "--demo", **TOKENS) as demo,
        visiting(browser, f"{demo.url}/sample") as visit,
    ):
        page = visit.page
        sign_in(page)
        page.get_by_text("Signed in as").wait_for()
        page.get_by_role("button", name="Run all").click()
        page.locator(".step.passed").nth(2).wait_for()
        demo.kill()

        texts = wait_for_the_end(page)
        failed = page.locator(".step.failed")
        expect(failed).to_have_count(1)
        expect(failed).to_contain_text("The server does not answer.")
        assert page.locator(".step.skipped").count() > 0
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        visit.troubles.clear()  # Chromium reports the refused connections.

    assert "Skipped" in texts
