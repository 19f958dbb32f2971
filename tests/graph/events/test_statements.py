"""History below lists needs the same number of SQL statements for any number of rows."""

from typing import Any

import pytest

from tests.graph.gateway import Gateway
from tests.statements import counted_statements

CHANGE_SETS_BELOW = """{ changeSets { nodes {
  id revertedBy { id } reverts { id } changes { summary changes { path } }
  events(first: 3) { totalCount nodes { summary type } }
} } }"""
CHANGE_SETS_OF_EVENTS = "{ events { nodes { summary changeSet { comment } changes { path } } } }"
VERSIONS_BELOW = """{ toggles { nodes {
  versions(first: 2) { totalCount pageInfo { hasNextPage } nodes {
    revision toggle { description tags { value } environments { strategies { name } } }
  } }
} } }"""

EVENTS_BELOW = """{ toggles { nodes {
  events(last: 2) { totalCount pageInfo { hasPreviousPage } nodes { type } }
} } }"""


# Each query needs this number of SQL statements for any number of rows.
BUDGETS = {
    # The statements read the page of change sets, the undone and the undoing change sets, the
    # changes, the pages of events, and the counts of events.
    CHANGE_SETS_BELOW: 6,
    # The statements read the page of events, the change sets, and the objects before and after
    # events.
    CHANGE_SETS_OF_EVENTS: 3,
    # The statements read the pages of versions, and the counts of versions.
    VERSIONS_BELOW: 2,
    # The statements read the pages of events, and the counts of events.
    EVENTS_BELOW: 2,
}


@pytest.mark.thorough
async def test_many_rows_cost_as_many_statements_as_few(gateway: Gateway) -> None:
    counts: dict[str, list[int]] = {document: [] for document in BUDGETS}
    for number in range(3):
        name = f"t{number}"
        await gateway.change("toggleCreate", {"name": name, "tags": [{"value": "a"}]})
        applied = await gateway.change(
            "changeSetApply",
            {"changes": [{"toggleUpdate": {"name": name, "description": "described"}}]},
            "changeSet { id }",
        )
        await gateway.change("changeSetRevert", {"id": applied["changeSet"]["id"]})
        for document in BUDGETS:
            with counted_statements() as statements:
                await gateway.run(document)
            counts[document].append(len(statements))

    assert counts == {document: [budget] * 3 for document, budget in BUDGETS.items()}


@pytest.mark.thorough
async def test_pages_below_a_list_are_those_of_their_parents(gateway: Gateway) -> None:
    for name in ("a", "b"):
        await gateway.change("toggleCreate", {"name": name})
        for number in range(3):
            described = {"name": name, "description": f"{name}{number}"}
            await gateway.change("toggleUpdate", described)
        await gateway.change(
            "changeSetApply",
            {
                "changes": [
                    {"toggleUpdate": {"name": name, "stale": True}},
                    {"toggleUpdate": {"name": name, "impressionData": True}},
                ],
                "comment": name,
            },
        )

    data: Any = await gateway.run(
        """{
          toggles { nodes { name versions(first: 3) { totalCount pageInfo { hasNextPage }
            nodes { toggle { description stale impressionData } event { type } } } } }
          changeSets { nodes { comment events(last: 2) { totalCount
            pageInfo { hasPreviousPage } nodes { type toggle { name } } } } }
        }"""
    )

    for toggle in data["toggles"]["nodes"]:
        found, name = toggle["versions"], toggle["name"]
        assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (5, True)
        assert [node["toggle"]["description"] for node in found["nodes"]] == [
            f"{name}2",
            f"{name}2",
            f"{name}1",
        ]
        # If a revision has several events, the last one has the final state.
        assert found["nodes"][0]["toggle"]["impressionData"] is True
    for change_set in data["changeSets"]["nodes"]:
        found = change_set["events"]
        assert (found["totalCount"], found["pageInfo"]["hasPreviousPage"]) == (3, True)
        assert [node["toggle"]["name"] for node in found["nodes"]] == [change_set["comment"]] * 2
