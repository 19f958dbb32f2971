"""People create toggles."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Looks, Visit, create_toggles, create_token
from tests.console.states import check_state
from tests.console.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.browser

READ = """
query($name: String!) {
  toggle(name: $name) {
    type { name }
    tags { value }
    environments {
      environment { name }
      enabled
      strategies { name parameters { name value } }
    }
  }
}
"""


def read(server: Server, name: str) -> dict[str, Any]:
    """The toggle on the server, with its configurations by environment."""
    toggle = server.graphql(READ, name=name)["toggle"]
    environments = {each["environment"]["name"]: each for each in toggle["environments"]}
    return {**toggle, "environments": environments}


@pytest.mark.thorough
def test_a_toggle_is_created_with_a_strategy(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("toggles")
        # An empty list has a second link.
        visitor.page.get_by_role("link", name="New toggle").first.click()
        name = visitor.page.get_by_label("Name", exact=True)
        name.fill("not allowed")
        expect(visitor.page.get_by_text("Use only letters")).to_be_visible()
        expect(visitor.button("Review")).to_be_disabled()
        name.fill("created")
        visitor.page.get_by_label("Type", exact=True).select_option("experiment")
        visitor.page.get_by_label("Strategy in each environment").select_option("flexibleRollout")
        visitor.page.get_by_label("Rollout", exact=True).fill("20")
        visitor.page.get_by_role("checkbox", name="production").check()
        visitor.button("Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()

        expect(visitor.page).to_have_url(f"{server.url}/console/toggles/created")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("created")
        toggle = read(server, "created")
        assert toggle["type"] == {"name": "experiment"}
        enabled = {name: each["enabled"] for name, each in toggle["environments"].items()}
        assert enabled == {"default": False, "development": False, "production": True}
        for configuration in toggle["environments"].values():
            (strategy,) = configuration["strategies"]
            assert {"name": "rollout", "value": "20"} in strategy["parameters"]


@pytest.mark.thorough
def test_a_similar_toggle_copies_configurations(server: Server, visit: Visit) -> None:
    strategies = [{"name": "userWithId", "parameters": [{"name": "userIds", "value": "mira"}]}]
    create_toggles(
        server,
        "source",
        tags=[{"value": "kept"}],
        environment="production",
        enabled=True,
        strategies=strategies,
    )
    with visit() as visitor:
        visitor.open("toggles/source")
        visitor.button("More").click()
        visitor.page.get_by_role("menuitem", name="Create a similar toggle").click()
        expect(visitor.page.get_by_text("are copied in each environment")).to_be_visible()
        visitor.page.get_by_label("Name", exact=True).fill("similar")
        visitor.button("Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()

        expect(visitor.page).to_have_url(f"{server.url}/console/toggles/similar")
        toggle = read(server, "similar")
        assert toggle["tags"] == [{"value": "kept"}]
        production = toggle["environments"]["production"]
        assert production["enabled"] is False
        assert production["strategies"] == strategies


@pytest.mark.thorough
def test_a_taken_name_is_refused_in_the_review(server: Server, visit: Visit) -> None:
    create_toggles(server, "taken")
    with visit() as visitor:
        visitor.open("toggles/new?name=taken")
        visitor.button("Review").click()

        expect(visitor.alert("A toggle named 'taken' already exists.")).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["new", "it's-(not)*~!_.", "n" * 100])
def test_each_name_has_a_page(server: Server, visit: Visit, name: str) -> None:
    create_toggles(server, name)
    with visit() as visitor:
        visitor.open("toggles")
        link = visitor.page.get_by_role("rowheader").get_by_role("link", name=name, exact=True)
        link.click()

        expect(visitor.switch(name, "default")).to_be_visible()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.thorough
@pytest.mark.npm
def test_the_form_has_no_barrier(visit: Visit, axe: str, looks: Looks) -> None:
    def show_form(visitor: Visitor) -> None:
        visitor.open("toggles/new?from=nothing-like-this")
        visitor.page.get_by_label("Strategy in each environment").select_option("flexibleRollout")
        expect(visitor.alert("There is no toggle named nothing-like-this")).to_be_visible()

    check_state(visit, axe, looks, show_form)


@pytest.mark.thorough
def test_a_viewer_token_creates_nothing(server: Server, visit: Visit) -> None:
    secret, _ = create_token(server, "viewer without a form", "VIEWER")
    with visit() as visitor:
        visitor.open("toggles/new", token=secret)

        expect(visitor.page.get_by_text("Your token only reads")).to_be_visible()
