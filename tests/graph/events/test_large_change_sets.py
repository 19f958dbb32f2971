"""Change sets of the maximum size do not block the event loop."""

from typing import Any

import pytest

from store.operations.change_sets import MAX_CHANGES
from tests.graph.gateway import Gateway
from tests.steps import steps_at_a_time

DRY_RUN = """mutation ($changes: [ChangeInput!]!) {
  changeSetApply(input: { changes: $changes, dryRun: true }) { errors { message } } }"""
VALUES = 15_000


def _creations(values: int) -> list[dict[str, Any]]:
    """Return the maximum number of changes, with the given number of constraint values in total."""
    constraint = {
        "contextName": "userId",
        "operator": "IN",
        "values": [f"user-{number}" for number in range(values // MAX_CHANGES)],
    }
    strategies = [{"name": "default", "constraints": [constraint] if values else []}]
    return [
        {"toggleCreate": {"name": f"toggle-{number:03}", "strategies": strategies}}
        for number in range(MAX_CHANGES)
    ]


async def _longest_turn(gateway: Gateway, changes: list[dict[str, Any]]) -> int:
    """Run a dry run twice. Return the steps of the longest event-loop turn in the second run."""
    await gateway.run(DRY_RUN, {"changes": changes})
    async with steps_at_a_time() as turns:
        data = await gateway.run(DRY_RUN, {"changes": changes})
    assert data == {"changeSetApply": {"errors": []}}
    return max(turns)


@pytest.mark.thorough
@pytest.mark.parametrize(("values", "maximum"), [(0, 250_000), (VALUES, 300_000)])
async def test_the_inputs_of_a_large_change_set_are_read_in_short_turns(
    gateway: Gateway, values: int, maximum: int
) -> None:
    assert await _longest_turn(gateway, _creations(values)) < maximum
