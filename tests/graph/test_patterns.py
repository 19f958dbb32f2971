"""Regular expressions in requests over GraphQL have a cost, and never block the server."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from graph.engine.documents.limits import Limits
from store.constraints.patterns import Pattern
from tests.graph.conftest import PreparedDatabase
from tests.graph.evaluations import properties
from tests.graph.gateway import Gateway, gateway_over
from tests.patterns import LARGE, note_compiled, only_in_threads

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAY = """
query Play($contexts: [ContextInput!]!, $changes: [ChangeInput!]) {
  playground(contexts: $contexts, changes: $changes) {
    nodes { toggle { name } evaluations { enabled } }
  }
}
"""
EVALUATE = """
query Evaluate($context: ContextInput!) {
  toggle(name: "matched") { evaluate(context: $context) { enabled } }
  toggles(first: 1, filter: { names: ["matched"] }) { nodes {
    evaluate(context: $context) { enabled strategies { outcome } }
  } }
}
"""


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """Databases with the reference data of an installation."""
    return furnished_database


def constraints(patterns: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"contextName": "plan", "operator": "REGEX", "values": [pattern]} for pattern in patterns
    ]


def strategies(patterns: Sequence[str]) -> list[dict[str, Any]]:
    return [{"name": "default", "constraints": constraints(patterns)}]


def created(name: str, patterns: Sequence[str]) -> dict[str, Any]:
    return {"toggleCreate": {"name": name, "enabled": True, "strategies": strategies(patterns)}}


async def test_assumed_patterns_are_compiled_once_and_in_a_thread(
    shared_gateway: Gateway,
) -> None:
    patterns = [f"^a{{{number}}}$" for number in range(100)]
    changes = [created(f"assumed-{entry}", [pattern]) for entry, pattern in enumerate(patterns)]
    contexts = [{"properties": properties(plan="aaa")}]

    with note_compiled() as compiled:
        data = await shared_gateway.run(
            PLAY, {"contexts": contexts, "changes": changes}, token="viewer"
        )

    assert only_in_threads(compiled) == patterns
    on = [node for node in data["playground"]["nodes"] if node["evaluations"][0]["enabled"]]
    assert [item["toggle"]["name"] for item in on] == ["assumed-3"]


async def test_assumed_patterns_that_are_too_large_are_refused(shared_gateway: Gateway) -> None:
    changes = [created("assumed", [f"{LARGE}{number}" for number in range(5)])]

    with note_compiled() as compiled:
        response = await shared_gateway.post(
            PLAY, {"contexts": [{}], "changes": changes}, token="viewer"
        )

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "is too large: its program needs more than 2,000,000 bytes" in error["message"]
    assert len(error["extensions"]["errors"]) == 5
    assert len(only_in_threads(compiled)) == 5


async def test_mutations_name_the_rule_that_a_large_pattern_breaks(
    shared_gateway: Gateway,
) -> None:
    with note_compiled() as compiled:
        error = await shared_gateway.refusal(
            "toggleCreate", {"name": "large", "strategies": strategies([LARGE])}
        )

    assert (error["code"], error["rule"]) == ("INVALID", "constraint-regex-size")
    assert error["path"] == ["strategies", "0", "constraints", "0", "values", "0"]
    assert only_in_threads(compiled) == [LARGE]


@pytest.mark.parametrize(
    ("mutation", "input", "selection"),
    [
        ("segmentCreate", {"name": "s1", "constraints": constraints(["^s1"])}, ""),
        ("toggleCreate", {"name": "t1", "strategies": strategies(["^t1"])}, ""),
        (
            "changeSetApply",
            {"changes": [created("t2", ["^t2"])], "dryRun": True},
            "",
        ),
        (
            "stateImport",
            {
                "source": {
                    "document": {
                        "format": "flagstaff",
                        "version": 1,
                        "segments": [
                            {
                                "name": "s2",
                                "constraints": [
                                    {"contextName": "a", "operator": "REGEX", "value": "^s2"}
                                ],
                            }
                        ],
                    }
                },
                "dryRun": True,
            },
            "",
        ),
    ],
)
async def test_mutations_compile_in_a_thread(
    own_gateway: Gateway, mutation: str, input: dict[str, Any], selection: str
) -> None:
    with note_compiled() as compiled:
        payload = await own_gateway.change(mutation, input, selection)

    assert payload["errors"] == []
    assert len(only_in_threads(compiled)) == 1


async def test_long_values_are_matched_in_a_thread(
    own_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: list[bool] = []
    found_in = Pattern.found_in
    own = threading.get_ident()

    def noting_found_in(pattern: Pattern, text: str) -> bool:
        found = found_in(pattern, text)
        here.append(threading.get_ident() == own)
        return found

    monkeypatch.setattr(Pattern, "found_in", noting_found_in)
    # Equal constraints share a cached function. The patterns are different for each database, so
    # that the server does not call a function from the cache that an earlier run filled.
    group = "a?b?" if own_gateway.store.dialect == "sqlite" else "b?a?"
    patterns = [f"^({group}){{{number}}}" for number in range(50, 80)]
    payload = await own_gateway.change(
        "toggleCreate", {"name": "matched", "enabled": True, "strategies": strategies(patterns)}
    )
    assert payload["errors"] == []
    for value, in_thread in (("ab" * 5_000, True), ("ab", False)):
        context = {"properties": properties(plan=value)}
        await own_gateway.run(EVALUATE, {"context": {}})
        here.clear()
        data = await own_gateway.run(EVALUATE, {"context": context})
        played = await own_gateway.run(PLAY, {"contexts": [context] * 30})

        # When a time slice ends, some toggles are explained again.
        assert len(here) >= 32 * len(patterns)
        assert set(here) == {not in_thread}
        assert data["toggle"]["evaluate"] == {"enabled": True}
        assert data["toggles"]["nodes"][0]["evaluate"]["strategies"] == [{"outcome": "MET"}]
        (node,) = played["playground"]["nodes"]
        assert node["evaluations"] == [{"enabled": True}] * 30


async def test_a_pattern_counts_as_fifty_values(own_gateway: Gateway) -> None:
    variables = {"contexts": [{}], "changes": [created("many", ["a"] * 400)]}
    more = {"contexts": [{}], "changes": [created("many", ["a"] * 500)]}

    (error,) = (await own_gateway.post(PLAY, more)).json()["errors"]

    assert "errors" not in (await own_gateway.post(PLAY, variables)).json()
    assert error["extensions"]["code"] == "COST_LIMIT"
    assert error["extensions"]["limit"] == "values"


@pytest.mark.parametrize(
    ("operator", "fits"), [("STR_CONTAINS", True), ("REGEX", False), ("$operator", False)]
)
async def test_patterns_written_out_in_a_document_count_twice(
    own_gateway: Gateway, operator: str, fits: bool
) -> None:
    document = (
        f"query {'($operator: ConstraintOperator!)' if operator == '$operator' else ''} {{ "
        'playground(contexts: [{}], changes: [{ segmentCreate: { name: "s", constraints: ['
        f'{{ contextName: "a", operator: {operator}, values: ["a"] }}'
        "] } }]) { totalCount } }"
    )
    async with gateway_over(own_gateway.store, limits=Limits(values=130)) as gateway:
        answer = (await gateway.post(document, {"operator": "IN"})).json()

    assert ("errors" not in answer) == fits, answer
