"""The server counts the values of arguments, and counts literals in a document twice."""

from typing import Any

import pytest

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Documents
from graph.engine.documents.values import count_values
from graph.schema import schema
from store import Store
from tests.graph.gateway import gateway_over

DOCUMENTS = Documents(schema.graphql, cost_rules=schema.cost_rules)

# ToggleFilter has 22 fields, and ContextInput has 6.
CASES = [
    ("toggles(filter: {}) {{ totalCount }}", "ToggleFilter", "{}", {}, 11),
    (
        "toggles(filter: {}) {{ totalCount }}",
        "ToggleFilter",
        "{archived: true}",
        {"archived": True},
        1 + 11 + 1,
    ),
    (
        "toggles(filter: {}) {{ totalCount }}",
        "ToggleFilter",
        '{names: ["a", "b", "c"], hasVariants: null}',
        {"names": ["a", "b", "c"], "hasVariants": None},
        2 + 10 + 3 + 1,
    ),
    (
        "playground(contexts: {}) {{ totalCount }}",
        "[ContextInput!]!",
        "[{} {}]",
        [{}, {}],
        2 + 2 * 3,
    ),
    ("playground(contexts: {}) {{ totalCount }}", "[ContextInput!]!", "{}", {}, 3),
    (
        "playground(contexts: {}) {{ totalCount }}",
        "[ContextInput!]!",
        '{properties: {name: "a", value: "b"}}',
        {"properties": {"name": "a", "value": "b"}},
        1 + 2 + 2 + 2,
    ),
    ("nodes(ids: {}) {{ id }}", "[ID!]!", '["a", "b"]', ["a", "b"], 2),
]
EMPTY = "{} " * 600


def values_in(document: str) -> int:
    """Return the number of values that are literals in a document."""
    prepared = DOCUMENTS.prepare(document)
    assert prepared.errors == ()
    return prepared.values


@pytest.mark.parametrize(("field", "type", "literal", "variable", "count"), CASES)
def test_a_value_counts_twice_as_much_written_out_as_in_a_variable(
    field: str, type: str, literal: str, variable: Any, count: int
) -> None:
    document = DOCUMENTS.prepare(f"query($it: {type}) {{ {field.format('$it')} }}")
    (operation,) = document.operations.values()

    in_variable = count_values(schema.graphql, operation.tree, {"it": variable}, enough=10_000)

    assert in_variable == count
    assert values_in(f"{{ {field.format(literal)} }}") == 2 * count


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ("{ ...F ...F } fragment F on Query { nodes(ids: [1, 2]) { id } }", 2),
        ("query($ids: [ID!]! = [1, 2, 3]) { nodes(ids: $ids) { id } }", 3 + 1),
        ("query A { nodes(ids: [1]) { id } } query B { nodes(ids: [2, 3]) { id } }", 3),
        ("{ toggles { nodes { ... on Toggle { environments(names: [a]) { enabled } } } } }", 1),
    ],
)
def test_values_count_wherever_they_are_written_out_and_in_fragments_once(
    document: str, count: int
) -> None:
    assert values_in(document.replace("[a]", '["a"]')) == 2 * count


def test_too_many_values_in_a_document_are_refused_before_it_is_validated() -> None:
    documents = Documents(schema.graphql, Limits(values=2_000))

    (error,) = documents.prepare(
        f"{{ unknown playground(contexts: [{EMPTY}]) {{ totalCount }} }}"
    ).errors

    assert error.message == ("The operation exceeds the limit 'values': 4800; the maximum is 2000.")
    assert error.extensions == {
        "code": "COST_LIMIT",
        "limit": "values",
        "actual": 4_800,
        "maximum": 2_000,
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_values_of_the_document_and_of_its_variables_add_up(shared_store: Store) -> None:
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } toggles(filter: {}) { totalCount } }"
    async with gateway_over(shared_store, limits=Limits(values=32)) as gateway:
        enough = await gateway.post(document, {"ids": ["a"] * 8})
        more = await gateway.post(document, {"ids": ["a"] * 9})

    # The document contains the variable and an object of 22 fields.
    (error,) = more.json()["errors"]
    assert enough.status_code == 200
    assert more.status_code == 422
    assert error["extensions"] == {
        "code": "COST_LIMIT",
        "limit": "values",
        "actual": 33,
        "maximum": 32,
    }
