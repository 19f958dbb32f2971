"""Applying any desired state reaches the state, and undoing it restores the state before it."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from flagstaff.commands.as_code_plans import make_plan, open_blank
from flagstaff.commands.as_code_states import change_store, read_file, read_store
from flagstaff.commands.local_store import OPERATOR
from store import Store
from store.operations.change_sets import revert_change_set
from tests.flagstaff.commands.random_states import random_state


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def blank() -> AsyncGenerator[Store]:
    async with open_blank() as opened:
        yield opened


@pytest.mark.parametrize(
    ("seed", "states"), [(0, 2), pytest.param(1, 200, marks=pytest.mark.thorough)]
)
async def test_each_desired_state_is_reached_and_undone(
    store: Store, blank: Store, tmp_path: Path, seed: int, states: int
) -> None:
    random = Random(seed)
    file = tmp_path / "flags.json"

    for _ in range(states):
        before = read_store(store)
        file.write_text(json.dumps(random_state(random)), "utf-8")
        desired = read_file(file)
        plan = await make_plan(blank, before, desired, prune=True)
        if not plan.differences:
            continue

        change_set = await change_store(
            store, plan.document, plan.mode, comment="", expected_revision=store.snapshot.revision
        )

        reached = read_store(store)
        assert (await make_plan(blank, reached, desired, prune=True)).differences == []
        assert change_set is not None
        undone = await undo(store, change_set)
        assert read_store(store).document == before.document
        await undo(store, undone)
        assert read_store(store).document == reached.document


async def undo(store: Store, change_set: str) -> str:
    """Undo a change set, and return the ID of the new change set."""
    async with store.write(OPERATOR) as work:
        made = await revert_change_set(work, change_set)
    assert made.change_set is not None
    return made.change_set.id
