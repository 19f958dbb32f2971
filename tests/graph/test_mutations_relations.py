"""What toggles share with others: tags, dependencies, configurations; and who uses them."""

from typing import Any

import pytest

from graph.ids import encode_id
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture(autouse=True)
async def toggles(gateway: Gateway) -> None:
    """The toggles `t` and `u`, an archived one, and a second environment."""
    await gateway.change("environmentCreate", {"name": "staging"})
    for name in ("t", "u", "old"):
        await gateway.change("toggleCreate", {"name": name})
    await gateway.change("toggleArchive", {"name": "old"})


async def latest_event(gateway: Gateway) -> tuple[str, str | None]:
    """Type and environment of the newest event."""
    event = (await gateway.events())[0]
    return event.type.name, event.environment


# ------------------------------------------------------------------ tags


async def test_tags_are_put_on_and_taken_off(gateway: Gateway) -> None:
    tags = "toggle { tags { type { name } value } }"
    first = await gateway.change(
        "toggleTags", {"name": "t", "add": [{"value": "b"}, {"value": "a"}]}, tags
    )
    tagged = await latest_event(gateway)

    second = await gateway.change("toggleTags", {"name": "t", "remove": [{"value": "a"}]}, tags)

    assert [it["value"] for it in first["toggle"]["tags"]] == ["a", "b"]
    assert tagged == ("TOGGLE_TAGGED", None)
    assert second["toggle"]["tags"] == [{"type": {"name": "simple"}, "value": "b"}]
    assert await latest_event(gateway) == ("TOGGLE_UNTAGGED", None)


async def test_a_tag_that_is_there_already_changes_nothing(gateway: Gateway) -> None:
    await gateway.change("toggleTags", {"name": "t", "add": [{"value": "a"}]})
    before = gateway.store.snapshot

    payload = await gateway.change("toggleTags", {"name": "t", "add": [{"value": "a"}]})

    assert payload["errors"] == []
    assert gateway.store.snapshot is before


# ------------------------------------------------------------------ dependencies


async def test_dependencies_are_set_as_a_whole(gateway: Gateway) -> None:
    shown = "toggle { dependencies { enabled variants toggle { name } } }"
    dependency = {"toggle": "u", "enabled": True, "variants": ["red", "blue"]}

    payload = await gateway.change(
        "toggleSetDependencies", {"name": "t", "dependencies": [dependency]}, shown
    )
    set_at_first = await latest_event(gateway)
    emptied = await gateway.change(
        "toggleSetDependencies", {"name": "t", "dependencies": []}, shown
    )

    assert payload["toggle"]["dependencies"] == [
        {"enabled": True, "variants": ["red", "blue"], "toggle": {"name": "u"}}
    ]
    assert set_at_first == ("TOGGLE_DEPENDENCIES_UPDATED", None)
    assert emptied["toggle"]["dependencies"] == []


async def test_a_circle_of_dependencies_is_refused_with_the_way_round(gateway: Gateway) -> None:
    await gateway.change("toggleSetDependencies", {"name": "t", "dependencies": [{"toggle": "u"}]})

    errors = await gateway.refusals(
        "toggleSetDependencies", {"name": "u", "dependencies": [{"toggle": "t"}]}
    )

    (circle,) = [error for error in errors if error.get("rule") == "dependency-cycle"]
    assert circle["path"] == ["dependencies", "0", "toggle"]
    assert "u → t → u" in circle["message"]


# ------------------------------------------------------------------ copying


async def test_a_configuration_is_copied_to_another_environment(gateway: Gateway) -> None:
    await gateway.change(
        "toggleConfigure", {"name": "t", "enabled": True, "variants": [{"name": "v"}]}
    )

    payload = await gateway.change(
        "toggleCopyConfiguration",
        {"name": "t", "from": "default", "to": "staging"},
        "toggleEnvironment { enabled environment { name } variants { name } strategies { id } }",
    )

    copied = payload["toggleEnvironment"]
    assert copied["environment"] == {"name": "staging"}
    assert (copied["enabled"], copied["variants"]) == (False, [{"name": "v"}])
    assert len(copied["strategies"]) == 1
    assert await latest_event(gateway) == ("TOGGLE_CONFIGURED", "staging")


async def test_a_configuration_is_copied_to_another_toggle(gateway: Gateway) -> None:
    await gateway.change(
        "toggleConfigure", {"name": "t", "enabled": True, "variants": [{"name": "v"}]}
    )

    payload = await gateway.change(
        "toggleCopyConfiguration",
        {"name": "t", "from": "default", "to": "default", "toToggle": "u", "enabled": True},
        "toggleEnvironment { enabled toggle { name } variants { name } }",
    )

    assert payload["toggleEnvironment"] == {
        "enabled": True,
        "toggle": {"name": "u"},
        "variants": [{"name": "v"}],
    }


# ------------------------------------------------------------------ applications


@pytest.fixture
async def application(gateway: Gateway) -> None:
    """The application `web`, which uses `t`."""
    installation = Installation(gateway.store)
    await installation.register("web", "default")
    await installation.use("web", "t")
    await installation.fold()


async def test_an_application_is_described_and_the_description_taken_away(
    gateway: Gateway, application: None
) -> None:
    shown = "application { name description url icon }"
    described = {"description": "The shop.", "url": "https://shop.example", "icon": "cart"}

    first = await gateway.change("applicationUpdate", {"name": "web", **described}, shown)
    second = await gateway.change(
        "applicationUpdate", {"name": "web", "url": None, "icon": None}, shown
    )

    assert first["application"] == {"name": "web", **described}
    assert second["application"] == {
        "name": "web",
        "description": "The shop.",
        "url": None,
        "icon": None,
    }
    assert await latest_event(gateway) == ("APPLICATION_UPDATED", None)


