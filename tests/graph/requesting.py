"""Queries that many tests send, and readers for their answers."""

from datetime import datetime
from typing import Any

from tests.graph.gateway import Gateway

TOGGLE = "query Toggle($name: String!) { toggle(name: $name) { %s } }"
TOGGLES = """
query Toggles($filter: ToggleFilter) { toggles(filter: $filter) { totalCount nodes { name } } }
"""


async def toggle(gateway: Gateway, name: str, selection: str) -> Any:
    """Return the selected fields of a toggle."""
    data = await gateway.run(TOGGLE % selection, {"name": name})
    return data["toggle"]


async def toggle_names(gateway: Gateway, filter: Any) -> list[str]:
    """The names of the toggles that a filter matches."""
    return names_in((await gateway.run(TOGGLES, {"filter": filter}))["toggles"])


async def names(gateway: Gateway, field: str) -> list[str]:
    """The names in a connection of the root."""
    data = await gateway.run(f"{{ page: {field} {{ totalCount nodes {{ name }} }} }}")
    return names_in(data["page"])


def names_in(page: Any) -> list[str]:
    """The names in a page, which must contain the whole list."""
    found = [node["name"] for node in page["nodes"]]
    assert page["totalCount"] == len(found)
    return found


def datetime_in(text: str) -> datetime:
    """A datetime of an answer, which must be in UTC."""
    assert text.endswith("Z")
    return datetime.fromisoformat(text)
