"""Change sets can be read by ID, as filtered pages, and from events of the audit log."""

from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from tests.graph.changing import apply, describing
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway, gateway_over

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(store: Store) -> None:
    """Apply three change sets, one after the other, and then a single change."""
    async with gateway_over(store) as gateway:
        for name in ("t", "u", "v"):
            await gateway.change("toggleCreate", {"name": name})
        switch = {"toggleSetEnabled": {"name": "u", "enabled": True}}
        await apply(gateway, describing("t"), comment="first")
        await apply(gateway, switch, comment="second")
        await apply(gateway, describing("v"), {"toggleArchive": {"name": "v"}}, comment="third")
        await gateway.change("toggleCreate", {"name": "w"})


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """The databases with some change sets."""
    return filled(gateway_database, fill)


async def id_of(gateway: Gateway, comment: str) -> str:
    """The ID of a change set."""
    data = await gateway.run("{ changeSets { nodes { id comment } } }")
    (found,) = [node["id"] for node in data["changeSets"]["nodes"] if node["comment"] == comment]
    return found


async def test_a_change_set_shows_its_changes_and_events(shared_gateway: Gateway) -> None:
    id = await id_of(shared_gateway, "third")

    data = await shared_gateway.run(
        """
        query One($id: ID!) { node(id: $id) { ... on ChangeSet {
          comment createdAt appliedAt createdBy { name kind }
          changes { index type summary subjectName changes { path } warnings { code } }
          events(first: 2) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes { type subject { __typename } changeSet { id } }
          }
        } } }
        """,
        {"id": id},
    )

    found = data["node"]
    assert found["comment"] == "third"
    assert found["createdAt"] == found["appliedAt"]
    assert found["createdBy"] == {"name": "a admin", "kind": "TOKEN"}
    assert [(change["index"], change["type"]) for change in found["changes"]] == [
        (0, "TOGGLE_UPDATED"),
        (1, "TOGGLE_ARCHIVED"),
    ]
    assert found["changes"][0]["changes"] == [{"path": "/description"}]
    assert found["changes"][0]["warnings"] == []
    assert found["events"]["totalCount"] == 3
    assert found["events"]["pageInfo"]["hasNextPage"] is True
    assert [node["type"] for node in found["events"]["nodes"]] == [
        "CHANGE_SET_APPLIED",
        "TOGGLE_ARCHIVED",
    ]
    assert found["events"]["nodes"][0]["subject"] == {"__typename": "ChangeSet"}
    assert found["events"]["nodes"][1]["changeSet"] == {"id": id}


async def test_change_sets_are_listed_newest_first_page_by_page(shared_gateway: Gateway) -> None:
    query = (
        "query Page($first: Int, $after: String) { changeSets(first: $first, after: $after) { "
        "totalCount nodes { comment } pageInfo { hasNextPage endCursor } } }"
    )

    first = (await shared_gateway.run(query, {"first": 2}))["changeSets"]
    after = first["pageInfo"]["endCursor"]
    second = (await shared_gateway.run(query, {"first": 2, "after": after}))["changeSets"]

    assert [node["comment"] for node in first["nodes"]] == ["third", "second"]
    assert [node["comment"] for node in second["nodes"]] == ["first"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert second["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({}, ["third", "second", "first"]),
        ({"toggles": ["t"]}, ["first"]),
        ({"environments": ["default"]}, ["second"]),
        ({"actors": ["a admin"]}, ["third", "second", "first"]),
        ({"actors": ["nobody"]}, []),
        ({"createdAt": {"to": "2000-01-01T00:00:00Z"}}, []),
        ({"createdAt": {"from": "2000-01-01T00:00:00Z"}}, ["third", "second", "first"]),
        ({"toggles": ["t"], "environments": ["default"]}, []),
    ],
)
async def test_change_sets_are_filtered(
    shared_gateway: Gateway, filter: Any, found: list[str]
) -> None:
    data = await shared_gateway.run(
        "query Some($filter: ChangeSetFilter) { changeSets(filter: $filter) { "
        "totalCount nodes { comment } } }",
        {"filter": filter},
    )

    assert [node["comment"] for node in data["changeSets"]["nodes"]] == found
    assert data["changeSets"]["totalCount"] == len(found)


async def test_events_are_found_by_change_set(shared_gateway: Gateway) -> None:
    id = await id_of(shared_gateway, "first")
    query = "query Some($ids: [ID!]) { events(filter: { changeSets: $ids }) { nodes { type } } }"

    found = await shared_gateway.run(query, {"ids": [id]})
    refused = await shared_gateway.post(query, {"ids": [encode_id("Toggle", "x")]})

    assert [node["type"] for node in found["events"]["nodes"]] == [
        "CHANGE_SET_APPLIED",
        "TOGGLE_UPDATED",
    ]
    assert refused.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_single_changes_belong_to_no_change_set(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run("{ events(first: 1) { nodes { type changeSet { id } } } }")

    assert data["events"]["nodes"] == [{"type": "TOGGLE_CREATED", "changeSet": None}]
