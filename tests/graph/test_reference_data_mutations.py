"""Strategy definitions, environments and API tokens are managed through GraphQL."""

import pytest

from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRATEGY = """
  strategy {
    id name title description builtIn deprecated revision
    parameters { name type description required }
  }
"""
ENVIRONMENT = "environment { id name type enabled builtIn sortOrder revision }"
TOKEN = "secret apiToken { id name type hint environment { name } projects { name } expiresAt }"


async def test_a_strategy_is_defined_with_its_parameters(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change(
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
    assert (await shared_gateway.latest_event())[0] == "STRATEGY_CREATED"


async def test_a_strategy_is_changed_deprecated_and_reactivated(shared_gateway: Gateway) -> None:
    await shared_gateway.change(
        "strategyCreate", {"name": "changed", "parameters": [{"name": "p"}]}
    )

    for change, event in [
        ({"title": "Better"}, "STRATEGY_UPDATED"),
        ({"deprecated": True}, "STRATEGY_DEPRECATED"),
        ({"deprecated": False}, "STRATEGY_REACTIVATED"),
        ({"parameters": []}, "STRATEGY_UPDATED"),
    ]:
        payload = await shared_gateway.change(
            "strategyUpdate", {"name": "changed", **change}, STRATEGY
        )
        assert payload["errors"] == []
        assert {field: payload["strategy"][field] for field in change} == change
        assert (await shared_gateway.latest_event())[0] == event


@pytest.mark.parametrize("kind", ["strategy", "environment"])
async def test_a_deletion_answers_with_the_id_that_is_gone(
    shared_gateway: Gateway, kind: str
) -> None:
    created = await shared_gateway.change(f"{kind}Create", {"name": "deleted"}, f"{kind} {{ id }}")

    payload = await shared_gateway.change(f"{kind}Delete", {"name": "deleted"}, "deletedId")

    assert payload == {"deletedId": created[kind]["id"], "errors": []}
    assert (await shared_gateway.latest_event())[0] == f"{kind.upper()}_DELETED"


async def test_a_strategy_in_use_is_not_deleted(shared_gateway: Gateway) -> None:
    await shared_gateway.change("strategyCreate", {"name": "used"})
    toggle = await shared_gateway.change(
        "toggleCreate", {"name": "user", "strategies": [{"name": "used"}]}, "toggle { id }"
    )

    error = await shared_gateway.refusal("strategyDelete", {"name": "used"})

    assert (error["code"], error["path"], error["usedByCount"]) == ("IN_USE", ["name"], 1)
    assert error["usedBy"] == [{"__typename": "Toggle", "id": toggle["toggle"]["id"]}]


async def test_an_environment_is_created_and_changed(shared_gateway: Gateway) -> None:
    created = await shared_gateway.change(
        "environmentCreate", {"name": "prod", "type": "PRODUCTION"}, ENVIRONMENT
    )

    changed = await shared_gateway.change(
        "environmentUpdate",
        {"name": "prod", "type": "PRE_PRODUCTION", "enabled": False, "sortOrder": 7},
        ENVIRONMENT,
    )

    assert created["environment"]["type"] == "PRODUCTION"
    assert created["environment"]["enabled"] is True
    assert changed["errors"] == []
    assert changed["environment"]["type"] == "PRE_PRODUCTION"
    assert (changed["environment"]["enabled"], changed["environment"]["sortOrder"]) == (False, 7)
    updated, added, *_ = await shared_gateway.events()
    assert (updated.type.name, added.type.name) == ("ENVIRONMENT_UPDATED", "ENVIRONMENT_CREATED")


async def test_an_environment_can_begin_as_a_copy(shared_gateway: Gateway) -> None:
    await shared_gateway.change(
        "toggleCreate", {"name": "copied", "enabled": True, "variants": [{"name": "v"}]}
    )

    await shared_gateway.change("environmentCreate", {"name": "copy", "copyFrom": "default"})

    copied = shared_gateway.store.snapshot.toggles["copied"].in_environment("copy")
    assert copied.enabled is True
    assert [strategy.name for strategy in copied.strategies] == ["default"]


async def test_a_created_token_works_at_once_and_its_secret_is_shown_once(
    shared_gateway: Gateway,
) -> None:
    payload = await shared_gateway.change(
        "apiTokenCreate", {"name": "ops", "type": "VIEWER"}, TOKEN
    )

    secret, token = payload["secret"], payload["apiToken"]
    assert payload["errors"] == []
    assert secret.startswith("*:*.")
    assert (token["environment"], token["hint"]) == (None, secret[-4:])
    assert await shared_gateway.run("{ viewer { tokenType } }", token=secret) == {
        "viewer": {"tokenType": "VIEWER"}
    }
    event, *_ = await shared_gateway.events()
    assert event.type.name == "API_TOKEN_CREATED"
    assert secret not in repr(event)


async def test_a_client_token_is_bound_to_environment_and_projects(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change(
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
    assert token["expiresAt"] == "2999-01-01T00:00:00.000000Z"


async def test_a_token_created_with_another_is_revoked_with_it_on_request(
    shared_gateway: Gateway,
) -> None:
    parent = await shared_gateway.change("apiTokenCreate", {"name": "p", "type": "ADMIN"}, TOKEN)
    response = await shared_gateway.post(
        'mutation { apiTokenCreate(input: {name: "c", type: CLIENT}) '
        "{ secret apiToken { createdByToken { id name } } } }",
        token=parent["secret"],
    )
    child = response.json()["data"]["apiTokenCreate"]
    revoked = {"id": parent["apiToken"]["id"], "revokeChildren": True}

    await shared_gateway.change("apiTokenRevoke", revoked, "revokedId")

    assert child["apiToken"]["createdByToken"] == {"id": parent["apiToken"]["id"], "name": "p"}
    assert shared_gateway.store.snapshot.token_of(child["secret"]) is None


async def test_a_revoked_token_opens_nothing(shared_gateway: Gateway) -> None:
    created = await shared_gateway.change("apiTokenCreate", {"name": "ops", "type": "ADMIN"}, TOKEN)
    id = created["apiToken"]["id"]

    payload = await shared_gateway.change("apiTokenRevoke", {"id": id}, "revokedId")

    response = await shared_gateway.post("{ __typename }", token=created["secret"])
    assert payload == {"revokedId": id, "errors": []}
    assert response.status_code == 401
    assert (await shared_gateway.latest_event())[0] == "API_TOKEN_REVOKED"
