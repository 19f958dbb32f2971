"""Every root field opens for exactly the types of tokens that it is meant for."""

from typing import Any

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
from tests.graph.gateway import Gateway

GRAPHQL = schema._schema
ADMIN_QUERIES = {"apiTokens"}
ROOT_FIELDS = [
    (root.name, name)
    for root in (GRAPHQL.query_type, GRAPHQL.mutation_type, GRAPHQL.subscription_type)
    if root is not None
    for name in root.fields
]


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


def a_value(type: Any) -> str:
    """Some literal of an input type, as short as it may be."""
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
            fields = [f"{name}: {a_value(it.type)}" for name, it in required(type.fields)]
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
    """The arguments or input fields that cannot be left out."""
    return [
        (name, it)
        for name, it in arguments.items()
        if isinstance(it.type, GraphQLNonNull) and it.default_value is Undefined
    ]


def operation_with(root: str, name: str) -> str:
    """A document that asks for one root field and next to nothing below it."""
    root_type: Any = GRAPHQL.get_type(root)
    field: GraphQLField = root_type.fields[name]
    arguments = ", ".join(f"{key}: {a_value(it.type)}" for key, it in required(field.args))
    selection = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    return f"{root.lower()} {{ {name}{f'({arguments})' if arguments else ''} {selection} }}"


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of the errors in an answer."""
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


@pytest.mark.parametrize(("root", "name"), ROOT_FIELDS)
async def test_a_root_field_opens_for_the_tokens_it_is_meant_for(
    gateway: Gateway, root: str, name: str
) -> None:
    document = operation_with(root, name)
    viewers_too = root != "Mutation" and name not in ADMIN_QUERIES
    # Whom it is open to, a subscription tells that it is streamed.
    open_ = 406 if root == "Subscription" else 200

    answers = {
        token: await gateway.post(document, token=token)
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


async def test_the_refusal_of_a_viewers_mutation_says_what_is_needed(gateway: Gateway) -> None:
    response = await gateway.post(
        'mutation { toggleCreate(input: { name: "t" }) { toggle { id } } }', token="viewer"
    )

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert error["extensions"] == {"code": "FORBIDDEN"}
    assert error["path"] == ["toggleCreate"]
    assert "viewer" in error["message"]
    assert "admin" in error["message"]
    assert "t" not in gateway.store.snapshot.toggles


async def test_one_forbidden_field_leaves_the_others(gateway: Gateway) -> None:
    response = await gateway.post(
        """
        mutation {
          toggleCreate(input: { name: "a" }) { errors { code } }
        }
        """,
        token="viewer",
    )
    mixed = await gateway.post("{ viewer { canWrite } apiTokens { totalCount } }", token="viewer")

    assert codes(response.json()) == {"FORBIDDEN"}
    assert codes(mixed.json()) == {"FORBIDDEN"}


async def test_a_viewer_learns_nothing_of_tokens_by_their_ids(gateway: Gateway) -> None:
    token = next(iter(gateway.store.snapshot.tokens.values()))
    document = f'{{ node(id: "{encode_id("ApiToken", token.id)}") {{ id }} }}'

    assert await gateway.run(document, token="viewer") == {"node": None}
    assert (await gateway.run(document))["node"] is not None


async def test_introspection_needs_a_token_that_may_query(gateway: Gateway) -> None:
    document = "{ __schema { queryType { name } } }"

    assert (await gateway.post(document, token=None)).status_code == 401
    assert (await gateway.post(document, token="client")).status_code == 403
    assert (await gateway.run(document, token="viewer"))["__schema"]["queryType"]


async def test_without_a_check_everybody_is_an_admin(store: Any) -> None:
    from tests.graph.gateway import gateway_over

    async with gateway_over(store, auth="none") as gateway:
        payload = await gateway.change("toggleCreate", {"name": "t"}, "toggle { name }")

    assert payload["toggle"] == {"name": "t"}


async def test_an_admin_can_name_the_actor(gateway: Gateway) -> None:
    response = await gateway.client.post(
        "/graphql",
        json={"query": 'mutation { toggleCreate(input: { name: "t" }) { errors { code } } }'},
        headers={**gateway.headers("admin"), "X-Flagstaff-User": "Ada"},
    )

    assert response.status_code == 200
    assert (await gateway.events())[0].actor.name == "Ada"


@pytest.mark.parametrize("prefix", ["", "Bearer "])
async def test_a_token_comes_bare_or_as_bearer(gateway: Gateway, prefix: str) -> None:
    token = prefix + gateway.secrets["viewer"]

    assert await gateway.run("{ viewer { canWrite } }", token=token) == {
        "viewer": {"canWrite": False}
    }


async def test_the_use_of_a_token_is_noted(gateway: Gateway) -> None:
    await gateway.run("{ viewer { canWrite } }", token="viewer")

    (viewer,) = [it for it in gateway.store.snapshot.tokens.values() if it.type == "viewer"]
    assert gateway.store.token_use.last_used_at(viewer.id) is not None
