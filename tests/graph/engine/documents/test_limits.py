"""Documents that exceed a limit are refused before they run, regardless of their structure."""

import graphql
import pytest
from graphql import get_introspection_query

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Documents
from graph.schema import schema
from tests.steps import steps_to

DOCUMENTS = Documents(schema.graphql, cost_rules=schema.cost_rules)

# A refusal may take at most this many times the steps of parsing a harmless document of maximum
# size.
QUICK = 10
LIMITS = Limits()
HARMLESS = "{ viewer { " + "canWrite " * 3_900 + "} }"


@pytest.fixture(scope="module")
def harmless_steps() -> int:
    """The number of steps to parse a harmless document."""
    return steps_to(lambda: graphql.parse(HARMLESS))


def nested(depth: int) -> str:
    """Return a query of the given depth over a cycle of types."""
    fields = ['toggle(name: "t")']
    while len(fields) < depth:
        fields += ["environments", "toggle"]
    return "{ " + " { ".join(fields[: depth - 1]) + " { __typename " + "} " * depth


def refused_limits(document: str) -> list[str]:
    """The limits that refuse a document."""
    errors = DOCUMENTS.prepare(document).errors
    return [str((error.extensions or {}).get("limit")) for error in errors]


def test_the_deepest_document_allowed_is_as_deep_as_the_limit() -> None:
    assert DOCUMENTS.prepare(nested(LIMITS.depth)).errors == ()
    assert refused_limits(nested(LIMITS.depth + 1)) == ["depth"]


def test_depth_hidden_in_fragments_counts() -> None:
    document = """
      { toggle(name: "t") { ...A } }
      fragment A on Toggle { environments { toggle { ...B } } }
      fragment B on Toggle { environments { toggle { ...C } } }
      fragment C on Toggle { environments { toggle { ...D } } }
      fragment D on Toggle { environments { toggle { ...E } } }
      fragment E on Toggle { environments { toggle { environments { __typename } } } }
    """

    assert refused_limits(document) == ["depth"]


def test_the_standard_introspection_query_passes() -> None:
    document = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )

    assert DOCUMENTS.prepare(document).errors == ()


def test_introspection_that_circles_is_refused() -> None:
    levels = 11
    document = (
        "{ __schema { types { " + "fields { type { " * levels + "name " + "} } " * levels + "} } }"
    )

    assert refused_limits(document) == ["introspectionDepth"]


@pytest.mark.parametrize(
    ("document", "limit", "actual"),
    [
        (
            "{ viewer { " + " ".join(f"a{n}: canWrite" for n in range(LIMITS.aliases + 1)) + " } }",
            "aliases",
            LIMITS.aliases + 1,
        ),
        (
            "{ " + "viewer { canWrite } " * (LIMITS.root_fields + 1) + "}",
            "rootFields",
            LIMITS.root_fields + 1,
        ),
        (
            "{ viewer { canWrite " + "@include(if: true) " * (LIMITS.directives + 1) + "} }",
            "directives",
            LIMITS.directives + 1,
        ),
    ],
)
def test_a_refusal_says_which_limit_was_exceeded_by_how_much(
    document: str, limit: str, actual: int
) -> None:
    (error,) = DOCUMENTS.prepare(document).errors

    assert error.extensions is not None
    assert error.extensions["code"] == "COST_LIMIT"
    assert (error.extensions["limit"], error.extensions["actual"]) == (limit, actual)
    assert error.extensions["maximum"] == actual - 1


@pytest.mark.parametrize(
    ("document", "limit"),
    [
        ('{ toggle(name: "t") { ' + "project { name } " * 250 + "} }", "comparisons"),
        (
            " ".join(
                f"query Q{n} {{ viewer {{ ...F0 ...F{n % 15} ...F{15 + n // 15} }} }}"
                for n in range(150)
            )
            + " ".join(f"fragment F{n} on Viewer {{ {f'...F{n + 1} ' * 14} }}" for n in range(30))
            + " fragment F30 on Viewer { canWrite }",
            "fragmentUses",
        ),
    ],
)
def test_validation_that_is_given_up_says_after_how_much_work(document: str, limit: str) -> None:
    (error,) = DOCUMENTS.prepare(document).errors

    assert error.extensions is not None
    actual, maximum = error.extensions["actual"], error.extensions["maximum"]
    assert error.extensions == {
        "code": "COST_LIMIT",
        "limit": limit,
        "actual": actual,
        "maximum": maximum,
    }
    assert 0 < maximum < actual < maximum + 100
    assert f"after {actual} steps; the maximum is {maximum}." in error.message


def test_aliases_multiplied_by_fragments_are_counted_without_expanding_them(
    harmless_steps: int,
) -> None:
    doubling = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(26)]
    document = "\n".join(
        ["{ viewer { ...F0 } }", *doubling, "fragment F26 on Viewer { a: canWrite }"]
    )
    limits: list[str] = []

    took = steps_to(lambda: limits.extend(refused_limits(document)))

    assert limits == ["aliases"]
    assert took < QUICK * harmless_steps


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }",
        "{" + "a{" * 20_000,
        "{ toggle(name: " + "[" * 20_000,
        "{ viewer { " + "canWrite " * 5_000 + "} }",
        "{ viewer { " + "unknown " * 2_000 + "} }",
        "{ viewer { " + "canWrite " * 3_900 + "} }",
        '{ toggle(name: "t") { ' + "project { name } " * 900 + "} }",
        "query("
        + ", ".join(f"$v{n}: [[[[[[Int]]]]]]" for n in range(300))
        + ") { viewer { canWrite } }",
        "{ viewer { canWrite } }" + " fragment A on Viewer { canWrite }" * 400,
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(500))
        + " fragment F500 on Query { viewer { canWrite } }",
    ],
    ids=[
        "fragment cycle",
        "nested fields",
        "nested lists",
        "too many tokens",
        "unknown fields",
        "one field again and again",
        "one object again and again",
        "unused variables",
        "fragments of one name",
        "chain of fragments",
    ],
)
def test_a_hostile_document_is_refused_quickly(document: str, harmless_steps: int) -> None:
    errors: list[graphql.GraphQLError] = []

    took = steps_to(lambda: errors.extend(DOCUMENTS.prepare(document).errors))

    assert took < QUICK * harmless_steps
    assert 0 < len(errors) <= 20
