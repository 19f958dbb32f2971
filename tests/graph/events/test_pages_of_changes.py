"""The applied or planned changes of a change set are returned page by page."""

from typing import Any

import pytest

from store.clock_skew import utc_now
from tests.graph.gateway import Gateway

TOGGLES = 120
QUERY = """
query Some($id: ID!, $first: Int! = 50, $after: String) { node(id: $id) { ... on ChangeSet {
  changes(first: $first, after: $after) { index cursor subjectName }
  changeCount hasMoreChanges
} } }
"""


@pytest.fixture(params=["applied", "scheduled"])
async def change_set(request: pytest.FixtureRequest, gateway: Gateway) -> str:
    """The ID of a change set with many changes."""
    changes = [{"toggleCreate": {"name": f"t{number:03}"}} for number in range(TOGGLES)]
    input: dict[str, Any] = {"changes": changes}
    if request.param == "scheduled":
        input["applyAt"] = f"{utc_now().year + 1}-01-01T00:00:00Z"
    payload = await gateway.change("changeSetApply", input, "changeSet { id }")
    return payload["changeSet"]["id"]


async def test_all_changes_are_on_the_pages(gateway: Gateway, change_set: str) -> None:
    found: list[Any] = []
    sizes: list[int] = []
    variables: dict[str, Any] = {"id": change_set}
    for _ in range(4):
        node = (await gateway.run(QUERY, variables))["node"]
        assert (node["changeCount"], node["hasMoreChanges"]) == (TOGGLES, True)
        found += node["changes"]
        sizes.append(len(node["changes"]))
        variables["after"] = found[-1]["cursor"]

    assert sizes == [50, 50, 20, 0]
    assert [change["index"] for change in found] == list(range(TOGGLES))
    assert [change["subjectName"] for change in found] == [f"t{n:03}" for n in range(TOGGLES)]


async def test_a_page_has_as_many_changes_as_requested(gateway: Gateway, change_set: str) -> None:
    few = await gateway.run(QUERY, {"id": change_set, "first": 3})
    none = await gateway.run(QUERY, {"id": change_set, "first": 0})
    all = await gateway.run(QUERY, {"id": change_set, "first": 500})

    assert [change["index"] for change in few["node"]["changes"]] == [0, 1, 2]
    assert none["node"]["changes"] == []
    assert len(all["node"]["changes"]) == TOGGLES


async def test_a_small_change_set_has_no_more_changes(gateway: Gateway) -> None:
    changes = [{"toggleCreate": {"name": f"t{number:03}"}} for number in range(50)]
    payload = await gateway.change("changeSetApply", {"changes": changes}, "changeSet { id }")

    node = (await gateway.run(QUERY, {"id": payload["changeSet"]["id"]}))["node"]

    assert (node["changeCount"], node["hasMoreChanges"]) == (50, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": -1}, "The argument 'first' is -1; it must be from 0 to 500."),
        ({"first": 501}, "The argument 'first' is 501; it must be from 0 to 500."),
        ({"after": "abc"}, "'abc' is not a cursor of this list."),
    ],
)
async def test_impossible_pages_are_refused(
    gateway: Gateway, arguments: dict[str, Any], message: str
) -> None:
    changes = [{"toggleCreate": {"name": "t"}}]
    payload = await gateway.change("changeSetApply", {"changes": changes}, "changeSet { id }")

    answer = await gateway.post(QUERY, {"id": payload["changeSet"]["id"], **arguments})

    assert [error["message"] for error in answer.json()["errors"]] == [message]
