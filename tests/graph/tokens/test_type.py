"""API tokens are listed without their secrets, and only for admins."""

from datetime import datetime, timedelta

import pytest

from graph.ids import encode_id
from store import Store
from store.model import SYSTEM, ApiToken, ApiTokenType
from store.operations.tokens import create_token
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.requesting import names

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "default:default.secret-of-a-client"


async def fill(store: Store) -> None:
    """Create two expired tokens, one of them for a project, and a token that expires later."""
    async with store.write(SYSTEM) as work:
        for name, projects in (("of the shop", []), ("of default", ["default"])):
            await create_token(
                work,
                name=name,
                type=ApiTokenType.FRONTEND,
                environment="default",
                projects=projects,
                expires_at=work.now + timedelta(milliseconds=1),
            )
        await create_token(
            work,
            name="z",
            type=ApiTokenType.CLIENT,
            environment="default",
            projects=["default"],
            expires_at=work.now + timedelta(hours=1),
            secret=SECRET,
        )


@pytest.fixture(scope="session")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the tokens of `fill`."""
    return filled(prepared_database, fill)


def token_named(gateway: Gateway, name: str) -> ApiToken:
    tokens = gateway.store.snapshot.tokens_by_hash.values()
    return next(token for token in tokens if token.name == name)


async def test_api_tokens_are_listed_by_name_without_their_secrets(shared_gateway: Gateway) -> None:
    token = token_named(shared_gateway, "z")

    data = await shared_gateway.run(
        """{ apiTokens(last: 1) { totalCount nodes {
          name type hint environment { name } projects { name } createdBy { name }
          createdAt expiresAt lastUsedAt revision
        } } }"""
    )

    (listed,) = data["apiTokens"]["nodes"]
    assert data["apiTokens"]["totalCount"] == 7
    assert token.expires_at is not None
    assert datetime.fromisoformat(listed.pop("expiresAt")) == token.expires_at
    assert datetime.fromisoformat(listed.pop("createdAt")) == token.created_at
    assert listed == {
        "name": "z",
        "type": "CLIENT",
        "hint": SECRET[-4:],
        "environment": {"name": "default"},
        "projects": [{"name": "default"}],
        "createdBy": {"name": "flagstaff"},
        "lastUsedAt": None,
        "revision": token.revision,
    }


async def test_api_tokens_are_filtered(shared_gateway: Gateway) -> None:
    assert await names(shared_gateway, 'apiTokens(filter: { search: "OF" })') == [
        "of default",
        "of the shop",
    ]
    assert await names(shared_gateway, "apiTokens(filter: { types: [ADMIN, VIEWER] })") == [
        "a admin",
        "a viewer",
    ]
    assert "of the shop" in await names(shared_gateway, 'apiTokens(filter: { projects: ["shop"] })')
    assert "of default" not in await names(
        shared_gateway, 'apiTokens(filter: { projects: ["shop"] })'
    )
    assert await names(shared_gateway, "apiTokens(filter: { expired: true })") == [
        "of default",
        "of the shop",
    ]
    assert await names(shared_gateway, 'apiTokens(filter: { environments: ["nope"] })') == []


async def test_viewers_see_no_tokens_anywhere(shared_gateway: Gateway) -> None:
    await shared_gateway.change("toggleCreate", {"name": "t"})
    document = """query Everything($id: ID!) {
      node(id: $id) { id }
      toggle(name: "t") { createdBy { kind apiToken { name } } }
      events(filter: { types: [API_TOKEN_CREATED] }, first: 1) {
        nodes { subjectName subject { id } before after changes { path } }
      }
    }"""
    variables = {"id": encode_id("ApiToken", token_named(shared_gateway, "z").id)}

    admins = await shared_gateway.run(document, variables)
    viewers = await shared_gateway.run(document, variables, token="viewer")

    assert admins["node"] == {"id": variables["id"]}
    assert admins["toggle"]["createdBy"] == {"kind": "TOKEN", "apiToken": {"name": "a admin"}}
    (event,) = admins["events"]["nodes"]
    assert event["subject"] == {"id": variables["id"]}
    assert event["after"]["name"] == "z"
    assert "secretHash" not in event["after"]
    assert viewers == {
        "node": None,
        "toggle": {"createdBy": {"kind": "TOKEN", "apiToken": None}},
        "events": {
            "nodes": [
                {
                    "subjectName": "z",
                    "subject": None,
                    "before": None,
                    "after": None,
                    "changes": [],
                }
            ]
        },
    }
