"""Follows the steps of the pages in `docs/tasks/`, and takes their pictures.

Each function undoes its changes in the way that its page describes, so that the functions can run
in any order.
"""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

from playwright.sync_api import Browser, Locator, expect

from tests.console.visitor import Visitor, visiting
from tests.documentation.screenshots.capture import WIDTH, capture

Task: TypeAlias = Callable[[Browser, str], None]

# Toggles with one strategy, which is for everybody.
TWO_TOGGLES = ("cart-shared-with-household", "reviews-with-pictures")


@contextmanager
def opened(browser: Browser, url: str, link: str, height: int = 760) -> Generator[Visitor]:
    """Sign in to the console, and follow a link of the navigation."""
    with visiting(browser, url, width=WIDTH) as visitor:
        visitor.page.set_viewport_size({"width": WIDTH, "height": height})
        visitor.open()
        visitor.page.get_by_role("navigation").get_by_role("link", name=link, exact=True).click()
        yield visitor


def open_toggle(visitor: Visitor, name: str, environment: str = "production") -> None:
    """Search for a toggle, open its page, and choose an environment."""
    visitor.search(name)
    visitor.page.get_by_role("link", name=name, exact=True).click()
    visitor.page.get_by_role("tab", name=environment).click()


def dialog(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog")


def undo_in_note(visitor: Visitor) -> None:
    """Undo a change in the note that reports it."""
    visitor.button("Undo").click()
    expect(visitor.page.get_by_text("undone.", exact=False)).to_be_visible()


def apply(visitor: Visitor, words: str) -> None:
    """Make the changes in a review, and wait until it closes."""
    dialog(visitor).get_by_role("button", name=words, exact=True).click()
    dialog(visitor).wait_for(state="hidden")


def roll_out(browser: Browser, url: str) -> None:
    """Roll a toggle out to 5 % of the users in Germany."""
    with opened(browser, url, "Toggles", height=1140) as visitor:
        page = visitor.page
        open_toggle(visitor, "cart-shared-with-household")
        visitor.button("Remove Standard").click()
        visitor.button("Add a strategy").click()
        page.get_by_role("button", name="Gradual rollout").first.click()
        page.get_by_label("Rollout", exact=True).fill("5")
        visitor.button("Add a constraint").click()
        page.get_by_label("Context field").fill("country")
        page.get_by_label("Values").fill("DE")
        page.get_by_label("Values").press("Enter")
        page.get_by_label("Also switch on in production").check()
        page.get_by_label("User ID").fill("customer-36")
        page.get_by_label("country", exact=True).fill("DE")
        expect(page.get_by_text("With your edits: on")).to_be_visible()
        bar = page.get_by_role("region", name="Unsaved edits")
        review = bar.get_by_role("button", name="Review")
        capture(page, "tasks/roll-out", page.get_by_role("tablist"), review)
        review.click()
        dialog(visitor).get_by_label("Why?").fill("SHOP-1400: shared carts in Germany")
        apply(visitor, "Apply 3 changes")
        undo_in_note(visitor)


def switch_off(browser: Browser, url: str) -> None:
    """Switch a toggle off in production, and on again."""
    with opened(browser, url, "Toggles") as visitor:
        page = visitor.page
        switch = visitor.switch("payment-by-card", "production")
        page.get_by_role("switch").first.wait_for()
        page.keyboard.press("/")
        page.keyboard.type("payment")
        expect(page.get_by_role("row")).to_have_count(5)
        switch.click()
        visitor.button("Undo").wait_for()
        parts = [page.get_by_label("Search toggles"), page.get_by_role("table")]
        capture(page, "tasks/switch-off", *parts)
        visitor.button("Undo").wait_for(state="hidden")
        expect(switch).not_to_be_checked()
        switch.click()
        visitor.button("Undo").wait_for()
        visitor.button("Undo").wait_for(state="hidden")
        expect(switch).to_be_checked()


def undo_a_bulk_change(browser: Browser, url: str) -> None:
    """Undo a change set, and undo the undo."""
    with opened(browser, url, "Change sets") as visitor:
        page = visitor.page
        page.get_by_role("link", name="Fewer experiments during the sale").first.click()
        visitor.button("Undo…").click()
        dialog(visitor).get_by_label("Why?").fill("The sale is over")
        capture(page, "tasks/undo-a-bulk-change", dialog(visitor))
        apply(visitor, "Undo 3 changes")
        visitor.undo_link().click()
        visitor.button("Undo…").click()
        apply(visitor, "Undo 3 changes")


def compare_environments(browser: Browser, url: str) -> None:
    """Copy a configuration from development to production."""
    with opened(browser, url, "Toggles") as visitor:
        page = visitor.page
        open_toggle(visitor, "reviews-with-pictures", "development")
        page.get_by_role("link", name="Compare and copy").click()
        page.get_by_label("With", exact=True).select_option("production")
        page.get_by_text("settings differ").wait_for()
        parts = [page.get_by_role("heading", level=1), page.get_by_role("table")]
        capture(page, "tasks/compare-environments", *parts)
        visitor.button("Copy all, with the switch, to production").click()
        apply(visitor, "Apply")
        undo_in_note(visitor)


def schedule_a_change(browser: Browser, url: str) -> None:
    """Schedule that a toggle is switched off, and cancel that."""
    with opened(browser, url, "Toggles") as visitor:
        page = visitor.page
        visitor.search("gift-cards")
        page.get_by_label("Select gift-cards").check()
        visitor.button("Switch off in").click()
        page.get_by_role("menuitem", name="production").click()
        dialog(visitor).get_by_label("Later").check()
        dialog(visitor).get_by_label("Why?").fill("The gift cards are sold out")
        capture(page, "tasks/schedule-a-change", dialog(visitor))
        apply(visitor, "Schedule")
        page.get_by_role("navigation").get_by_role("link", name="Change sets").click()
        page.get_by_role("link", name="The gift cards are sold out").first.click()
        visitor.button("Cancel…").click()
        dialog(visitor).get_by_role("button", name="Cancel the changes").click()
        expect(page.get_by_text("cancelled").first).to_be_visible()


def find_out_why(browser: Browser, url: str) -> None:
    """Ask why a user does not get a toggle."""
    with opened(browser, url, "Toggles", height=900) as visitor:
        page = visitor.page
        open_toggle(visitor, "checkout-one-page")
        page.get_by_label("User ID").fill("ines")
        page.get_by_label("country", exact=True).fill("DE")
        page.get_by_text("Each strategy").click()
        parts = [page.get_by_role("tablist"), page.get_by_text("Users get no variant.")]
        capture(page, "tasks/find-out-why", *parts)


def clean_up(browser: Browser, url: str) -> None:
    """Mark toggles as stale, and archive a stale one."""
    with opened(browser, url, "Clean-up") as visitor:
        page = visitor.page
        page.get_by_role("combobox", name="Environment").select_option("production")
        for name in ("search-cache", "warehouse-batch-size"):
            page.get_by_label(f"Select {name}, Past the expected lifetime").check()
        listed = page.get_by_role("list", name="Marked as stale")
        title = page.get_by_role("heading", level=1)
        capture(page, "tasks/clean-up", title, listed, visitor.button("Clear"))
        visitor.button("Mark as stale").click()
        apply(visitor, "Apply 2 changes")
        undo_in_note(visitor)
        page.get_by_label("Select delivery-map, Marked as stale").check()
        visitor.button("Archive").click()
        apply(visitor, "Archive 1 toggle")
        undo_in_note(visitor)


def use_a_segment(browser: Browser, url: str) -> None:
    """Define a segment, use it in two toggles, and take everything back."""
    with opened(browser, url, "Segments", height=900) as visitor:
        page = visitor.page
        bar = page.get_by_role("navigation")
        page.get_by_role("link", name="New segment").click()
        page.get_by_label("Name", exact=True).fill("german-speaking")
        page.get_by_label("Description").fill("Customers in countries where German is spoken.")
        visitor.button("Add a constraint").click()
        page.get_by_label("Context field").fill("country")
        for country in ("DE", "AT", "CH"):
            page.get_by_label("Values").fill(country)
            page.get_by_label("Values").press("Enter")
        visitor.button("Review").click()
        apply(visitor, "Apply")
        page.get_by_role("heading", name="german-speaking", level=1).wait_for()
        for toggle in TWO_TOGGLES:
            bar.get_by_role("link", name="Toggles", exact=True).click()
            open_toggle(visitor, toggle)
            visitor.button("Edit Standard").click()
            page.get_by_label("Add a segment").select_option("german-speaking")
            visitor.button("Review").click()
            apply(visitor, "Apply")
        bar.get_by_role("link", name="Segments", exact=True).click()
        page.get_by_role("link", name="german-speaking").click()
        users = page.get_by_role("list", name="Toggles that use it")
        expect(users.get_by_role("link")).to_have_count(2)
        parts = [page.get_by_role("region", name="Details"), visitor.button("Delete…")]
        capture(page, "tasks/use-a-segment", *parts)
        for toggle in TWO_TOGGLES:
            bar.get_by_role("link", name="Change sets", exact=True).click()
            page.get_by_role("link", name=toggle).first.click()
            visitor.button("Undo…").click()
            apply(visitor, "Undo")
        bar.get_by_role("link", name="Segments", exact=True).click()
        page.get_by_role("link", name="german-speaking").click()
        visitor.button("Delete…").click()
        apply(visitor, "Delete")


def find_undefined_names(browser: Browser, url: str) -> None:
    """Define a toggle for which an application asks, and undo that."""
    with opened(browser, url, "Applications") as visitor:
        page = visitor.page
        page.get_by_label("Only with problems").check()
        page.get_by_role("link", name="storefront-web").click()
        create = page.get_by_role("link", name="Create wish-list-sharing")
        create.wait_for()
        issues = page.get_by_role("region", name="Problems and their fixes")
        capture(page, "tasks/find-undefined-names", visitor.button("Delete…"), issues)
        create.click()
        visitor.button("Review").click()
        apply(visitor, "Apply")
        undo_in_note(visitor)


def create_a_token(browser: Browser, url: str) -> None:
    """Create a token, and revoke it."""
    with opened(browser, url, "Tokens") as visitor:
        visitor.button("New token").click()
        dialog(visitor).get_by_label("Name").fill("checkout service")
        dialog(visitor).get_by_label("Used by").select_option("Servers (client)")
        dialog(visitor).get_by_label("Environment").select_option("development")
        dialog(visitor).get_by_label("Expires").select_option("in a year")
        capture(visitor.page, "tasks/create-a-token", dialog(visitor))
        visitor.button("Create the token").click()
        apply(visitor, "I have stored the secret")
        visitor.button("Revoke checkout service").click()
        apply(visitor, "Revoke the token")


def send_events_to_slack(browser: Browser, url: str) -> None:
    """Create a webhook for a channel of Slack, switch it off, and delete it."""
    with opened(browser, url, "Webhooks", height=1060) as visitor:
        page = visitor.page
        visitor.button("New webhook").click()
        dialog(visitor).get_by_label("Name").fill("#shop-production")
        address = "https://hooks.slack.com/services/T000/B000/XXXX"
        dialog(visitor).get_by_label("URL of the receiver").fill(address)
        expect(dialog(visitor).get_by_label("Format")).to_have_value("SLACK")
        events = dialog(visitor).get_by_role("combobox", name="Events")
        events.select_option("only some types…")
        dialog(visitor).get_by_label("production").check()
        capture(page, "tasks/send-events-to-slack", dialog(visitor))
        visitor.button("Create the webhook").click()
        apply(visitor, "I have stored the secret")
        page.get_by_role("switch", name="Send events to #shop-production").click()
        apply(visitor, "Switch off")
        page.get_by_role("link", name="#shop-production").click()
        visitor.button("Delete…").click()
        apply(visitor, "Delete the webhook")


def import_an_export(browser: Browser, url: str) -> None:
    """Import an export of one toggle with another description."""
    with opened(browser, url, "Import and export") as visitor:
        page = visitor.page
        page.get_by_label("Only toggles that match").fill("gift-cards")
        with page.expect_download() as started:
            visitor.button("Export").click()
        content = started.value.path().read_bytes()
        description = json.loads(content)["toggles"][0]["description"].encode()
        changed = content.replace(description, b"Sell gift cards until the end of the year")
        page.get_by_label("Choose a file").set_input_files(
            {"name": "yesterday.json", "mimeType": "application/json", "buffer": changed}
        )
        visitor.button("Review").click()
        dialog(visitor).get_by_label("Why?").fill("As it was yesterday")
        capture(page, "tasks/import-an-export", dialog(visitor))
        apply(visitor, "Import")
        undo_in_note(visitor)


def work_from_the_keyboard(browser: Browser, url: str) -> None:
    """Find a toggle, switch it after a review, and undo the switch, with keys only."""
    with opened(browser, url, "Toggles") as visitor:
        page = visitor.page
        page.get_by_role("switch").first.wait_for()
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Find a toggle").wait_for()
        page.keyboard.type("gift")
        option = page.get_by_role("option", name="Switch gift-cards off in production…")
        option.wait_for()
        capture(page, "tasks/work-from-the-keyboard", dialog(visitor))
        option.click()
        dialog(visitor).get_by_role("button", name="Switch off 1 toggle").wait_for()
        page.keyboard.press("Control+Enter")
        visitor.button("Undo").wait_for()
        page.keyboard.press("u")
        expect(page.get_by_text("undone.", exact=False)).to_be_visible()


TASKS: dict[str, Task] = {
    "roll-out": roll_out,
    "switch-off": switch_off,
    "undo-a-bulk-change": undo_a_bulk_change,
    "compare-environments": compare_environments,
    "schedule-a-change": schedule_a_change,
    "find-out-why": find_out_why,
    "clean-up": clean_up,
    "use-a-segment": use_a_segment,
    "find-undefined-names": find_undefined_names,
    "create-a-token": create_a_token,
    "send-events-to-slack": send_events_to_slack,
    "import-an-export": import_an_export,
    "work-from-the-keyboard": work_from_the_keyboard,
}
