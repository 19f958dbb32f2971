"""Strategy definitions, environments and API tokens are managed through GraphQL."""

from typing import Any

import pytest

from graph.ids import encode_id
from tests.graph.gateway import Gateway

STRATEGY = """
  strategy {
    id name title description builtIn deprecated revision
    parameters { name type description required }
  }
"""
ENVIRONMENT = "environment { id name type enabled builtIn sortOrder revision }"
TOKEN = "secret apiToken { id name type hint environment { name } projects { name } expiresAt }"


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


async def latest_event(gateway: Gateway) -> str:
    """The type of the newest event."""
    return (await gateway.events())[0].type.name


async def test_a_strategy_is_defined_with_its_parameters(gateway: Gateway) -> None:
    payload = await gateway.change(
        "strategyCreate",
        {
            "name": "byTenant",
            "description": "Some tenants.",
            "parameters": [
                {"name": "tenants", "type": "LIST", "description": "Their ids.", "required": True},
                {"name": "note"},
            ],
        },
        STRATEGY,
    )

    strategy = payload["strategy"]
    assert payload["errors"] == []
    assert (strategy["title"], strategy["description"]) == ("byTenant", "Some tenants.")
    assert (strategy["builtIn"], strategy["deprecated"]) == (False, False)
    assert strategy["parameters"] == [
        {"name": "tenants", "type": "list", "description": "Their ids.", "required": True},
        {"name": "note", "type": "string", "description": "", "required": False},
    ]
    assert await latest_event(gateway) == "STRATEGY_CREATED"


async def test_a_strategy_is_changed_deprecated_and_reactivated(gateway: Gateway) -> None:
    await gateway.change("strategyCreate", {"name": "s", "parameters": [{"name": "p"}]})

    for change, event in [
        ({"title": "Better"}, "STRATEGY_UPDATED"),
        ({"deprecated": True}, "STRATEGY_DEPRECATED"),
        ({"deprecated": False}, "STRATEGY_REACTIVATED"),
        ({"parameters": []}, "STRATEGY_UPDATED"),
    ]:
        payload = await gateway.change("strategyUpdate", {"name": "s", **change}, STRATEGY)
        assert payload["errors"] == []
        assert {field: payload["strategy"][field] for field in change} == change
        assert await latest_event(gateway) == event


async def test_a_strategy_is_deleted(gateway: Gateway) -> None:
    created = await gateway.change("strategyCreate", {"name": "s"}, STRATEGY)

    payload = await gateway.change("strategyDelete", {"name": "s"}, "deletedId")

    assert payload == {"deletedId": created["strategy"]["id"], "errors": []}
    assert await latest_event(gateway) == "STRATEGY_DELETED"


async def test_a_strategy_in_use_is_not_deleted(gateway: Gateway) -> None:
    await gateway.change("strategyCreate", {"name": "s"})
    toggle = await gateway.change(
        "toggleCreate", {"name": "t", "strategies": [{"name": "s"}]}, "toggle { id }"
    )

    error = await gateway.refusal("strategyDelete", {"name": "s"})

    assert (error["code"], error["path"], error["usedByCount"]) == ("IN_USE", ["name"], 1)
    assert error["usedBy"] == [{"__typename": "Toggle", "id": toggle["toggle"]["id"]}]


@pytest.mark.parametrize(
    ("mutation", "input"),
    [
        ("strategyDelete", {"name": "flexibleRollout"}),
        ("strategyUpdate", {"name": "flexibleRollout", "title": "Mine"}),
        ("strategyUpdate", {"name": "default", "deprecated": True}),
    ],
)
async def test_a_built_in_strategy_stays_as_it_is(
    gateway: Gateway, mutation: str, input: dict[str, Any]
) -> None:
    error = await gateway.refusal(mutation, input)

    assert (error["__typename"], error["code"]) == ("OtherUserError", "BUILT_IN")


