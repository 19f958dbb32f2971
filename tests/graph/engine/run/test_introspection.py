"""Introspection needs a token, and does not delay other requests."""

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from graph.schema import print_sdl
from store import Store
from tests.graph.gateway import Gateway, gateway_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

TYPE = '{ __type(name: "Toggle") { name } }'
FORBIDDEN = (403, "FORBIDDEN")


async def test_introspection_gives_the_whole_schema(shared_gateway: Gateway) -> None:
    sdl = await shared_gateway.client.get(
        "/schema.graphql", headers=shared_gateway.headers("viewer")
    )

    first = await shared_gateway.run(get_introspection_query(), token="viewer")
    again = await shared_gateway.run(get_introspection_query(), token="admin")

    client_schema = print_schema(build_client_schema(first))
    assert "type Toggle implements Node" in client_schema
    assert sdl.text.count("\ntype ") == client_schema.count("\ntype ")
    assert again == first


async def test_introspection_takes_variables(shared_gateway: Gateway) -> None:
    query = "query($name: String!) { __typename __type(name: $name) { name } }"

    for name in ("Toggle", "Event"):
        data = await shared_gateway.run(query, {"name": name})

        assert data == {"__typename": "Query", "__type": {"name": name}}


async def test_introspection_with_unfit_variables_is_refused(shared_gateway: Gateway) -> None:
    response = await shared_gateway.post(
        "query($name: String!) { __type(name: $name) { name } }", {}
    )

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_introspection_next_to_other_fields_is_answered(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run('{ viewer { canWrite } __type(name: "Toggle") { name } }')

    assert data == {"viewer": {"canWrite": True}, "__type": {"name": "Toggle"}}


async def test_the_schema_can_be_read_as_text(shared_gateway: Gateway) -> None:
    response = await shared_gateway.client.get(
        "/schema.graphql", headers=shared_gateway.headers("viewer")
    )

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == print_sdl()


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("client", 403)])
async def test_the_schema_needs_a_token_that_may_query(
    shared_gateway: Gateway, token: str | None, status: int
) -> None:
    response = await shared_gateway.client.get(
        "/schema.graphql", headers=shared_gateway.headers(token)
    )

    assert response.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        TYPE,
        "{ __schema { queryType { name } } }",
        "{ viewer { canWrite } ...F } fragment F on Query { ... { s: __schema { description } } }",
    ],
)
async def test_where_it_is_off_only_admins_introspect(shared_store: Store, query: str) -> None:
    async with gateway_over(shared_store, introspection=False) as gateway:
        viewer = await gateway.post(query, token="viewer")
        await gateway.run(query, token="admin")
        named = await gateway.run("{ __typename viewer { __typename } }", token="viewer")

    (error,) = viewer.json()["errors"]
    assert (viewer.status_code, error["extensions"]["code"]) == FORBIDDEN
    assert "data" not in viewer.json()
    assert named == {"__typename": "Query", "viewer": {"__typename": "Viewer"}}


async def test_where_it_is_off_only_admins_read_the_schema_as_text(shared_store: Store) -> None:
    async with gateway_over(shared_store, introspection=False) as gateway:
        answers = [
            await gateway.client.get("/schema.graphql", headers=gateway.headers(token))
            for token in ("viewer", "admin")
        ]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


MISSPELT = [
    ("{ viewer { canWrit } }", None),
    ('{ toggle(nam: "t") { id } }', None),
    ("{ toggles(orderBy: { field: NAM }) { totalCount } }", None),
    ("query($o: ToggleOrder) { toggles(orderBy: $o) { totalCount } }", {"o": {"field": "NAM"}}),
]


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_errors_suggest_names_unless_introspection_is_off(
    shared_store: Store, query: str, variables: object
) -> None:
    async with gateway_over(shared_store) as gateway:
        helpful = await gateway.post(query, variables)
    async with gateway_over(shared_store, introspection=False) as gateway:
        terse = await gateway.post(query, variables)

    assert "Did you mean" in helpful.text
    assert "Did you mean" not in terse.text
    assert terse.json()["errors"]
