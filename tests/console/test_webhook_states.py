"""The pages of webhooks in each state."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, apply, create_toggles, set_enabled
from tests.console.states import State, check_state
from tests.console.test_run_states import NAMES
from tests.console.test_webhooks import create_webhook
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm, pytest.mark.thorough]

IDS: dict[str, str] = {}
# The server refuses to connect to this address, so deliveries fail without any traffic.
PRIVATE = "http://10.0.0.1/" + "a-long-path/" * 20
TEST = "mutation($id: ID!) { webhookTest(input: { id: $id }) { delivery { state } } }"


@pytest.fixture(scope="module", autouse=True)
def webhooks(server: Server) -> None:
    """Webhooks with unusual names, and one whose deliveries fail or wait."""
    apply(server, [{"environmentCreate": {"name": f"stage-{number}"}} for number in range(30)])
    apply(server, [{"projectCreate": {"name": f"project-{number}"}} for number in range(3)])
    for name in NAMES:
        create_webhook(server, name, PRIVATE, enabled=False, description=name * 3)
    types = ["TOGGLE_ENABLED", "TOGGLE_DISABLED", "TOGGLE_STRATEGY_UPDATED", "PROJECT_CREATED"]
    scope = {"projects": ["default", "project-1"], "environments": ["production", "stage-3"]}
    IDS["failing"] = create_webhook(server, "failing", PRIVATE, eventTypes=types, **scope)
    IDS["unused"] = create_webhook(server, "unused", PRIVATE, enabled=False)
    server.graphql(TEST, id=IDS["failing"])
    create_toggles(server, "state-" + "x" * 80, "state-b")
    for toggle in ("state-" + "x" * 80, "state-b"):
        set_enabled(server, toggle, "production", True)


def show_webhooks(visitor: Visitor) -> None:
    visitor.open("webhooks")
    visitor.button("Send a test to failing").wait_for()
    visitor.wait_until_live()


def show_new_webhook(visitor: Visitor) -> None:
    visitor.open("webhooks?do=create")
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_label("project-1").wait_for()
    dialog.get_by_label("Name").fill("x" * 300)
    dialog.get_by_label("URL of the receiver").fill("nowhere")
    dialog.get_by_role("combobox", name="Events").select_option("only some types…")
    visitor.button("Create the webhook").click()
    url = dialog.get_by_label("URL of the receiver")
    expect(url).to_have_accessible_description(re.compile("must be absolute"))


def show_secret(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['unused']}?do=rotate")
    visitor.button("Replace the secret").click()
    visitor.button("I have stored the secret").wait_for()


def show_no_webhook(visitor: Visitor) -> None:
    def answer(route: Route) -> None:
        if "query WebhooksPage" in (route.request.post_data or ""):
            route.fulfill(json={"data": {"webhooks": []}})
        else:
            route.continue_()

    visitor.page.route("**/graphql", answer)
    visitor.open("webhooks")
    visitor.button("Create the first webhook").wait_for()


def show_loading_webhooks(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("WebhooksPage"))
    visitor.open("webhooks")
    visitor.button("New webhook").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_failed_webhooks(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("WebhooksPage"))
    visitor.open("webhooks")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_webhooks(visitor: Visitor) -> None:
    show_webhooks(visitor)
    visitor.page.route("**/graphql", refuse("WebhooksPage"))
    visitor.button("Send a test to failing").click()
    expect(visitor.alert("may be out of date")).to_be_visible()


def show_offline_switch(visitor: Visitor) -> None:
    show_webhooks(visitor)
    visitor.context.set_offline(True)
    visitor.page.get_by_role("switch", name="Send events to unused").click()
    expect(visitor.page.get_by_text("Not changed")).to_be_visible()


def show_webhook(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['failing']}")
    visitor.page.get_by_text("trying again").first.wait_for()
    visitor.wait_until_live()


def show_edit(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['failing']}?do=edit")
    visitor.button("Save").wait_for()


def show_deletion(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['failing']}?do=delete")
    visitor.button("Delete the webhook").wait_for()


def show_question(visitor: Visitor) -> None:
    show_webhooks(visitor)
    visitor.page.get_by_role("switch", name="Send events to failing").click()
    visitor.button("Switch off").wait_for()


def show_unused_webhook(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['unused']}")
    visitor.page.get_by_text("Nothing was sent yet").wait_for()


def show_no_delivery(visitor: Visitor) -> None:
    visitor.open(f"webhooks/{IDS['failing']}?state=delivered")
    visitor.button("Show all deliveries").wait_for()


def show_failed_webhook(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("WebhookPage"))
    visitor.open(f"webhooks/{IDS['failing']}")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_missing_webhook(visitor: Visitor) -> None:
    visitor.open("webhooks/V2ViaG9vazo5OTk%3D")
    visitor.page.get_by_role("link", name="Open the webhooks").wait_for()


STATES: dict[str, State] = {
    "webhooks": show_webhooks,
    "new webhook": show_new_webhook,
    "secret": show_secret,
    "no webhook": show_no_webhook,
    "loading webhooks": show_loading_webhooks,
    "failed webhooks": show_failed_webhooks,
    "old webhooks": show_old_webhooks,
    "offline switch": show_offline_switch,
    "webhook": show_webhook,
    "edit": show_edit,
    "deletion": show_deletion,
    "question": show_question,
    "unused webhook": show_unused_webhook,
    "no delivery": show_no_delivery,
    "failed webhook": show_failed_webhook,
    "missing webhook": show_missing_webhook,
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
