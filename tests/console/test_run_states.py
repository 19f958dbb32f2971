"""The pages of environments, tokens, import and export, and the server in each state."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.console.answers import hold, refuse
from tests.console.conftest import Looks, Visit, apply, create_token
from tests.console.states import State, check_state, rows
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.npm]

# Names that pages must show as they are, without a broken layout.
NAMES = (
    "<img src=x onerror=alert(1)> & markup",
    "من اليمين إلى اليسار",
    "emoji 🚩👩‍👩‍👧‍👦",
    "long-" + "name" * 23,
)


@pytest.fixture(scope="module", autouse=True)
def contents(server: Server) -> None:
    """Tokens with unusual names, and more environments than fit a screen."""
    for name in NAMES:
        create_token(server, name, "CLIENT")
    create_token(server, "admin of states", "ADMIN")
    projects = [{"projectCreate": {"name": f"project-{number}"}} for number in range(3)]
    apply(server, projects)
    apply(server, [{"environmentCreate": {"name": f"stage-{number:03}"}} for number in range(197)])
    apply(server, [{"environmentCreate": {"name": NAMES[-1][:90], "type": "PRODUCTION"}}])


def show_tokens(visitor: Visitor) -> None:
    visitor.open("tokens")
    visitor.button("Revoke admin of states").wait_for()
    visitor.wait_until_live()


def show_new_token(visitor: Visitor) -> None:
    visitor.open("tokens?do=create")
    visitor.page.get_by_label("project-1").wait_for()


def show_secret(visitor: Visitor) -> None:
    show_new_token(visitor)
    visitor.page.get_by_role("dialog").get_by_label("Name").fill(NAMES[0])
    visitor.button("Create the token").click()
    visitor.button("I have stored the secret").wait_for()


def show_expiry(visitor: Visitor) -> None:
    show_tokens(visitor)
    visitor.button("Change the expiry of admin of states").click()
    visitor.page.get_by_label("Expires", exact=True).select_option("at a time…")


def show_revocation(visitor: Visitor) -> None:
    show_tokens(visitor)
    visitor.button("Revoke admin of states").click()
    visitor.button("Revoke the token").wait_for()


def show_no_token(visitor: Visitor) -> None:
    visitor.open("tokens?q=nothing-like-this")
    visitor.button("Show all tokens").wait_for()


def show_loading_tokens(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", hold("TokensPage"))
    visitor.open("tokens")
    visitor.page.get_by_label("Search tokens").wait_for()
    visitor.page.get_by_role("status", name="Loading").wait_for()


def show_failed_tokens(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("TokensPage"))
    visitor.open("tokens")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_old_tokens(visitor: Visitor) -> None:
    show_tokens(visitor)
    visitor.page.route("**/graphql", refuse("TokensPage"))
    visitor.page.get_by_label("Search tokens").fill("admin")
    expect(visitor.alert("may be out of date")).to_be_visible()


def show_environments(visitor: Visitor) -> None:
    visitor.open("environments")
    visitor.button("Delete stage-196").wait_for()
    visitor.wait_until_live()


def show_new_environment(visitor: Visitor) -> None:
    visitor.open("environments?do=create")
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("stage-001")
    dialog.get_by_label("Copy the configurations").check()
    dialog.get_by_text("There is already an environment").wait_for()


def show_deletion(visitor: Visitor) -> None:
    visitor.open("environments?do=delete:stage-001")
    visitor.page.get_by_label("Name of the environment").wait_for()


def show_no_environment(visitor: Visitor) -> None:
    visitor.open("environments?q=nothing-like-this")
    visitor.button("Show all environments").wait_for()


def show_failed_environments(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("EnvironmentsPage"))
    visitor.open("environments")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_transfer(visitor: Visitor) -> None:
    visitor.open("transfer")
    visitor.button("Export").wait_for()


def show_import_review(visitor: Visitor) -> None:
    show_transfer(visitor)
    feature = {"name": "imported", "strategies": [{"name": "default"}]}
    content = json.dumps({"version": 1, "features": [feature]})
    visitor.page.get_by_label("Choose a file").set_input_files(
        {"name": NAMES[0], "mimeType": "application/json", "buffer": content.encode()}
    )
    visitor.button("Review").click()
    visitor.button("Import").wait_for()


def show_failed_transfer(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("TransferPage"))
    visitor.open("transfer")
    expect(visitor.alert("costs 9,999")).to_be_visible()


def show_server(visitor: Visitor) -> None:
    visitor.open("server")
    visitor.page.get_by_text("healthy").wait_for()
    visitor.page.get_by_role("heading", name="Limits").wait_for()


def show_sick_server(visitor: Visitor) -> None:
    def answer(route: Route) -> None:
        body = {"ready": True, "database": "unavailable", "problem": "Connection refused."}
        route.fulfill(content_type="application/json", body=json.dumps(body))

    visitor.page.route("**/ready", answer)
    visitor.open("server")
    visitor.page.get_by_text("Connection refused.").wait_for()


STATES: dict[str, State] = {
    "tokens": show_tokens,
    "new token": show_new_token,
    "secret": show_secret,
    "expiry": show_expiry,
    "revocation": show_revocation,
    "no token": show_no_token,
    "loading tokens": show_loading_tokens,
    "failed tokens": show_failed_tokens,
    "old tokens": show_old_tokens,
    "environments": show_environments,
    "new environment": show_new_environment,
    "deletion": show_deletion,
    "no environment": show_no_environment,
    "failed environments": show_failed_environments,
    "transfer": show_transfer,
    "import review": show_import_review,
    "failed transfer": show_failed_transfer,
    "server": show_server,
    "sick server": show_sick_server,
}


@pytest.mark.thorough
@pytest.mark.parametrize(
    "state", rows(STATES, "tokens", "secret", "environments", "import review", "server")
)
def test_a_state_has_no_barrier_and_fits_the_screen(
    visit: Visit, axe: str, looks: Looks, state: str
) -> None:
    check_state(visit, axe, looks, STATES[state])
