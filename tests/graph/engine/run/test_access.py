"""Every root field accepts the right types of tokens and refuses all others.

test_every_mutation.py checks with valid input that mutations accept only admin tokens.
"""

from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    Undefined,
    get_named_type,
    is_leaf_type,
)

from graph.ids import encode_id
from graph.schema import schema
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from store.unknown_tokens import MAX_ATTEMPTS, UnknownTokens
from tests.graph.gateway import SECRETS, Gateway, gateway_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRAPHQL = schema._schema
ADMIN_QUERIES = {"apiTokens", "webhook", "webhooks"}
ROOT_FIELDS = [
    (root.name, name)
    for root in (GRAPHQL.query_type, GRAPHQL.subscription_type)
    if root is not None
    for name in root.fields
]


def a_value(type: Any) -> str:
    """The shortest possible literal of an input type."""
    match type:
        case GraphQLNonNull():
            return a_value(type.of_type)
        case GraphQLList():
            return "[]"
        case GraphQLEnumType():
            return next(iter(type.values))
        case GraphQLInputObjectType(extensions={"strawberry-definition": definition}) if (
            definition.is_one_of
        ):
            name, field = next(iter(type.fields.items()))
            return f"{{ {name}: {a_value(field.type)} }}"
        case GraphQLInputObjectType():
            fields = [f"{name}: {a_value(item.type)}" for name, item in required(type.fields)]
            return f"{{ {', '.join(fields)} }}"
        case GraphQLScalarType(name="ID"):
            return f'"{encode_id("Toggle", "x")}"'
        case GraphQLScalarType(name="Int"):
            return "1"
        case GraphQLScalarType(name="Boolean"):
            return "true"
        case _:
            return '"x"'


def required(arguments: dict[str, Any]) -> list[tuple[str, Any]]:
    """The required arguments or input fields."""
    return [
        (name, argument)
        for name, argument in arguments.items()
        if isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
    ]


def operation_with(root: str, name: str) -> str:
    """A document with one root field and a minimal selection."""
    root_type: Any = GRAPHQL.get_type(root)
    field: GraphQLField = root_type.fields[name]
    arguments = ", ".join(f"{key}: {a_value(item.type)}" for key, item in required(field.args))
    selection = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    return f"{root.lower()} {{ {name}{f'({arguments})' if arguments else ''} {selection} }}"


