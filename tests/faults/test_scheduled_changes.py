"""If a server is killed while change sets are due, each change set is still applied once."""

import random
from pathlib import Path

import pytest

from tests.faults.schedules import kill_amid_schedules


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_of_a_hundred_due_at_once_each_is_applied_once_and_in_order(
    tmp_path: Path, seed: int, database_url: str
):
    applied = kill_amid_schedules(tmp_path, database_url, random.Random(seed))

    assert applied.problems == []
