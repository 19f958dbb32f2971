"""Who may see the schema, and that asking for it holds up nobody."""

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from store import Store
from tests.graph.gateway import Gateway, gateway_over

TYPE = '{ __type(name: "Toggle") { name } }'
FORBIDDEN = (403, "FORBIDDEN")


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


async def test_introspection_gives_the_whole_schema(gateway: Gateway) -> None:
    sdl = await gateway.client.get("/schema.graphql", headers=gateway.headers("viewer"))

    first = await gateway.run(get_introspection_query(), token="viewer")
    again = await gateway.run(get_introspection_query(), token="admin")

    client_schema = print_schema(build_client_schema(first))
    assert "type Toggle implements Node" in client_schema
    assert sdl.text.count("\ntype ") == client_schema.count("\ntype ")
    assert again == first


async def test_introspection_takes_variables(gateway: Gateway) -> None:
    query = "query($name: String!) { __typename __type(name: $name) { name } }"

    for name in ("Toggle", "Event"):
        data = await gateway.run(query, {"name": name})

        assert data == {"__typename": "Query", "__type": {"name": name}}


async def test_introspection_with_unfit_variables_is_refused(gateway: Gateway) -> None:
    response = await gateway.post("query($name: String!) { __type(name: $name) { name } }", {})

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_introspection_beside_other_fields_is_answered(gateway: Gateway) -> None:
    data = await gateway.run('{ viewer { canWrite } __type(name: "Toggle") { name } }')

    assert data == {"viewer": {"canWrite": True}, "__type": {"name": "Toggle"}}


@pytest.mark.parametrize(
    "query",
    [
        TYPE,
        "{ __schema { queryType { name } } }",
        "{ viewer { canWrite } ...F } fragment F on Query { ... { s: __schema { description } } }",
    ],
)
async def test_where_it_is_off_only_admins_introspect(store: Store, query: str) -> None:
    async with gateway_over(store, introspection=False) as gateway:
        viewer = await gateway.post(query, token="viewer")
        await gateway.run(query, token="admin")
        named = await gateway.run("{ __typename viewer { __typename } }", token="viewer")

    (error,) = viewer.json()["errors"]
    assert (viewer.status_code, error["extensions"]["code"]) == FORBIDDEN
    assert "data" not in viewer.json()
    assert named == {"__typename": "Query", "viewer": {"__typename": "Viewer"}}


async def test_where_it_is_off_only_admins_read_the_schema_as_text(store: Store) -> None:
    async with gateway_over(store, introspection=False) as gateway:
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
    store: Store, query: str, variables: object
) -> None:
    async with gateway_over(store) as gateway:
        helpful = await gateway.post(query, variables)
    async with gateway_over(store, introspection=False) as gateway:
        terse = await gateway.post(query, variables)

    assert "Did you mean" in helpful.text
    assert "Did you mean" not in terse.text
    assert terse.json()["errors"]
