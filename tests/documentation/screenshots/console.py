"""Pictures of the list of toggles in the console, of a review, and of a toggle's page."""

from playwright.sync_api import Browser

from tests.console.visitor import visiting
from tests.documentation.screenshots.capture import HEIGHT, WIDTH, capture


def show_toggles(browser: Browser, url: str) -> None:
    """Show the list in both themes, and in the light one a review of two changes."""
    for scheme, name in (("light", "console"), ("dark", "console-dark")):
        with visiting(browser, url, scheme=scheme, width=WIDTH) as visitor:
            visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            visitor.open("toggles")
            visitor.wait_until_live()
            visitor.page.get_by_role("switch").first.wait_for()
            # The pointer is where the button for signing in was, and would highlight a row.
            visitor.page.mouse.move(0, 0)
            capture(visitor.page, name)
            if scheme == "light":
                for toggle in ("account-dark-mode", "delivery-map"):
                    visitor.page.get_by_label(f"Select {toggle}").check()
                visitor.button("Archive").click()
                visitor.button("Archive 2 toggles").wait_for()
                capture(visitor.page, "console-review")


def show_toggle(browser: Browser, url: str) -> None:
    """Show the page of a toggle with an unsaved edit."""
    with visiting(browser, url, width=WIDTH) as visitor:
        visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        visitor.open("toggles/account-passkeys?env=production&user=someone")
        visitor.button("Edit Gradual rollout").click()
        visitor.page.get_by_label("Rollout", exact=True).fill("35")
        visitor.page.get_by_text("With your edits").wait_for()
        capture(visitor.page, "console-toggle")
