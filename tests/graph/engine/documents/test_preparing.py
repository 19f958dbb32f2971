"""Documents are parsed and validated once, and cached within a limit."""

import pytest

from graph.engine.documents import preparing
from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Documents
from graph.schema import schema

GRAPHQL = schema._schema


def test_a_document_is_prepared_once() -> None:
    prepared = Documents(GRAPHQL)

    assert prepared.prepare("{ viewer { canWrite } }") is prepared.prepare(
        "{ viewer { canWrite } }"
    )


def test_what_cannot_run_is_not_kept() -> None:
    prepared = Documents(GRAPHQL)

    first = prepared.prepare("{ nothing }")

    assert first.errors
    assert prepared.prepare("{ nothing }") is not first


def test_the_least_recently_used_documents_are_evicted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MAX_CACHED_DOCUMENTS", 2)
    prepared = Documents(GRAPHQL)
    a = prepared.prepare("query A { viewer { canWrite } }")
    b = prepared.prepare("query B { viewer { canWrite } }")

    prepared.prepare(a.source)
    prepared.prepare("query C { viewer { canWrite } }")

    assert prepared.prepare(a.source) is a
    assert prepared.prepare(b.source) is not b


def test_long_documents_push_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MAX_CACHED_CHARACTERS", 100)
    prepared = Documents(GRAPHQL)
    small = prepared.prepare("{ viewer { canWrite } }")

    prepared.prepare("{ viewer { canWrite } } #" + "x" * 90)

    assert prepared.prepare(small.source) is not small


@pytest.mark.parametrize("digits", ["9" * 5_000, "-" + "9" * 5_000])
@pytest.mark.parametrize(
    "argument", ["toggles(first: {}) {{ totalCount }}", "node(id: {}) {{ id }}"]
)
def test_a_whole_number_of_thousands_of_digits_is_no_document(argument: str, digits: str) -> None:
    (error,) = Documents(GRAPHQL).prepare(f"{{ {argument.format(digits)} }}").errors

    assert "A number must not have more than 100 digits." in error.message
    assert error.extensions == {"code": "GRAPHQL_PARSE_FAILED"}
    assert error.locations


@pytest.mark.parametrize("escape", [r"\u0000", r"\u{0}"])
def test_a_string_with_nul_is_no_document(escape: str) -> None:
    (error,) = Documents(GRAPHQL).prepare(f'{{ toggle(name: "a{escape}b") {{ id }} }}').errors

    assert "NUL" in error.message
    assert error.extensions == {"code": "GRAPHQL_PARSE_FAILED"}
    assert error.locations


def test_a_string_with_an_escape_may_stand_beside_a_number() -> None:
    source = r'{ toggles(first: 1, filter: { search: "\u0041" }) { totalCount } }'

    document = Documents(GRAPHQL).prepare(source)

    assert document.errors == ()


def test_a_block_string_may_spell_what_looks_like_nul() -> None:
    document = Documents(GRAPHQL).prepare('{ toggle(name: """a\\u0000b""") { id } }')

    assert document.errors == ()


def test_a_document_that_is_too_long_is_returned_without_a_tree() -> None:
    document = Documents(GRAPHQL, Limits(characters=5)).prepare("{ viewer { canWrite } }")

    assert (document.source, document.tree) == ("{ viewer { canWrite } }", None)