async def test_an_application_is_forgotten_with_what_it_reported(
    gateway: Gateway, application: None
) -> None:
    payload = await gateway.change("applicationDelete", {"name": "web"}, "deletedId")

    data = await gateway.run(
        '{ application(name: "web") { id } toggle(name: "t") { lastSeenAt usages { totalCount } } }'
    )
    assert payload == {"deletedId": encode_id("Application", "web"), "errors": []}
    assert data["application"] is None
    assert data["toggle"] == {"lastSeenAt": None, "usages": {"totalCount": 0}}
    assert await latest_event(gateway) == ("APPLICATION_DELETED", None)


# ------------------------------------------------------------------ tokens and types


async def test_the_expiry_of_a_token_is_changed_kept_and_taken_away(gateway: Gateway) -> None:
    created = await gateway.change(
        "apiTokenCreate", {"name": "x", "type": "CLIENT"}, "apiToken { id }"
    )
    id, shown = created["apiToken"]["id"], "apiToken { expiresAt revision }"

    limited = await gateway.change(
        "apiTokenUpdate", {"id": id, "expiresAt": "2999-01-01T00:00:00Z"}, shown
    )
    kept = await gateway.change("apiTokenUpdate", {"id": id}, shown)
    endless = await gateway.change(
        "apiTokenUpdate",
        {"id": id, "expiresAt": None, "expectedRevision": limited["apiToken"]["revision"]},
        shown,
    )

    assert limited["apiToken"]["expiresAt"] == "2999-01-01T00:00:00Z"
    assert kept["apiToken"] == limited["apiToken"]
    assert endless["apiToken"]["expiresAt"] is None
    assert await latest_event(gateway) == ("API_TOKEN_UPDATED", "default")


async def test_a_toggle_type_keeps_its_lifetime_when_none_is_given(gateway: Gateway) -> None:
    before = gateway.store.snapshot

    payload = await gateway.change(
        "toggleTypeUpdate", {"name": "release"}, "toggleType { lifetimeDays }"
    )

    assert payload["toggleType"]["lifetimeDays"] == 40
    assert gateway.store.snapshot is before


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("mutation", "input", "code", "path"),
    [
        ("toggleTags", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("toggleTags", {"name": "old", "add": [{"value": "a"}]}, "WRONG_STATE", ["name"]),
        ("toggleTags", {"name": "t", "add": [{"value": ""}]}, "INVALID", ["add", "0", "value"]),
        (
            "toggleTags",
            {"name": "t", "add": [{"value": "a"}, {"type": "none", "value": "a"}]},
            "NOT_FOUND",
            ["add", "1", "type"],
        ),
        ("toggleTags", {"name": "t", "remove": [{"value": "a"}]}, "NOT_FOUND", ["remove", "0"]),
        (
            "toggleTags",
            {"name": "t", "add": [{"value": "a"}], "remove": [{"value": "a"}]},
            "INVALID",
            ["remove", "0"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "none"}]},
            "NOT_FOUND",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "t"}]},
            "INVALID",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "old"}]},
            "WRONG_STATE",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "u"}, {"toggle": "u"}]},
            "INVALID",
            ["dependencies", "1", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [], "expectedRevision": 1},
            "REVISION_CONFLICT",
            ["expectedRevision"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "none", "from": "default", "to": "staging"},
            "NOT_FOUND",
            ["name"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "nowhere", "to": "staging"},
            "NOT_FOUND",
            ["from"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "nowhere"},
            "NOT_FOUND",
            ["to"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "default"},
            "INVALID",
            ["to"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "default", "toToggle": "old"},
            "WRONG_STATE",
            ["toToggle"],
        ),
        ("applicationUpdate", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("applicationDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("apiTokenUpdate", {"id": "nonsense"}, "INVALID", ["id"]),
        ("apiTokenUpdate", {"id": encode_id("ApiToken", "x")}, "NOT_FOUND", ["id"]),
        ("toggleTypeUpdate", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("toggleTypeUpdate", {"name": "release", "lifetimeDays": 0}, "INVALID", ["lifetimeDays"]),
        ("segmentDelete", {"id": encode_id("Toggle", "x")}, "INVALID", ["id"]),
        ("segmentDelete", {"id": encode_id("Segment", "x")}, "INVALID", ["id"]),
        ("segmentUpdate", {"id": encode_id("Segment", 10**17)}, "NOT_FOUND", ["id"]),
        ("segmentUpdate", {"id": encode_id("Segment", 1), "name": None}, "INVALID", ["name"]),
        ("tagTypeDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("environmentDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("projectUpdate", {"name": "default", "title": None}, "INVALID", ["title"]),
    ],
)
async def test_bad_input_is_refused_with_code_and_path(
    gateway: Gateway, mutation: str, input: dict[str, Any], code: str, path: list[str]
) -> None:
    if mutation == "segmentUpdate":
        await gateway.change("segmentCreate", {"name": "s", "constraints": []})

    errors = await gateway.refusals(mutation, input)

    assert (code, path) in [(error["code"], error["path"]) for error in errors]
    assert all(error["message"].endswith(".") for error in errors)


@pytest.mark.parametrize("url", ["ftp://shop.example", "javascript:alert(1)", "shop"])
async def test_an_application_is_found_only_on_the_web(
    gateway: Gateway, application: None, url: str
) -> None:
    error = await gateway.refusal("applicationUpdate", {"name": "web", "url": url})

    assert (error["code"], error["path"]) == ("INVALID", ["url"])
