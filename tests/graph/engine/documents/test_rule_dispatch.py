"""Validation reports the same errors as graphql-core's own validation, in the same order."""

from random import Random
from typing import Any

import pytest
from graphql import GraphQLError, parse, validate

from graph.engine.documents import validating
from graph.engine.documents.validating import validation_errors
from graph.schema import schema
from tests.graph.generated_operations import Generator

DOCUMENTS = 150
VALUES: dict[str, list[Any]] = {
    "String": ["a"],
    "ID": ["a"],
    "Int": [1],
    "Boolean": [True],
    "Float": [0.5],
    "DateTime": ["2026-01-01T00:00:00Z"],
    "BigInt": [1],
    "JSON": [{}],
}


def described(errors: list[GraphQLError]) -> list[Any]:
    return [(error.message, error.locations) for error in errors]


def errors_of_both(source: str) -> tuple[list[Any], list[Any]]:
    """Return the errors from this server's validation, and the errors from graphql-core's
    validation.
    """
    ours = validation_errors(schema.graphql, parse(source), suggestions=True)
    rules: Any = validating._RULES
    theirs = validate(schema.graphql, parse(source), rules, max_errors=validating.MAX_ERRORS - 1)
    return described(ours), described(theirs)


@pytest.mark.parametrize(
    "source",
    [
        "{ unknown { below } toggles { nodes { name { x } } } }",
        "{ toggles }",
        "query A { __typename } query A { __typename }",
        "{ __typename } { __typename }",
        "query ($a: Nothing, $b: Toggle, $c: Int) { __typename }",
        "{ toggle(name: $a, name: 1, other: 2) { name @include @other } }",
        "{ ...A } fragment A on Query{...B} fragment B on Query { ...A } fragment C on Int { x }",
        "{ toggles { ... on Segment { id } ... on Node { id } } }",
        "{ a: toggles { totalCount } a: segments { totalCount } }",
        "subscription { events { cursor } toggleChanged { toggle { id } } }",
        "{ " + " ".join(f"f{number}" for number in range(50)) + " }",
        "type Query { a: Int } { __typename }",
    ],
)
def test_invalid_documents_have_the_same_errors(source: str) -> None:
    ours, theirs = errors_of_both(source)

    assert ours == theirs
    assert ours


@pytest.mark.thorough
def test_generated_documents_with_changed_words_have_the_same_errors() -> None:
    invalid = 0
    for seed in range(DOCUMENTS):
        random = Random(seed)
        words = Generator(schema.graphql, random, VALUES).operation().split()
        for _ in range(3):
            place = random.randrange(len(words))
            if words[place].isidentifier():
                words[place] = random.choice((*words, "unknown"))
        try:
            parse(" ".join(words))
        except GraphQLError:
            continue
        ours, theirs = errors_of_both(" ".join(words))
        assert ours == theirs
        invalid += bool(ours)

    assert invalid > DOCUMENTS / 10