@pytest.mark.parametrize("field", ["title", "description", "parameters", "deprecated"])
async def test_null_in_a_strategy_definition_is_refused(gateway: Gateway, field: str) -> None:
    await gateway.change("strategyCreate", {"name": "s"})

    error = await gateway.refusal("strategyUpdate", {"name": "s", field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


async def test_an_environment_is_created_and_changed(gateway: Gateway) -> None:
    created = await gateway.change(
        "environmentCreate", {"name": "prod", "type": "PRODUCTION"}, ENVIRONMENT
    )

    changed = await gateway.change(
        "environmentUpdate",
        {"name": "prod", "type": "PRE_PRODUCTION", "enabled": False, "sortOrder": 7},
        ENVIRONMENT,
    )

    assert created["environment"]["type"] == "PRODUCTION"
    assert created["environment"]["enabled"] is True
    assert changed["errors"] == []
    assert changed["environment"]["type"] == "PRE_PRODUCTION"
    assert (changed["environment"]["enabled"], changed["environment"]["sortOrder"]) == (False, 7)
    assert [event.type.name for event in await gateway.events()] == [
        "ENVIRONMENT_UPDATED",
        "ENVIRONMENT_CREATED",
    ]  # fmt: skip


async def test_an_environment_can_begin_as_a_copy(gateway: Gateway) -> None:
    await gateway.change(
        "toggleCreate", {"name": "t", "enabled": True, "variants": [{"name": "v"}]}
    )

    await gateway.change("environmentCreate", {"name": "copy", "copyFrom": "default"})

    copied = gateway.store.snapshot.toggles["t"].in_environment("copy")
    assert copied.enabled is True
    assert [it.name for it in copied.strategies] == ["default"]


@pytest.mark.parametrize(
    ("mutation", "input", "code", "path"),
    [
        ("environmentCreate", {"name": "a b"}, "INVALID", ["name"]),
        ("environmentCreate", {"name": "default"}, "ALREADY_EXISTS", ["name"]),
        ("environmentCreate", {"name": "x", "copyFrom": "nowhere"}, "NOT_FOUND", ["copyFrom"]),
        ("environmentUpdate", {"name": "nowhere"}, "NOT_FOUND", ["name"]),
        ("environmentUpdate", {"name": "default", "enabled": False}, "BUILT_IN", ["enabled"]),
        ("environmentUpdate", {"name": "default", "sortOrder": -1}, "INVALID", ["sortOrder"]),
        ("environmentUpdate", {"name": "default", "type": None}, "INVALID", ["type"]),
        ("environmentUpdate", {"name": "default", "enabled": None}, "INVALID", ["enabled"]),
        ("environmentUpdate", {"name": "default", "sortOrder": None}, "INVALID", ["sortOrder"]),
        (
            "environmentUpdate",
            {"name": "default", "sortOrder": 3, "expectedRevision": 99},
            "REVISION_CONFLICT",
            ["expectedRevision"],
        ),
        ("strategyCreate", {"name": ""}, "INVALID", ["name"]),
        ("strategyCreate", {"name": "default"}, "ALREADY_EXISTS", ["name"]),
        (
            "strategyCreate",
            {"name": "s", "parameters": [{"name": "p"}, {"name": "p"}]},
            "INVALID",
            ["parameters", "1", "name"],
        ),
        ("strategyUpdate", {"name": "nothing"}, "NOT_FOUND", ["name"]),
        ("strategyDelete", {"name": "nothing"}, "NOT_FOUND", ["name"]),
        ("apiTokenCreate", {"name": "", "type": "CLIENT"}, "INVALID", ["name"]),
        (
            "apiTokenCreate",
            {"name": "x", "type": "CLIENT", "environment": "nowhere"},
            "NOT_FOUND",
            ["environment"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "FRONTEND", "projects": ["default", "none"]},
            "NOT_FOUND",
            ["projects", "1"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "ADMIN", "projects": ["default"]},
            "INVALID",
            ["projects"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "CLIENT", "expiresAt": "2001-01-01T00:00:00Z"},
            "INVALID",
            ["expiresAt"],
        ),
        ("apiTokenRevoke", {"id": "nonsense"}, "INVALID", ["id"]),
        ("apiTokenRevoke", {"id": encode_id("Toggle", "t")}, "INVALID", ["id"]),
        ("apiTokenRevoke", {"id": encode_id("ApiToken", "x")}, "NOT_FOUND", ["id"]),
    ],
)
async def test_bad_input_is_refused_with_code_and_path(
    gateway: Gateway, mutation: str, input: dict[str, Any], code: str, path: list[str]
) -> None:
    error = await gateway.refusal(mutation, input)

    assert (error["code"], error["path"]) == (code, path)
    assert error["message"].endswith(".")


async def test_a_created_token_works_at_once_and_its_secret_is_shown_once(gateway: Gateway) -> None:
    payload = await gateway.change("apiTokenCreate", {"name": "ops", "type": "VIEWER"}, TOKEN)

    secret, token = payload["secret"], payload["apiToken"]
    assert payload["errors"] == []
    assert secret.startswith("*:*.")
    assert (token["environment"], token["hint"]) == (None, secret[-4:])
    assert await gateway.run("{ viewer { tokenType } }", token=secret) == {
        "viewer": {"tokenType": "VIEWER"}
    }
    event = (await gateway.events())[0]
    assert event.type.name == "API_TOKEN_CREATED"
    assert secret not in repr(event)


async def test_a_client_token_is_bound_to_environment_and_projects(gateway: Gateway) -> None:
    payload = await gateway.change(
        "apiTokenCreate",
        {
            "name": "shop",
            "type": "CLIENT",
            "projects": ["default"],
            "expiresAt": "2999-01-01T01:00:00+01:00",
        },
        TOKEN,
    )

    token = payload["apiToken"]
    assert payload["secret"].startswith("default:default.")
    assert token["environment"] == {"name": "default"}
    assert token["projects"] == [{"name": "default"}]
    assert token["expiresAt"] == "2999-01-01T00:00:00Z"


async def test_a_revoked_token_opens_nothing(gateway: Gateway) -> None:
    created = await gateway.change("apiTokenCreate", {"name": "ops", "type": "ADMIN"}, TOKEN)
    id = created["apiToken"]["id"]

    payload = await gateway.change("apiTokenRevoke", {"id": id}, "revokedId")

    response = await gateway.post("{ __typename }", token=created["secret"])
    assert payload == {"revokedId": id, "errors": []}
    assert response.status_code == 401
    assert await latest_event(gateway) == "API_TOKEN_REVOKED"
