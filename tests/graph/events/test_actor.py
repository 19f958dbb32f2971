"""The list of actors contains all authors of changes, sorted by name."""

from typing import Any

import pytest

from store import Store
from store.model import SYSTEM, Actor, ActorKind
from store.operations.toggles import create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.statements import counted_statements

pytestmark = [pytest.mark.every_row, pytest.mark.asyncio(loop_scope="module")]

ACTORS = """
query Actors($search: String, $first: Int, $after: String) {
  actors(search: $search, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { name } }
    nodes { name kind }
  }
}
"""
ADA, EVE = Actor("ada", ActorKind.ANONYMOUS), Actor("Eve_50%", ActorKind.ANONYMOUS)


async def fill(store: Store) -> None:
    """Create toggles as several actors. Two actors of different kinds have the same name."""
    actors = (SYSTEM, EVE, Actor("ada", ActorKind.SYSTEM), ADA, ADA, SYSTEM)
    for number, actor in enumerate(actors):
        async with store.write(actor) as work:
            await create_toggle(work, name=f"t{number}")


@pytest.fixture(scope="session")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the events of `fill`."""
    return filled(gateway_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database of each kind, which the tests of this module only read."""
    return shared_url_on_each


async def actors(gateway: Gateway, **variables: Any) -> Any:
    return (await gateway.run(ACTORS, variables, token="viewer"))["actors"]


async def test_each_name_occurs_once_as_in_its_newest_event(shared_gateway: Gateway) -> None:
    with counted_statements() as statements:
        found = await actors(shared_gateway)

    assert found["nodes"] == [
        {"name": "Eve_50%", "kind": "ANONYMOUS"},
        {"name": "ada", "kind": "ANONYMOUS"},
        {"name": "flagstaff", "kind": "SYSTEM"},
    ]
    assert found["totalCount"] == 3
    assert len(statements) == 2  # one for the page, and one for the count


async def test_actors_are_listed_page_by_page(shared_gateway: Gateway) -> None:
    first = await actors(shared_gateway, first=2)
    second = await actors(shared_gateway, first=2, after=first["pageInfo"]["endCursor"])
    beyond = await actors(shared_gateway, after=second["pageInfo"]["endCursor"])

    assert [edge["node"]["name"] for edge in first["edges"]] == ["Eve_50%", "ada"]
    assert [edge["node"]["name"] for edge in second["edges"]] == ["flagstaff"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert second["pageInfo"]["hasPreviousPage"] is True
    assert (beyond["nodes"], beyond["totalCount"]) == ([], 3)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("A", ["ada", "flagstaff"]),
        ("eve", ["Eve_50%"]),
        ("%", ["Eve_50%"]),
        ("_", ["Eve_50%"]),
        ("", ["Eve_50%", "ada", "flagstaff"]),
        ("nobody", []),
    ],
)
async def test_a_search_ignores_case_and_takes_every_character_literally(
    shared_gateway: Gateway, search: str, names: list[str]
) -> None:
    found = await actors(shared_gateway, search=search)

    assert [actor["name"] for actor in found["nodes"]] == names
    assert found["totalCount"] == len(names)


@pytest.mark.parametrize(
    "variables", [{"first": 501}, {"first": -1}, {"after": "x"}, {"search": "x" * 501}]
)
async def test_bad_pages_and_searches_are_refused(shared_gateway: Gateway, variables: Any) -> None:
    response = await shared_gateway.post(ACTORS, variables)

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
