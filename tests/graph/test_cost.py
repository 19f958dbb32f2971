"""The cost of an operation: counted from its pages before it runs, refused when it is too high."""

from typing import Any

import pytest
from graphql import get_introspection_query

from graph.documents import Documents
from graph.limits import Limits
from graph.schema import schema
from store import Store
from tests.graph.gateway import Gateway, gateway_over
from tests.operations import operations

DOCUMENTS = Documents(schema.graphql)


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


def cost_of(text: str, **variables: Any) -> int:
    """The cost of a document's one operation."""
    document = DOCUMENTS.prepare(text)
    assert document.errors == ()
    operation = document.operation(None)
    assert operation is not None
    return operation.pricing.cost(variables)


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ viewer { canWrite } environments { name } }", 0),
        ("{ toggles { totalCount } }", 50),
        ("{ toggles(first: 7) { totalCount } }", 7),
        ("{ toggles(last: 8) { totalCount } }", 8),
        ("{ toggles(first: null) { totalCount } }", 50),
        ("{ toggles(first: 0) { nodes { events { totalCount } } } }", 0),
        ("{ toggles(first: 3) { nodes { environments { enabled } tags { value } } } }", 3),
        ("{ toggles(first: 3) { nodes { usages(first: 5) { totalCount } } } }", 3 + 3 * 5),
        ("{ toggles(first: 3) { edges { node { usages(first: 5) { totalCount } } } } }", 3 + 3 * 5),
        (
            """{
              toggles(first: 2) {
                nodes { events(first: 3) { totalCount } versions { totalCount } }
              }
              tags(first: 10) { totalCount }
            }""",
            2 + 2 * 3 + 2 * 50 + 10,
        ),
        (
            '{ nodes(ids: ["a", "b", "c"]) { ... on Toggle { events(first: 5) { totalCount } } } }',
            18,
        ),
        ('{ nodes(ids: "a") { id } }', 1),
        (
            '{ playground(contexts: [{}, {}], environments: "a", first: 7) { totalCount } }',
            7 * 2,
        ),
        (
            '{ playground(contexts: [{}, {}], environments: ["a", "b", "c"]) { totalCount } }',
            50 * 2 * 3,
        ),
        ("{ playground(contexts: [{}]) { totalCount } }", 50),
        ("{ toggles(first: 4) @include(if: false) { totalCount } }", 0),
        ("{ toggles(first: 4) @skip(if: true) { totalCount } }", 0),
        ("{ ... @include(if: true) { toggles(first: 4) { totalCount } } }", 4),
    ],
)
def test_pages_multiply_along_their_path_and_add_up_beside_each_other(
    document: str, cost: int
) -> None:
    assert cost_of(document) == cost


@pytest.mark.parametrize(
    ("variables", "cost"),
    [
        ({}, 20),
        ({"first": 3}, 3),
        ({"first": None}, 50),
        ({"first": 3, "more": True}, 3 + 3 * 9),
        ({"first": 10**9}, 500),
        ({"first": -1}, 0),
        ({"first": "many"}, 50),
        ({"first": True}, 50),
        ({"first": [1], "more": "x"}, 50 + 50 * 9),
    ],
)
def test_variables_and_their_defaults_count(variables: dict[str, Any], cost: int) -> None:
    document = """
      query($first: Int = 20, $more: Boolean! = false) {
        toggles(first: $first) { nodes { id events(first: 9) @include(if: $more) { totalCount } } }
      }
    """

    assert cost_of(document, **variables) == cost


def test_ids_in_a_variable_are_counted() -> None:
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    assert cost_of(document, ids=["a"] * 30) == 30
    assert cost_of(document, ids="a") == 1


def test_a_fragment_costs_what_it_stands_for_wherever_it_is_spread() -> None:
    document = """
      { toggles(first: 10) { nodes { ...Usages } } toggle(name: "t") { ...Usages } }
      fragment Usages on Toggle { usages(first: 3) { totalCount } }
    """

    assert cost_of(document) == 10 + 10 * 3 + 3


