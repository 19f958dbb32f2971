"""The list of toggles can be sorted in different orders."""

from datetime import timedelta

import pytest
from msgspec import structs

from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDERED = """
query Ordered($names: [String!], $orderBy: ToggleOrder) {
  toggles(filter: { names: $names }, orderBy: $orderBy) { nodes { name } }
}
"""
TYPES = ("release", "experiment", "release", "kill-switch")


async def fill(store: Store) -> None:
    """Create two toggles of each type. Two toggles were used, and `w` to `z` differ in their
    expiry.
    """
    installed = Installation(store)
    for names in ("abcd", "wxyz"):
        for name, type in zip(names, TYPES, strict=True):
            await installed.toggle(name, type=type)
    # Experiments have the same lifetime as releases. The creation times of `w` to `y` are changed.
    toggles = installed.store.snapshot.toggles
    at = toggles["x"].created_at
    for name, created_at in (("w", at), ("x", at + timedelta(days=1)), ("y", at)):
        await installed.put(structs.replace(toggles[name], created_at=created_at))
    await installed.use("shop", "c", ago=timedelta(hours=2))
    await installed.use("shop", "a", ago=timedelta(hours=1))
    await installed.aggregate()


@pytest.fixture(scope="session")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(prepared_database, fill)


@pytest.mark.parametrize(
    ("field", "ascending", "descending"),
    [
        ("NAME", "abcd", "dcba"),
        ("TYPE", "bdac", "acdb"),
        ("PROJECT", "abcd", "abcd"),
        ("CREATED_AT", "abcd", "dcba"),
        ("UPDATED_AT", "abcd", "dcba"),
        ("LAST_SEEN_AT", "cabd", "acbd"),
        ("EXPIRES_AT", "wyxz", "xwyz"),
    ],
)
async def test_toggles_are_sorted_with_names_breaking_ties_and_missing_values_last(
    shared_gateway: Gateway, field: str, ascending: str, descending: str
) -> None:
    orders = dict[str, str]()
    for direction in ("ASC", "DESC"):
        order = {"field": field, "direction": direction}
        variables = {"names": list(ascending), "orderBy": order}
        nodes = (await shared_gateway.run(ORDERED, variables))["toggles"]["nodes"]
        orders[direction] = "".join(node["name"] for node in nodes)

    assert orders == {"ASC": ascending, "DESC": descending}


async def test_the_direction_of_an_order_is_ascending_when_left_out(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{ toggles(filter: { names: ["b", "a"] }, orderBy: { field: TYPE }) {
          nodes { name }
        } }"""
    )

    assert data["toggles"]["nodes"] == [{"name": "b"}, {"name": "a"}]
