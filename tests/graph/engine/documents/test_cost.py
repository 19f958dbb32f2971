"""The cost of an operation is computed from its page sizes before the operation runs."""

from math import ceil
from typing import Any

import pytest
from graphql import get_introspection_query

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Documents
from graph.schema import schema
from tests.operations import operations

DOCUMENTS = Documents(schema.graphql, cost_rules=schema.cost_rules)


def cost_of(source: str, **variables: Any) -> int:
    """The cost of a document's only operation."""
    document = DOCUMENTS.prepare(source)
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
        ("{ toggles(first: 3) { nodes { environments { enabled } tags { value } } } }", 3 + 3),
        ("{ toggles(first: 3) { nodes { environments(first: 500) { enabled } } } }", 3 + 3 * 10),
        ("{ toggles(first: 3) { nodes { dependents(first: 0) { name } } } }", 3),
        (
            "{ toggles(first: 3) { nodes { dependents(first: 5) { events { totalCount } } } } }",
            ceil(3 + 3 * 5 * (1 / 50 + 50)),
        ),
        ("{ applications(first: 2) { nodes { issues { unknownToggles count } } } }", 2 + 2),
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
        ('{ toggle(name: "t") { evaluate(context: {}) { enabled } } }', 1),
        (
            """{ toggles(first: 7) { nodes {
              a: evaluate(context: {}, environment: "production") { enabled }
              b: evaluate(context: {}) { toggle { events(first: 2) { totalCount } } }
            } } }""",
            7 + 7 + 7 + 7 * 2,
        ),
        ("{ toggles(first: 4) @include(if: false) { totalCount } }", 0),
        ("{ toggles(first: 4) @skip(if: true) { totalCount } }", 0),
        ("{ ... @include(if: true) { toggles(first: 4) { totalCount } } }", 4),
    ],
)
def test_pages_multiply_along_their_path_and_add_up_next_to_each_other(
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


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ('{ toggle(name: "t") { dependents { environments { strategies { id } } } } }', 1 + 50),
        ('{ toggle(name: "t") { environments { toggle { name } } } }', 1),
        (
            '{ toggle(name: "t") { environments { toggle { environments { enabled } } } } }',
            1 + 50**2,
        ),
        (
            '{ toggle(name: "t") { dependents { dependents { dependents { id } } } } }',
            1 + 50 + 50**2,
        ),
        (
            """{ toggles(first: 3) { nodes { ...Parents } } }
            fragment Parents on Toggle { dependencies { toggle { ...Children } } }
            fragment Children on Toggle { dependents { name } }""",
            3 + 3 * 50,
        ),
        (
            """{ toggle(name: "t") { ...Children dependencies { toggle { ...Children } } } }
            fragment Children on Toggle { dependents { name } }""",
            1 + 50,
        ),
        (
            """{ node(id: "x") {
              ... on ChangeSet {
                changes { subject { ... on ChangeSet { changes { __typename } } } }
              }
            } }""",
            50 + 50 * 50,
        ),
        ('{ toggle(name: "t") { tags { value } ... on Node { ... on Toggle { id } } } }', 0),
        ("{ stateExport { content fileName } }", 1_000),
        ("{ stateExport { a: content b: content document } }", 3_000),
    ],
)
def test_lists_that_are_come_back_to_count_as_pages_and_exports_as_many_objects(
    document: str, cost: int
) -> None:
    assert cost_of(document) == cost


def test_toggles_evaluated_one_by_one_cost_what_the_playground_asks_for_them() -> None:
    one_by_one = "{ toggles(first: 30) { nodes { a: evaluate(context: {}) { enabled } \
        b: evaluate(context: {}) { enabled } } } }"
    played = "{ playground(contexts: [{}, {}], first: 30) { nodes { evaluations { enabled } } } }"

    assert cost_of(one_by_one) == 30 + cost_of(played)


def test_going_round_in_circles_is_too_costly() -> None:
    round = "__typename"
    for _ in range(4):
        round = f"environments {{ toggle {{ {round} }} }}"

    assert cost_of(f'{{ toggle(name: "t") {{ {round} }} }}') > Limits().cost


def test_ids_in_a_variable_are_counted() -> None:
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    assert cost_of(document, ids=["a"] * 30) == 30
    assert cost_of(document, ids="a") == 1


def test_a_fragment_costs_its_content_at_each_spread() -> None:
    document = """
      { toggles(first: 10) { nodes { ...Usages } } toggle(name: "t") { ...Usages } }
      fragment Usages on Toggle { usages(first: 3) { totalCount } }
    """

    assert cost_of(document) == 10 + 10 * 3 + 3


def test_the_subjects_of_a_warning_count_as_the_most_that_there_can_be() -> None:
    document = """
      mutation { changeSetApply(input: { changes: [] }) { changes(first: 2) { warnings { subjects {
        ... on Toggle { events(first: 5) { totalCount } }
      } } } } }
    """

    assert cost_of(document) == 2 + 2 * (10 + 10 * 5)


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
