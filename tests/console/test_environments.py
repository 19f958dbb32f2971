"""The page of environments: create, order, use and delete environments."""

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Visit, apply, create_toggles, create_token, is_enabled
from tests.server import Server

pytestmark = pytest.mark.browser


def names(server: Server) -> list[str]:
    """The names of all environments in their order."""
    found = server.graphql("{ environments { name } }")["environments"]
    return [environment["name"] for environment in found]


def environment(server: Server, name: str) -> dict[str, object]:
    document = "query($name: String!) { environment(name: $name) { type enabled } }"
    return server.graphql(document, name=name)["environment"]


@pytest.mark.thorough
def test_an_environment_is_created_as_a_copy_and_deleted_by_its_name(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "copied")
    switch = {"name": "copied", "environment": "production", "enabled": True}
    apply(server, [{"toggleSetEnabled": switch}])
    with visit() as visitor:
        visitor.open("environments")
        dialog = visitor.page.get_by_role("dialog")
        visitor.button("New environment").click()
        dialog.get_by_label("Name").fill("two words")
        expect(dialog.get_by_text("Use only letters")).to_be_visible()
        dialog.get_by_label("Name").fill("staging")
        dialog.get_by_label("Type").select_option("Pre-production")
        dialog.get_by_label("Copy the configurations").check()
        dialog.get_by_label("Copy from").select_option("production")
        dialog.get_by_role("button", name="Review").click()
        dialog.get_by_role("button", name="Apply", exact=True).click()
        expect(visitor.button("Delete staging")).to_be_visible()
        assert environment(server, "staging") == {"type": "PRE_PRODUCTION", "enabled": True}
        assert is_enabled(server, "copied", "staging")

        visitor.button("Delete staging").click()
        expect(dialog.get_by_role("button", name="Review")).to_be_disabled()
        dialog.get_by_label("Name of the environment").fill("staging")
        dialog.get_by_role("button", name="Review").click()
        dialog.get_by_role("button", name="Apply 2 changes").click()
        expect(visitor.button("Delete staging")).to_have_count(0)
        assert "staging" not in names(server)


@pytest.mark.thorough
def test_environments_are_moved_taken_out_of_use_and_get_another_type(
    server: Server, visit: Visit
) -> None:
    apply(server, [{"environmentCreate": {"name": name}} for name in ("order-a", "order-b")])
    before = names(server)
    assert before[-2:] == ["order-a", "order-b"]
    with visit() as visitor:
        visitor.open("environments")
        dialog = visitor.page.get_by_role("dialog")
        visitor.button("Move order-b up").click()
        visitor.button("Undo").wait_for()
        assert names(server)[-2:] == ["order-b", "order-a"]
        visitor.button("Undo").click()
        expect(visitor.page.get_by_text("undone.")).to_be_visible()
        assert names(server) == before

        visitor.page.get_by_role("switch", name="order-a in use").click()
        dialog.get_by_role("button", name="Apply", exact=True).click()
        expect(visitor.page.get_by_role("switch", name="order-a in use")).not_to_be_checked()
        assert environment(server, "order-a")["enabled"] is False

        visitor.button("Change the type of order-a").click()
        dialog.get_by_label("Type").select_option("Production")
        expect(dialog.get_by_text("protects its switches")).to_be_visible()
        dialog.get_by_role("button", name="Review").click()
        dialog.get_by_role("button", name="Apply", exact=True).click()
        expect(visitor.page.get_by_role("row", name="order-a")).to_contain_text("protected")


@pytest.mark.thorough
def test_a_used_environment_is_not_deleted_and_a_viewer_only_reads(
    server: Server, visit: Visit
) -> None:
    token, _ = create_token(server, "reader of environments", "VIEWER")
    apply(server, [{"environmentCreate": {"name": "in-use"}}])
    document = """
    mutation { apiTokenCreate(input: { name: "bound", type: CLIENT, environment: "in-use" }) {
      errors { message }
    } }
    """
    assert server.graphql(document)["apiTokenCreate"]["errors"] == []
    with visit() as visitor:
        visitor.open("environments?do=delete:in-use")
        dialog = visitor.page.get_by_role("dialog")
        dialog.get_by_label("Name of the environment").fill("in-use")
        dialog.get_by_role("button", name="Review").click()
        expect(dialog.get_by_role("alert")).to_contain_text("API token")
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    with visit() as visitor:
        visitor.open("environments", token=token)
        expect(visitor.page.get_by_role("switch", name="in-use in use")).to_be_disabled()
        assert visitor.button("New environment").count() == 0


@pytest.mark.thorough
def test_a_new_environment_appears_at_once(server: Server, visit: Visit) -> None:
    with visit() as visitor:
        visitor.open("environments")
        visitor.button("Change the type of production").wait_for()
        visitor.wait_until_live()

        apply(server, [{"environmentCreate": {"name": "appeared"}}])

        expect(visitor.button("Delete appeared")).to_be_visible()