def test_fragments_that_double_are_priced_once_each() -> None:
    doubling = [f"fragment F{n} on Toggle {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60)]
    document = "\n".join(
        [
            '{ toggle(name: "t") { ...F0 } }',
            *doubling,
            "fragment F60 on Toggle { events(first: 1) { totalCount } }",
        ]
    )

    assert cost_of(document) == 10**12


@pytest.mark.parametrize("name", operations())
def test_every_page_of_an_admin_frontend_costs_little_of_what_it_may(name: str) -> None:
    document = DOCUMENTS.prepare(operations()[name].text)
    operation = document.operation(name)

    assert document.errors == ()
    assert operation is not None
    assert operation.pricing.cost({}) <= Limits().cost / 5


def test_the_standard_introspection_query_costs_little_of_what_it_may() -> None:
    document = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )

    assert 0 < cost_of(document) <= Limits().cost / 5


def test_introspection_repeated_by_aliases_is_too_costly() -> None:
    fields = " ".join(f"a{n}: fields {{ args {{ name }} }}" for n in range(45))

    assert cost_of(f"{{ __schema {{ types {{ fields {{ type {{ {fields} }} }} }} }} }}") > 5_000


async def test_what_costs_too_much_is_refused_with_the_numbers(gateway: Gateway) -> None:
    document = "{ toggles(first: 100) { nodes { events(first: 50) { totalCount } } } }"

    response = await gateway.post(document)

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert "data" not in response.json()
    assert error["extensions"] == {
        "code": "COST_LIMIT",
        "limit": "cost",
        "actual": 5_100,
        "maximum": 5_000,
    }


async def test_a_wide_cycle_is_too_costly(gateway: Gateway) -> None:
    document = (
        "{ strategies { nodes { toggles { nodes { project { toggles { nodes { name } } } } } } } }"
    )

    response = await gateway.post(document)

    assert response.json()["errors"][0]["extensions"]["actual"] == 50 + 50 * 50 + 50**3


@pytest.mark.parametrize("first", [-1, 501, 10**9])
async def test_a_page_size_out_of_range_is_told_of_by_its_field(
    gateway: Gateway, first: int
) -> None:
    response = await gateway.post(
        "query($first: Int) { toggles(first: $first) { totalCount } }", {"first": first}
    )

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "from 0 to 500" in error["message"]


async def test_the_limits_are_those_that_were_set(store: Store) -> None:
    limits = Limits(cost=40, depth=3, tokens=30)
    async with gateway_over(store, limits=limits) as gateway:
        shown = await gateway.run("{ serverInfo { limits { maxCost maxDepth maxTokens } } }")
        costly = await gateway.post("{ toggles { totalCount } }")
        deep = await gateway.post("{ toggles(first: 1) { nodes { tags { value } } } }")
        long = await gateway.post("{ viewer { " + "canWrite " * 26 + "} }")

    assert shown["serverInfo"]["limits"] == {"maxCost": 40, "maxDepth": 3, "maxTokens": 30}
    assert [
        (answer.status_code, answer.json()["errors"][0]["extensions"])
        for answer in (costly, deep, long)
    ] == [
        (422, {"code": "COST_LIMIT", "limit": limit, "actual": actual, "maximum": maximum})
        for limit, actual, maximum in (("cost", 50, 40), ("depth", 4, 3), ("tokens", 31, 30))
    ]


async def test_the_cost_is_told_on_request(gateway: Gateway) -> None:
    body = {"query": "{ toggles(first: 7) { totalCount } }"}
    headers = gateway.headers("viewer")

    asked = await gateway.client.post(
        "/graphql", json=body, headers={**headers, "X-Flagstaff-Cost": "1"}
    )
    plain = await gateway.client.post("/graphql", json=body, headers=headers)

    assert asked.json() == {"data": {"toggles": {"totalCount": 0}}, "extensions": {"cost": 7}}
    assert "extensions" not in plain.json()
