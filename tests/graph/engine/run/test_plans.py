"""Requests with the same variables share a plan. The number of functions in plans is limited."""

from typing import Any

import pytest

from graph.engine.documents.preparing import Documents
from graph.engine.run import plans
from graph.engine.run.cached_fragments import Fragments
from graph.engine.run.operations import Operations
from graph.engine.run.plans import Plan, Plans
from graph.engine.run.reads import CurrentState
from graph.schema import schema
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

DOCUMENTS = Documents(schema.graphql)


def plan_of(kept: Plans, text: str, variables: dict[str, Any] | None = None) -> Plan:
    document = DOCUMENTS.prepare(text)
    assert document.errors == ()
    operation = document.operation(None)
    assert operation is not None
    kept.plan_of(document, operation, variables)  # the first request stores no plan
    return kept.plan_of(document, operation, variables)


@pytest.fixture
def kept() -> Plans:
    return Plans(Fragments(CurrentState()))


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("query ($a: String!) { toggle(name: $a) { name } }", ()),
        ("query ($a: String!) { toggle(name: $a) { environment(name: $a) { id } } }", ("a",)),
        ("query ($a: Boolean!) { toggles @include(if: $a) { totalCount } }", ("a",)),
        ("query ($a: Boolean!) { ... @skip(if: $a) { __typename } }", ("a",)),
        (
            """query ($a: Int, $b: String) { ...Q }
            fragment Q on Query { toggles(after: $b) { nodes { ...T } } }
            fragment T on Toggle { events(first: $a) { totalCount } }""",
            ("a",),
        ),
        (
            """query ($a: String!, $b: Int) { toggle(name: $a) {
              project { toggles(filter: { or: [{ names: [$a] }] }) { totalCount } }
              usages(first: $b) { totalCount }
            } }""",
            ("a", "b"),
        ),
    ],
)
def test_variables_below_root_fields_and_in_directives_belong_to_the_plan(
    text: str, planned: tuple[str, ...]
) -> None:
    operation = DOCUMENTS.prepare(text).operation(None)

    assert operation is not None
    assert operation.planned_variables == planned


def test_requests_share_a_plan_unless_its_variables_differ(kept: Plans) -> None:
    text = """query ($name: String!, $in: String!) {
      toggle(name: $name) { environment(name: $in) { enabled } }
    }"""
    first = plan_of(kept, text, {"name": "a", "in": "default"})

    assert plan_of(kept, text, {"name": "b", "in": "default"}) is first
    assert plan_of(kept, text, {"name": "a", "in": "production"}) is not first
    assert plan_of(kept, text + " ", {"name": "a", "in": "default"}) is not first


def test_a_document_that_is_sent_once_leaves_nothing(kept: Plans) -> None:
    document = DOCUMENTS.prepare("{ __typename }")
    operation = document.operation(None)
    assert operation is not None

    plans_of_requests = [kept.plan_of(document, operation, None) for _ in range(3)]

    assert [plan.is_cached for plan in plans_of_requests] == [False, True, True]
    assert len(kept) == 1


def test_variables_that_json_cannot_hold_have_no_shared_plan(kept: Plans) -> None:
    text = 'query ($n: Int) { toggle(name: "a") { usages(first: $n) { totalCount } } }'

    one, other = (plan_of(kept, text, {"n": 2**70}) for _ in range(2))

    assert one is not other
    assert len(kept) == 0


def test_plans_are_bounded_by_their_functions(kept: Plans) -> None:
    for number in range(plans.MAX_WEIGHT // 100):
        plan_of(kept, f"{{ a{number}: __typename }}").count(150)
        assert kept.weight <= plans.MAX_WEIGHT + 200

    assert len(kept) < plans.MAX_WEIGHT // 100


@pytest.mark.thorough
async def test_memory_is_flat_over_many_documents(
    gateway: Gateway, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[Operations] = []
    run = Operations.run

    async def note(operations: Operations, *arguments: Any) -> Any:
        running.append(operations)
        return await run(operations, *arguments)

    monkeypatch.setattr(Operations, "run", note)
    monkeypatch.setattr(plans, "MAX_WEIGHT", 200)
    await installation.toggles("a", "b", "c")
    await gateway.run("{ __typename }")
    kept = running[0].plans
    monkeypatch.setattr(kept.fragments, "_max_bytes", 20_000)

    for number in range(100):
        for part in ("description", "potentiallyStale"):
            for _ in range(2):
                await gateway.run(f"{{ toggles {{ nodes {{ a{number}: name {part} }} }} }}")
            assert kept.weight <= 220  # exceeds the limit until the next plan
            assert kept.fragments.bytes <= 20_000

    caches = [cache for plan in kept._plans.values() for cache in plan._selection_caches]
    assert sum(cache.bytes for cache in caches) == kept.fragments.bytes
    assert sum(plan.weight for plan in kept._plans.values()) == kept.weight
