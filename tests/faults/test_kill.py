"""A server killed at any time loses no acknowledged data, and leaves no partial changes."""

import random
from pathlib import Path

import pytest

from tests.faults.killing import kill_once


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_a_killed_server_has_every_acknowledged_write_and_no_half_import_after_its_restart(
    tmp_path: Path, seed: int, database_url: str
):
    outcome = kill_once(tmp_path, database_url, random.Random(seed))

    assert outcome.problems == []
    assert outcome.created
    assert outcome.reported