def create(name: str) -> str:
    """Send a mutation that only some types of tokens permit."""
    return f'mutation {{ toggleCreate(input: {{ name: "{name}" }}) {{ errors {{ code }} }} }}'


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of the errors in an answer."""
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


@pytest.mark.parametrize(("root", "name"), ROOT_FIELDS)
async def test_a_root_field_opens_for_the_tokens_it_is_meant_for(
    shared_gateway: Gateway, root: str, name: str
) -> None:
    document = operation_with(root, name)
    # The limit for unknown tokens must not count the tokens of earlier tests.
    shared_gateway.store.unknown_tokens = UnknownTokens()
    viewers_too = name not in ADMIN_QUERIES
    # An allowed subscription is refused only because it must be streamed.
    open_ = 406 if root == "Subscription" else 200

    answers = {
        token: await shared_gateway.post(document, token=token)
        for token in (None, "unknown", "client", "frontend", "viewer", "admin")
    }

    statuses = {token: response.status_code for token, response in answers.items()}
    assert statuses == {
        None: 401,
        "unknown": 401,
        "client": 403,
        "frontend": 403,
        "viewer": open_,
        "admin": open_,
    }
    assert "FORBIDDEN" not in codes(answers["admin"].json())
    assert ("FORBIDDEN" not in codes(answers["viewer"].json())) is viewers_too


async def test_the_refusal_of_a_viewers_mutation_says_what_is_needed(
    shared_gateway: Gateway,
) -> None:
    response = await shared_gateway.post(create("by-a-viewer"), token="viewer")

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert error["extensions"] == {"code": "FORBIDDEN"}
    assert error["path"] == ["toggleCreate"]
    assert "viewer" in error["message"]
    assert "admin" in error["message"]
    assert "by-a-viewer" not in shared_gateway.store.snapshot.toggles


async def test_of_several_fields_the_forbidden_one_is_named(shared_gateway: Gateway) -> None:
    document = "{ viewer { canWrite } apiTokens { totalCount } }"

    response = await shared_gateway.post(document, token="viewer")

    (error,) = response.json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["apiTokens"])


async def test_a_viewer_learns_nothing_of_tokens_by_their_ids(shared_gateway: Gateway) -> None:
    token = next(iter(shared_gateway.store.snapshot.tokens.values()))
    document = f'{{ node(id: "{encode_id("ApiToken", token.id)}") {{ id }} }}'

    assert await shared_gateway.run(document, token="viewer") == {"node": None}
    assert (await shared_gateway.run(document))["node"] is not None


async def test_introspection_needs_a_token_that_may_query(shared_gateway: Gateway) -> None:
    document = "{ __schema { queryType { name } } }"

    assert (await shared_gateway.post(document, token=None)).status_code == 401
    assert (await shared_gateway.post(document, token="client")).status_code == 403
    assert (await shared_gateway.run(document, token="viewer"))["__schema"]["queryType"]


async def test_without_a_check_everybody_is_an_admin(shared_store: Store) -> None:
    async with gateway_over(shared_store, auth="none") as gateway:
        response = await gateway.post(create("without-a-check"), token=None)

    assert response.json() == {"data": {"toggleCreate": {"errors": []}}}
    assert "without-a-check" in shared_store.snapshot.toggles


async def test_an_admin_can_name_the_actor(shared_gateway: Gateway) -> None:
    response = await shared_gateway.client.post(
        "/graphql",
        json={"query": create("by-ada")},
        headers={**shared_gateway.headers("admin"), "X-Flagstaff-User": "Ada"},
    )

    assert response.status_code == 200
    (event,) = [item for item in await shared_gateway.events() if item.toggle_name == "by-ada"]
    assert event.actor.name == "Ada"


@pytest.mark.parametrize("prefix", ["", "Bearer "])
async def test_a_token_comes_bare_or_as_bearer(shared_gateway: Gateway, prefix: str) -> None:
    token = prefix + SECRETS["viewer"]

    assert await shared_gateway.run("{ viewer { canWrite } }", token=token) == {
        "viewer": {"canWrite": False}
    }


async def test_the_use_of_a_token_is_noted(shared_store: Store, shared_gateway: Gateway) -> None:
    async with shared_store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="used", type=ApiTokenType.VIEWER)
    before = shared_store.token_use.last_used_at(token.id)

    await shared_gateway.run("{ viewer { canWrite } }", token=secret)

    assert before is None
    assert shared_store.token_use.last_used_at(token.id) is not None


async def test_an_address_that_keeps_trying_unknown_tokens_is_429_and_valid_tokens_are_not(
    shared_gateway: Gateway,
) -> None:
    shared_gateway.store.unknown_tokens = UnknownTokens()

    for number in range(MAX_ATTEMPTS):
        response = await shared_gateway.post("{ __typename }", token=f"*:*.made-up-{number}")
        assert response.status_code == 401
    refused = await shared_gateway.post("{ __typename }", token="*:*.another")
    valid = await shared_gateway.post("{ __typename }")
    in_process: Any = shared_gateway.client._transport
    transport = httpx.ASGITransport(in_process.app, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as client:
        elsewhere = await client.post(
            "/graphql",
            json={"query": "{ __typename }"},
            headers={"Authorization": "*:*.another"},
        )

    assert elsewhere.status_code == 401
    assert refused.status_code == 429
    assert codes(refused.json()) == {"RATE_LIMITED"}
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert valid.status_code == 200


async def test_two_authorization_headers_are_one_unknown_token(shared_gateway: Gateway) -> None:
    shared_gateway.store.unknown_tokens = UnknownTokens()
    secret = SECRETS["admin"]
    headers = [("Authorization", secret), ("Authorization", secret)]

    response = await shared_gateway.client.post(
        "/graphql", json={"query": "{ __typename }"}, headers=headers
    )

    assert response.status_code == 401
