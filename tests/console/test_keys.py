"""The keys of the console, its palette, and a journey without a mouse."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.console.conftest import (
    Looks,
    Visit,
    create_toggles,
    create_token,
    is_enabled,
    set_enabled,
)
from tests.console.states import State, check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

PAGES = {
    "t": "toggles",
    "c": "clean-up",
    "p": "playground",
    "a": "activity",
    "h": "change-sets",
    "e": "environments",
    "s": "segments",
}
# Keeps what the page copies and opens, which the test reads.
RECORDER = """
  navigator.clipboard.writeText = async text => { document.title = "copied " + text };
  window.open = address => { document.title = "opened " + address };
"""


@pytest.fixture(scope="module", autouse=True)
def toggles(server: Server) -> None:
    create_toggles(server, "key-a", "key-b", "key-c", enabled=False)


def palette(visitor: Visitor) -> Locator:
    """The field of the palette, after the palette is opened."""
    visitor.wait_until_live()
    visitor.page.keyboard.press("Control+k")
    field = visitor.page.get_by_role("combobox", name="Find a toggle")
    field.wait_for()
    return field


def show_list(visitor: Visitor) -> None:
    visitor.open("toggles?q=key-")
    visitor.switch("key-a", "development").wait_for()


def path(page: Page) -> str:
    return urlsplit(page.url).path.rpartition("/console/")[2]


@pytest.mark.thorough
def test_the_keys_of_a_list_move_select_act_and_open(visit: Visit) -> None:
    with visit() as visitor:
        show_list(visitor)
        keyboard = visitor.page.keyboard
        link = visitor.page.get_by_role("link", name="key-b", exact=True)
        for key in "jjjk":
            keyboard.press(key)
        expect(link).to_be_focused()
        keyboard.press("x")
        expect(visitor.page.get_by_label("Select key-b")).to_be_checked()
        keyboard.press("Escape")
        expect(visitor.page.get_by_label("Select key-b")).not_to_be_checked()

        visitor.page.get_by_role("link", name="key-a", exact=True).focus()
        keyboard.press(".")
        expect(visitor.page.get_by_role("option", name="key-a in development")).to_be_visible()
        keyboard.press("Escape")
        keyboard.press("/")
        expect(visitor.page.get_by_label("Search toggles")).to_be_focused()
        keyboard.type("c")
        expect(visitor.page.get_by_label("Search toggles")).to_have_value("key-c")
        visitor.page.get_by_role("link", name="key-c", exact=True).focus()
        keyboard.press("Enter")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("key-c")


@pytest.mark.thorough
def test_the_keys_of_a_toggle_edit_copy_and_choose_environments(visit: Visit) -> None:
    with visit() as visitor:
        visitor.page.add_init_script(RECORDER)
        visitor.open("toggles/key-a?env=production")
        keyboard = visitor.page.keyboard
        tabs = visitor.page.get_by_role("tab")
        expect(tabs).to_have_count(3)
        keyboard.press("2")
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        keyboard.press("c")
        expect(visitor.page).to_have_title("copied key-a")
        keyboard.press("e")
        expect(visitor.page.get_by_label("Description")).to_be_visible()


def test_a_toggle_is_edited_reviewed_applied_and_undone_without_a_mouse(
    server: Server, visit: Visit
) -> None:
    document = '{ toggle(name: "key-b") { description } }'
    with visit() as visitor:
        keyboard = visitor.page.keyboard
        visitor.open("toggles")
        palette(visitor)
        keyboard.type("key-b")
        expect(visitor.page.get_by_role("option", name="key-b", exact=True)).to_be_visible()
        select_option(visitor, "key-b")
        keyboard.press("Enter")
        # The page has its heading before the toggle is loaded.
        visitor.button("Edit details").wait_for()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("key-b")
        keyboard.press("e")
        visitor.page.get_by_label("Description").focus()
        keyboard.type("typed")
        keyboard.press("Control+s")
        expect(visitor.button("Apply")).to_be_enabled()
        keyboard.press("Control+Enter")
        visitor.button("Undo").wait_for()
        assert server.graphql(document)["toggle"]["description"] == "typed"
        visitor.page.get_by_role("heading", level=1).click()
        keyboard.press("u")
        expect(visitor.page.get_by_text("undone.")).to_be_visible()
        assert server.graphql(document)["toggle"]["description"] == ""


@pytest.mark.thorough
def test_a_rollout_to_a_country_is_made_without_a_mouse(server: Server, visit: Visit) -> None:
    create_toggles(server, "mouseless", environment="production", strategies=[{"name": "default"}])
    with visit() as visitor:
        page, keyboard = visitor.page, visitor.page.keyboard
        visitor.open("toggles/mouseless?env=production")
        tab_to(visitor.button("Remove Standard"))
        keyboard.press("Enter")
        expect(visitor.button("Add a strategy")).to_be_focused()
        keyboard.press("Enter")
        keyboard.press("Tab")
        keyboard.press("Enter")
        expect(page.get_by_label("Title")).to_be_focused()
        tab_to(page.get_by_label("Rollout", exact=True))
        keyboard.type("20")
        tab_to(visitor.button("Add a constraint"))
        keyboard.press("Enter")
        expect(page.get_by_label("Context field")).to_be_focused()
        keyboard.type("country")
        tab_to(page.get_by_label("Values"))
        keyboard.type("DE")
        keyboard.press("Enter")
        keyboard.press("Control+s")
        expect(visitor.button("Apply 2 changes")).to_be_enabled()
        keyboard.press("Control+Enter")
        sentence = (
            "Matches 20 % of everybody, kept stable by user or session, if country is one of DE."
        )
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(visitor.button("Undo")).to_be_visible()
        expect(page.locator("body")).not_to_be_focused()


def tab_to(target: Locator) -> None:
    """Move to an element with the Tab key."""
    target.wait_for()
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError("Tab does not reach the element")


def select_option(visitor: Visitor, title: str) -> None:
    """Move to an option of the palette with the arrow keys."""
    option = visitor.page.get_by_role("option", name=title, exact=True)
    for _ in range(30):
        if option.get_attribute("aria-selected") == "true":
            return
        visitor.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{title} was not reached")


@pytest.mark.thorough
def test_each_page_of_the_overview_has_a_key(visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("server")
        visitor.page.get_by_role("heading", name="Limits").wait_for()
        for key, page in PAGES.items():
            before = visitor.page.get_by_role("heading", level=1).inner_text()
            visitor.page.keyboard.press("g")
            visitor.page.keyboard.press(key)
            expect(visitor.page.get_by_role("heading", level=1)).not_to_have_text(before)
            assert path(visitor.page) == page


@pytest.mark.thorough
def test_single_keys_can_be_switched_off_and_stay_off(visit: Visit) -> None:
    with visit() as visitor:
        show_list(visitor)
        visitor.page.keyboard.press("?")
        dialog = visitor.page.get_by_role("dialog", name="Keys")
        expect(dialog).to_contain_text("Undo the last change")
        dialog.get_by_label("Use single keys").uncheck()
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        visitor.page.reload()
        visitor.switch("key-a", "development").wait_for()
        visitor.page.keyboard.press("n")
        visitor.page.keyboard.press("?")
        palette(visitor)
        assert dialog.count() == 0
        assert path(visitor.page) == "toggles"


@pytest.mark.thorough
def test_the_palette_finds_pages_actions_and_queries(visit: Visit) -> None:
    with visit() as visitor:
        visitor.page.add_init_script(RECORDER)
        show_list(visitor)
        palette(visitor).fill("toggles page")
        visitor.page.get_by_role("option", name="Open the query TogglesPage").click()
        expect(visitor.page).to_have_title(re.compile("^opened"))
        opened = visitor.page.title()
        assert "/graphql#query=" in opened
        assert '"search": "key-"' in unquote(opened.replace("+", " "))

        palette(visitor).fill("new tog")
        expect(visitor.page.get_by_role("option", name="New toggle")).to_contain_text("n")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("New toggle")
        palette(visitor).fill("dark")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.thorough
def test_the_palette_switches_a_toggle_after_a_review(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("activity")
        palette(visitor).fill("key-c")
        visitor.page.get_by_role("option", name="Switch key-c on in production…").click()
        visitor.button("Switch on 1 toggle").wait_for()
        assert not is_enabled(server, "key-c", "production")
        visitor.page.keyboard.press("Control+Enter")
        visitor.button("Undo").wait_for()
        assert is_enabled(server, "key-c", "production")
    set_enabled(server, "key-c", "production", False)


@pytest.mark.thorough
def test_a_viewer_finds_toggles_but_cannot_change_them(server: Server, visit: Visit) -> None:
    token, _ = create_token(server, "reader of keys", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles?q=key-", token=token)
        visitor.switch("key-a", "development").wait_for()
        palette(visitor).fill("key-a")
        expect(visitor.page.get_by_role("option", name="key-a", exact=True)).to_be_visible()
        assert visitor.page.get_by_role("option", name="Archive key-a").count() == 0


@pytest.mark.thorough
def test_each_review_can_be_copied_as_a_program(visit: Visit) -> None:
    with visit() as visitor:
        visitor.page.add_init_script(RECORDER)
        visitor.open("toggles?pick=key-a&do=stale")
        dialog = visitor.page.get_by_role("dialog")
        for name, words in (
            ("GraphQL", "mutation ApplyChanges"),
            ("curl", '-H "Authorization: $TOKEN"'),
            ("Python", 'os.environ["TOKEN"]'),
        ):
            dialog.get_by_role("button", name="Cop").first.click()
            dialog.get_by_role("menuitem", name=name, exact=True).click()
            expect(dialog.get_by_role("button", name=f"Copied as {name}")).to_be_visible()
            assert words in visitor.page.evaluate("document.title")


def show_palette(visitor: Visitor) -> None:
    show_list(visitor)
    palette(visitor).fill("key-a")
    visitor.page.get_by_role("option", name="Archive key-a…").wait_for()


def show_nothing_found(visitor: Visitor) -> None:
    show_list(visitor)
    palette(visitor).fill("nothing like this")
    visitor.page.get_by_text("Nothing is found.").wait_for()


def show_overview(visitor: Visitor) -> None:
    show_list(visitor)
    visitor.page.keyboard.press("?")
    visitor.page.get_by_role("dialog", name="Keys").wait_for()


STATES: dict[str, State] = {
    "palette": show_palette,
    "nothing found": show_nothing_found,
    "overview": show_overview,
}


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.parametrize("state", rows(STATES, "palette"))
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
