"""The objects of assumed changes are found without a search of all objects."""

from itertools import count
from types import SimpleNamespace
from typing import Any

from graph.evaluation.what_if import _assign_new_ids
from store.model import Toggle
from store.snapshot import Draft
from tests.rest_compat.sdk.snapshots import segment, snapshot_of, toggle
from tests.steps import steps_to

MANY = 500


def _steps_among(others: int) -> int:
    """The number of steps to assign IDs to a new toggle and a new segment among other toggles."""
    saved = snapshot_of(*(toggle(f"t{number}") for number in range(others)))
    draft = Draft(saved, saved.revision + 1)
    new: Toggle = toggle("new", segments=(7,))
    draft.put(segment(7, "gold"))
    draft.put(new)
    work: Any = SimpleNamespace(snapshot=draft, put=draft.put, remove=draft.remove)
    numbers = count(1)

    steps = steps_to(lambda: _assign_new_ids(work, saved, lambda: f"id-{next(numbers)}", 100))

    (strategy,) = draft.toggles["new"].environments["default"].strategies
    assert (strategy.id, strategy.segments) == ("id-1", (-107,))
    assert [segment.id for segment in draft.segments.values()] == [-107]
    assert [each.name for each in draft.changed_toggles()] == ["new"]
    return steps


def test_ids_are_assigned_in_as_many_steps_among_many_toggles() -> None:
    assert _steps_among(MANY) == _steps_among(1)
