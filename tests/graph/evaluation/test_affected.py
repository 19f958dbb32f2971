"""With changes, the playground returns only affected decisions, before and after the changes."""

from typing import Any

import pytest

from graph.evaluation import affected
from graph.ids import encode_id
from store import Store
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.inputs import StrategySpec
from store.values import Dependency, Variant
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAY = """
query Play(
  $contexts: [ContextInput!]! = [{}], $environments: [String!]! = ["default"]
  $changes: [ChangeInput!], $first: Int, $after: String
) {
  playground(
    contexts: $contexts, environments: $environments, changes: $changes, onlyAffected: true
    first: $first, after: $after
  ) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      toggle { name }
      before { enabled reason variant { name } environment { name } matchedStrategy { title } }
      evaluations { enabled reason variant { name } environment { name } }
    }
  }
}
"""
TESTERS = encode_id("Segment", 1)
EVERYBODY = {"id": TESTERS, "constraints": []}


async def fill(store: Store) -> None:
    """Create toggles that are on for everybody, for a segment, or if another toggle is on."""
    installation = Installation(store)
    testers = StrategySpec(name="default", title="testers", segments=(1,))
    await installation.toggle("for-all", enabled=True)
    await installation.toggle("for-testers", enabled=True, strategies=(testers,))
    await installation.toggle("off-for-testers", enabled=False, strategies=(testers,))
    await installation.toggle("with-all", enabled=True)
    await installation.toggle("with-testers", enabled=True)
    await installation.toggle("old", enabled=True)
    await installation.toggle(
        "varied", enabled=True, variants=(Variant("a", 1000), Variant("b", 0))
    )
    await installation.archive("old")
    async with store.write(SYSTEM) as work:
        await set_dependencies(work, "with-all", (Dependency("for-all"),))
        await set_dependencies(work, "with-testers", (Dependency("for-testers"),))


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


async def play(gateway: Gateway, *changes: Any, **variables: Any) -> Any:
    data = await gateway.run(PLAY, {"changes": changes, **variables}, token="viewer")
    return data["playground"]


def decisions(results: Any) -> dict[str, tuple[list[bool], list[bool]]]:
    """The decisions before and after the changes, by toggle."""
    return {
        node["toggle"]["name"]: (
            [evaluation["enabled"] for evaluation in node["before"]],
            [evaluation["enabled"] for evaluation in node["evaluations"]],
        )
        for node in results["nodes"]
    }


ON_TO_OFF = ([True], [False])
OFF_TO_ON = ([False], [True])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"toggleSetEnabled": {"name": "for-all", "enabled": False}},
            {"for-all": ON_TO_OFF, "with-all": ON_TO_OFF},
        ),
        ({"segmentUpdate": EVERYBODY}, {"for-testers": OFF_TO_ON, "with-testers": OFF_TO_ON}),
        ({"toggleArchive": {"name": "with-all"}}, {"with-all": ON_TO_OFF}),
        ({"toggleRevive": {"name": "old"}}, {}),
        ({"toggleUpdate": {"name": "for-all", "description": "x"}}, {}),
        ({"toggleSetEnabled": {"name": "for-all", "enabled": True}}, {}),
        (
            {"toggleSetEnabled": {"name": "for-all", "environment": "production", "enabled": True}},
            {},
        ),
        ({"toggleVariantUpdate": {"toggle": "varied", "variant": "b", "stickiness": "x"}}, {}),
        ({"toggleCreate": {"name": "new", "enabled": True}}, {"new": ([], [True])}),
        ({"toggleCreate": {"name": "new-and-off"}}, {}),
    ],
)
async def test_only_toggles_with_another_decision_are_returned(
    shared_gateway: Gateway, change: Any, expected: Any
) -> None:
    results = await play(shared_gateway, change)

    assert decisions(results) == expected
    assert results["totalCount"] == len(expected)


async def test_another_variant_is_another_decision(shared_gateway: Gateway) -> None:
    change = {
        "toggleConfigure": {"name": "varied", "variants": [{"name": "b"}]},
    }

    (node,) = (await play(shared_gateway, change))["nodes"]

    assert [item["variant"]["name"] for item in node["before"] + node["evaluations"]] == ["a", "b"]
    assert decisions({"nodes": [node]}) == {"varied": ([True], [True])}


async def test_one_context_or_environment_is_enough(shared_gateway: Gateway) -> None:
    change = {"toggleSetEnabled": {"name": "off-for-testers", "enabled": True}}
    contexts = [{}, {"properties": [{"name": "email", "value": "ada@b.example"}]}]

    results = await play(
        shared_gateway, change, contexts=contexts, environments=["production", "default"]
    )

    assert decisions(results) == {"off-for-testers": ([False] * 4, [False, False, False, True])}
    (node,) = results["nodes"]
    assert [item["environment"]["name"] for item in node["before"]] == [
        "production",
        "production",
        "default",
        "default",
    ]
    assert [item["reason"] for item in node["before"]] == ["DISABLED"] * 4


async def test_affected_toggles_are_listed_page_by_page(shared_gateway: Gateway) -> None:
    changes = [
        {"toggleSetEnabled": {"name": name, "enabled": False}} for name in ("for-all", "varied")
    ]

    first = await play(shared_gateway, *changes, first=2)
    second = await play(shared_gateway, *changes, first=2, after=first["pageInfo"]["endCursor"])

    assert (list(decisions(first)), list(decisions(second))) == (
        ["for-all", "varied"],
        ["with-all"],
    )
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)


async def test_without_changes_nothing_is_affected_and_before_is_the_same(
    shared_gateway: Gateway,
) -> None:
    nothing = await play(shared_gateway)
    data = await shared_gateway.run(
        """{ playground(contexts: [{}], filter: { names: ["for-all"] }) {
          nodes { before { enabled reason } evaluations { enabled reason } }
        } }"""
    )

    (node,) = data["playground"]["nodes"]
    assert (nothing["totalCount"], nothing["nodes"]) == (0, [])
    assert (
        node["before"] == node["evaluations"] == [{"enabled": True, "reason": "STRATEGY_MATCHED"}]
    )


async def test_too_many_decisions_are_not_compared(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affected, "MAX_COMPARED", 7)
    change = {"segmentUpdate": EVERYBODY}

    response = await shared_gateway.post(PLAY, {"changes": [change], "contexts": [{}, {}]})

    (error,) = response.json()["errors"]
    assert error["message"].startswith(
        "The changes may affect 3 toggles, which takes 12 decisions;"
    )
    extensions = error["extensions"]
    assert (extensions["code"], extensions["limit"]) == ("COST_LIMIT", "comparedDecisions")
    assert (extensions["actual"], extensions["maximum"]) == (12, 7)


async def test_the_evaluations_before_cost_as_much_as_the_playground(
    shared_gateway: Gateway,
) -> None:
    response = await shared_gateway.post(PLAY, {"contexts": [{}] * 51})

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "COST_LIMIT"
    assert error["extensions"]["actual"] == 50 * 51 * 2
