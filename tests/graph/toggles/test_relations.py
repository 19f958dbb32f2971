"""Relations of toggles: tags, dependencies, copied configurations, and applications."""

import pytest

from graph.ids import encode_id
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.relations import fill

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles `t` and `u` and related objects (see `relations.fill`)."""
    return filled(gateway_database, fill)


# ------------------------------------------------------------------ tags


async def test_tags_are_put_on_and_taken_off(shared_gateway: Gateway, own_toggle: str) -> None:
    tags = "toggle { tags { type { name } value } }"
    first = await shared_gateway.change(
        "toggleTags", {"name": own_toggle, "add": [{"value": "b"}, {"value": "a"}]}, tags
    )
    tagged = await shared_gateway.latest_event()

    second = await shared_gateway.change(
        "toggleTags", {"name": own_toggle, "remove": [{"value": "a"}]}, tags
    )

    assert [tag["value"] for tag in first["toggle"]["tags"]] == ["a", "b"]
    assert tagged == ("TOGGLE_TAGGED", None)
    assert second["toggle"]["tags"] == [{"type": {"name": "simple"}, "value": "b"}]
    assert await shared_gateway.latest_event() == ("TOGGLE_UNTAGGED", None)


async def test_a_tag_that_is_there_already_changes_nothing(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleTags", {"name": own_toggle, "add": [{"value": "a"}]})
    before = shared_gateway.store.snapshot

    payload = await shared_gateway.change(
        "toggleTags", {"name": own_toggle, "add": [{"value": "a"}]}
    )

    assert payload["errors"] == []
    assert shared_gateway.store.snapshot is before


# ------------------------------------------------------------------ dependencies


async def test_dependencies_are_set_as_a_whole(shared_gateway: Gateway, own_toggle: str) -> None:
    selection = "toggle { dependencies { enabled variants toggle { name } } }"
    dependency = {"toggle": "u", "enabled": True, "variants": ["red", "blue"]}

    payload = await shared_gateway.change(
        "toggleSetDependencies", {"name": own_toggle, "dependencies": [dependency]}, selection
    )
    set_at_first = await shared_gateway.latest_event()
    emptied = await shared_gateway.change(
        "toggleSetDependencies", {"name": own_toggle, "dependencies": []}, selection
    )

    assert payload["toggle"]["dependencies"] == [
        {"enabled": True, "variants": ["red", "blue"], "toggle": {"name": "u"}}
    ]
    assert set_at_first == ("TOGGLE_DEPENDENCIES_UPDATED", None)
    assert emptied["toggle"]["dependencies"] == []


async def test_a_circle_of_dependencies_is_refused_with_the_way_round(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change(
        "toggleSetDependencies", {"name": own_toggle, "dependencies": [{"toggle": "u"}]}
    )

    errors = await shared_gateway.refusals(
        "toggleSetDependencies", {"name": "u", "dependencies": [{"toggle": own_toggle}]}
    )

    (circle,) = [error for error in errors if error.get("rule") == "dependency-cycle"]
    assert circle["path"] == ["dependencies", "0", "toggle"]
    assert f"u → {own_toggle} → u" in circle["message"]


# ------------------------------------------------------------------ copying


async def test_a_configuration_is_copied_to_another_environment(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change(
        "toggleConfigure", {"name": own_toggle, "enabled": True, "variants": [{"name": "v"}]}
    )

    payload = await shared_gateway.change(
        "toggleCopyConfiguration",
        {"name": own_toggle, "from": "default", "to": "staging"},
        "toggleEnvironment { enabled environment { name } variants { name } strategies { id } }",
    )

    copied = payload["toggleEnvironment"]
    assert copied["environment"] == {"name": "staging"}
    assert (copied["enabled"], copied["variants"]) == (False, [{"name": "v"}])
    assert len(copied["strategies"]) == 1
    assert await shared_gateway.latest_event() == ("TOGGLE_CONFIGURED", "staging")


async def test_a_configuration_is_copied_to_another_toggle(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change(
        "toggleConfigure", {"name": own_toggle, "enabled": True, "variants": [{"name": "v"}]}
    )

    payload = await shared_gateway.change(
        "toggleCopyConfiguration",
        {"name": own_toggle, "from": "default", "to": "default", "toToggle": "u", "enabled": True},
        "toggleEnvironment { enabled toggle { name } variants { name } }",
    )

    assert payload["toggleEnvironment"] == {
        "enabled": True,
        "toggle": {"name": "u"},
        "variants": [{"name": "v"}],
    }


# ------------------------------------------------------------------ applications


async def test_an_application_is_described_and_the_description_taken_away(
    shared_gateway: Gateway,
) -> None:
    selection = "application { name description url icon }"
    described = {"description": "The shop.", "url": "https://shop.example", "icon": "cart"}

    first = await shared_gateway.change(
        "applicationUpdate", {"name": "described", **described}, selection
    )
    second = await shared_gateway.change(
        "applicationUpdate", {"name": "described", "url": None, "icon": None}, selection
    )

    assert first["application"] == {"name": "described", **described}
    assert second["application"] == {
        "name": "described",
        "description": "The shop.",
        "url": None,
        "icon": None,
    }
    assert await shared_gateway.latest_event() == ("APPLICATION_UPDATED", None)


async def test_an_application_is_forgotten_with_what_it_reported(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change("applicationDelete", {"name": "web"}, "deletedId")

    data = await shared_gateway.run(
        '{ application(name: "web") { id } toggle(name: "t") { lastSeenAt usages { totalCount } } }'
    )
    assert payload == {"deletedId": encode_id("Application", "web"), "errors": []}
    assert data["application"] is None
    assert data["toggle"] == {"lastSeenAt": None, "usages": {"totalCount": 0}}
    assert await shared_gateway.latest_event() == ("APPLICATION_DELETED", None)


# ------------------------------------------------------------------ tokens and types


async def test_the_expiry_of_a_token_is_changed_kept_and_taken_away(
    shared_gateway: Gateway,
) -> None:
    created = await shared_gateway.change(
        "apiTokenCreate", {"name": "x", "type": "CLIENT"}, "apiToken { id }"
    )
    id, selection = created["apiToken"]["id"], "apiToken { expiresAt revision }"

    limited = await shared_gateway.change(
        "apiTokenUpdate", {"id": id, "expiresAt": "2999-01-01T00:00:00Z"}, selection
    )
    unchanged = await shared_gateway.change("apiTokenUpdate", {"id": id}, selection)
    endless = await shared_gateway.change(
        "apiTokenUpdate",
        {"id": id, "expiresAt": None, "expectedRevision": limited["apiToken"]["revision"]},
        selection,
    )

    assert limited["apiToken"]["expiresAt"] == "2999-01-01T00:00:00.000000Z"
    assert unchanged["apiToken"] == limited["apiToken"]
    assert endless["apiToken"]["expiresAt"] is None
    assert await shared_gateway.latest_event() == ("API_TOKEN_UPDATED", "default")


async def test_a_toggle_type_keeps_its_lifetime_when_none_is_given(shared_gateway: Gateway) -> None:
    before = shared_gateway.store.snapshot

    payload = await shared_gateway.change(
        "toggleTypeUpdate", {"name": "release"}, "toggleType { lifetimeDays }"
    )

    assert payload["toggleType"]["lifetimeDays"] == 40
    assert shared_gateway.store.snapshot is before
