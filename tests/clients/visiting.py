"""A person who uses GraphiQL in a browser."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    WebSocket,
    expect,
)

from tests.server import ADMIN_TOKEN

PATIENCE_MS = 30_000
# After a change, the editor reads its text within this time.
SETTLED_MS = 300
_EDITOR = (
    "__MONACO.editor.getEditors()"
    ".find(editor => editor.getContainerDomNode().closest('.graphiql-query-editor'))"
)
_PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const options = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""

expect.set_options(timeout=PATIENCE_MS)


class Visit:
    """A page of a server in its own profile, with its errors and its requests to other servers."""

    def __init__(
        self, browser: Browser, url: str, *, scheme: str = "light", fragment: str = ""
    ) -> None:
        self._context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1440, "height": 900},
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.troubles: list[str] = []
        self.hosts: set[str] = set()
        self.paths: set[str] = set()
        self.frames: list[str | bytes] = []  # over WebSockets
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._note)
        self.page.on("request", self._see)
        self.page.on("websocket", self._listen)
        self.page.goto(f"{url}/graphql{fragment}")

    def close(self) -> None:
        self._context.close()

    def sign_in(self, token: str = ADMIN_TOKEN) -> None:
        self.page.get_by_label("API token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()

    @property
    def signed_in(self) -> bool:
        return self.page.get_by_role("button", name="Sign out").is_visible()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_label("API token").wait_for()

    def wait_for_editor(self) -> None:
        self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    def open_tab(self, name: str) -> None:
        """Open a tab, and wait until the operation in the tab can be run."""
        tabs = self.page.get_by_role("tablist", name="Select active operation")
        # GraphiQL notices a change after 100 ms, and applies the change to the tab that is open
        # then.
        self.page.wait_for_timeout(300)
        tabs.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator(".graphiql-query-editor .view-lines")).to_contain_text(name)
        self.wait_until_stored(name)

    def run(self) -> str:
        """Press the button, and return the body of the answer."""
        with self.page.expect_response(_answers_operation) as got:
            self.page.get_by_role("button", name="Execute query").click()
        body = got.value.text()
        answer = json.loads(body)
        assert "data" in answer, f"{self.query()}\nis answered with {answer}"
        expect(self.page.locator(".graphiql-response .view-lines")).to_contain_text(
            next(iter(answer["data"]))
        )
        return body

    def new_tab(self) -> None:
        """Open an empty tab and put the cursor into its editor."""
        self.page.get_by_role("button", name="New tab").click()
        self.page.wait_for_timeout(SETTLED_MS)
        self.page.locator(".graphiql-query-editor .view-lines").click()

    def paste(self, text: str) -> None:
        """Replace the text in the editor at once. The cursor is then at the end of the text."""
        self.page.keyboard.press("Control+A")
        self.page.evaluate(_PASTE, text)
        self.page.wait_for_function(f"text => {_EDITOR}.getValue() === text", arg=text)

    def type(self, text: str) -> None:
        """Replace the text in the editor key by key. The editor inserts closing braces."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def press_run(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Press Ctrl+Enter. Return the sent body and its answer."""
        with self.page.expect_response(_answers_operation) as got:
            self.page.keyboard.press("Control+Enter")
        return json.loads(got.value.request.post_data or ""), json.loads(got.value.text())

    def query(self) -> str:
        """The text of the operation in the editor."""
        return self.page.evaluate(f"{_EDITOR}.getValue()")

    def stored(self, storage: str) -> dict[str, str]:
        return self.page.evaluate(f"({{...{storage}}})")

    def wait_until_stored(self, title: str) -> None:
        """Wait until the editor has stored a tab as the open tab.

        The editor stores the tab half a second after a change. The operation can be run earlier.
        """
        for _ in range(100):
            state = json.loads(self.stored("localStorage").get("graphiql:tabState", '{"tabs": []}'))
            if state["tabs"] and state["tabs"][state["activeTabIndex"]]["title"] == title:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"the tab {title} was not kept")

    def grounds(self) -> list[float]:
        """The brightness of the frame and of the editor, from 0 to 255."""
        colours = [
            self.page.locator(selector).evaluate("part => getComputedStyle(part).backgroundColor")
            for selector in ("#page", ".graphiql-container")
        ]
        parts = [re.findall(r"[\d.]+", colour)[:3] for colour in colours]
        return [sum(map(float, part)) / 3 for part in parts]

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium logs each refused request as an error, although the page handles the refusal.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.troubles.append(message.text)

    def _note(self, error: Error) -> None:
        # The editor reports this error if it is closed while work is pending.
        if error.message != "Canceled":
            self.troubles.append(error.message)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            content = urlsplit(request.url)
            self.hosts.add(content.netloc)
            self.paths.add(content.path)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(frame))


def _answers_operation(response: Response) -> bool:
    content = response.request.post_data or ""
    return response.url.endswith("/graphql") and "IntrospectionQuery" not in content
