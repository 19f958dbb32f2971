"""Lists of all toggles are sorted correctly after each change, although orders are cached."""

from random import Random
from typing import Any

import pytest

from graph.toggles.ordering import ToggleOrdering
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

TOGGLES = 40
FIELDS = {
    "NAME": "name",
    "TYPE": "type",
    "PROJECT": "project",
    "CREATED_AT": "createdAt",
    "UPDATED_AT": "updatedAt",
    "LAST_SEEN_AT": "lastSeenAt",
    "EXPIRES_AT": "expiresAt",
}
QUERY = """
query ($orderBy: ToggleOrder, $filter: ToggleFilter) {
  toggles(orderBy: $orderBy, filter: $filter, first: 500) {
    nodes { name type { name } project { name } createdAt updatedAt lastSeenAt expiresAt }
  }
}
"""


def value_of(node: Any, field: str) -> Any:
    """The value by which an order sorts."""
    value = node[FIELDS[field]]
    return value["name"] if isinstance(value, dict) else value


async def check_orders(gateway: Gateway, filter: Any = None) -> None:
    """Check all orders in both directions."""
    for field in FIELDS:
        for direction in ("ASC", "DESC"):
            order = {"field": field, "direction": direction}
            data = await gateway.run(QUERY, {"orderBy": order, "filter": filter})
            nodes = data["toggles"]["nodes"]
            by_name = sorted(nodes, key=lambda node: node["name"])
            present = [node for node in by_name if value_of(node, field) is not None]
            missing = [node for node in by_name if value_of(node, field) is None]
            present.sort(
                key=lambda node: value_of(node, field),
                reverse=direction == "DESC",
            )
            assert [node["name"] for node in nodes] == [
                node["name"] for node in present + missing
            ], (field, direction)


@pytest.mark.parametrize(
    "filter", [None, {"types": ["release"]}, {"archived": None}, {"namePrefix": "toggle-1"}]
)
async def test_orders_stay_right_after_changes_and_reports(gateway: Gateway, filter: Any) -> None:
    random = Random(3)
    installed = Installation(gateway.store)
    for number in random.sample(range(TOGGLES), TOGGLES):
        type = random.choice(["release", "experiment", "kill-switch", "operational"])
        await installed.toggle(f"toggle-{number}", type=type)
    await check_orders(gateway, filter)

    await installed.use("shop", "toggle-7")
    await installed.use("shop", "toggle-30")
    await installed.aggregate()
    await check_orders(gateway, filter)

    update = {"name": "toggle-3", "description": "new", "type": "permission"}
    await gateway.change("toggleUpdate", update)
    await gateway.change("toggleArchive", {"name": "toggle-5"})
    await gateway.change("toggleCreate", {"name": "toggle-07"})
    await check_orders(gateway, filter)


async def test_all_toggles_are_sorted_once_per_snapshot(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        await gateway.change("toggleCreate", {"name": name})
    sorts: list[int] = []
    sort = ToggleOrdering._sort

    def note(self: ToggleOrdering, toggles: Any) -> Any:
        sorts.append(len(toggles))
        return sort(self, toggles)

    monkeypatch.setattr(ToggleOrdering, "_sort", note)
    variables = {"orderBy": {"field": "CREATED_AT"}}
    for first in (1, 2, 3):
        await gateway.run(QUERY.replace("500", str(first)), variables)
    assert sorts == [3]

    await gateway.change("toggleCreate", {"name": "d"})
    await gateway.run(QUERY, variables)
    assert sorts == [3, 4]
