"""Apply and undo change sets through a gateway."""

from typing import Any

from tests.graph.gateway import Gateway

CHANGES = """
  changeSet { id comment revision appliedAt createdBy { name } }
  changes {
    index summary type subjectName environment { name }
    subject { id ... on Toggle { description } }
    changes { path kind before after } warnings { code message }
  }
"""


def describing(toggle: str) -> Any:
    """Return a change that gives a toggle without a description the description `after`."""
    return {"toggleUpdate": {"name": toggle, "description": "after"}}


async def apply(gateway: Gateway, *changes: Any, **options: Any) -> Any:
    """Apply a change set and return the payload."""
    payload = await gateway.change("changeSetApply", {"changes": changes, **options}, CHANGES)
    assert payload["errors"] == []
    return payload


async def revert(gateway: Gateway, applied: Any, **options: Any) -> Any:
    """Undo a change set and return the payload."""
    input = {"id": applied["changeSet"]["id"], **options}
    payload = await gateway.change("changeSetRevert", input, CHANGES)
    assert payload["errors"] == []
    return payload
